// Package sealing encrypts short values to people with age
// (age-encryption.org/v1) and opens them again. Nothing here has a name for
// what it seals.
package sealing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// The errors of Open.
var (
	ErrNotForYou = errors.New("it is not sealed to this key")
	ErrDamaged   = errors.New("the sealed bytes are damaged")
)

// Seal encrypts b to all of the recipients.
func Seal(b []byte, to ...age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return out.Bytes(), nil
}

// Open decrypts what Seal wrote, with any of the identities. The error is
// ErrNotForYou or ErrDamaged, and never holds a byte of what was sealed.
func Open(b []byte, ids ...age.Identity) ([]byte, error) {
	if len(ids) == 0 {
		return nil, ErrNotForYou
	}
	r, err := age.Decrypt(bytes.NewReader(b), ids...)
	var noMatch *age.NoIdentityMatchError
	if errors.As(err, &noMatch) {
		return nil, ErrNotForYou
	}
	if err != nil {
		return nil, ErrDamaged
	}
	if b, err = io.ReadAll(r); err != nil {
		return nil, ErrDamaged
	}
	return b, nil
}

// Work is the work factor of a passphrase: 2^18, about a second. Tests lower
// it.
var Work = 18

// WithPassphrase encrypts b under a passphrase (scrypt).
func WithPassphrase(b []byte, passphrase string) ([]byte, error) {
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	r.SetWorkFactor(Work)
	return Seal(b, r)
}

// OpenPassphrase decrypts what WithPassphrase wrote. A wrong passphrase is
// ErrNotForYou.
func OpenPassphrase(b []byte, passphrase string) ([]byte, error) {
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrNotForYou
	}
	return Open(b, id)
}

// Recipients reads age recipients, one for each text.
func Recipients(texts ...string) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, s := range texts {
		rs, err := age.ParseRecipients(strings.NewReader(s))
		if err != nil || len(rs) != 1 {
			return nil, errors.New("sealing: this is not an age recipient (age1…)")
		}
		out = append(out, rs[0])
	}
	return out, nil
}
