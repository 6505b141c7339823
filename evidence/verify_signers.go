// What outsiders vouch for: the signer, witnesses, timestamp authorities.

package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// signer compares the key with the one the reader brings.
func (c *checker) signer() bool {
	const name = "signer"
	for n := 1; ; n++ {
		member := fmt.Sprintf("key-changes/%04d.txt", n)
		if _, there := c.d.members[member]; !there {
			break
		}
		b, err := c.d.read(member, maxNote)
		if err != nil {
			return c.fail(name, "%v", err)
		}
		if !c.change(member, b) {
			return false
		}
	}
	enclosed := len(c.changes)
	for i, b := range c.o.KeyChanges {
		if !c.change(fmt.Sprintf("the key change you brought (%d)", i+1), b) {
			return false
		}
	}
	for _, k := range c.changes {
		if k.Why != KeyCompromised || k.Old != c.v.Key {
			continue
		}
		switch {
		case c.text.Size > k.Size || c.text.Size == k.Size && c.text.Root != k.Root:
			return c.fail(name, "the key that signed was declared stolen on %s; of what it signed only the first %d leaves count", k.At.At.Format(time.DateOnly), k.Size)
		case c.text.Size < k.Size:
			c.v.add(name, Unknown, "the key that signed was declared stolen on %s. This may be older, or made by the thief: ask %s for a new dossier of the same items", k.At.At.Format(time.DateOnly), c.text.Origin)
		}
	}
	if c.o.Key == "" {
		c.v.add(name, Remark, "no key was required; the enclosed key has the fingerprint %s: compare this with one you got another way", c.v.Fingerprint)
		return true
	}
	trusted, ok := c.required()
	if !ok {
		return c.fail(name, "this is signed by the key %s, not by the one you require", c.v.Fingerprint)
	}
	switch t, weak := Follow(trusted, c.v.Key, c.changes); {
	case t == Trusted && trusted == c.v.Key:
		c.v.Required = true
		c.v.add(name, Pass, "signed by the key you require")
	case t == Trusted:
		c.v.Required = true
		c.v.add(name, Pass, "signed by the key that the one you require handed over to (%d changes enclosed)", enclosed)
	case t == Unsure:
		c.v.add(name, Unknown, "the key you require was declared %s on %s; whether %s is its rightful successor you must ask %s by another way", weak.Why, weak.At.At.Format(time.DateOnly), c.v.Fingerprint, c.text.Origin)
	default:
		return c.fail(name, "this is signed by the key %s, not by the one you require", c.v.Fingerprint)
	}
	return true
}

func (c *checker) change(what string, b []byte) bool {
	k, err := OpenKeyChange(b)
	if err == nil && k.Origin != c.text.Origin {
		err = fmt.Errorf("it is about the log %s", k.Origin)
	}
	if err != nil {
		return c.fail("signer", "%s: %v", what, err)
	}
	c.changes = append(c.changes, k)
	return true
}

// required returns the key the reader means, by key or by fingerprint.
func (c *checker) required() (string, bool) {
	want := strings.ToLower(strings.Join(strings.Fields(c.o.Key), ""))
	candidates := []string{c.v.Key}
	for _, k := range c.changes {
		candidates = append(candidates, k.Old, k.New)
	}
	for _, k := range candidates {
		f, err := Fingerprint(k)
		if err == nil && (strings.TrimSpace(c.o.Key) == k || want == strings.ReplaceAll(f, " ", "")) {
			return k, true
		}
	}
	return "", false
}

