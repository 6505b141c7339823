package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// splitEntries reads the first n entries of a tile of leaves.
func splitEntries(b []byte, n int) ([][]byte, error) {
	var leaves [][]byte
	for range n {
		if len(b) < 2 {
			return nil, ErrTruncated
		}
		size := int(binary.BigEndian.Uint16(b))
		if len(b) < 2+size {
			return nil, ErrTruncated
		}
		leaves = append(leaves, b[2:2+size])
		b = b[2+size:]
	}
	return leaves, nil
}

// tileStore reads tiles from the disk.
type tileStore struct {
	dir  string
	kept map[string][]byte // checked tiles, by path
}

func (s *tileStore) Height() int { return tileHeight }

// tilePath is the C2SP path of a tile, below the folder of the log.
func tilePath(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), "tile/8/")
	if t.L == -1 {
		p = "entries" + strings.TrimPrefix(p, "data")
	}
	return filepath.FromSlash("tile/" + p)
}

// StateFiles returns the files, below the folder of a log, that hold the tree
// of the given size, in slashes. Those that the log may drop as it grows, its
// right edge, come first.
func StateFiles(size int64) []string {
	var edge, rest []string
	add := func(t tlog.Tile) {
		name := filepath.ToSlash(tilePath(t))
		if t.W < 1<<tileHeight {
			edge = append(edge, name)
		} else {
			rest = append(rest, name)
		}
	}
	for _, t := range tlog.NewTiles(tileHeight, 0, size) {
		add(t)
	}
	for n := int64(0); n<<tileHeight < size; n++ {
		add(tlog.Tile{H: tileHeight, L: -1, N: n, W: int(min(1<<tileHeight, size-n<<tileHeight))})
	}
	return append(edge, rest...)
}

func (s *tileStore) read(t tlog.Tile) ([]byte, error) {
	path := tilePath(t)
	if b, ok := s.kept[path]; ok {
		return b, nil
	}
	b, err := os.ReadFile(filepath.Join(s.dir, path))
	if errors.Is(err, fs.ErrNotExist) && t.W < 1<<tileHeight {
		// A full tile may have taken the place of a partial one.
		full := t
		full.W = 1 << tileHeight
		b, err = os.ReadFile(filepath.Join(s.dir, tilePath(full)))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence: log: %s is missing: %w", filepath.ToSlash(path), ErrTruncated)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: log: %w", err)
	}
	if t.L >= 0 {
		if len(b) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("evidence: log: %s is too short: %w", filepath.ToSlash(path), ErrTruncated)
		}
		b = b[:t.W*tlog.HashSize]
	}
	return b, nil
}

// ReadTiles implements tlog.TileReader.
func (s *tileStore) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		b, err := s.read(t)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

// SaveTiles implements tlog.TileReader. It gets tiles that proved to belong to
// the tree.
func (s *tileStore) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	if len(s.kept) > 4096 { // 32 MB
		clear(s.kept)
	}
	for i, t := range tiles {
		s.kept[tilePath(t)] = data[i]
	}
}
