package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// What can be wrong with a log, for errors.Is.
var (
	ErrTruncated = errors.New("the log is cut short")
	ErrReplayed  = errors.New("an older checkpoint was put in the place of a newer one")
	ErrRewritten = errors.New("the log was rewritten")
	ErrClockBack = errors.New("the clock was set back")
)

// tileHeight is the height of a tile: 256 hashes (C2SP tlog-tiles).
const tileHeight = 8

// A Log is a Merkle tree of leaves (RFC 6962) on a disk, as plain files that a
// static web server can offer (C2SP tlog-tiles):
//
//	checkpoint                    the newest signed checkpoint
//	checkpoints/000000000012.txt  every signed checkpoint, by size
//	cosignatures/000000000012.txt what others signed under it
//	tile/0/000, tile/0/001.p/5    hashes, 256 to a tile, the last one partial
//	tile/entries/000              leaves, each behind its length (2 bytes, big-endian)
//
// A Log value sees the log as it was when it was opened or last appended to.
type Log struct {
	dir    string
	keys   []note.Verifier
	head   Checkpoint
	signed []byte
	tiles  *tileStore
	seen   map[tlog.Hash]int64 // leaf hashes, filled by the first Append
}

// OpenLog opens the log in dir for reading. The newest checkpoint must be
// signed by one of keys. A log from which the newest checkpoint or the newest
// leaves were taken away is refused.
func OpenLog(dir string, keys ...note.Verifier) (*Log, error) {
	l := &Log{dir: dir, keys: keys}
	if err := l.load(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Log) load() error {
	msg, err := os.ReadFile(filepath.Join(l.dir, "checkpoint"))
	if _, gone := os.Stat(filepath.Join(l.dir, "checkpoints")); errors.Is(err, fs.ErrNotExist) && gone == nil {
		return fmt.Errorf("evidence: log: checkpoint is missing: %w", ErrTruncated)
	}
	if err != nil {
		return fmt.Errorf("evidence: log: %w", err)
	}
	head, _, err := OpenCheckpoint(msg, l.keys...)
	if err != nil {
		return fmt.Errorf("evidence: log: checkpoint: %w", err)
	}
	newest, err := newestCheckpoint(l.dir)
	if err != nil {
		return err
	}
	if newest > head.Size {
		return fmt.Errorf("evidence: log: the checkpoint is of %d leaves, but one of %d leaves was signed: %w", head.Size, newest, ErrReplayed)
	}
	l.head, l.signed = head, msg
	l.tiles = &tileStore{dir: l.dir, kept: make(map[string][]byte)}
	if head.Size > 0 {
		// Reading the right edge shows that the newest tiles are there.
		root, err := tlog.TreeHash(head.Size, l.reader())
		if err != nil && strings.HasSuffix(err.Error(), "inconsistent tile") {
			return fmt.Errorf("evidence: log: a file below tile/ no longer holds the hashes that were signed: %w", ErrRewritten)
		}
		if err != nil {
			return fmt.Errorf("evidence: log: %w", err)
		}
		if root != head.Root {
			return fmt.Errorf("evidence: log: the tiles do not hash to the signed root: %w", ErrRewritten)
		}
		if _, err := l.Leaf(head.Size - 1); err != nil {
			return err
		}
	}
	return nil
}

// newestCheckpoint returns the largest size among the kept checkpoints.
func newestCheckpoint(dir string) (int64, error) {
	names, err := os.ReadDir(filepath.Join(dir, "checkpoints"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("evidence: log: %w", err)
	}
	newest := int64(0)
	for _, d := range names {
		if n, ok := checkpointSize(d.Name()); ok {
			newest = max(newest, n)
		}
	}
	return newest, nil
}

// CheckpointName is the file name of a checkpoint of the given size.
func CheckpointName(size int64) string { return fmt.Sprintf("%012d.txt", size) }

func checkpointSize(name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSuffix(name, ".txt"), 10, 64)
	return n, err == nil && name == CheckpointName(n)
}

// Head returns the newest checkpoint.
func (l *Log) Head() Checkpoint { return l.head }

// Signed returns the newest checkpoint as it is signed.
func (l *Log) Signed() []byte { return l.signed }

func (l *Log) reader() tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: l.head.Size, Hash: l.head.Root}, l.tiles)
}

// Prove returns the proof that leaf i stands in the tree of the first size
// leaves: the audit path of RFC 6962 section 2.1.1, bottom first.
func (l *Log) Prove(i, size int64) (tlog.RecordProof, error) {
	if i < 0 || i >= size || size > l.head.Size {
		return nil, fmt.Errorf("evidence: log: no leaf %d in a tree of %d", i, size)
	}
	p, err := tlog.ProveRecord(size, i, l.reader())
	if err != nil {
		return nil, fmt.Errorf("evidence: log: prove leaf %d: %w", i, err)
	}
	return p, nil
}

// ProveMany yields a proof for each of the leaves, by the newest tree. For many
// leaves the whole tree is read into memory once, 64 bytes for each leaf of the
// log; reading and checking tiles for each proof would take far longer.
func (l *Log) ProveMany(leaves []int64) iter.Seq2[tlog.RecordProof, error] {
	return func(yield func(tlog.RecordProof, error) bool) {
		reader := l.reader()
		if int64(len(leaves)) > l.head.Size/1000 {
			var err error
			if reader, err = l.inMemory(); err != nil {
				yield(nil, err)
				return
			}
		}
		for _, i := range leaves {
			if i < 0 || i >= l.head.Size {
				yield(nil, fmt.Errorf("evidence: log: no leaf %d in a log of %d", i, l.head.Size))
				return
			}
			if p, err := tlog.ProveRecord(l.head.Size, i, reader); !yield(p, err) {
				return
			}
		}
	}
}

