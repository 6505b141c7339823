package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// A Ref is the identity of kept bytes: their SHA-256 (FIPS 180-4). The zero
// Ref stands for "no bytes kept" and prints as the empty string.
type Ref [sha256.Size]byte

// Of returns the Ref of b.
func Of(b []byte) Ref { return sha256.Sum256(b) }

// OfReader returns the Ref of everything r holds and the number of bytes read.
func OfReader(r io.Reader) (Ref, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	var ref Ref
	h.Sum(ref[:0])
	return ref, n, err
}

// ParseRef reads the 64 hexadecimal digits that sha256sum prints. The empty
// string is the zero Ref.
func ParseRef(s string) (Ref, error) {
	var r Ref
	if s == "" {
		return r, nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(r) {
		return r, fmt.Errorf("evidence: %q is not a Ref: 64 hexadecimal digits are expected", s)
	}
	copy(r[:], b)
	return r, nil
}

// IsZero reports whether r stands for "no bytes kept".
func (r Ref) IsZero() bool { return r == Ref{} }

// String returns the 64 lower-case hexadecimal digits, or "" for the zero Ref.
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	return hex.EncodeToString(r[:])
}

// Short returns the first twelve and last four digits, as documents print it.
func (r Ref) Short() string {
	s := r.String()
	if s == "" {
		return ""
	}
	return s[:12] + "…" + s[60:]
}

// MarshalText writes r as String does.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Ref) UnmarshalText(b []byte) error {
	v, err := ParseRef(string(b))
	if err != nil {
		return err
	}
	*r = v
	return nil
}
