package evidence

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Checkpoint states what a log held at one moment. As text it is a C2SP
// tlog-checkpoint: origin, size, root in base64, and one line of ours, the
// time as the log's own clock told it:
//
//	observatory.example/arasha
//	1000
//	JXEdnPKNv0tssp5pDGNDlULJV+ni/3EJqNEDLfVbrHY=
//	time 2026-05-04T09:12:00Z
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Time   time.Time
}

// Text returns the text that is signed.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\ntime %s\n", c.Origin, c.Size, c.Root, c.Time.UTC().Format(time.RFC3339))
}

// ParseCheckpoint reads what Text writes, and nothing else.
func ParseCheckpoint(text string) (Checkpoint, error) {
	var c Checkpoint
	bad := func() (Checkpoint, error) {
		return c, fmt.Errorf("evidence: %q is not the text of a checkpoint", clip(text))
	}
	f := strings.Split(text, "\n")
	if len(f) != 5 || len(text) > 1000 || !validOrigin(f[0]) {
		return bad()
	}
	var err error
	c.Origin = f[0]
	if c.Size, err = strconv.ParseInt(f[1], 10, 64); err != nil || c.Size < 0 {
		return bad()
	}
	if c.Root, err = tlog.ParseHash(f[2]); err != nil {
		return bad()
	}
	if c.Time, err = time.Parse(time.RFC3339, strings.TrimPrefix(f[3], "time ")); err != nil || c.Time.Year() < 0 {
		return bad()
	}
	c.Time = c.Time.UTC()
	if c.Text() != text {
		return bad()
	}
	return c, nil
}

// validOrigin reports whether s can name a log: what the note format allows
// in the name of a key, in printable ASCII.
func validOrigin(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' || r == '+' {
			return false
		}
	}
	return s != "" && len(s) <= 200
}

// ValidOrigin says why s cannot name a log, or nil.
func ValidOrigin(s string) error {
	if !validOrigin(s) {
		return fmt.Errorf("evidence: %q cannot name a log: 1 to 200 printable ASCII characters without space and plus are expected", clip(s))
	}
	return nil
}

// maxNote bounds a signed note, cosignatures included.
const maxNote = 1 << 16

// A Note is a signed text (C2SP signed-note) with the signatures that hold
// and how many stand under it in all.
type Note struct {
	Text string
	Sigs []note.Signature // those that hold, by the keys asked for
	All  int
}

// OpenNote checks msg against the keys. It is an error when no signature by
// one of them holds, when one of theirs is wrong, or when the bytes are
// not written in the one way the format allows: base64 that decodes to the
// same bytes although a bit differs does not pass.
func OpenNote(msg []byte, keys ...note.Verifier) (Note, error) {
	var n Note
	if len(msg) > maxNote {
		return n, fmt.Errorf("evidence: a signed note of %d bytes; at most %d are read", len(msg), maxNote)
	}
	opened, err := note.Open(msg, note.VerifierList(keys...))
	if err != nil {
		return n, fmt.Errorf("evidence: signature: %w", err)
	}
	_, sigs, _ := bytes.Cut(msg[len(opened.Text):], []byte("\n"))
	for line := range bytes.Lines(sigs) {
		n.All++
		_, s, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(string(line), "— "), "\n"), " ")
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil || base64.StdEncoding.EncodeToString(raw) != s {
			return n, errors.New("evidence: signature: the base64 is not written in the one way the format allows")
		}
	}
	if n.All != len(opened.Sigs)+len(opened.UnverifiedSigs) {
		return n, errors.New("evidence: signature: the same key signs twice")
	}
	n.Text, n.Sigs = opened.Text, opened.Sigs
	return n, nil
}

// OpenCheckpoint checks a signed checkpoint against the keys and reads it.
func OpenCheckpoint(msg []byte, keys ...note.Verifier) (Checkpoint, Note, error) {
	n, err := OpenNote(msg, keys...)
	if err != nil {
		return Checkpoint{}, n, err
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return c, n, err
	}
	return c, n, nil
}

// OpenCosigned checks a cosigned checkpoint against the cosigners' keys.
// Signatures of others, the log's own too, are not looked at.
func OpenCosigned(msg []byte, keys ...string) (Checkpoint, Note, error) {
	var verifiers []note.Verifier
	for _, k := range keys {
		v, err := NewCosignVerifier(k)
		if err != nil {
			return Checkpoint{}, Note{}, err
		}
		verifiers = append(verifiers, v)
	}
	return OpenCheckpoint(msg, verifiers...)
}

