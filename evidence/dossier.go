package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Disclosed is a leaf that a dossier shows.
type Disclosed struct {
	Leaf   int64
	Record *Record            // nil: the leaf alone
	Open   map[string]Opening // sealed parts to show, by name
}

// An Opening shows what a commitment stands for.
type Opening struct {
	Salt  Salt   `json:"salt"`
	Value string `json:"value"`
}

// A Bundle is what a dossier is made of.
type Bundle struct {
	Log        *Log
	Key        string   // the public key of the signer
	KeyChanges [][]byte // all signed changes of the key, oldest first
	Created    time.Time
	Leaves     []Disclosed
	// Open gives the bytes of a disclosed item; Without names those to leave
	// out.
	Open    func(Ref) (io.ReadCloser, error)
	Without map[Ref]bool
	// Sealed are sealed parts encrypted to a reader: "17-collector" to bytes.
	Sealed map[string][]byte
	// Stamps are the timestamps over earlier checkpoints, by size and then by
	// the end of their name ("HOST-TIME.tst", "ots"); Roots the PEM
	// certificates to go with them.
	Stamps map[int64]map[string][]byte
	Roots  []byte
	// Maker is the program and its version.
	Maker string
}

const dossierWord = "arasha-dossier/1"

// leafLine is one line of leaves.jsonl.
type leafLine struct {
	Leaf   int64              `json:"leaf"`
	Bytes  string             `json:"bytes"`
	Proof  []tlog.Hash        `json:"proof"`
	Salt   *Salt              `json:"salt,omitempty"`
	Record *string            `json:"record,omitempty"`
	Open   map[string]Opening `json:"open,omitempty"`
}

// growthLine is one line of consistency.jsonl.
type growthLine struct {
	From  int64       `json:"from"`
	To    int64       `json:"to"`
	Proof []tlog.Hash `json:"proof"`
}

// source is a member about to be written.
type source struct {
	name string
	size int64
	ref  Ref
	open func() (io.ReadCloser, error)
}

