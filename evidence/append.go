package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/arasha-org/arasha/internal/disk"
)

// CreateLog makes an empty log in dir, named by its signer, with a signed
// checkpoint of no leaves. A log that is there already is not touched.
func CreateLog(dir string, signer note.Signer, now time.Time) error {
	if _, err := os.Lstat(filepath.Join(dir, "checkpoint")); err == nil {
		return fmt.Errorf("evidence: log: %s holds a log already", dir)
	}
	for _, d := range []string{dir, filepath.Join(dir, "checkpoints"), filepath.Join(dir, "tile")} {
		if err := disk.Mkdir(d, 0o755); err != nil {
			return fmt.Errorf("evidence: log: %w", err)
		}
	}
	return publish(dir, Checkpoint{Origin: signer.Name(), Root: (&frontier{}).root(), Time: now}, signer)
}

// publish signs c and makes it the newest checkpoint. The moment the file
// "checkpoint" takes its new name is the moment the leaves are in the log.
func publish(dir string, c Checkpoint, signer note.Signer) error {
	msg, err := note.Sign(&note.Note{Text: c.Text()}, signer)
	if err != nil {
		return fmt.Errorf("evidence: log: sign: %w", err)
	}
	if err := disk.Write(filepath.Join(dir, "checkpoint"), 0o644, msg); err != nil {
		return fmt.Errorf("evidence: log: %w", err)
	}
	return keepCheckpoint(dir, c.Size, msg)
}

func keepCheckpoint(dir string, size int64, msg []byte) error {
	if err := disk.Write(filepath.Join(dir, "checkpoints", CheckpointName(size)), 0o444, msg); err != nil {
		return fmt.Errorf("evidence: log: %w", err)
	}
	return nil
}

// clockSlack is how far a clock may step back without a word, as time servers
// make it do.
const clockSlack = 5 * time.Second

// An Appender is what Append needs to know.
type Appender struct {
	Signer note.Signer
	Now    time.Time
	// ClockBack allows a time before that of the newest checkpoint: the caller
	// has recorded why.
	ClockBack bool
}

