// Package ots keeps OpenTimestamps proofs: that a SHA-256 was known before a
// block of the Bitcoin chain was made, with no authority to trust.
//
// A [Proof] is a small tree of steps that leads from the digest of a file to
// values that somebody attests: first a calendar, with a promise only, and
// after some hours a block, whose header holds the value. [Stamp] asks
// calendars, [Proof.Upgrade] fetches what they promised, [Proof.Check] decides
// offline with headers that the reader brings. The bytes are those of .ots
// files of the OpenTimestamps tools: see docs/formats/ots.md.
package ots

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bounds of what is read. Real proofs have less than 10 kB and 100 steps.
const (
	MaxSize    = 128 << 10 // bytes of a proof
	maxDepth   = 256       // steps from the digest to an attestation
	maxMessage = 4096      // bytes of a value on the way
	maxPayload = 8192      // bytes of an attestation
	maxURI     = 1000      // bytes of a calendar's address
)

// magic opens every .ots file.
const magic = "\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"

// What can be wrong with a proof.
var (
	ErrMalformed = errors.New("ots: the proof cannot be read")
	ErrDigest    = errors.New("ots: the proof is for other bytes")
	ErrBlock     = errors.New("ots: the block does not hold the value of the proof")
	ErrPending   = errors.New("ots: nothing but promises of calendars so far")
	ErrNoHeader  = errors.New("ots: the header of the block is needed")
)

// A Proof leads from Digest to attestations.
type Proof struct {
	Digest [sha256.Size]byte // of the file
	start  node
}

// A node is a value on the way: who attests it and what is done with it next.
type node struct {
	attested []Attestation
	steps    []step
}

// A step makes the value of the next node out of the one before.
type step struct {
	op   byte
	arg  []byte // of append and prepend
	next node
}

// The operations. RIPEMD-160 (0x03) and Keccak-256 (0x67) of old proofs over
// other chains are refused by name.
const (
	opSHA1    = 0x02
	opSHA256  = 0x08
	opAppend  = 0xf0
	opPrepend = 0xf1
	opReverse = 0xf2
	opHex     = 0xf3
)

// A Kind says who attests.
type Kind string

const (
	Pending Kind = "pending" // a calendar promises to have it put into a block
	Bitcoin Kind = "bitcoin" // a block of the Bitcoin chain holds it
	Unknown Kind = "unknown" // kept as it is
)

var (
	tagPending = [8]byte{0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e}
	tagBitcoin = [8]byte{0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01}
)

// An Attestation is somebody's word that Value existed.
type Attestation struct {
	Kind    Kind
	URI     string // of the calendar, when pending
	Height  uint64 // of the block, when Bitcoin
	Value   []byte // what is attested; for a block, its Merkle root
	tag     [8]byte
	payload []byte
}

// Parse reads the bytes of an .ots file over a SHA-256. The error is
// [ErrMalformed] and says where.
func Parse(b []byte) (*Proof, error) {
	if len(b) > MaxSize {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrMalformed, MaxSize)
	}
	r := &reader{b: b}
	if string(r.take(len(magic))) != magic {
		return nil, fmt.Errorf("%w: it does not begin as an .ots file does", ErrMalformed)
	}
	if v := r.number(); r.err == nil && v != 1 {
		return nil, fmt.Errorf("%w: version %d, 1 is expected", ErrMalformed, v)
	}
	if op := r.byte(); r.err == nil && op != opSHA256 {
		return nil, fmt.Errorf("%w: it is over a hash of kind 0x%02x, SHA-256 (0x08) is expected", ErrMalformed, op)
	}
	p := &Proof{}
	copy(p.Digest[:], r.take(len(p.Digest)))
	p.start = r.node(p.Digest[:], 0)
	return p, r.end()
}

// Bytes returns the .ots file.
func (p *Proof) Bytes() []byte {
	b := append([]byte(magic), 1, opSHA256)
	return p.start.append(append(b, p.Digest[:]...))
}

// Attestations returns everything attested, in the order of the file.
func (p *Proof) Attestations() []Attestation {
	var all []Attestation
	p.start.walk(func(n *node) { all = append(all, n.attested...) })
	return all
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for i := range n.steps {
		n.steps[i].next.walk(visit)
	}
}

// append writes a node: all children but the last begin with 0xff.
func (n *node) append(b []byte) []byte {
	left := len(n.attested) + len(n.steps)
	more := func() {
		if left--; left > 0 {
			b = append(b, 0xff)
		}
	}
	for _, a := range n.attested {
		more()
		b = append(append(b, 0), a.tag[:]...)
		b = appendBytes(b, a.payload)
	}
	for _, s := range n.steps {
		more()
		b = append(b, s.op)
		if s.op == opAppend || s.op == opPrepend {
			b = appendBytes(b, s.arg)
		}
		b = s.next.append(b)
	}
	return b
}

