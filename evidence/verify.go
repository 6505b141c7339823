package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A State is the outcome of one check.
type State string

// The outcomes.
const (
	Pass    State = "pass"
	Fail    State = "fail"
	Unknown State = "unknown" // what it needs is absent
	Remark  State = "note"    // worth knowing, changes nothing
)

// A Check is one thing that was checked, with the reason in words.
type Check struct {
	Name  string `json:"check"`
	State State  `json:"state"`
	Text  string `json:"text"`
}

// A Verdict is what Verify found.
type Verdict struct {
	Origin      string     `json:"log,omitempty"`
	Size        int64      `json:"size"`
	Created     time.Time  `json:"created,omitzero"`
	Key         string     `json:"key,omitempty"`
	Fingerprint string     `json:"fingerprint,omitempty"`
	Required    bool       `json:"key_required"`   // the reader brought a key, and it is this one
	Dated       time.Time  `json:"dated,omitzero"` // the earliest outside date over every disclosed item
	Items       []SeenItem `json:"items,omitempty"`
	Checks      []Check    `json:"checks"`
	failures    int
}

// A SeenItem is an item of a dossier that was proven.
type SeenItem struct {
	Leaf  int64  `json:"leaf"`
	Ref   Ref    `json:"ref"`
	Size  int64  `json:"size"`
	Name  string `json:"name,omitempty"`
	Grade string `json:"grade"`
	Bytes bool   `json:"bytes"` // enclosed and whole
}

// State is Fail when anything failed, else Unknown when anything could not be
// told, else Pass.
func (v *Verdict) State() State {
	s := Pass
	for _, c := range v.Checks {
		if c.State == Fail {
			return Fail
		}
		if c.State == Unknown {
			s = Unknown
		}
	}
	return s
}

// maxReasons bounds how many failures are told one by one.
const maxReasons = 100

func (v *Verdict) add(name string, s State, format string, args ...any) {
	if s == Fail {
		if v.failures++; v.failures > maxReasons {
			return
		}
	}
	text := fmt.Sprintf(format, args...)
	text = strings.ReplaceAll(text, "evidence: ", "")
	v.Checks = append(v.Checks, Check{name, s, text})
}

// A Stamp is a timestamp against which nothing speaks.
type Stamp struct {
	Time  time.Time // zero: it dates nothing yet
	Words string    // by whom, under which root
}

// ErrNoRoot says that a timestamp cannot be judged: nobody to trust is named.
var ErrNoRoot = errors.New("no root certificate to trust was named")

// VerifyOptions say what the reader brings. The zero value checks that a
// dossier agrees with itself.
type VerifyOptions struct {
	// Key is the public key or the fingerprint that must have signed.
	Key string
	// KeyChanges are signed changes of keys the reader got another way.
	KeyChanges [][]byte
	// Witnesses are keys of cosigners the reader trusts; those in the dossier
	// are used otherwise, and the difference is said.
	Witnesses []string
	// Timestamp checks one token or proof over the bytes of a checkpoint.
	// roots are the certificates in the dossier. ErrNoRoot: cannot be told.
	Timestamp func(name string, checkpoint, token, roots []byte) (Stamp, error)
}

// Verify checks everything in d, in the order of docs/formats/dossier.md
// section 12.
func Verify(d *Dossier, o VerifyOptions) *Verdict {
	c := &checker{d: d, o: o, v: &Verdict{}}
	for _, step := range []func() bool{c.signature, c.manifest, c.signer, c.checkpoints, c.growth, c.leaves, c.bytes, c.approvals, c.cosignatures, c.timestamps} {
		if !step() {
			break
		}
	}
	if c.v.failures > maxReasons {
		c.v.Checks = append(c.v.Checks, Check{"more", Fail, fmt.Sprintf("and %d more failures", c.v.failures-maxReasons)})
	}
	return c.v
}