// Append adds leaves to the log and signs the checkpoint that holds them. It
// returns the number of each leaf: a leaf whose bytes the log holds already
// keeps its number and is not added again. When Append returns without error
// everything is on the disk; when it is interrupted at any point, the log is
// the old one or the new one. Only one process may append at a time; the other
// gets disk.ErrLocked.
func (l *Log) Append(leaves [][]byte, a Appender) ([]int64, error) {
	unlock, err := disk.Lock(filepath.Join(l.dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	defer unlock()
	if err := l.refresh(); err != nil {
		return nil, err
	}
	if a.Signer.Name() != l.head.Origin {
		return nil, fmt.Errorf("evidence: log: the log is named %s, the key %s", l.head.Origin, a.Signer.Name())
	}
	now := a.Now.UTC().Truncate(time.Second)
	if back := l.head.Time.Sub(now); back > 0 && !a.ClockBack {
		if back > clockSlack {
			return nil, fmt.Errorf("evidence: log: the clock says %s, but the log was signed at %s: %w",
				now.Format(time.RFC3339), l.head.Time.Format(time.RFC3339), ErrClockBack)
		}
		now = l.head.Time
	}

	numbers, fresh, err := l.sort(leaves)
	if err != nil || len(fresh) == 0 {
		return numbers, err
	}
	next, err := l.writeTiles(fresh)
	if err != nil {
		// What was written is beyond the signed size and means nothing.
		return nil, err
	}
	old := l.head.Size
	next.Origin, next.Time = l.head.Origin, now
	if err := publish(l.dir, next, a.Signer); err != nil {
		l.seen = nil
		return nil, err
	}
	msg, err := os.ReadFile(filepath.Join(l.dir, "checkpoint"))
	if err != nil {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	l.head, l.signed = next, msg
	for i, leaf := range fresh {
		l.seen[tlog.RecordHash(leaf)] = old + int64(i)
	}
	l.dropPartial(old)
	return numbers, nil
}

// refresh reads the head again when another process moved it, and finishes
// what a crash may have left undone behind the signed checkpoint.
func (l *Log) refresh() error {
	msg, err := os.ReadFile(filepath.Join(l.dir, "checkpoint"))
	if err != nil {
		return fmt.Errorf("evidence: log: %w", err)
	}
	if !bytes.Equal(msg, l.signed) {
		l.seen = nil
		if err := l.load(); err != nil {
			return err
		}
	}
	_, err = os.Lstat(filepath.Join(l.dir, "checkpoints", CheckpointName(l.head.Size)))
	if errors.Is(err, fs.ErrNotExist) {
		return keepCheckpoint(l.dir, l.head.Size, l.signed)
	}
	return err
}

// Find returns the number of a leaf of the log as it was opened; ok is false
// when the log does not hold it.
func (l *Log) Find(leaf []byte) (number int64, ok bool, err error) {
	if err := l.learn(); err != nil {
		return 0, false, err
	}
	number, ok = l.seen[tlog.RecordHash(leaf)]
	return number, ok, nil
}

// learn reads which leaves the log holds.
func (l *Log) learn() error {
	if l.seen != nil {
		return nil
	}
	seen := make(map[tlog.Hash]int64, l.head.Size)
	n := int64(0)
	for leaf, err := range l.LeavesFrom(0) {
		if err != nil {
			return err
		}
		seen[tlog.RecordHash(leaf)] = n
		n++
	}
	l.seen = seen
	return nil
}

// sort tells leaves that are new from those the log holds.
func (l *Log) sort(leaves [][]byte) (numbers []int64, fresh [][]byte, err error) {
	if err := l.learn(); err != nil {
		return nil, nil, err
	}
	here := make(map[tlog.Hash]int64)
	for _, leaf := range leaves {
		if len(leaf) > math.MaxUint16 {
			return nil, nil, fmt.Errorf("evidence: log: a leaf of %d bytes", len(leaf))
		}
		if _, err := ParseLeaf(leaf); err != nil {
			return nil, nil, err
		}
		h := tlog.RecordHash(leaf)
		n, ok := l.seen[h]
		if !ok {
			n, ok = here[h]
		}
		if !ok {
			n = l.head.Size + int64(len(fresh))
			here[h] = n
			fresh = append(fresh, leaf)
		}
		numbers = append(numbers, n)
	}
	return numbers, fresh, nil
}

// writeTiles writes the tiles that fresh leaves change and returns the size
// and root of the new tree. Files that belong to the signed tree are not
// touched: partial tiles have their width in their name.
func (l *Log) writeTiles(fresh [][]byte) (Checkpoint, error) {
	var next Checkpoint
	old := l.head.Size
	added := make(map[int64]tlog.Hash)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		var missing []int64
		for i, x := range indexes {
			h, ok := added[x]
			if !ok {
				missing = append(missing, x)
			}
			out[i] = h
		}
		if len(missing) == 0 {
			return out, nil
		}
		found, err := l.reader().ReadHashes(missing)
		if err != nil {
			return nil, err
		}
		for i, x := range indexes {
			if _, ok := added[x]; !ok {
				out[i], found = found[0], found[1:]
			}
		}
		return out, nil
	})
	for i, leaf := range fresh {
		n := old + int64(i)
		hashes, err := tlog.StoredHashes(n, leaf, reader)
		if err != nil {
			return next, fmt.Errorf("evidence: log: %w", err)
		}
		at := tlog.StoredHashIndex(0, n)
		for k, h := range hashes {
			added[at+int64(k)] = h
		}
	}
	next.Size = old + int64(len(fresh))
	root, err := tlog.TreeHash(next.Size, reader)
	if err != nil {
		return next, fmt.Errorf("evidence: log: %w", err)
	}
	next.Root = root

	tiles := make(map[string][]byte) // by path
	for _, t := range tlog.NewTiles(tileHeight, old, next.Size) {
		b, err := tlog.ReadTileData(t, reader)
		if err != nil {
			return next, fmt.Errorf("evidence: log: %w", err)
		}
		tiles[tilePath(t)] = b
	}
	if err := l.entryTiles(old, fresh, tiles); err != nil {
		return next, err
	}
	return next, l.writeFiles(tiles)
}

// entryTiles adds the tiles of leaves that fresh ones change.
func (l *Log) entryTiles(old int64, fresh [][]byte, tiles map[string][]byte) error {
	var b []byte
	if part := old % 256; part > 0 {
		before, err := l.entries(old / 256)
		if err != nil {
			return err
		}
		for _, leaf := range before {
			b = appendEntry(b, leaf)
		}
	}
	for n := old; len(fresh) > 0; n++ {
		b = appendEntry(b, fresh[0])
		fresh = fresh[1:]
		if n%256 == 255 || len(fresh) == 0 {
			tiles[tilePath(tlog.Tile{H: tileHeight, L: -1, N: n / 256, W: int(n%256) + 1})] = b
			b = nil
		}
	}
	return nil
}

func appendEntry(b, leaf []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(leaf))), leaf...)
}

