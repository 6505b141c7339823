package evidence_test

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	. "github.com/arasha-org/arasha/evidence"
)

// BenchmarkProof makes and checks the proof of one leaf in logs of 1,000 and
// of 1,000,000 leaves, signature of the checkpoint included in the check.
func BenchmarkProof(b *testing.B) {
	for _, size := range []int{1_000, 1_000_000} {
		l := newLog(b)
		const batch = 100_000
		for n := 0; n < size; n += batch {
			l.add(b, leaves(n, min(size, n+batch))...)
		}
		signed := l.Signed()
		proof, err := l.Prove(int64(size/3), int64(size))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("make/%d", size), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := l.Prove(int64(i*7919%size), int64(size)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(proof)*tlog.HashSize), "proof-bytes")
		})
		b.Run(fmt.Sprintf("check/%d", size), func(b *testing.B) {
			for b.Loop() {
				c, _, err := OpenCheckpoint(signed, l.key)
				if err != nil {
					b.Fatal(err)
				}
				if err := tlog.CheckRecord(proof, c.Size, c.Root, int64(size/3), tlog.RecordHash(leaf(size/3))); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("open/%d", size), func(b *testing.B) {
			for b.Loop() {
				if _, err := OpenLog(l.dir, l.key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
