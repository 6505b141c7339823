package vault

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

// ErrNotSeen says that this home has not cosigned for a log before, so the
// key to expect must be given, from another way than the request came.
var ErrNotSeen = errors.New("this log was not cosigned here before")

// ErrOtherKey says that a request is not signed by the key it should be.
var ErrOtherKey = errors.New("the request is not signed by the key expected of this log")

// A seen is what a witness remembers of a log.
type seen struct {
	Key        string `json:"key"`
	Checkpoint []byte `json:"checkpoint"`
}

func (h *Home) seenPath(origin string) string {
	return h.path("witness", evidence.Of([]byte(origin)).String()+".json")
}

func (h *Home) readSeen(origin string) (seen, error) {
	var s seen
	b, err := os.ReadFile(h.seenPath(origin))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(b, &s)
}

// AskWitness returns the request to cosign the newest checkpoint, for a
// witness that saw the log at the size old last (0: never).
func (h *Home) AskWitness(old int64) ([]byte, error) {
	head := h.Log.Head()
	proof, err := h.Log.ProveGrowth(old, head.Size)
	if err != nil {
		return nil, err
	}
	return evidence.WitnessRequest{Old: old, Proof: proof, Checkpoint: h.Log.Signed()}.Bytes(), nil
}

// Cosign looks at another log's request as a witness: the checkpoint must be
// signed by the key known for that log, and must have grown from the one seen
// last without rewriting. Then it is remembered, and returned with our
// cosignature. vkey is needed the first time. Later on it may be left out: the
// key known here counts, or the one it handed over to by changes. After a key
// that was lost or stolen both are needed, the change and vkey: that a person
// brings the new key is what makes it count.
func (h *Home) Cosign(request []byte, vkey string, changes ...evidence.SignedKeyChange) ([]byte, evidence.Checkpoint, error) {
	var c evidence.Checkpoint
	r, err := evidence.ParseWitnessRequest(request)
	if err != nil {
		return nil, c, err
	}
	unlock, err := h.lock()
	if err != nil {
		return nil, c, err
	}
	defer unlock()
	origin, _, _ := strings.Cut(string(r.Checkpoint), "\n")
	last, err := h.readSeen(origin)
	switch {
	case errors.Is(err, fs.ErrNotExist) && vkey == "":
		return nil, c, fmt.Errorf("vault: %s: %w", origin, ErrNotSeen)
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, c, fmt.Errorf("vault: %w", err)
	case vkey == "":
		vkey = last.Key
		for _, k := range changes {
			if t, _ := evidence.Follow(last.Key, k.New, changes); k.Origin == origin && t == evidence.Trusted {
				vkey = k.New
			}
		}
	case vkey != last.Key:
		if t, _ := evidence.Follow(last.Key, vkey, changes); t == evidence.NotTrusted {
			return nil, c, fmt.Errorf("vault: %s was cosigned here under another key, %s, and nothing signed by that key hands over to this one", origin, last.Key)
		}
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, c, fmt.Errorf("vault: %q is not a public key of a log", vkey)
	}
	c, n, err := evidence.OpenCheckpoint(r.Checkpoint, v)
	var unsigned *note.UnverifiedNoteError
	if errors.As(err, &unsigned) {
		return nil, c, fmt.Errorf("vault: %s: %w, %s", v.Name(), ErrOtherKey, vkey)
	}
	if err != nil {
		return nil, c, err
	}
	if c.Origin != v.Name() {
		return nil, c, fmt.Errorf("vault: the checkpoint is of %s, the key of %s", c.Origin, v.Name())
	}
	before := evidence.Checkpoint{}
	if len(last.Checkpoint) > 0 {
		known, err := note.NewVerifier(last.Key)
		if err != nil {
			return nil, c, fmt.Errorf("vault: %s: %w", h.seenPath(origin), ErrChanged)
		}
		if before, _, err = evidence.OpenCheckpoint(last.Checkpoint, known); err != nil {
			return nil, c, err
		}
	}
	if r.Old != before.Size {
		return nil, c, fmt.Errorf("vault: the request begins at %d leaves, but %d were seen here last: ask for one since %d", r.Old, before.Size, before.Size)
	}
	if err := evidence.CheckGrowth(r.Proof, before, c); err != nil {
		return nil, c, err
	}
	cosigner, err := h.cosigner()
	if err != nil {
		return nil, c, err
	}
	signed, err := note.Sign(&note.Note{Text: n.Text}, cosigner)
	if err != nil {
		return nil, c, fmt.Errorf("vault: cosign: %w", err)
	}
	// Remembered before it is given away: a witness never signs two histories.
	b, err := json.Marshal(seen{vkey, r.Checkpoint})
	if err != nil {
		return nil, c, fmt.Errorf("vault: %w", err)
	}
	if err := disk.Write(h.seenPath(origin), 0o600, append(b, '\n')); err != nil {
		return nil, c, fmt.Errorf("vault: %w", err)
	}
	return signed, c, nil
}

// cosigner is the log's key as a witness's: the two kinds of signature cannot
// be taken for one another.
func (h *Home) cosigner() (*evidence.Cosigner, error) {
	if _, err := h.unlockSign(); err != nil {
		return nil, err
	}
	skey, err := h.readSecret(logKey)
	if err != nil {
		return nil, err
	}
	// PRIVATE+KEY+name+hash+base64 of the algorithm and the seed.
	f := strings.SplitN(skey, "+", 5)
	if len(f) == 5 {
		b, err := base64.StdEncoding.DecodeString(f[4])
		if err == nil && len(b) == 1+ed25519.SeedSize {
			return evidence.NewCosigner(h.config.Name, ed25519.NewKeyFromSeed(b[1:]), h.o.now()), nil
		}
	}
	return nil, fmt.Errorf("vault: keys/%s is not a signing key", logKey)
}

// WitnessKey returns the public key others check our cosignatures with.
func (h *Home) WitnessKey() (string, error) {
	vkey, err := h.Key()
	if err != nil {
		return "", err
	}
	return evidence.CosignKey(vkey)
}

// Stamps returns the timestamps that lie beside the kept checkpoint of the
// given size, by the end of their file name: "HOST-TIME.tst", "ots".
func (h *Home) Stamps(size int64) (map[string][]byte, error) {
	base := h.path("log", "checkpoints", evidence.CheckpointName(size))
	files, err := filepath.Glob(base + ".*")
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	out := make(map[string][]byte)
	for _, f := range files {
		name := strings.TrimPrefix(f, base+".")
		if ext := filepath.Ext("." + name); ext != Token && ext != ChainProof {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
		out[name] = b
	}
	return out, nil
}

// The kinds of timestamps, as their files end.
const (
	Token      = ".tst" // an authority's: it dates the checkpoint
	ChainProof = ".ots" // of OpenTimestamps: it may be a promise only, and dates nothing by itself
)

// StampedSizes returns the sizes of the checkpoints that have a timestamp of
// one of the kinds beside them, in order. Whether it holds is for the reader.
func (h *Home) StampedSizes(kinds ...string) ([]int64, error) {
	files, err := filepath.Glob(h.path("log", "checkpoints", "*.txt.*"))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	var out []int64
	for _, f := range files {
		name, _, _ := strings.Cut(filepath.Base(f), ".txt.")
		n, err := strconv.ParseInt(name, 10, 64)
		if err == nil && slices.Contains(kinds, filepath.Ext(f)) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}
