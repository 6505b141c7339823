// Package intern numbers things: the first key it sees is 0, the next new one
// 1, and so on. Keys are 128-bit hashes, so that two different texts among a
// billion share one with a probability below 10⁻²⁰.
package intern

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// A Table numbers 128-bit keys in order of first appearance. The zero Table
// is ready for use and holds at most 2³²−2 keys.
type Table struct {
	slots []uint32 // number + 1, 0 for empty; len is a power of two
	keys  [][2]uint64
}

// Len returns how many keys have been numbered.
func (t *Table) Len() int { return len(t.keys) }

// Add returns the number of key and whether it is new.
func (t *Table) Add(key [2]uint64) (n uint32, fresh bool) {
	if 2*len(t.keys) >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	for i := key[0] & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s == 0 {
			t.keys = append(t.keys, key)
			t.slots[i] = uint32(len(t.keys))
			return uint32(len(t.keys) - 1), true
		}
		if t.keys[s-1] == key {
			return s - 1, false
		}
	}
}

// Find returns the number of key, if it has one.
func (t *Table) Find(key [2]uint64) (n uint32, ok bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(t.slots) - 1)
	for i := key[0] & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s == 0 {
			return 0, false
		}
		if t.keys[s-1] == key {
			return s - 1, true
		}
	}
}

// Reserve makes room for n keys, so that adding them moves nothing.
func (t *Table) Reserve(n int) {
	t.keys = slices.Grow(t.keys, max(0, n-len(t.keys)))
	if 2*n >= len(t.slots) {
		t.rehash(1 << bits.Len(uint(2*n)))
	}
}

func (t *Table) grow() { t.rehash(max(1024, 2*len(t.slots))) }

func (t *Table) rehash(slots int) {
	t.slots = make([]uint32, slots)
	mask := uint64(len(t.slots) - 1)
	for n, k := range t.keys {
		i := k[0] & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = uint32(n + 1)
	}
}

const keyLow = 0x9E3779B97F4A7C15

// Key returns the 128-bit hash of s, the same on every machine and in every
// run.
func Key[T string | []byte](s T) [2]uint64 {
	a, b := uint64(len(s))*keyLow, uint64(len(s))^0xD1B54A32D192ED03
	for len(s) >= 8 {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		a, b = step(a, b, w)
		s = s[8:]
	}
	w := tail(s)
	a, b = step(a, b, w)
	return [2]uint64{mix(a), mix(b ^ a)}
}

// tail is the less than eight bytes of s as one little-endian word: two loads
// that may overlap.
func tail[T string | []byte](s T) uint64 {
	switch n := len(s); {
	case n >= 4:
		lo := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
		hi := uint64(s[n-4]) | uint64(s[n-3])<<8 | uint64(s[n-2])<<16 | uint64(s[n-1])<<24
		return lo | hi<<(8*(n-4))
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)) | uint64(s[n-1])<<(8*(n-1))
	}
	return 0
}

// Hash returns Key(s)[0] for half the work.
func Hash(s []byte) uint64 {
	a := uint64(len(s)) * keyLow
	for len(s) >= 8 {
		a = lane(a, binary.LittleEndian.Uint64(s))
		s = s[8:]
	}
	return mix(lane(a, tail(s)))
}

// ShortHash is Hash of a text of n < 8 bytes given as a little-endian word.
func ShortHash(w uint64, n int) uint64 { return mix(lane(uint64(n)*keyLow, w)) }

// lane is the first lane of step.
func lane(a, w uint64) uint64 {
	hi, lo := bits.Mul64(a^w, 0xA0761D6478BD642F)
	return hi ^ lo + w
}

// step folds one word into two lanes by full 64×64 multiplications.
func step(a, b, w uint64) (uint64, uint64) {
	a = lane(a, w)
	hi, lo := bits.Mul64(b+w, 0xE7037ED1A0B428DB)
	return a, hi ^ lo ^ bits.RotateLeft64(w, 32)
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 29
	h *= 0x94D049BB133111EB
	return h ^ h>>32
}

// Touch reads what Add will read for key. Called for many keys in a row before
// they are added, it lets the processor wait for memory once instead of once
// for each. The result is meaningless; use it so that the reads stay.
func (t *Table) Touch(key [2]uint64) uint64 {
	if len(t.slots) == 0 {
		return 0
	}
	if s := t.slots[key[0]&uint64(len(t.slots)-1)]; s != 0 {
		return t.keys[s-1][0]
	}
	return 0
}

// Words numbers 64-bit hashes in order of first appearance; the hash is the
// identity. The zero Words is ready for use.
type Words struct {
	slots []wordSlot
	n     int
}

type wordSlot struct {
	hash   uint64
	number uint32 // plus one; 0 for empty
}

// Len returns how many hashes have been numbered.
func (t *Words) Len() int { return t.n }

// Find returns the number of hash, if it has one.
func (t *Words) Find(hash uint64) (n uint32, ok bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; t.slots[i].number != 0; i = (i + 1) & mask {
		if t.slots[i].hash == hash {
			return t.slots[i].number - 1, true
		}
	}
	return 0, false
}

// AddAll appends the numbers of hashes to dst.
func (t *Words) AddAll(dst []uint32, hashes []uint64) []uint32 {
	for 2*(t.n+len(hashes)) >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	var touched uint64
	for _, h := range hashes { // as Touch
		touched ^= t.slots[h&mask].hash
	}
	sink(touched)
	for _, h := range hashes {
		i := h & mask
		for t.slots[i].number != 0 && t.slots[i].hash != h {
			i = (i + 1) & mask
		}
		s := &t.slots[i]
		if s.number == 0 {
			t.n++
			s.hash, s.number = h, uint32(t.n)
		}
		dst = append(dst, s.number-1)
	}
	return dst
}

//go:noinline
func sink(uint64) {}

func (t *Words) grow() {
	old := t.slots
	t.slots = make([]wordSlot, max(1024, 2*len(old)))
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s.number != 0 {
			i := s.hash & mask
			for t.slots[i].number != 0 {
				i = (i + 1) & mask
			}
			t.slots[i] = s
		}
	}
}