// Fingerprint is the SHA-256 of a key's 32 public bytes, as two people
// compare it over the telephone: eight groups of eight hexadecimal digits.
func Fingerprint(vkey string) (string, error) {
	pub, err := publicKey(vkey)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(pub)
	s := hex.EncodeToString(sum[:])
	var groups []string
	for i := 0; i < len(s); i += 8 {
		groups = append(groups, s[i:i+8])
	}
	return strings.Join(groups, " "), nil
}

// publicKey returns the 32 bytes of a key in the form name+hash+base64, be it
// that of a log or of a cosigner.
func publicKey(vkey string) (ed25519.PublicKey, error) {
	f := strings.SplitN(vkey, "+", 3)
	if len(f) == 3 {
		b, err := base64.StdEncoding.DecodeString(f[2])
		if err == nil && len(b) == 1+ed25519.PublicKeySize {
			return b[1:], nil
		}
	}
	return nil, fmt.Errorf("evidence: %q is not a public key of a log (name+hash+base64)", clip(vkey))
}

// The cosignature of C2SP tlog-cosignature v1: a witness that has seen the
// log grow without rewriting signs the checkpoint with its own time.

const algCosignature = 0x04

func cosignHash(name string, pub ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write([]byte{algCosignature})
	h.Write(pub)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

func cosignedMessage(t uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", t)), text...)
}

// A Cosigner is a note.Signer that makes cosignatures.
type Cosigner struct {
	name string
	key  ed25519.PrivateKey
	at   time.Time
}

// NewCosigner returns a Cosigner of the given name that dates its signatures at.
func NewCosigner(name string, key ed25519.PrivateKey, at time.Time) *Cosigner {
	return &Cosigner{name, key, at}
}

// Name implements note.Signer.
func (c *Cosigner) Name() string { return c.name }

// KeyHash implements note.Signer.
func (c *Cosigner) KeyHash() uint32 { return cosignHash(c.name, c.key.Public().(ed25519.PublicKey)) }

// Sign implements note.Signer.
func (c *Cosigner) Sign(text []byte) ([]byte, error) {
	t := uint64(c.at.Unix())
	return append(binary.BigEndian.AppendUint64(nil, t), ed25519.Sign(c.key, cosignedMessage(t, text))...), nil
}

// Key returns the public key of c, as NewCosignVerifier reads it.
func (c *Cosigner) Key() string {
	pub := c.key.Public().(ed25519.PublicKey)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{algCosignature}, pub...)))
}

type cosignVerifier struct {
	name string
	pub  ed25519.PublicKey
}

// NewCosignVerifier returns the verifier for a cosigner's key.
func NewCosignVerifier(vkey string) (note.Verifier, error) {
	pub, err := publicKey(vkey)
	if err != nil {
		return nil, err
	}
	v := &cosignVerifier{vkey[:strings.IndexByte(vkey, '+')], pub}
	if want := fmt.Sprintf("%s+%08x+%s", v.name, v.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{algCosignature}, pub...))); want != vkey {
		return nil, fmt.Errorf("evidence: %q is not the public key of a cosigner", clip(vkey))
	}
	return v, nil
}

func (v *cosignVerifier) Name() string    { return v.name }
func (v *cosignVerifier) KeyHash() uint32 { return cosignHash(v.name, v.pub) }
func (v *cosignVerifier) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(v.pub, cosignedMessage(binary.BigEndian.Uint64(sig), text), sig[8:])
}

// CosignedAt returns when a cosigner signed, by its own clock.
func CosignedAt(s note.Signature) (time.Time, bool) {
	b, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(b) != 4+8+ed25519.SignatureSize {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint64(b[4:])), 0).UTC(), true
}

// CosignKey returns the cosigner's key that belongs to the key of a log: the
// same 32 public bytes under the other algorithm.
func CosignKey(vkey string) (string, error) {
	pub, err := publicKey(vkey)
	if err != nil {
		return "", err
	}
	name := vkey[:strings.IndexByte(vkey, '+')]
	return fmt.Sprintf("%s+%08x+%s", name, cosignHash(name, pub), base64.StdEncoding.EncodeToString(append([]byte{algCosignature}, pub...))), nil
}
