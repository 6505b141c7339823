package collect

import "io"

// ahead returns a reader that decompresses in a goroutine of its own, a few
// blocks before they are asked for, so that unpacking and parsing share two
// cores. Memory is aheadBlocks × aheadSize.
func ahead(r io.ReadCloser) io.ReadCloser {
	a := &aheadReader{r: r, full: make(chan block, aheadBlocks), free: make(chan []byte, aheadBlocks), quit: make(chan struct{}), done: make(chan struct{})}
	for range aheadBlocks {
		a.free <- nil
	}
	go a.run()
	return a
}

const (
	aheadBlocks = 4
	aheadSize   = 256 << 10
)

type block struct {
	b   []byte
	err error
}

type aheadReader struct {
	r          io.ReadCloser // owned by run until done is closed
	full       chan block
	free       chan []byte
	quit, done chan struct{}
	cur        block
	rest       []byte
}

func (a *aheadReader) run() {
	defer close(a.done)
	defer close(a.full)
	for {
		var b []byte
		select {
		case b = <-a.free:
		case <-a.quit:
			return
		}
		if b == nil {
			b = make([]byte, aheadSize)
		}
		// A full block, so that blocks are few; what came before an error
		// is handed over with it.
		n, err := 0, error(nil)
		for n < len(b) && err == nil {
			var m int
			m, err = a.r.Read(b[n:])
			n += m
		}
		select {
		case a.full <- block{b[:n], err}:
		case <-a.quit:
			return
		}
		if err != nil {
			return
		}
	}
}

func (a *aheadReader) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.cur.err != nil {
			return 0, a.cur.err
		}
		if a.cur.b != nil {
			a.free <- a.cur.b[:cap(a.cur.b)]
		}
		b, ok := <-a.full
		if !ok { // closed by Close
			return 0, io.ErrClosedPipe
		}
		a.cur, a.rest = b, b.b
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

func (a *aheadReader) Close() error {
	select {
	case <-a.quit:
		return nil
	default:
	}
	close(a.quit)
	<-a.done
	return a.r.Close()
}
