package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

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
		c.newest = max(c.newest, l.Leaf)
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
