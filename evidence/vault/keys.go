package vault

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

// Verifiers returns every key that may have signed a checkpoint of this log:
// the one of now, and those before it.
func (h *Home) Verifiers() ([]note.Verifier, error) {
	first, err := h.firstKey()
	if err != nil {
		return nil, err
	}
	keys := []string{first}
	changes, err := h.KeyChanges()
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		keys = append(keys, c.Old, c.New)
	}
	var out []note.Verifier
	seen := make(map[string]bool)
	for _, k := range keys {
		if seen[k] {
			continue
		}
		seen[k] = true
		v, err := note.NewVerifier(k)
		if err != nil {
			return nil, fmt.Errorf("vault: keys/%s does not hold a public key of a log: %w", logPub, ErrChanged)
		}
		out = append(out, v)
	}
	return out, nil
}

// firstKey returns the public key the log began with.
func (h *Home) firstKey() (string, error) {
	b, err := os.ReadFile(h.path("keys", logPub))
	if err != nil {
		return "", fmt.Errorf("vault: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// Key returns the public key that the log is signed with now.
func (h *Home) Key() (string, error) {
	changes, err := h.KeyChanges()
	if err != nil || len(changes) == 0 {
		if err != nil {
			return "", err
		}
		return h.firstKey()
	}
	return changes[len(changes)-1].New, nil
}

// KeyChanges returns the changes of the log's key, oldest first. They are
// public files: log/key-changes/0001.txt and so on.
func (h *Home) KeyChanges() ([]evidence.SignedKeyChange, error) {
	files, err := h.KeyChangeFiles()
	if err != nil {
		return nil, err
	}
	var out []evidence.SignedKeyChange
	for i, b := range files {
		c, err := evidence.OpenKeyChange(b)
		if err == nil && c.Origin != h.config.Name {
			err = fmt.Errorf("vault: it is about the log %s", c.Origin)
		}
		if err == nil && i > 0 && c.Old != out[i-1].New {
			err = errors.New("vault: it does not follow the change before it")
		}
		if err != nil {
			return nil, fmt.Errorf("vault: log/key-changes/%04d.txt: %w: %w", i+1, ErrChanged, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// KeyChangeFiles returns the signed changes of the log's key as bytes.
func (h *Home) KeyChangeFiles() ([][]byte, error) {
	var out [][]byte
	for n := 1; ; n++ {
		b, err := os.ReadFile(h.path("log", "key-changes", fmt.Sprintf("%04d.txt", n)))
		if errors.Is(err, fs.ErrNotExist) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
		out = append(out, b)
	}
}

// ChangeKey gives the log a new key and says why: evidence.KeyRotated,
// evidence.KeyLost or evidence.KeyCompromised. The old key signs the change
// unless it is lost. The new public key must reach the readers by another way
// when the old one was lost or stolen. passphrase, when there is one, protects
// the new key and seal.key from now on; without it the new key is protected as
// seal.key is. The two are never under different passphrases: no command could
// then open both.
func (h *Home) ChangeKey(why, reason, passphrase string) (evidence.SignedKeyChange, error) {
	var none evidence.SignedKeyChange
	unlock, err := h.lock()
	if err != nil {
		return none, err
	}
	defer unlock()
	release, err := HoldStill(h.dir)
	if err != nil {
		return none, err
	}
	defer release()
	if err := h.refresh(); err != nil {
		return none, err
	}
	oldKey, err := h.Key()
	if err != nil {
		return none, err
	}
	skey, newKey, err := note.GenerateKey(rand.Reader, h.config.Name)
	if err != nil {
		return none, fmt.Errorf("vault: %w", err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return none, fmt.Errorf("vault: %w", err)
	}
	signers := []note.Signer{signer}
	if why != evidence.KeyLost {
		old, err := h.unlockSign()
		if err != nil {
			return none, err
		}
		signers = append(signers, old)
	}
	opens, err := h.readSecret(sealKey)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return none, err
	}
	head := h.Log.Head()
	change := evidence.KeyChange{V: 1, Kind: evidence.KindKey, Origin: h.config.Name, Why: why, Old: oldKey, New: newKey,
		Size: head.Size, Root: head.Root, At: h.moment(), Note: strings.Join(strings.Fields(clean(reason)), " ")}
	signed, err := change.Sign(signers...)
	if err != nil {
		return none, err
	}
	opened, err := evidence.OpenKeyChange(signed)
	if err != nil {
		return none, err
	}

	// The new key is on the disk before anybody is told of it, and the change
	// is published before the old key is dropped: after a crash in between,
	// finishKeyChange takes the new key in.
	before, err := h.KeyChangeFiles()
	if err != nil {
		return none, err
	}
	number := len(before) + 1
	if passphrase != "" && opens != "" {
		if err := writeSecret(h.path("keys", waiting(sealKey, number)), opens+"\n", passphrase); err != nil {
			return none, err
		}
	}
	if passphrase == "" {
		passphrase = h.passphrase // it has opened a key; "" when there was none to open
	}
	if err := writeSecret(h.path("keys", waiting(logKey, number)), skey+"\n", passphrase); err != nil {
		return none, err
	}
	dir := h.path("log", "key-changes")
	if err := disk.Mkdir(dir, 0o755); err != nil {
		return none, fmt.Errorf("vault: %w", err)
	}
	if err := disk.WriteOnce(filepath.Join(dir, fmt.Sprintf("%04d.txt", number)), 0o444, signed); err != nil {
		return none, fmt.Errorf("vault: %w", err)
	}
	if err := h.finishKeyChange(); err != nil {
		return none, err
	}
	h.signer, h.passphrase = signer, passphrase
	_, err = h.append(func(int64) []pending { return []pending{{value: &change}} })
	return opened, err
}

// waiting is where a key of the n-th change waits until the change is
// published.
func waiting(key string, n int) string { return fmt.Sprintf("%s.new-%04d", key, n) }

// finishKeyChange puts waiting keys in the place of those before them when
// their change is published, and drops them otherwise.
func (h *Home) finishKeyChange() error {
	files, err := filepath.Glob(h.path("keys", "*.key.new-*"))
	if err != nil || len(files) == 0 {
		return err
	}
	changes, err := h.KeyChangeFiles()
	if err != nil {
		return err
	}
	for _, path := range files {
		plain := strings.TrimSuffix(path, ".age")
		name, _, _ := strings.Cut(filepath.Base(path), ".new-")
		if len(changes) == 0 || filepath.Base(plain) != waiting(name, len(changes)) {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("vault: %w", err)
			}
			continue
		}
		key, other := h.path("keys", name), h.path("keys", name+".age")
		if plain != path {
			key, other = other, key
		}
		if err := os.Rename(path, key); err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		if err := os.Remove(other); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("vault: %w", err)
		}
	}
	if err := disk.SyncDir(h.path("keys")); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	h.signer = nil
	return nil
}
