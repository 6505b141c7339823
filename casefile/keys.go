package casefile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
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
	ErrStolen     = errors.New("casefile: the key of this signature was declared stolen")
)

// UserKeys are the private halves of a user's two keys. They never show
// themselves in a message or a log.
type UserKeys struct {
	private  string // of signer
	signer   note.Signer
	identity *age.X25519Identity
	former   []*age.X25519Identity // open what was sealed to the keys before
}

// The first lines of a file of keys; the second form also holds former ones.
const (
	userKeysWord  = "arasha-user-keys/1"
	userKeysWord2 = "arasha-user-keys/2"
)

// NewUserKeys makes the two keys of u: an Ed25519 key to sign with and an age
// key to open what is sealed to them. file is what goes to the disk, encrypted
// under the passphrase (age, scrypt); u carries the public halves. With old,
// the keys of u before, the new ones also open what was sealed to those; what
// signed before is not kept. A key that was current becomes a former one only
// by [User.ChangeKey].
func NewUserKeys(u User, old *UserKeys, passphrase string) (file []byte, with User, err error) {
	k := new(UserKeys)
	var public string
	if k.private, public, err = note.GenerateKey(rand.Reader, keyName(u)); err == nil {
		k.identity, err = age.GenerateX25519Identity()
	}
	if err != nil {
		return nil, u, fmt.Errorf("casefile: a key: %w", err)
	}
	if old != nil {
		k.former = append([]*age.X25519Identity{old.identity}, old.former...)
	}
	if file, err = k.File(passphrase); err != nil {
		return nil, u, err
	}
	u.SignKey, u.Recipient = public, k.identity.Recipient().String()
	return file, u, nil
}

// File encrypts k under a passphrase: what goes to the disk, and what
// [OpenUserKeys] opens. A passphrase that is too short is refused.
func (k *UserKeys) File(passphrase string) ([]byte, error) {
	if n := len([]rune(passphrase)); n < MinPassphrase {
		return nil, fmt.Errorf("casefile: the passphrase has %d letters; take at least %d, such as four words", n, MinPassphrase)
	}
	text := userKeysWord
	if len(k.former) > 0 {
		text = userKeysWord2
	}
	text += "\n" + k.private + "\n" + k.identity.String() + "\n"
	for _, id := range k.former {
		text += id.String() + "\n"
	}
	file, err := sealing.WithPassphrase([]byte(text), passphrase)
	if err != nil {
		return nil, fmt.Errorf("casefile: a key: %w", err)
	}
	return file, nil
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
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if !(len(lines) == 3 && lines[0] == userKeysWord || len(lines) > 3 && lines[0] == userKeysWord2) {
		return nil, errors.New("casefile: this is not a file of a user's keys")
	}
	k := &UserKeys{private: lines[1]}
	var ids []*age.X25519Identity
	for _, line := range lines[2:] {
		id, e := age.ParseX25519Identity(line)
		err = errors.Join(err, e)
		ids = append(ids, id)
	}
	k.identity, k.former = ids[0], ids[1:]
	var bad error
	if k.signer, bad = note.NewSigner(k.private); bad != nil || err != nil {
		return nil, errors.New("casefile: the file of a user's keys is damaged") // the error may hold a key
	}
	return k, nil
}

// Format draws [Redacted].
func (k *UserKeys) Format(f fmt.State, _ rune) { io.WriteString(f, Redacted) }

// Identities open what is sealed to the user, and what was sealed to the keys
// they had before and still could open when they changed them.
func (k *UserKeys) Identities() []age.Identity {
	out := []age.Identity{k.identity}
	for _, id := range k.former {
		out = append(out, id)
	}
	return out
}

// Opens reports whether k opens what is sealed to a recipient.
func (k *UserKeys) Opens(recipient string) bool {
	return slices.ContainsFunc(append(k.former[:len(k.former):len(k.former)], k.identity), func(id *age.X25519Identity) bool { return id.Recipient().String() == recipient })
}

// Of reports whether k are the keys of u.
func (k *UserKeys) Of(u User) bool { return k.are(u.SignKey, u.Recipient) }

func (k *UserKeys) are(signKey, recipient string) bool {
	v, err := note.NewVerifier(signKey)
	return err == nil && v.Name() == k.signer.Name() && v.KeyHash() == k.signer.KeyHash() && k.identity.Recipient().String() == recipient
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
	return k.sign(ApprovalText(d, hash, at))
}

// sign returns the signature line of a note over text.
func (k *UserKeys) sign(text string) (string, error) {
	msg, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return "", fmt.Errorf("casefile: sign: %w", err)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(msg), text)), nil
}

// VerifySignature reports whether signature is u's over the hash of one
// language version at that time; else [ErrSignature] or [ErrStolen].
func VerifySignature(u User, d Document, hash string, at time.Time, signature string) error {
	k, err := u.signed(ApprovalText(d, hash, at), at, signature)
	if err == nil && k.Why == KeyStolen && !at.Before(k.Since) {
		return ErrStolen
	}
	return err
}

// signed returns which key of u made a signature over text, dated at: the zero
// FormerKey stands for the key of today. A key signs only while it is the
// user's, so one that was handed over signs nothing new.
func (u User) signed(text string, at time.Time, signature string) (FormerKey, error) {
	now := FormerKey{SignKey: u.SignKey}
	from := time.Time{}
	for _, k := range append(slices.Clone(u.Former), now) {
		in := !at.Before(from) && (k.Until.IsZero() || !at.After(k.Until))
		from = k.Until
		v, err := note.NewVerifier(k.SignKey)
		if !in || err != nil {
			continue
		}
		n, err := note.Open([]byte(text+"\n"+signature+"\n"), note.VerifierList(v))
		if err == nil && n.Text == text && len(n.Sigs) == 1 && len(n.UnverifiedSigs) == 0 {
			if k.Until.IsZero() {
				return FormerKey{}, nil
			}
			return k, nil
		}
	}
	return FormerKey{}, ErrSignature
}
