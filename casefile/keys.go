package casefile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"github.com/arasha-org/arasha/internal/sealing"
)

// MinPassphrase is the least number of letters of a user's passphrase.
const MinPassphrase = 12

// The errors of a user's keys.
var (
	ErrPassphrase = errors.New("casefile: the passphrase does not open this file")
	ErrSignature  = errors.New("casefile: the signature is not of this person over this text")
)

// UserKeys are the private halves of a user's two keys. They never show
// themselves in a message or a log.
type UserKeys struct {
	signer   note.Signer
	identity *age.X25519Identity
}

const userKeysWord = "arasha-user-keys/1"

// NewUserKeys makes the two keys of u: an Ed25519 key to sign with and an age
// key to open what is sealed to them. file is what goes to the disk, encrypted
// under the passphrase (age, scrypt); u carries the public halves.
func NewUserKeys(u User, passphrase string) (file []byte, with User, err error) {
	if n := len([]rune(passphrase)); n < MinPassphrase {
		return nil, u, fmt.Errorf("casefile: the passphrase has %d letters; take at least %d, such as four words", n, MinPassphrase)
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, keyName(u))
	if err != nil {
		return nil, u, fmt.Errorf("casefile: a key: %w", err)
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, u, fmt.Errorf("casefile: a key: %w", err)
	}
	file, err = sealing.WithPassphrase([]byte(userKeysWord+"\n"+skey+"\n"+id.String()+"\n"), passphrase)
	if err != nil {
		return nil, u, fmt.Errorf("casefile: a key: %w", err)
	}
	u.SignKey, u.Recipient = vkey, id.Recipient().String()
	return file, u, nil
}

// keyName is the name of a user in a key: letters and digits of the name and
// the organisation. A key of x/mod/sumdb/note allows no spaces and no plus.
func keyName(u User) string {
	part := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), ".")
	}
	if s := part(u.Name) + "@" + part(u.Organisation); s != "@" {
		return s
	}
	return "user@arasha"
}

// OpenUserKeys opens the file that NewUserKeys made. A wrong passphrase is
// [ErrPassphrase].
func OpenUserKeys(file []byte, passphrase string) (*UserKeys, error) {
	b, err := sealing.OpenPassphrase(file, passphrase)
	switch {
	case errors.Is(err, sealing.ErrNotForYou):
		return nil, ErrPassphrase
	case err != nil:
		return nil, errors.New("casefile: this is not a file of a user's keys, or it is damaged")
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) != 4 || lines[0] != userKeysWord {
		return nil, errors.New("casefile: this is not a file of a user's keys")
	}
	k := new(UserKeys)
	if k.signer, err = note.NewSigner(lines[1]); err == nil {
		k.identity, err = age.ParseX25519Identity(lines[2])
	}
	if err != nil {
		return nil, errors.New("casefile: the file of a user's keys is damaged") // the error may hold a key
	}
	return k, nil
}

// Format draws [Redacted].
func (k *UserKeys) Format(f fmt.State, _ rune) { io.WriteString(f, Redacted) }

// Identity opens what is sealed to the user.
func (k *UserKeys) Identity() age.Identity { return k.identity }

// Of reports whether k are the keys of u.
func (k *UserKeys) Of(u User) bool {
	v, err := note.NewVerifier(u.SignKey)
	return err == nil && v.Name() == k.signer.Name() && v.KeyHash() == k.signer.KeyHash() && k.identity.Recipient().String() == u.Recipient
}

// ApprovalText is what an approval signs: docs/formats/approval.md.
//
//	arasha-approval/1
//	kind urgent_appeal
//	document 12
//	language en
//	hash 9f86d081…
//	at 2031-04-20T09:00:00Z
//
// The words at the head keep a signature from meaning anything else.
func ApprovalText(d Document, hash string, at time.Time) string {
	return "arasha-approval/1\nkind " + line(d.Kind) + "\ndocument " + strconv.FormatInt(int64(d.ID), 10) +
		"\nlanguage " + line(d.Language) + "\nhash " + line(hash) + "\nat " + at.UTC().Format(time.RFC3339) + "\n"
}

// line keeps a value on its line.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// Sign returns the signature of an approval: the signature line of a note
// (golang.org/x/mod/sumdb/note) over [ApprovalText].
func (k *UserKeys) Sign(d Document, hash string, at time.Time) (string, error) {
	if hash == "" {
		return "", errors.New("casefile: there is no hash to sign: the document has no text yet")
	}
	text := ApprovalText(d, hash, at)
	msg, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return "", fmt.Errorf("casefile: sign: %w", err)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(msg), text)), nil
}

// VerifySignature reports whether signature is u's over the hash of one
// language version at that time; else [ErrSignature].
func VerifySignature(u User, d Document, hash string, at time.Time, signature string) error {
	v, err := note.NewVerifier(u.SignKey)
	if err != nil {
		return fmt.Errorf("casefile: user %d has no key to sign with", u.ID)
	}
	text := ApprovalText(d, hash, at)
	n, err := note.Open([]byte(text+"\n"+signature+"\n"), note.VerifierList(v))
	if err != nil || n.Text != text || len(n.Sigs) != 1 {
		return ErrSignature
	}
	return nil
}