// apply does one operation.
func apply(op byte, value, arg []byte) []byte {
	switch op {
	case opSHA1:
		d := sha1.Sum(value)
		return d[:]
	case opSHA256:
		d := sha256.Sum256(value)
		return d[:]
	case opAppend:
		return slices.Concat(value, arg)
	case opPrepend:
		return slices.Concat(arg, value)
	case opReverse:
		v := bytes.Clone(value)
		slices.Reverse(v)
		return v
	case opHex:
		return hex.AppendEncode(nil, value)
	}
	panic("ots: an operation that no reader lets in")
}

// A reader takes bytes apart; after the first error it gives nothing more.
type reader struct {
	b   []byte
	at  int
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s (byte %d)", ErrMalformed, fmt.Sprintf(format, args...), r.at)
	}
}

// end returns the first error, or that bytes are left.
func (r *reader) end() error {
	if r.err == nil && r.at < len(r.b) {
		r.fail("%d bytes after the end", len(r.b)-r.at)
	}
	return r.err
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n > len(r.b)-r.at {
		r.fail("it ends too early")
		return nil
	}
	r.at += n
	return r.b[r.at-n : r.at]
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

// number reads base 128, the lowest seven bits first, in its shortest form.
func (r *reader) number() uint64 {
	var v uint64
	for shift := 0; ; shift += 7 {
		b := r.byte()
		switch {
		case r.err != nil:
			return 0
		case shift > 56:
			r.fail("a number is too large")
			return 0
		case b == 0 && shift > 0:
			r.fail("a number is not in its shortest form")
			return 0
		}
		v |= uint64(b&0x7f) << shift
		if b&0x80 == 0 {
			return v
		}
	}
}

// bytes reads a length between least and most and as many bytes.
func (r *reader) bytes(least, most int) []byte {
	n := r.number()
	if r.err == nil && (n < uint64(least) || n > uint64(most)) {
		r.fail("a part of %d bytes, %d to %d are allowed", n, least, most)
	}
	if r.err != nil {
		return nil
	}
	return bytes.Clone(r.take(int(n)))
}

// node reads the children of a value.
func (r *reader) node(value []byte, depth int) node {
	var n node
	if depth > maxDepth {
		r.fail("more than %d steps", maxDepth)
	}
	for r.err == nil {
		op := r.byte()
		last := op != 0xff
		if !last {
			op = r.byte()
		}
		switch op {
		case 0:
			n.attested = append(n.attested, r.attestation(value))
		case opAppend, opPrepend:
			arg := r.bytes(1, maxMessage)
			if len(value)+len(arg) > maxMessage {
				r.fail("a value of more than %d bytes", maxMessage)
			}
			n.steps = append(n.steps, r.step(op, value, arg, depth))
		case opSHA1, opSHA256, opReverse:
			n.steps = append(n.steps, r.step(op, value, nil, depth))
		case opHex:
			if 2*len(value) > maxMessage {
				r.fail("a value of more than %d bytes", maxMessage)
			}
			n.steps = append(n.steps, r.step(op, value, nil, depth))
		default:
			r.fail("the operation 0x%02x is not known here", op)
		}
		if last {
			break
		}
	}
	return n
}

func (r *reader) step(op byte, value, arg []byte, depth int) step {
	if r.err != nil {
		return step{}
	}
	return step{op, arg, r.node(apply(op, value, arg), depth+1)}
}

func (r *reader) attestation(value []byte) Attestation {
	a := Attestation{Kind: Unknown, Value: bytes.Clone(value)}
	copy(a.tag[:], r.take(len(a.tag)))
	a.payload = r.bytes(0, maxPayload)
	if r.err != nil {
		return a
	}
	inner := &reader{b: a.payload}
	switch a.tag {
	case tagPending:
		a.Kind, a.URI = Pending, string(inner.bytes(0, maxURI))
		if !plainURI(a.URI) {
			r.fail("the address of a calendar has characters that may not be there")
		}
	case tagBitcoin:
		a.Kind, a.Height = Bitcoin, inner.number()
	default:
		return a
	}
	if inner.end() != nil {
		r.fail("an attestation of kind %s that cannot be read", a.Kind)
	}
	return a
}

// plainURI reports whether an address has only the characters that the
// OpenTimestamps tools let through: no query, no password, nothing to trick a
// terminal with.
func plainURI(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:", c)
	}) < 0
}

func appendNumber(b []byte, v uint64) []byte {
	for ; v > 0x7f; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}

func appendBytes(b, part []byte) []byte { return append(appendNumber(b, uint64(len(part))), part...) }

// fresh returns a proof for digest that attests nothing yet, and so is no file
// yet. A nonce from random stands between, so that a calendar learns nothing
// that could be guessed.
func fresh(digest [sha256.Size]byte, random io.Reader) (*Proof, error) {
	nonce := make([]byte, 16)
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("ots: no randomness for a nonce: %w", err)
	}
	hashed := step{op: opSHA256}
	return &Proof{digest, node{steps: []step{{opAppend, nonce, node{steps: []step{hashed}}}}}}, nil
}