// inMemory reads the tree, and checks that it is the signed one.
func (l *Log) inMemory() (tlog.HashReader, error) {
	stored := make([]tlog.Hash, 0, tlog.StoredHashCount(l.head.Size))
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for n := int64(0); n < l.head.Size; {
		tile, err := l.tiles.read(tlog.Tile{H: tileHeight, L: 0, N: n / 256, W: int(min(l.head.Size-n/256*256, 256))})
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(tile); i += tlog.HashSize {
			added, err := tlog.StoredHashesForRecordHash(n, tlog.Hash(tile[i:i+tlog.HashSize]), reader)
			if err != nil {
				return nil, fmt.Errorf("evidence: log: %w", err)
			}
			stored = append(stored, added...)
			n++
		}
	}
	if root, err := tlog.TreeHash(l.head.Size, reader); err != nil || root != l.head.Root {
		return nil, fmt.Errorf("evidence: log: the tiles do not hash to the signed root: %w", ErrRewritten)
	}
	return reader, nil
}

// ProveGrowth returns the proof that the tree of the first small leaves is the
// beginning of the tree of the first large ones (RFC 6962 section 2.1.2).
func (l *Log) ProveGrowth(small, large int64) (tlog.TreeProof, error) {
	if small < 0 || small > large || large > l.head.Size {
		return nil, fmt.Errorf("evidence: log: no tree of %d leaves inside one of %d", small, large)
	}
	if small == 0 || small == large {
		return nil, nil
	}
	p, err := tlog.ProveTree(large, small, l.reader())
	if err != nil {
		return nil, fmt.Errorf("evidence: log: prove growth from %d to %d: %w", small, large, err)
	}
	return p, nil
}

// CheckGrowth checks what ProveGrowth returns. Every tree grows from the
// empty one, and a tree grows to itself only when it is itself.
func CheckGrowth(p tlog.TreeProof, small, large Checkpoint) error {
	switch {
	case small.Size > large.Size:
		return fmt.Errorf("evidence: a log of %d leaves cannot have shrunk to %d: %w", small.Size, large.Size, ErrRewritten)
	case small.Size == large.Size && small.Root == large.Root && len(p) == 0:
		return nil
	case small.Size == large.Size:
		return fmt.Errorf("evidence: two different logs of %d leaves: %w", small.Size, ErrRewritten)
	case small.Size == 0 && len(p) == 0:
		return nil
	case small.Size == 0:
		return errors.New("evidence: a proof for an empty log must be empty")
	}
	if err := tlog.CheckTree(p, large.Size, large.Root, small.Size, small.Root); err != nil {
		return fmt.Errorf("evidence: the log of %d leaves is not the beginning of the log of %d leaves: %w", small.Size, large.Size, ErrRewritten)
	}
	return nil
}

// Leaf returns the bytes of leaf i. They are not checked against the tree; the
// caller proves them when it matters.
func (l *Log) Leaf(i int64) ([]byte, error) {
	for leaf, err := range l.LeavesFrom(i) {
		return leaf, err
	}
	return nil, fmt.Errorf("evidence: log: no leaf %d in a log of %d", i, l.head.Size)
}

// LeavesFrom yields the bytes of the leaves from number i on.
func (l *Log) LeavesFrom(i int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for i >= 0 && i < l.head.Size {
			leaves, err := l.entries(i / 256)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, leaf := range leaves[i%256:] {
				if !yield(leaf, nil) {
					return
				}
				i++
			}
		}
	}
}

// entries reads one tile of leaves, as wide as the head says it is.
func (l *Log) entries(tile int64) ([][]byte, error) {
	width := min(l.head.Size-tile*256, 256)
	b, err := l.tiles.read(tlog.Tile{H: tileHeight, L: -1, N: tile, W: int(width)})
	if err != nil {
		return nil, err
	}
	leaves, err := splitEntries(b, int(width))
	if err != nil {
		return nil, fmt.Errorf("evidence: log: leaves %d to %d: %w", tile*256, tile*256+width-1, err)
	}
	return leaves, nil
}

// CosignaturesAt returns the cosignatures under the checkpoint of the given
// size, as a note without the log's own signature; nil when there are none.
func (l *Log) CosignaturesAt(size int64) ([]byte, error) {
	return l.readIfThere(filepath.Join("cosignatures", CheckpointName(size)))
}

// CosignedSizes returns the sizes of the checkpoints that others cosigned, in
// order.
func (l *Log) CosignedSizes() ([]int64, error) {
	names, err := os.ReadDir(filepath.Join(l.dir, "cosignatures"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	var out []int64
	for _, d := range names {
		if n, ok := checkpointSize(d.Name()); ok {
			out = append(out, n)
		}
	}
	return out, nil
}

// CosignerKeys returns the keys of those who cosigned.
func (l *Log) CosignerKeys() ([]string, error) {
	b, err := l.readIfThere(filepath.Join("cosignatures", "keys.txt"))
	return strings.Fields(string(b)), err
}

func (l *Log) readIfThere(name string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(l.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	return b, nil
}

// CheckpointAt returns the kept signed checkpoint of the given size.
func (l *Log) CheckpointAt(size int64) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(l.dir, "checkpoints", CheckpointName(size)))
	if err != nil {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	return b, nil
}