// cosignatures checks what witnesses signed.
func (c *checker) cosignatures() bool {
	const name = "cosignatures"
	ok := true
	keys := c.o.Witnesses
	whose := "witness you trust"
	if len(keys) == 0 {
		whose = "witness by the enclosed key"
		if _, there := c.d.members[cosignersName]; there {
			b, err := c.d.read(cosignersName, maxSmall)
			if err != nil {
				return c.fail(name, "%v", err)
			}
			keys = strings.Fields(string(b))
		}
	}
	trusted := make(map[string]bool)
	for _, member := range c.d.order {
		base, found := strings.CutPrefix(member, "cosignatures/")
		if !found || member == cosignersName {
			continue
		}
		b, err := c.d.read(member, maxNote)
		if err != nil {
			return c.fail(name, "%v", err)
		}
		size, _ := strconv.ParseInt(strings.TrimSuffix(base, ".txt"), 10, 64)
		p, n, err := OpenCosigned(b, keys...)
		var unsigned *note.UnverifiedNoteError
		switch {
		case errors.As(err, &unsigned) && len(c.o.Witnesses) > 0:
			c.v.add(name, Remark, "%s: no signature by a witness you trust", member)
			continue
		case err != nil:
			ok = c.fail(name, "%s: %v", member, err)
			continue
		case p.Size != size || !bytes.HasPrefix(c.raw[size], []byte(n.Text+"\n")):
			ok = c.fail(name, "%s is not over checkpoints/%s", member, base)
			continue
		}
		for _, s := range n.Sigs {
			at, _ := CosignedAt(s)
			trusted[s.Name] = true
			c.v.add(name, Pass, "%s, %s, saw the log of %d leaves on %s", s.Name, whose, size, at.Format(time.RFC3339))
		}
	}
	for _, k := range c.o.Witnesses {
		if who, _, _ := strings.Cut(k, "+"); !trusted[who] {
			ok = c.fail(name, "the witness you require, %s, has not signed", clip(who))
		}
	}
	return ok
}

// timestamps checks what authorities signed.
func (c *checker) timestamps() bool {
	const name = "timestamps"
	ok := true
	var roots []byte
	if _, there := c.d.members[rootsName]; there {
		var err error
		if roots, err = c.d.read(rootsName, 64<<20); err != nil {
			return c.fail(name, "%v", err)
		}
	}
	for _, member := range c.d.order {
		base, found := strings.CutPrefix(member, "timestamps/")
		if !found || member == rootsName {
			continue
		}
		size, err := strconv.ParseInt(base[:12], 10, 64)
		checkpoint, there := c.raw[size]
		if err != nil || !there {
			ok = c.fail(name, "%s is over a checkpoint that is not enclosed", member)
			continue
		}
		token, err := c.d.read(member, maxSmall)
		if err != nil {
			return c.fail(name, "%v", err)
		}
		if c.o.Timestamp == nil {
			c.v.add(name, Unknown, "%s: this program cannot check timestamps", member)
			continue
		}
		s, err := c.o.Timestamp(base, checkpoint, token, roots)
		switch {
		case errors.Is(err, ErrNoRoot):
			c.v.add(name, Unknown, "%s: %v", member, err)
		case err != nil:
			ok = c.fail(name, "%s: %v", member, err)
		case s.Time.IsZero():
			c.v.add(name, Remark, "%s: %s", member, s.Words)
		default:
			c.v.add(name, Pass, "%d leaves existed on %s: %s", size, s.Time.Format(time.RFC3339), s.Words)
			if size > c.newest && (c.v.Dated.IsZero() || s.Time.Before(c.v.Dated)) {
				c.v.Dated = s.Time
			}
			c.claimed(base, size, s.Time)
		}
	}
	for i := range c.v.Items {
		c.v.Items[i].Grade = GradeOf(c.items[c.v.Items[i].Leaf], !c.v.Dated.IsZero()).Letter
	}
	return ok
}

// claimed compares the times that records claim with an outside date: what a
// checkpoint holds cannot have been collected after it was dated.
func (c *checker) claimed(stamp string, size int64, at time.Time) {
	const slack = 10 * time.Minute // clocks of both sides
	for _, leaf := range sortedKeys(c.items) {
		if i := c.items[leaf]; leaf < size && i.Collected.At.After(at.Add(slack)) {
			c.v.add("timestamps", Fail, "item %d claims to be collected on %s, after %s dated it on %s", leaf, i.Collected.At.Format(time.RFC3339), stamp, at.Format(time.RFC3339))
		}
	}
}
