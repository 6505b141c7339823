package redraw

// Counts counts pairs of accounts. The zero Counts is ready for use.
type Counts struct {
	keys []uint64 // 0 for empty: no pair has two accounts 0
	n    []uint32
	used int
}

// Key of two different accounts; Accounts undoes it, the smaller first.
func Key(a, b uint32) uint64 {
	return uint64(min(a, b))<<32 | uint64(max(a, b))
}

// Accounts returns the two accounts of a key, the smaller first.
func Accounts(key uint64) (a, b uint32) { return uint32(key >> 32), uint32(key) }

func (c *Counts) slot(key uint64) uint64 {
	h := key * 0x9E3779B97F4A7C15
	return (h ^ h>>29) & uint64(len(c.keys)-1)
}

// Add adds n to the count of key.
func (c *Counts) Add(key uint64, n uint32) {
	if 2*c.used >= len(c.keys) {
		c.grow()
	}
	mask := uint64(len(c.keys) - 1)
	for i := c.slot(key); ; i = (i + 1) & mask {
		switch c.keys[i] {
		case key:
			c.n[i] += n
			return
		case 0:
			c.keys[i], c.n[i] = key, n
			c.used++
			return
		}
	}
}

// Of returns the count of key.
func (c *Counts) Of(key uint64) uint32 {
	if c.used == 0 {
		return 0
	}
	mask := uint64(len(c.keys) - 1)
	for i := c.slot(key); c.keys[i] != 0; i = (i + 1) & mask {
		if c.keys[i] == key {
			return c.n[i]
		}
	}
	return 0
}

// Len returns the number of pairs counted.
func (c *Counts) Len() int { return c.used }

// Each calls f for every pair, in no order that means anything.
func (c *Counts) Each(f func(key uint64, n uint32)) {
	for i, k := range c.keys {
		if k != 0 {
			f(k, c.n[i])
		}
	}
}

// Reset forgets all counts and keeps the memory.
func (c *Counts) Reset() {
	clear(c.keys)
	c.used = 0
}

func (c *Counts) grow() {
	keys, n := c.keys, c.n
	size := max(1024, 2*len(keys))
	c.keys, c.n, c.used = make([]uint64, size), make([]uint32, size), 0
	for i, k := range keys {
		if k != 0 {
			c.Add(k, n[i])
		}
	}
}
