// Command mkposts prints the large synthetic corpus as CSV, for benchmarks:
//
//	go run ./coordination/synth/mkposts -n 10000000 -seed 1 > posts.csv
//
// -copies N puts one text published N times by N/2 accounts into the middle.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/arasha-org/arasha/coordination/synth"
)

func main() {
	n := flag.Int("n", 1_000_000, "posts")
	seed := flag.Uint64("seed", 1, "seed")
	copies := flag.Int("copies", 0, "copies of one text within an hour")
	flag.Parse()
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	fmt.Fprintln(w, "message_id,account_id,platform,timestamp,text,urls,hashtags")
	i := 0
	for p := range synth.Large(*n, *seed) {
		fmt.Fprintf(w, "%s,%s,%s,%d,%s,%s,%s\n", p.ID, p.Account.ID, p.Platform, p.Time.Millis/1000, p.Text, strings.Join(p.Links, " "), strings.Join(p.Hashtags, " "))
		if i++; i == *n/2 {
			for c := range *copies {
				fmt.Fprintf(w, "c%d,copy%d,%s,%d,%s,,\n", c, c%(*copies/2+1), p.Platform, p.Time.Millis/1000+int64(c)*3600/int64(*copies), "одна и та же фраза слово в слово во многих местах")
			}
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "mkposts:", err)
		os.Exit(2)
	}
}