func sourceOf(name string, b []byte) source {
	return source{name, int64(len(b)), Of(b), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// Write writes the dossier to f, which must be empty. The same Bundle gives
// the same bytes. Items are streamed; the proofs of all leaves are in memory.
func (b *Bundle) Write(f interface {
	io.Writer
	io.WriterAt
}, signer note.Signer) error {
	sort.Slice(b.Leaves, func(i, j int) bool { return b.Leaves[i].Leaf < b.Leaves[j].Leaf })
	head := b.Log.Head()
	members := []source{sourceOf(readmeName, []byte(readme)), sourceOf(keyName, []byte(b.Key+"\n"))}

	sizes := []int64{head.Size}
	for size := range b.Stamps {
		if size > head.Size {
			return fmt.Errorf("evidence: dossier: a timestamp over %d leaves, but the log has %d", size, head.Size)
		}
		if !slices.Contains(sizes, size) {
			sizes = append(sizes, size)
		}
	}
	slices.Sort(sizes)
	var growth bytes.Buffer
	for i, size := range sizes {
		signed, err := b.Log.CheckpointAt(size)
		if err != nil {
			return err
		}
		members = append(members, sourceOf("checkpoints/"+CheckpointName(size), signed))
		cosigned, err := b.Log.CosignaturesAt(size)
		if err != nil {
			return err
		}
		if cosigned != nil {
			members = append(members, sourceOf("cosignatures/"+CheckpointName(size), cosigned))
		}
		for name, token := range b.Stamps[size] {
			member := fmt.Sprintf("timestamps/%012d.%s", size, name)
			if !knownName(member) || checkName(member) != nil {
				return fmt.Errorf("evidence: dossier: a timestamp may not be named %q", name)
			}
			members = append(members, sourceOf(member, token))
		}
		if i+1 < len(sizes) {
			p, err := b.Log.ProveGrowth(size, sizes[i+1])
			if err != nil {
				return err
			}
			if err := writeLine(&growth, growthLine{size, sizes[i+1], append([]tlog.Hash{}, p...)}); err != nil {
				return err
			}
		}
	}
	members = append(members, sourceOf(consistencyName, growth.Bytes()))
	if keys, err := b.Log.CosignerKeys(); err != nil {
		return err
	} else if slices.ContainsFunc(members, func(s source) bool { return strings.HasPrefix(s.name, "cosignatures/") }) {
		members = append(members, sourceOf(cosignersName, []byte(strings.Join(keys, "\n")+"\n")))
	}
	if len(b.Roots) > 0 {
		members = append(members, sourceOf(rootsName, b.Roots))
	}
	for i, c := range b.KeyChanges {
		members = append(members, sourceOf(fmt.Sprintf("key-changes/%04d.txt", i+1), c))
	}
	for name, sealed := range b.Sealed {
		members = append(members, sourceOf("sealed/"+name+".age", sealed))
	}

	var lines bytes.Buffer
	var shown []shownItem
	custody := make(map[int64][]*Event)
	seen := make(map[Ref]bool)
	var numbers []int64
	for i, d := range b.Leaves {
		if i > 0 && b.Leaves[i-1].Leaf == d.Leaf {
			return fmt.Errorf("evidence: dossier: leaf %d twice", d.Leaf)
		}
		numbers = append(numbers, d.Leaf)
	}
	next := 0
	for proof, err := range b.Log.ProveMany(numbers) {
		if err != nil {
			return err
		}
		d := b.Leaves[next]
		next++
		leaf, err := b.Log.Leaf(d.Leaf)
		if err != nil {
			return err
		}
		line := leafLine{Leaf: d.Leaf, Bytes: string(leaf), Proof: append([]tlog.Hash{}, proof...), Open: d.Open}
		if d.Record != nil {
			s := string(d.Record.Bytes)
			line.Salt, line.Record = &d.Record.Salt, &s
			v, err := DecodeRecord(d.Record.Bytes)
			if err != nil {
				return err
			}
			switch v := v.(type) {
			case *Item:
				enclosed := !v.Ref.IsZero() && !b.Without[v.Ref]
				shown = append(shown, shownItem{Leaf: d.Leaf, Item: v, Enclosed: enclosed, Opened: d.Open})
				if enclosed && !seen[v.Ref] {
					seen[v.Ref] = true
					members = append(members, source{"items/" + v.Ref.String(), v.Size, v.Ref, func() (io.ReadCloser, error) { return b.Open(v.Ref) }})
				}
			case *Event:
				custody[v.Leaf] = append(custody[v.Leaf], v)
			}
		}
		if err := writeLine(&lines, line); err != nil {
			return err
		}
	}
	members = append(members, sourceOf(leavesName, lines.Bytes()))

	fingerprint, err := Fingerprint(b.Key)
	if err != nil {
		return err
	}
	dated := int64(0) // by an authority; a proof of the chain may be a promise only
	for size, stamps := range b.Stamps {
		for name := range stamps {
			if strings.HasSuffix(name, ".tst") {
				dated = max(dated, size)
			}
		}
	}
	about := description{Origin: head.Origin, Size: head.Size, Root: head.Root.String(), Created: b.Created.UTC().Format(time.RFC3339),
		Fingerprint: fingerprint, Key: b.Key, Maker: b.Maker, Items: shown, Custody: custody, Dated: dated}
	for i := range about.Items {
		about.Items[i].Grade = GradeOf(about.Items[i].Item, about.Items[i].Leaf < dated)
	}
	for _, m := range []struct {
		name  string
		write func(io.Writer) error
	}{{certificateName, about.certificate}, {crateName, about.crate}, {packageName, about.dataPackage}} {
		var out bytes.Buffer
		if err := m.write(&out); err != nil {
			return fmt.Errorf("evidence: dossier: %s: %w", m.name, err)
		}
		members = append(members, sourceOf(m.name, out.Bytes()))
	}

	sort.Slice(members, func(i, j int) bool { return members[i].name < members[j].name })
	var manifest bytes.Buffer
	for _, m := range members {
		fmt.Fprintf(&manifest, "%x  %s\n", m.ref[:], m.name)
	}
	text := dossierText{Origin: head.Origin, Size: head.Size, Root: head.Root, Created: b.Created, Members: len(members), Manifest: Of(manifest.Bytes())}
	signed, err := note.Sign(&note.Note{Text: text.String()}, signer)
	if err != nil {
		return fmt.Errorf("evidence: dossier: sign: %w", err)
	}

	z := &zipWriter{f: f}
	for _, m := range append([]source{sourceOf(signatureName, signed), sourceOf(manifestName, manifest.Bytes())}, members...) {
		if err := writeMember(z, m); err != nil {
			return fmt.Errorf("evidence: dossier: %w", err)
		}
	}
	return z.close()
}

func writeMember(z *zipWriter, m source) error {
	if err := checkName(m.name); err != nil {
		return err
	}
	r, err := m.open()
	if err != nil {
		return err
	}
	defer r.Close()
	return z.add(m.name, m.size, r)
}

func writeLine(w *bytes.Buffer, v any) error {
	b, err := Encode(v)
	if err == nil {
		w.Write(b)
		w.WriteByte('\n')
	}
	return err
}

// dossierText is the signed text of dossier.txt.
type dossierText struct {
	Origin   string
	Size     int64
	Root     tlog.Hash
	Created  time.Time
	Members  int
	Manifest Ref
}

func (t dossierText) String() string {
	return fmt.Sprintf("%s\n%s\n%d\n%s\ncreated %s\nmembers %d\nmanifest %s\n", dossierWord, t.Origin, t.Size, t.Root,
		t.Created.UTC().Format(time.RFC3339), t.Members, t.Manifest)
}

func parseDossierText(s string) (dossierText, error) {
	var t dossierText
	bad := fmt.Errorf("evidence: %s: %q is not the text of a dossier of version 1", signatureName, clip(s))
	f := strings.Split(s, "\n")
	if len(f) != 8 || f[0] != dossierWord {
		return t, bad
	}
	c, err := ParseCheckpoint(strings.Join(f[1:4], "\n") + "\ntime " + strings.TrimPrefix(f[4], "created ") + "\n")
	if err != nil {
		return t, bad
	}
	t.Origin, t.Size, t.Root, t.Created = c.Origin, c.Size, c.Root, c.Time
	if _, err := fmt.Sscanf(f[5]+"\n"+f[6], "members %d\nmanifest %64s", &t.Members, new(string)); err != nil {
		return t, bad
	}
	if t.Manifest, err = ParseRef(strings.TrimPrefix(f[6], "manifest ")); err != nil {
		return t, bad
	}
	if t.String() != s {
		return t, bad
	}
	return t, nil
}

// decodeLine reads one line of a .jsonl member. Like a record, it must be
// written in the one way Encode writes it.
func decodeLine(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	again, err := Encode(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, b) {
		return errors.New("the line is not written in the one way this format allows")
	}
	return nil
}
