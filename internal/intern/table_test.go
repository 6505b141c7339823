package intern

import (
	"fmt"
	"testing"
)

func TestTable(t *testing.T) {
	var tab Table
	if _, ok := tab.Find(Key("a")); ok {
		t.Error("an empty table holds a key")
	}
	const n = 50000
	for i := range n {
		if got, fresh := tab.Add(Key(fmt.Sprint("word", i))); int(got) != i || !fresh {
			t.Fatalf("Add(word%d) = %d, %v", i, got, fresh)
		}
	}
	for i := range n {
		k := Key(fmt.Sprint("word", i))
		if got, fresh := tab.Add(k); int(got) != i || fresh {
			t.Fatalf("second Add(word%d) = %d, %v", i, got, fresh)
		}
		if got, ok := tab.Find(k); int(got) != i || !ok {
			t.Fatalf("Find(word%d) = %d, %v", i, got, ok)
		}
	}
	if tab.Len() != n {
		t.Errorf("Len = %d, want %d", tab.Len(), n)
	}
}

// Keys of near texts differ in both halves and in about half of their bits.
func TestKey(t *testing.T) {
	seen := map[[2]uint64]string{}
	lo, hi := map[uint64]bool{}, map[uint64]bool{}
	add := func(s string) {
		k := Key(s)
		if old, ok := seen[k]; ok && old != s {
			t.Fatalf("%q and %q share a key", s, old)
		}
		seen[k], lo[k[0]], hi[k[1]] = s, true, true
	}
	for l := range 40 {
		b := make([]byte, l)
		add(string(b))
		for i := range b {
			for v := 1; v < 256; v++ {
				b[i] = byte(v)
				add(string(b))
			}
			b[i] = 0
		}
	}
	if len(lo) != len(seen) || len(hi) != len(seen) {
		t.Errorf("%d keys, %d low and %d high halves: a half collides", len(seen), len(lo), len(hi))
	}
}

func TestWords(t *testing.T) {
	var w Words
	const n = 30000
	for i := range uint64(n) {
		// Every hash twice in one call, and hash 0 among them.
		got := w.AddAll(nil, []uint64{i * 0x9E3779B97F4A7C15, i * 0x9E3779B97F4A7C15})
		if got[0] != uint32(i) || got[1] != uint32(i) {
			t.Fatalf("AddAll(%d) = %v", i, got)
		}
	}
	for i := range uint64(n) {
		if got := w.AddAll(nil, []uint64{i * 0x9E3779B97F4A7C15}); got[0] != uint32(i) {
			t.Fatalf("second AddAll(%d) = %v", i, got)
		}
	}
	if w.Len() != n {
		t.Errorf("Len = %d, want %d", w.Len(), n)
	}
}

// Hash and ShortHash are the first half of Key, and the tail of a text is its
// bytes one by one.
func TestHash(t *testing.T) {
	text := []byte("The quick brown fox, жұлдыз \xff\x00\x80")
	for from := range text {
		for to := from; to <= len(text); to++ {
			s := text[from:to]
			if got, want := Hash(s), Key(s)[0]; got != want {
				t.Errorf("Hash(%q) = %x, want %x", s, got, want)
			}
			if len(s) > 7 {
				break
			}
			var w uint64
			for i, c := range s {
				w |= uint64(c) << (8 * i)
			}
			if got := tail(s); len(s) < 8 && got != w {
				t.Errorf("tail(%q) = %x, want %x", s, got, w)
			}
			if got, want := ShortHash(w, len(s)), Hash(s); len(s) < 8 && got != want {
				t.Errorf("ShortHash(%q) = %x, want %x", s, got, want)
			}
		}
	}
}
