package evidence

import (
	"bytes"
	"testing"
)

func FuzzParseDossierText(f *testing.F) {
	f.Add(dossierText{Origin: "a.example", Size: 3, Members: 2, Manifest: Of(nil)}.String())
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := parseDossierText(s); err == nil && d.String() != s {
			t.Errorf("parseDossierText(%q) is written as %q", s, d.String())
		}
	})
}

func FuzzSplitEntries(f *testing.F) {
	f.Add(appendEntry(appendEntry(nil, []byte("one")), []byte("two")), 2)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		n &= 255
		leaves, err := splitEntries(b, n)
		if err != nil {
			return
		}
		var again []byte
		for _, l := range leaves {
			again = appendEntry(again, l)
		}
		if len(leaves) != n || !bytes.HasPrefix(b, again) {
			t.Errorf("splitEntries(%q, %d) = %q", b, n, leaves)
		}
	})
}

// FuzzReadZip: whatever readZip takes can be written again as the same bytes.
func FuzzReadZip(f *testing.F) {
	var end []byte
	f.Add(appendEnd(end, 0, 0, 0))
	e := zipEntry{name: "a", size: 1}
	one := append(e.appendLocal(nil), 'x')
	at := int64(len(one))
	one = e.appendCentral(one)
	f.Add(appendEnd(one, 1, int64(len(one))-at, at))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := readZip(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			again = e.appendLocal(again)
			again = append(again, b[len(again):int64(len(again))+e.size]...)
		}
		start := int64(len(again))
		for _, e := range entries {
			again = e.appendCentral(again)
		}
		again = appendEnd(again, int64(len(entries)), int64(len(again))-start, start)
		if !bytes.Equal(again, b) {
			t.Errorf("readZip took %q, which is written as %q", b, again)
		}
	})
}

// TestZip64 writes headers of members too large to make in a test, and reads
// them back from a file with holes.
func TestZip64(t *testing.T) {
	small := zipEntry{name: "a", size: 3, crc: 1}
	large := zipEntry{name: "b", size: 5 << 30, crc: 2, offset: int64(len(small.appendLocal(nil))) + 3}
	after := zipEntry{name: "c", size: 1, crc: 3, offset: large.offset + int64(len(large.appendLocal(nil))) + large.size}
	exact := zipEntry{name: "d", size: max32, crc: 4, offset: after.offset + int64(len(after.appendLocal(nil))) + 1}
	all := []zipEntry{small, large, after, exact}
	pieces := map[int64][]byte{}
	for _, e := range all {
		pieces[e.offset] = e.appendLocal(nil)
	}
	start := exact.offset + int64(len(exact.appendLocal(nil))) + exact.size
	var tail []byte
	for _, e := range all {
		tail = e.appendCentral(tail)
	}
	tail = appendEnd(tail, 4, int64(len(tail)), start)
	pieces[start] = tail
	got, err := readZip(holes(pieces), start+int64(len(tail)))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range all {
		if got[i] != e {
			t.Errorf("member %d = %+v, want %+v", i, got[i], e)
		}
	}
	for at := range len(tail) * 8 {
		tail[at/8] ^= 1 << (at % 8)
		if _, err := readZip(holes(pieces), start+int64(len(tail))); err == nil {
			t.Errorf("bit %d of the directory flipped: taken", at)
		}
		tail[at/8] ^= 1 << (at % 8)
	}
}

// holes is a file of zeros but for some pieces.
type holes map[int64][]byte

func (h holes) ReadAt(b []byte, off int64) (int, error) {
	clear(b)
	for at, piece := range h {
		for i, c := range piece {
			if k := at + int64(i) - off; k >= 0 && k < int64(len(b)) {
				b[k] = c
			}
		}
	}
	return len(b), nil
}
