package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("evaluate: ")
	only := flag.String("chapters", "", "only these, separated by commas")
	cells := flag.String("cells", "", "only cells whose name contains this")
	seeds := flag.Int("seeds", 20, "so many seeds of each cell; 0 writes the tables only")
	first := flag.Uint64("first", 1, "the first seed")
	limit := flag.Duration("for", 0, "stop after so long; 0 for no limit")
	dir := flag.String("results", "docs/evaluation", "folder of the results")
	doc := flag.String("doc", "docs/evaluation.md", "document with the tables")
	commit := flag.String("commit", "", "the source measured, to be kept with the results")
	procs := flag.Int("procs", 1, "so many runs at a time")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *limit)
		defer cancel()
	}
	e := &env{}
	tables := map[string]string{}
	for _, ch := range chapters() {
		r, err := readResults(*dir, ch.name)
		if err != nil {
			log.Fatal(err)
		}
		if *only == "" || slices.Contains(strings.Split(*only, ","), ch.name) {
			err = ch.measure(ctx, e, r, measuring{*cells, *first, *seeds, *procs, *commit})
			if err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
				log.Fatal(err)
			}
			fmt.Printf("\n%s (%s)\n\n%s", ch.name, ch.version, ch.table(r.of(ch.version)))
		}
		tables[ch.name] = ch.table(r.of(ch.version))
	}
	if err := rewrite(*doc, tables); err != nil {
		log.Fatal(err)
	}
}

// measure does the runs of a chapter that are missing, several at a time: the
// first seed of every cell, then the second, so that a chapter that is stopped
// has measured all cells alike.
func (ch *chapter) measure(ctx context.Context, e *env, r *results, o measuring) error {
	if ch.once {
		o.first, o.seeds = 1, min(o.seeds, 1)
	}
	type run struct {
		c    cell
		seed uint64
	}
	var todo []run
	for s := range uint64(o.seeds) {
		for _, c := range ch.cells {
			if strings.Contains(c.name, o.cells) && !r.has(c.name, o.first+s, ch.version) {
				todo = append(todo, run{c, o.first + s})
			}
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed error
	next := make(chan run)
	for range max(o.procs, 1) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for t := range next {
				start := time.Now()
				v, err := ch.run(ctx, e, t.c, t.seed)
				took := time.Since(start).Round(time.Millisecond).Seconds()
				mu.Lock()
				if err == nil {
					log.Printf("%s, %s, seed %d: %.1f s %v", ch.name, t.c.name, t.seed, took, v)
					err = r.add(result{t.c.name, t.seed, ch.version, o.commit, took, v})
				}
				if err != nil && failed == nil {
					failed = fmt.Errorf("%s, %s, seed %d: %w", ch.name, t.c.name, t.seed, err)
				}
				mu.Unlock()
			}
		}()
	}
	for _, t := range todo {
		mu.Lock()
		stop := failed != nil || ctx.Err() != nil
		mu.Unlock()
		if stop {
			break
		}
		next <- t
	}
	close(next)
	wg.Wait()
	if failed != nil {
		return failed
	}
	return ctx.Err()
}

// measuring is what the flags say about runs.
type measuring struct {
	cells  string // only those whose name contains this
	first  uint64 // seed
	seeds  int
	procs  int
	commit string
}
