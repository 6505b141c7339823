package ots

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// headerSize is the size of a block header: version 4, previous block 32,
// Merkle root 32, time 4, bits 4, nonce 4.
const headerSize = 80

// A Header is the header of a Bitcoin block as its reader brought it. Whether
// it is in the chain is for the reader to know: [Header.Hash] can be compared
// with any node or block explorer.
type Header struct {
	Height uint64
	Raw    [headerSize]byte
}

// Hash returns the block's hash as people write it, last byte first.
func (h Header) Hash() string {
	d := sha256.Sum256(h.Raw[:])
	d = sha256.Sum256(d[:])
	slices.Reverse(d[:])
	return hex.EncodeToString(d[:])
}

// Time returns the time in the header, UTC. Miners may set it about two hours
// off.
func (h Header) Time() time.Time {
	return time.Unix(int64(binary.LittleEndian.Uint32(h.Raw[68:72])), 0).UTC()
}

// ReadHeaders reads a text with one block per line: its height, its header as
// 160 hexadecimal digits and, where it is to be checked, its hash. Empty lines
// and lines that begin with # are skipped. "bitcoin-cli getblockheader HASH
// false" prints such digits.
func ReadHeaders(r io.Reader) ([]Header, error) {
	var all []Header
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) < 2 || len(f) > 3 {
			return nil, fmt.Errorf("ots: line %d: a height, a header and perhaps a hash are expected", n)
		}
		var h Header
		var err error
		if h.Height, err = strconv.ParseUint(f[0], 10, 32); err != nil {
			return nil, fmt.Errorf("ots: line %d: %.20q is not the height of a block", n, f[0])
		}
		b, err := hex.DecodeString(f[1])
		if err != nil || len(b) != headerSize {
			return nil, fmt.Errorf("ots: line %d: the header is not 160 hexadecimal digits", n)
		}
		copy(h.Raw[:], b)
		if len(f) == 3 && !strings.EqualFold(f[2], h.Hash()) {
			return nil, fmt.Errorf("ots: line %d: the header hashes to %s, not to %.64s", n, h.Hash(), f[2])
		}
		all = append(all, h)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("ots: headers: %w", err)
	}
	return all, nil
}

// Check decides offline whether a block holds what leads from digest, and
// returns the earliest such header. It fails with [ErrDigest]; with [ErrBlock]
// when a header was brought and does not hold the value; and, where nothing
// speaks against the proof but something is absent, with [ErrNoHeader], which
// names the block, or [ErrPending].
func (p *Proof) Check(digest [sha256.Size]byte, headers []Header) (*Header, error) {
	if p.Digest != digest {
		return nil, fmt.Errorf("%w: they hash to %x, the proof is for %x", ErrDigest, digest, p.Digest)
	}
	var best *Header
	var wanted []string
	for _, a := range p.Attestations() {
		if a.Kind != Bitcoin {
			continue
		}
		i := slices.IndexFunc(headers, func(h Header) bool { return h.Height == a.Height })
		if i < 0 {
			wanted = append(wanted, strconv.FormatUint(a.Height, 10))
			continue
		}
		if !bytes.Equal(headers[i].Raw[36:68], a.Value) {
			return nil, fmt.Errorf("%w: block %d has the root %x, the proof leads to %x", ErrBlock, a.Height, headers[i].Raw[36:68], a.Value)
		}
		if best == nil || headers[i].Height < best.Height {
			best = &headers[i]
		}
	}
	switch {
	case best != nil:
		return best, nil
	case len(wanted) > 0:
		return nil, fmt.Errorf("%w: of block %s", ErrNoHeader, strings.Join(wanted, " or "))
	}
	return nil, ErrPending
}
