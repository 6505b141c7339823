package coordination

import (
	"encoding/binary"
	"unsafe"
)

// An arena keeps strings without a pointer for each.
type arena struct {
	chunks [][]byte
}

const chunkSize = 1 << 22

// add keeps the fields of one record together and returns where.
func (a *arena) add(fields ...string) uint64 {
	n := 0
	for _, f := range fields {
		n += len(f) + binary.MaxVarintLen32
	}
	last := len(a.chunks) - 1
	if last < 0 || len(a.chunks[last])+n > cap(a.chunks[last]) {
		a.chunks = append(a.chunks, make([]byte, 0, max(chunkSize, n)))
		last++
	}
	b := a.chunks[last]
	at := uint64(last)<<32 | uint64(len(b))
	for _, f := range fields {
		b = binary.AppendUvarint(b, uint64(len(f)))
		b = append(b, f...)
	}
	a.chunks[last] = b
	return at
}

// get returns the first n fields, at most three, of the record at. They share
// the arena's memory, which is never written twice.
func (a *arena) get(at uint64, n int) (out [3]string) {
	b := a.chunks[at>>32][at&(1<<32-1):]
	for i := range n {
		l, w := binary.Uvarint(b)
		if l > 0 {
			out[i] = unsafe.String(&b[w], int(l))
		}
		b = b[w+int(l):]
	}
	return out
}