// A checker holds what earlier steps found.
type checker struct {
	d *Dossier
	o VerifyOptions
	v *Verdict

	text    dossierText
	key     note.Verifier
	sums    map[string]Ref // the manifest
	changes []SignedKeyChange
	states  []Checkpoint // of the log, by size
	raw     map[int64][]byte

	items     map[int64]*Item
	newest    int64 // the largest leaf of an item
	deleted   map[int64]int64
	rosters   map[int64]Roster
	approval  map[int64]Approval
	published []Logged[Statement]
	sealed    map[string]Commitment // by leaf and part
}

func (c *checker) fail(name, format string, args ...any) bool {
	c.v.add(name, Fail, format, args...)
	return false
}

const (
	maxSmall    = 1 << 20
	maxManifest = maxMembers * 300
)

// signature checks dossier.txt by key.txt.
func (c *checker) signature() bool {
	const name = "signature"
	key, err := c.d.read(keyName, 1000)
	if err != nil {
		return c.fail(name, "%v", err)
	}
	vkey := strings.TrimSuffix(string(key), "\n")
	if c.key, err = note.NewVerifier(vkey); err != nil || vkey+"\n" != string(key) {
		return c.fail(name, "%s does not hold the public key of a log", keyName)
	}
	if c.v.Fingerprint, err = Fingerprint(vkey); err != nil {
		return c.fail(name, "%v", err)
	}
	c.v.Key = vkey
	signed, err := c.d.read(signatureName, maxNote)
	if err != nil {
		return c.fail(name, "%v", err)
	}
	n, err := OpenNote(signed, c.key)
	if err != nil {
		return c.fail(name, "%s: the signature does not hold by the key in %s: %v", signatureName, keyName, err)
	}
	if n.All != 1 {
		return c.fail(name, "%s: %d signatures; there must be exactly one", signatureName, n.All)
	}
	if c.text, err = parseDossierText(n.Text); err != nil {
		return c.fail(name, "%v", err)
	}
	if c.text.Origin != c.key.Name() {
		return c.fail(name, "the dossier is of the log %s, the key of %s", c.text.Origin, c.key.Name())
	}
	c.v.Origin, c.v.Size, c.v.Created = c.text.Origin, c.text.Size, c.text.Created
	c.v.add(name, Pass, "dossier.txt is signed by the enclosed key of %s", c.text.Origin)
	return true
}

// manifest checks the hash of every member.
func (c *checker) manifest() bool {
	const name = "members"
	b, err := c.d.read(manifestName, maxManifest)
	if err != nil {
		return c.fail(name, "%v", err)
	}
	if Of(b) != c.text.Manifest {
		return c.fail(name, "%s is not the one that was signed", manifestName)
	}
	c.sums = make(map[string]Ref)
	last := ""
	for line := range bytes.Lines(b) {
		sum, member, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), "  ")
		ref, err := hex.DecodeString(sum)
		if err != nil || len(ref) != len(Ref{}) || fmt.Sprintf("%s  %s\n", sum, member) != string(line) || member <= last || strings.ToLower(sum) != sum {
			return c.fail(name, "%s: %q is not a line of it", manifestName, clip(string(line)))
		}
		c.sums[member], last = Ref(ref), member
	}
	if len(c.sums) != c.text.Members {
		return c.fail(name, "%s lists %d members, %s says %d", manifestName, len(c.sums), signatureName, c.text.Members)
	}
	ok := true
	for member := range c.sums {
		if _, there := c.d.members[member]; !there {
			ok = c.fail(name, "%s is missing", clip(member))
		}
	}
	for _, member := range c.d.order {
		if member == signatureName || member == manifestName {
			continue
		}
		want, listed := c.sums[member]
		if !listed {
			ok = c.fail(name, "%s is not in the signed manifest", clip(member))
			continue
		}
		got, err := c.hash(member)
		if err != nil {
			ok = c.fail(name, "%s: %v", member, err)
		} else if got != want {
			ok = c.fail(name, "%s has changed: it hashes to %s, the signed manifest says %s", member, got.Short(), want.Short())
		}
	}
	for _, r := range required[2:] {
		if _, there := c.sums[r]; !there {
			ok = c.fail(name, "%s is missing from the manifest", r)
		}
	}
	if ok {
		c.v.add(name, Pass, "all %d members are those that were signed", len(c.sums))
	}
	return ok
}

