package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A bar shows how far the reading is, on a terminal only.
type bar struct {
	w    io.Writer
	last time.Time
}

func newBar(w io.Writer) *bar {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return &bar{w: w}
}

func (b *bar) show(file string, done, size int64) {
	now := time.Now()
	if size <= 0 || now.Sub(b.last) < 100*time.Millisecond {
		return
	}
	b.last = now
	const width = 30
	n := int(done * width / size)
	fmt.Fprintf(b.w, "\r\x1b[K%s %s%s %3d %%", filepath.Base(file), strings.Repeat("█", n), strings.Repeat("░", width-n), done*100/size)
}

func (b *bar) clear() {
	if b != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.last = time.Time{}
	}
}
