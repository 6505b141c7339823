package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

// ErrNoHome says that a folder is no home of evidence.
var ErrNoHome = errors.New("no home of evidence here")

// ErrPassphrase says that a key is protected and the passphrase given, or its
// absence, does not open it.
var ErrPassphrase = errors.New("the passphrase does not open the key")

// ErrLoose says that a secret key may be read by others on this computer.
var ErrLoose = errors.New("other users of this computer may read it")

// A Home is the folder of one organisation:
//
//	home.json    its name, and whether kept bytes are encrypted
//	vault/       the kept bytes (Vault)
//	log/         the log as plain, public files (evidence.Log); log/key-changes, log/timestamps
//	records/     what the leaves of the log stand for, encrypted to recipients
//	keys/        log.key signs the log, seal.key opens the records; log.pub is for everybody
//	witness/     the newest checkpoint seen of each log that was cosigned here
//	lock         held by the one process that writes
//
// Nothing in log/ names a person, an address or a kept file.
type Home struct {
	dir    string
	config homeConfig
	Vault  *Vault
	Log    *evidence.Log
	o      HomeOptions

	recipients []age.Recipient // of records, and of kept bytes
	sealTo     []age.Recipient // of the sealed parts of records
	signer     note.Signer     // nil until asked for
	identities []age.Identity  // nil until asked for
	passphrase string
}

type homeConfig struct {
	V       int    `json:"v"`
	Name    string `json:"name"`
	Encrypt bool   `json:"encrypt"`
}

// HomeOptions are what a Home needs from the world.
type HomeOptions struct {
	// Passphrase is asked, once, when a key turns out to be protected.
	Passphrase func() (string, error)
	// Now tells the time; time.Now when nil.
	Now func() time.Time
	// Clock says in words which clock that is, for the record.
	Clock string
	// Tool is the program and its version, for the record.
	Tool string
	// ClockBack says why the clock is behind the log, when that is so and
	// meant; the reason goes into the note of what is recorded.
	ClockBack string
}

func (o *HomeOptions) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

// InitOptions say how a new home is to be.
type InitOptions struct {
	Name       string   // of the log: observatory.example/evidence
	Passphrase string   // protects the keys; "" leaves them readable to who has the disk
	Encrypt    bool     // encrypt kept bytes too
	Recipients []string // age recipients that can open records beside this home
	SealTo     []string // age recipients of collectors and addresses; none: this home itself
}

// The files of keys/.
const (
	logKey         = "log.key"        // the signing key of package note
	logPub         = "log.pub"        // the public half of the first key
	sealKey        = "seal.key"       // an age identity
	recipientsFile = "recipients.txt" // age recipients of the records, one a line
	sealToFile     = "seal-to.txt"    // age recipients of the sealed parts, one a line
)

