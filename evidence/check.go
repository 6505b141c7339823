package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A frontier is the right edge of a growing tree: the roots of its full
// subtrees, largest first. It computes roots from leaves alone, by another
// way than package tlog, so the two check each other.
type frontier struct {
	n     int64
	roots []tlog.Hash
}

func (f *frontier) add(h tlog.Hash) {
	for n := f.n; n&1 == 1; n >>= 1 {
		last := len(f.roots) - 1
		h = tlog.NodeHash(f.roots[last], h)
		f.roots = f.roots[:last]
	}
	f.roots = append(f.roots, h)
	f.n++
}

func (f *frontier) root() tlog.Hash {
	if f.n == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := f.roots[len(f.roots)-1]
	for i := len(f.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(f.roots[i], h)
	}
	return h
}

// Check rebuilds the tree from the leaves and yields everything that is wrong:
// a leaf that is not what the tiles say, a root that is not the signed one, a
// kept checkpoint that this log did not grow from.
func (l *Log) Check() iter.Seq[error] {
	return func(yield func(error) bool) {
		kept, err := l.keptCheckpoints()
		if err != nil {
			yield(err)
			return
		}
		var f frontier
		next := 0
		compare := func() bool {
			for next < len(kept) && kept[next].Size == f.n {
				if c := kept[next]; c.Root != f.root() && !yield(fmt.Errorf("evidence: log: the leaves do not hash to the root signed at %d leaves: %w", c.Size, ErrRewritten)) {
					return false
				}
				next++
			}
			return true
		}
		if !compare() {
			return
		}
		for b, err := range l.LeavesFrom(0) {
			if err != nil {
				yield(err)
				return
			}
			if _, err := ParseLeaf(b); err != nil && !yield(fmt.Errorf("leaf %d: %w", f.n, err)) {
				return
			}
			h := tlog.RecordHash(b)
			stored, err := l.tiles.read(tlog.Tile{H: tileHeight, L: 0, N: f.n / 256, W: int(min(l.head.Size-f.n/256*256, 256))})
			if err != nil {
				yield(err)
				return
			}
			if i := f.n % 256 * tlog.HashSize; tlog.Hash(stored[i:i+tlog.HashSize]) != h &&
				!yield(fmt.Errorf("evidence: log: leaf %d is not the one that was logged: %w", f.n, ErrRewritten)) {
				return
			}
			f.add(h)
			if !compare() {
				return
			}
		}
		if f.n != l.head.Size || f.root() != l.head.Root {
			if !yield(fmt.Errorf("evidence: log: the leaves do not hash to the signed root of %d leaves: %w", l.head.Size, ErrRewritten)) {
				return
			}
		}
		for err := range l.checkOutsiders() {
			if !yield(err) {
				return
			}
		}
	}
}

// checkOutsiders yields what is wrong with what others said about checkpoints:
// a cosignature that does not hold, a cosignature or timestamp whose
// checkpoint is gone. Whether a timestamp holds is for the caller, who knows
// whom to trust.
func (l *Log) checkOutsiders() iter.Seq[error] {
	return func(yield func(error) bool) {
		sizes, err := l.CosignedSizes()
		if err != nil {
			yield(err)
			return
		}
		keys, err := l.CosignerKeys()
		if err != nil {
			yield(err)
			return
		}
		for _, size := range sizes {
			name := "cosignatures/" + CheckpointName(size)
			b, err := l.CosignaturesAt(size)
			var n Note
			if err == nil {
				_, n, err = OpenCosigned(b, keys...)
			}
			if err == nil && n.All != len(n.Sigs) {
				err = errors.New("a signature in it is by a key that cosignatures/keys.txt does not hold")
			}
			if err != nil {
				if !yield(fmt.Errorf("evidence: log: %s: %w", name, err)) {
					return
				}
				continue
			}
			ours, err := l.CheckpointAt(size)
			if err == nil && !bytes.HasPrefix(ours, []byte(n.Text+"\n")) {
				err = fmt.Errorf("it is not over checkpoints/%s: %w", CheckpointName(size), ErrRewritten)
			}
			if err != nil && !yield(fmt.Errorf("evidence: log: %s: %w", name, err)) {
				return
			}
		}
		names, err := os.ReadDir(filepath.Join(l.dir, "checkpoints"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			yield(fmt.Errorf("evidence: log: %w", err))
			return
		}
		for _, d := range names {
			base, _, found := strings.Cut(d.Name(), ".txt.")
			if !found {
				continue
			}
			if _, err := os.Lstat(filepath.Join(l.dir, "checkpoints", base+".txt")); errors.Is(err, fs.ErrNotExist) &&
				!yield(fmt.Errorf("evidence: log: checkpoints/%s.txt is missing, though it was dated by %s: %w", base, d.Name(), ErrTruncated)) {
				return
			}
		}
	}
}

// keptCheckpoints reads the kept checkpoints in order of size. Their
// signatures must hold.
func (l *Log) keptCheckpoints() ([]Checkpoint, error) {
	names, err := os.ReadDir(filepath.Join(l.dir, "checkpoints"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	var kept []Checkpoint
	for _, d := range names { // in order of name, so of size
		size, ok := checkpointSize(d.Name())
		if !ok {
			continue
		}
		msg, err := os.ReadFile(filepath.Join(l.dir, "checkpoints", d.Name()))
		if err != nil {
			return nil, fmt.Errorf("evidence: log: %w", err)
		}
		c, _, err := OpenCheckpoint(msg, l.keys...)
		if err != nil {
			return nil, fmt.Errorf("evidence: log: checkpoints/%s: %w", d.Name(), err)
		}
		if c.Size != size {
			return nil, fmt.Errorf("evidence: log: checkpoints/%s is of %d leaves: %w", d.Name(), c.Size, ErrRewritten)
		}
		kept = append(kept, c)
	}
	return kept, nil
}