func (c *checker) hash(member string) (Ref, error) {
	m := c.d.members[member]
	r, err := m.open()
	if err != nil {
		return Ref{}, err
	}
	defer r.Close()
	h := sha256.New()
	_, err = io.CopyBuffer(h, r, make([]byte, min(m.size+1, 1<<18)))
	return Ref(h.Sum(nil)), err
}

// bytes checks that the enclosed bytes are those of the records. Their
// hashes are in the manifest and were compared there.
func (c *checker) bytes() bool {
	const name = "items"
	ok := true
	wanted := make(map[string]bool)
	absent, whole := 0, 0
	for _, leaf := range sortedKeys(c.items) {
		i := c.items[leaf]
		member := "items/" + i.Ref.String()
		m, enclosed := c.d.members[member]
		seen := SeenItem{Leaf: leaf, Ref: i.Ref, Size: i.Size, Name: i.Name}
		switch {
		case i.Ref.IsZero():
		case !enclosed:
			absent++
		case c.sums[member] != i.Ref:
			ok = c.fail(name, "item %d: the bytes in %s are not those that were logged", leaf, member)
		case m.size != i.Size:
			ok = c.fail(name, "item %d: %d bytes, the record says %d", leaf, m.size, i.Size)
		default:
			seen.Bytes = true
			whole++
		}
		wanted[member] = true
		if by, gone := c.deleted[leaf]; gone {
			c.v.add(name, Remark, "item %d was lawfully deleted from the log's vault later (leaf %d)", leaf, by)
		}
		c.v.Items = append(c.v.Items, seen)
	}
	for _, member := range c.d.order {
		if strings.HasPrefix(member, "items/") && !wanted[member] {
			ok = c.fail(name, "%s belongs to no disclosed item", member)
		}
		if part, found := strings.CutPrefix(member, "sealed/"); found {
			if _, committed := c.sealed[strings.TrimSuffix(part, path.Ext(part))]; !committed {
				ok = c.fail(name, "%s belongs to no sealed part of a disclosed record", member)
			}
		}
	}
	if ok {
		c.v.add(name, Pass, "%d of %d items enclosed, bit for bit as logged", whole, len(c.items))
	}
	if absent > 0 {
		c.v.add(name, Remark, "%d items are proven to have been logged, but their bytes are not enclosed", absent)
	}
	return ok
}

func sortedKeys[V any](m map[int64]V) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// approvals checks publications whose roster and approvals are disclosed.
func (c *checker) approvals() bool {
	const name = "approvals"
	ok := true
	for _, p := range c.published {
		var given []Logged[Approval]
		roster, complete := int64(-1), len(p.V.Approvals) > 0
		for _, leaf := range p.V.Approvals {
			a, shown := c.approval[leaf]
			if !shown || leaf >= p.Leaf {
				complete = false
				continue
			}
			given = append(given, Logged[Approval]{leaf, a})
			roster = a.Roster
		}
		r, shown := c.rosters[roster]
		if !complete || !shown {
			c.v.add(name, Remark, "publication in leaf %d: the approvals it went out under are not all disclosed", p.Leaf)
			continue
		}
		if err := CheckApprovals(p.V.Ref, Logged[Roster]{roster, r}, given); err != nil {
			ok = c.fail(name, "publication in leaf %d: %v", p.Leaf, err)
			continue
		}
		who := "two entitled people"
		if len(r.Entitled) == 1 {
			who = "the one entitled person"
		}
		c.v.add(name, Pass, "publication in leaf %d: %s approved %s", p.Leaf, who, p.V.Ref.Short())
	}
	return ok
}