// Init makes a home in dir, with new keys. A folder that holds anything
// already is refused, so nothing is ever overwritten.
func Init(dir string, in InitOptions, o HomeOptions) (*Home, error) {
	if err := evidence.ValidOrigin(in.Name); err != nil {
		return nil, err
	}
	for _, r := range append(append([]string{}, in.Recipients...), in.SealTo...) {
		if _, err := parseRecipient(r); err != nil {
			return nil, err
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "home.json")); err == nil {
		return nil, fmt.Errorf("vault: %s is a home already", dir)
	}
	if names, err := os.ReadDir(dir); err == nil && len(names) > 0 && !halfMade(names) {
		return nil, fmt.Errorf("vault: %s is not empty", dir)
	}
	for _, d := range []string{dir, "keys", "records", "witness"} {
		if d != dir {
			d = filepath.Join(dir, d)
		}
		if err := disk.Mkdir(d, 0o700); err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, in.Name)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	own := identity.Recipient().String()
	sealTo := in.SealTo
	if len(sealTo) == 0 {
		sealTo = []string{own}
	}
	keys := filepath.Join(dir, "keys")
	for _, f := range []struct{ name, text string }{
		{recipientsFile, strings.Join(append([]string{own}, in.Recipients...), "\n") + "\n"},
		{sealToFile, strings.Join(sealTo, "\n") + "\n"},
		{logPub, vkey + "\n"},
	} {
		if err := disk.Write(filepath.Join(keys, f.name), 0o600, []byte(f.text)); err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
	}
	if err := writeSecret(filepath.Join(keys, sealKey), identity.String()+"\n", in.Passphrase); err != nil {
		return nil, err
	}
	if err := writeSecret(filepath.Join(keys, logKey), skey+"\n", in.Passphrase); err != nil {
		return nil, err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	os.RemoveAll(filepath.Join(dir, "log")) // of an interrupted Init: home.json is not there yet
	if err := evidence.CreateLog(filepath.Join(dir, "log"), signer, o.now().UTC().Truncate(time.Second)); err != nil {
		return nil, err
	}
	// The last file makes it a home: an interrupted Init can be run again.
	b, err := json.Marshal(homeConfig{1, in.Name, in.Encrypt})
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if err := disk.Write(filepath.Join(dir, "home.json"), 0o600, append(b, '\n')); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	h, err := OpenHome(dir, o)
	if err == nil {
		h.passphrase = in.Passphrase
	}
	return h, err
}

// halfMade reports whether a folder holds only what an interrupted Init leaves.
func halfMade(names []fs.DirEntry) bool {
	for _, d := range names {
		switch d.Name() {
		case "keys", "records", "witness", "log":
		default:
			if !strings.HasPrefix(d.Name(), "tmp-") {
				return false
			}
		}
	}
	return true
}

// OpenHome opens the home in dir. No secret key is touched before one is
// needed.
func OpenHome(dir string, o HomeOptions) (*Home, error) {
	b, err := os.ReadFile(filepath.Join(dir, "home.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("vault: %s: %w", dir, ErrNoHome)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	h := &Home{dir: dir, o: o}
	// Every field must be there and no other: a damaged "encrypt" must not mean no.
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&h.config); err != nil || h.config.V != 1 || !bytes.Contains(b, []byte(`"encrypt"`)) || !bytes.Contains(b, []byte(`"name"`)) {
		return nil, fmt.Errorf("vault: %s/home.json is not one this program can read (version 1): %w", dir, ErrChanged)
	}
	if h.recipients, err = readRecipients(h.path("keys", recipientsFile)); err != nil {
		return nil, err
	}
	if h.sealTo, err = readRecipients(h.path("keys", sealToFile)); err != nil {
		return nil, err
	}
	vo := Options{Identities: h.unlockSeal}
	if h.config.Encrypt {
		vo.Recipients = h.recipients
	}
	if h.Vault, err = Open(h.path("vault"), vo); err != nil {
		return nil, err
	}
	keys, err := h.Verifiers()
	if err != nil {
		return nil, err
	}
	if h.Log, err = evidence.OpenLog(h.path("log"), keys...); err != nil {
		return nil, err
	}
	if origin := h.Log.Head().Origin; origin != h.config.Name {
		return nil, fmt.Errorf("vault: %s/home.json names the log %q, but the log is %s: %w", dir, h.config.Name, origin, ErrChanged)
	}
	return h, nil
}

func (h *Home) path(names ...string) string {
	return filepath.Join(append([]string{h.dir}, names...)...)
}

// Name returns the name of the home's log.
func (h *Home) Name() string { return h.config.Name }

// Dir returns the folder of the home.
func (h *Home) Dir() string { return h.dir }

// moment returns the time for a record, with the clock that told it and, where
// that was set back, why.
func (h *Home) moment() evidence.Time {
	clock := h.o.Clock
	if h.o.ClockBack != "" {
		clock = strings.TrimPrefix(clock+"; set back: "+h.o.ClockBack, "; ")
	}
	return evidence.Moment(h.o.now(), clock)
}

// lock makes this process the writer.
func (h *Home) lock() (unlock func() error, err error) {
	unlock, err = disk.Lock(h.path("lock"))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if err := h.finishKeyChange(); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// HoldStill keeps what is in the home of dir from going away until release is
// called: nothing is deleted and no key changes, but new things may come. A
// backup holds it, so that it need not stop those who add. When another backup
// or a deletion holds it the error is disk.ErrLocked. On a disk that cannot be
// written nothing can go, and nothing is held.
func HoldStill(dir string) (release func() error, err error) {
	release, err = disk.Lock(filepath.Join(dir, "still.lock"))
	if errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return release, nil
}

// Secrets.

// scryptWork is the work factor of protected keys: 2^18, about a second.
var scryptWork = 18

func writeSecret(path, text, passphrase string) error {
	b := []byte(text)
	if passphrase != "" {
		path += ".age"
		r, err := age.NewScryptRecipient(passphrase)
		if err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		r.SetWorkFactor(scryptWork)
		if b, err = seal(b, r); err != nil {
			return err
		}
	}
	if err := disk.Write(path, 0o600, b); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return nil
}

// readSecret reads a key, protected or not.
func (h *Home) readSecret(name string) (string, error) {
	path := h.path("keys", name)
	b, err := readPrivate(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("vault: %w", err)
	}
	if b, err = readPrivate(path + ".age"); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("vault: the key %s is missing: %w", path, err)
	}
	if err != nil {
		return "", fmt.Errorf("vault: %w", err)
	}
	if h.passphrase == "" {
		if h.o.Passphrase == nil {
			return "", fmt.Errorf("vault: %s: %w", path, ErrPassphrase)
		}
		if h.passphrase, err = h.o.Passphrase(); err != nil {
			return "", err
		}
		if h.passphrase == "" {
			return "", fmt.Errorf("vault: %s: none was given: %w", path, ErrPassphrase)
		}
	}
	id, err := age.NewScryptIdentity(h.passphrase)
	if err != nil {
		return "", fmt.Errorf("vault: %w", err)
	}
	plain, err := unseal(b, id)
	if err != nil {
		h.passphrase = ""
		return "", fmt.Errorf("vault: %s: %w", path, ErrPassphrase)
	}
	return strings.TrimSpace(string(plain)), nil
}

// readPrivate reads a file that nobody else may read.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: %w (chmod 600 ends that)", path, ErrLoose)
	}
	return os.ReadFile(path)
}

