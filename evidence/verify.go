package evidence

import (
	"bufio"
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
	"golang.org/x/mod/sumdb/tlog"
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
	first     int64 // the largest leaf of an item
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

// checkpoints checks every enclosed state of the log.
func (c *checker) checkpoints() bool {
	const name = "checkpoints"
	keys := []note.Verifier{c.key}
	known := []string{c.v.Key}
	for i := len(c.changes) - 1; i >= 0; i-- { // back from the key that signs now
		if k := c.changes[i]; k.ByNew && slices.Contains(known, k.New) && !slices.Contains(known, k.Old) {
			v, err := note.NewVerifier(k.Old)
			if err != nil {
				return c.fail(name, "%v", err)
			}
			keys, known = append(keys, v), append(known, k.Old)
		}
	}
	c.raw = make(map[int64][]byte)
	for _, member := range c.d.order {
		base, found := strings.CutPrefix(member, "checkpoints/")
		if !found {
			continue
		}
		b, err := c.d.read(member, maxNote)
		if err != nil {
			return c.fail(name, "%v", err)
		}
		p, n, err := OpenCheckpoint(b, keys...)
		switch {
		case err != nil:
			return c.fail(name, "%s: %v", member, err)
		case n.All != 1:
			return c.fail(name, "%s: %d signatures; there must be exactly one", member, n.All)
		case p.Origin != c.text.Origin:
			return c.fail(name, "%s is of the log %s", member, p.Origin)
		case CheckpointName(p.Size) != base:
			return c.fail(name, "%s is of %d leaves", member, p.Size)
		}
		for _, k := range c.changes {
			old, _ := note.NewVerifier(k.Old)
			if k.Why != KeyCompromised || old.KeyHash() != n.Sigs[0].Hash {
				continue
			}
			// Only as the beginning of the state at which the theft was declared.
			if _, there := c.d.members["checkpoints/"+CheckpointName(k.Size)]; p.Size < k.Size && k.Size <= c.text.Size && !there {
				return c.fail(name, "%s is signed by a key that was declared stolen at %d leaves, and that state is not enclosed: nothing shows that it is from before the theft", member, k.Size)
			}
			if p.Size > k.Size {
				return c.fail(name, "%s is signed by a key that was declared stolen at %d leaves", member, k.Size)
			}
		}
		if len(c.states) > 0 && p.Time.Before(c.states[len(c.states)-1].Time) {
			c.v.add(name, Remark, "%s: the log's clock was set back before this was signed; its times need another witness", member)
		}
		c.states = append(c.states, p)
		c.raw[p.Size] = b
	}
	if len(c.states) == 0 {
		return c.fail(name, "none is enclosed")
	}
	head := c.states[len(c.states)-1]
	if head.Size != c.text.Size || head.Root != c.text.Root {
		return c.fail(name, "the newest one enclosed, of %d leaves, is not the one dossier.txt names", head.Size)
	}
	c.v.add(name, Pass, "%d signed, the newest of %d leaves", len(c.states), head.Size)
	return true
}

// lines calls each for the lines of a member.
func (c *checker) lines(member string, each func(number int, line []byte) error) error {
	r, err := c.d.members[member].open()
	if err != nil {
		return err
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<16), 4*MaxRecord)
	s.Split(func(b []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			return i + 1, b[:i], nil
		}
		if atEOF && len(b) > 0 {
			return 0, nil, errors.New("the last line is cut")
		}
		return 0, nil, nil
	})
	n := 0
	for s.Scan() {
		n++
		if err := each(n, s.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return s.Err()
}

// growth checks that each state grew from the one before.
func (c *checker) growth() bool {
	const name = "growth"
	n := 0
	err := c.lines(consistencyName, func(number int, line []byte) error {
		var g growthLine
		if err := decodeLine(line, &g); err != nil {
			return err
		}
		if number >= len(c.states) || g.From != c.states[number-1].Size || g.To != c.states[number].Size {
			return fmt.Errorf("a proof from %d to %d leaves is out of place", g.From, g.To)
		}
		n++
		return CheckGrowth(g.Proof, c.states[number-1], c.states[number])
	})
	if err != nil {
		return c.fail(name, "%s: %v", consistencyName, err)
	}
	if n != len(c.states)-1 {
		return c.fail(name, "%s: %d proofs for %d checkpoints", consistencyName, n, len(c.states))
	}
	if n > 0 {
		c.v.add(name, Pass, "each checkpoint grew from the one before")
	}
	return true
}

// leaves checks that every disclosed leaf stands in the log and every record
// belongs to its leaf.
func (c *checker) leaves() bool {
	const name = "leaves"
	c.items, c.deleted = make(map[int64]*Item), make(map[int64]int64)
	c.rosters, c.approval = make(map[int64]Roster), make(map[int64]Approval)
	c.sealed = make(map[string]Commitment)
	last, n, ok := int64(-1), 0, true
	err := c.lines(leavesName, func(_ int, b []byte) error {
		var l leafLine
		if err := decodeLine(b, &l); err != nil {
			return err
		}
		if l.Leaf <= last {
			return fmt.Errorf("leaf %d stands in the wrong place", l.Leaf)
		}
		last = l.Leaf
		n++
		if err := c.leaf(l); err != nil {
			ok = c.fail(name, "leaf %d: %v", l.Leaf, err)
		}
		return nil
	})
	if err != nil {
		return c.fail(name, "%s: %v", leavesName, err)
	}
	if ok {
		c.v.add(name, Pass, "all %d disclosed leaves stand in the signed log, and their records are those that were logged", n)
	}
	return ok
}

func (c *checker) leaf(l leafLine) error {
	leaf, err := ParseLeaf([]byte(l.Bytes))
	if err != nil {
		return err
	}
	if l.Leaf >= c.text.Size || tlog.CheckRecord(l.Proof, c.text.Size, c.text.Root, l.Leaf, tlog.RecordHash([]byte(l.Bytes))) != nil {
		return errors.New("the proof does not lead to the root of the log: this leaf was not logged so")
	}
	if leaf.Kind == KindDeletion {
		if leaf.Of >= l.Leaf {
			return fmt.Errorf("deletes leaf %d, which came later", leaf.Of)
		}
		c.deleted[leaf.Of] = l.Leaf
	}
	if l.Record == nil || l.Salt == nil {
		if l.Record != nil || l.Salt != nil || l.Open != nil {
			return errors.New("a salt and a record belong together")
		}
		return nil
	}
	r := Record{*l.Salt, []byte(*l.Record)}
	if Commit(r.Salt, r.Bytes) != leaf.Commitment {
		return errors.New("the record is not the one that was logged")
	}
	v, err := DecodeRecord(r.Bytes)
	if err != nil {
		return err
	}
	if own, err := r.Leaf(); err != nil || own != leaf {
		return fmt.Errorf("a record of another kind than the leaf, %s", leaf.Kind)
	}
	var sealed Sealed
	switch v := v.(type) {
	case *Item:
		c.items[l.Leaf], sealed = v, v.Sealed
		c.first = max(c.first, l.Leaf)
	case *Event:
		sealed = v.Sealed
		if i, shown := c.items[v.Leaf]; shown && v.Kind == KindCustody && v.Item != i.Ref {
			return fmt.Errorf("custody of item %d names other bytes than the item", v.Leaf)
		}
		if v.Leaf >= l.Leaf {
			return fmt.Errorf("custody of leaf %d, which came later", v.Leaf)
		}
	case *Roster:
		c.rosters[l.Leaf] = *v
	case *Approval:
		c.approval[l.Leaf] = *v
	case *Statement:
		if v.Kind == KindPublication {
			c.published = append(c.published, Logged[Statement]{l.Leaf, *v})
		}
	}
	parts := map[string]*Commitment{"collector": sealed.Collector, "address": sealed.Address}
	for part, com := range parts {
		if com != nil {
			c.sealed[fmt.Sprintf("%d-%s", l.Leaf, part)] = *com
		}
	}
	for part, o := range l.Open {
		if com := parts[part]; com == nil || Commit(o.Salt, []byte(o.Value)) != *com {
			return fmt.Errorf("the %s shown is not the one that was sealed", clip(part))
		}
	}
	return nil
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