// writeFiles writes files of the log side by side: the disk gathers what
// several ask it to bring to safety.
func (l *Log) writeFiles(files map[string][]byte) error {
	paths := make(chan string)
	errs := make(chan error, len(files))
	var wait sync.WaitGroup
	for range min(len(files), 16) {
		wait.Go(func() {
			for path := range paths {
				full := filepath.Join(l.dir, path)
				err := disk.Mkdir(filepath.Dir(full), 0o755)
				if err == nil {
					err = disk.Write(full, 0o644, files[path])
				}
				if err != nil {
					errs <- fmt.Errorf("evidence: log: %w", err)
				}
			}
		})
	}
	for path := range files {
		paths <- path
	}
	close(paths)
	wait.Wait()
	close(errs)
	return <-errs // nil when there is none
}

// dropPartial removes the partial tiles of the tree of the given size, which
// wider ones have replaced. Failing to is harmless.
func (l *Log) dropPartial(size int64) {
	drop := func(t tlog.Tile) {
		if t.W > 0 && t.W < 256 {
			os.Remove(filepath.Join(l.dir, tilePath(t)))
			os.Remove(filepath.Dir(filepath.Join(l.dir, tilePath(t)))) // only when empty
		}
	}
	for level, n := 0, size; n > 0; level, n = level+1, n/256 {
		now := l.head.Size >> (8 * level)
		if n%256 != 0 && n != now {
			drop(tlog.Tile{H: tileHeight, L: level, N: n / 256, W: int(n % 256)})
			if level == 0 {
				drop(tlog.Tile{H: tileHeight, L: -1, N: n / 256, W: int(n % 256)})
			}
		}
	}
}

// AddCosignatures takes the signatures that others made under the checkpoint
// of a size this log has, where they hold by the cosigners' keys. They are kept
// beside it, as cosignatures/SIZE.txt, with those it had before; the keys as
// lines of cosignatures/keys.txt.
func (l *Log) AddCosignatures(cosigned []byte, keys ...string) (Checkpoint, []note.Signature, error) {
	var none Checkpoint
	unlock, err := disk.Lock(filepath.Join(l.dir, "lock"))
	if err != nil {
		return none, nil, fmt.Errorf("evidence: log: %w", err)
	}
	defer unlock()
	theirs, n, err := OpenCosigned(cosigned, keys...)
	if err != nil {
		return none, nil, err
	}
	ours, err := l.CheckpointAt(theirs.Size)
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil, fmt.Errorf("evidence: log: what was cosigned, %d leaves of %s, is no checkpoint of this log", theirs.Size, theirs.Origin)
	}
	if err != nil {
		return none, nil, err
	}
	if !bytes.HasPrefix(ours, []byte(n.Text+"\n")) {
		return none, nil, fmt.Errorf("evidence: log: what was cosigned is not our checkpoint of %d leaves: %w", theirs.Size, ErrRewritten)
	}
	dir := filepath.Join(l.dir, "cosignatures")
	if err := disk.Mkdir(dir, 0o755); err != nil {
		return none, nil, fmt.Errorf("evidence: log: %w", err)
	}
	merged, err := l.CosignaturesAt(theirs.Size)
	if err != nil {
		return none, nil, err
	}
	if merged == nil {
		merged = []byte(n.Text + "\n")
	}
	for _, s := range n.Sigs {
		line := []byte("— " + s.Name + " " + s.Base64 + "\n")
		if !bytes.Contains(merged, line) {
			merged = append(merged, line...)
		}
	}
	known, err := l.CosignerKeys()
	if err != nil {
		return none, nil, err
	}
	for _, k := range keys {
		if !slices.Contains(known, k) {
			known = append(known, k)
		}
	}
	if err := disk.Write(filepath.Join(dir, "keys.txt"), 0o644, []byte(strings.Join(known, "\n")+"\n")); err != nil {
		return none, nil, fmt.Errorf("evidence: log: %w", err)
	}
	if err := disk.Write(filepath.Join(dir, CheckpointName(theirs.Size)), 0o644, merged); err != nil {
		return none, nil, fmt.Errorf("evidence: log: %w", err)
	}
	return theirs, n.Sigs, nil
}