// unlockSign returns the signing key.
func (h *Home) unlockSign() (note.Signer, error) {
	if h.signer != nil {
		return h.signer, nil
	}
	vkey, err := h.Key()
	if err != nil {
		return nil, err
	}
	changes, err := h.KeyChangeFiles()
	if err != nil {
		return nil, err
	}
	// Between the publication of a change and the next writer the new key
	// still waits under its own name. A writer may take it in while we look,
	// so the usual place is looked at again.
	for _, name := range []string{logKey, waiting(logKey, len(changes)), logKey} {
		skey, err := h.readSecret(name)
		if name != logKey && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s, err := note.NewSigner(skey)
		if err != nil {
			return nil, fmt.Errorf("vault: keys/%s is not a signing key: %w", name, ErrChanged)
		}
		if v, err := note.NewVerifier(vkey); err == nil && v.Name() == s.Name() && v.KeyHash() == s.KeyHash() {
			h.signer = s
			return s, nil
		}
	}
	return nil, fmt.Errorf("vault: keys/%s is not the key that the log is signed with: %w", logKey, ErrChanged)
}

// unlockSeal returns the keys that open records and kept bytes.
func (h *Home) unlockSeal() ([]age.Identity, error) {
	if h.identities != nil {
		return h.identities, nil
	}
	text, err := h.readSecret(sealKey)
	if err != nil {
		return nil, err
	}
	ids, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("vault: keys/%s is not an age identity", sealKey)
	}
	h.identities = ids
	return ids, nil
}

func parseRecipient(s string) (age.Recipient, error) {
	rs, err := age.ParseRecipients(strings.NewReader(s))
	if err != nil || len(rs) != 1 {
		return nil, fmt.Errorf("vault: %q is not an age recipient (age1…)", s)
	}
	return rs[0], nil
}

func readRecipients(path string) ([]age.Recipient, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	rs, err := age.ParseRecipients(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("vault: %s: %w", path, err)
	}
	return rs, nil
}
