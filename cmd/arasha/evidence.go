package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
)

// evidenceCmd is "arasha evidence": keeping bytes and showing them unchanged.
type evidenceCmd struct {
	Add        addCmd        `cmd:"" help:"Keep files as evidence."`
	List       listCmd       `cmd:"" help:"List what is kept."`
	Show       showCmd       `cmd:"" help:"Show an item, where it came from and what happened to it; or copy it out."`
	Export     exportCmd     `cmd:"" help:"Write a dossier that anybody can check offline."`
	Checkpoint checkpointCmd `cmd:"" help:"Show the signed state of the log, ask a witness to cosign it, take the cosignature in."`
	Cosign     cosignCmd     `cmd:"" help:"Be a witness: cosign another organisation's log."`
	Key        keyCmd        `cmd:"" help:"Show or change the key of the log."`
	Delete     deleteCmd     `cmd:"" help:"Delete an item lawfully; the log keeps saying so."`
	Timestamp  timestampCmd  `cmd:"" help:"Let authorities say when a checkpoint existed, or check what they said."`
	Ots        otsCmd        `cmd:"" help:"Date a file by the Bitcoin chain (OpenTimestamps)."`
}

type addCmd struct {
	File []string `arg:"" type:"path" help:"The files to keep."`
	homeFlags
	actorFlags
	URL     string   `placeholder:"URL" help:"Where it was found, as typed."`
	Final   string   `placeholder:"URL" help:"The address after redirects."`
	Native  string   `placeholder:"ID" help:"The platform's own number of the post or channel."`
	Kind    string   `enum:"file,page,export,image,video,note," default:"" help:"What it is: file, page, export, image, video, note. Guessed from the bytes when left out."`
	Note    string   `help:"Anything to remember."`
	Context string   `help:"Why it matters, what stood around it."`
	Redacts string   `placeholder:"ITEM" help:"The file is ITEM with something blacked out."`
	Parent  string   `placeholder:"ITEM" help:"The file was taken from ITEM."`
	Change  []string `placeholder:"WORDS" sep:"none" help:"How it differs from ITEM. May be repeated."`
	JSON    bool     `help:"Print JSON."`
}

func (addCmd) Help() string {
	return `Each file is copied into the vault under its SHA-256, read-only, and logged with who, when and
how. The original file is not touched.

Example: keep a page saved from the browser
  arasha evidence add page.html --url https://example.org/post/1 --collector "A. Invented"

Exit codes: 0 kept, 2 not kept, 64 wrong use`
}

func (c *addCmd) Run(ctx context.Context, w *world) error {
	if (c.Redacts != "" || c.Parent != "") && len(c.File) != 1 {
		return wrongUse("", "--redacts and --parent are about one file")
	}
	if c.Redacts != "" && (c.Parent != "" || len(c.Change) == 0) {
		return wrongUse("For example: --redacts 12 --change \"the child's face is covered\".", "--redacts needs at least one --change, and no --parent")
	}
	h, err := c.open(w)
	if err != nil {
		return err
	}
	var found []vault.Found
	for _, path := range c.File {
		f, err := fileFound(path)
		if err != nil {
			return err
		}
		f.Collector, f.From = c.Collector, c.From
		f.Item.What, f.Item.Note, f.Item.Context, f.Item.Changes = c.Kind, c.Note, c.Context, c.Change
		if f.Item.What == "" {
			f.Item.What = kindOf(f.Item.Media, path)
		}
		if c.URL != "" || c.Final != "" || c.Native != "" {
			f.Item.Address = &evidence.Address{Typed: c.URL, Final: c.Final, Native: c.Native}
		}
		found = append(found, f)
	}
	var of *vault.Stored
	if which := c.Redacts + c.Parent; which != "" {
		s, err := h.Find(which)
		if err != nil {
			return homeTrouble(err)
		}
		of = &s
		found[0].Item.Parent = s.Value.(*evidence.Item).Ref
		found[0].Act = evidence.ActDerive
		if c.Redacts != "" {
			found[0].Item.What = "redaction"
		}
	}
	// In portions, so that a long list is kept as far as it got.
	const portion = 500
	for len(found) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(portion, len(found))
		kept, err := h.Keep(found[:n]...)
		if err != nil {
			return homeTrouble(err)
		}
		found = found[n:]
		for _, k := range kept {
			if err := c.tell(w, k); err != nil {
				return err
			}
		}
		if c.Redacts != "" {
			a := vault.Act{What: evidence.ActRedact, Reason: strings.Join(c.Change, "; "), Output: kept[0].Item.Ref, Actor: c.Collector, From: c.From}
			if err := h.Did(a, *of); err != nil {
				return homeTrouble(err)
			}
		}
	}
	return nil
}

func (c *addCmd) tell(w *world, k vault.Kept) error {
	if c.JSON {
		return json.NewEncoder(w.out).Encode(map[string]any{"item": k.Leaf, "ref": k.Item.Ref, "size": k.Item.Size, "name": k.Item.Name})
	}
	_, err := fmt.Fprintf(w.out, "kept %d  %s  %s\n", k.Leaf, k.Item.Ref, k.Item.Name)
	return err
}

func kindOf(media, path string) string {
	ext := strings.ToLower(filepath.Ext(path))
	switch {
	case strings.HasPrefix(media, "text/html"), ext == ".mhtml", ext == ".mht", ext == ".xhtml":
		return "page"
	case strings.HasPrefix(media, "image/"):
		return "image"
	case strings.HasPrefix(media, "video/"):
		return "video"
	}
	return "file"
}

type listCmd struct {
	homeFlags
	JSON bool `help:"Print JSON, one item a line."`
}

func (c *listCmd) Run(w *world) error {
	h, err := c.open(w)
	if err != nil {
		return err
	}
	dated, err := datedSize(h)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	for s, err := range h.Records() {
		if err != nil {
			return homeTrouble(err)
		}
		i, ok := s.Value.(*evidence.Item)
		if !ok {
			continue
		}
		g := evidence.GradeOf(i, s.Leaf < dated)
		if c.JSON {
			if err := json.NewEncoder(w.out).Encode(map[string]any{"item": s.Leaf, "grade": g.Letter, "record": json.RawMessage(s.Bytes)}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", s.Leaf, g.Letter, i.Ref.Short(), i.Collected.At.Format(time.RFC3339), i.What, printable(i.Name))
	}
	return t.Flush()
}

// datedSize returns how many leaves an outside authority has dated: the size
// of the largest checkpoint with a token beside it. Whether the token holds is
// for "arasha verify" to say.
func datedSize(h *vault.Home) (int64, error) {
	sizes, err := h.StampedSizes(vault.Token)
	if err != nil || len(sizes) == 0 {
		return 0, homeTrouble(err)
	}
	return sizes[len(sizes)-1], nil
}

type showCmd struct {
	Item string `arg:"" help:"The number of an item, or at least eight digits of its SHA-256."`
	homeFlags
	actorFlags
	Reason string `help:"Why it is looked at, for the record."`
	Out    string `short:"o" type:"path" placeholder:"FILE" help:"Write a working copy to FILE, which must not exist."`
	Open   bool   `help:"Show the sealed collector and address too, where the home's own key opens them."`
	JSON   bool   `help:"Print JSON."`
}

func (showCmd) Help() string {
	return `Shows what is known about an item, how it measures up to the Berkeley Protocol in words, and its
chain of custody. Looking is an act of custody: it is logged.

Example
  arasha evidence show 12 --reason "draft of the appeal" --out copy.html

Exit codes: 0 shown, 2 not found or not readable, 64 wrong use`
}

func (c *showCmd) Run(w *world) error {
	h, err := c.open(w)
	if err != nil {
		return err
	}
	s, err := h.Find(c.Item)
	if err != nil {
		return homeTrouble(err)
	}
	i := s.Value.(*evidence.Item)
	a := vault.Act{What: evidence.ActView, Reason: c.Reason, Actor: c.Collector, From: c.From}
	if c.Out != "" {
		if err := h.Vault.WorkingCopy(i.Ref, c.Out); err != nil {
			return homeTrouble(err)
		}
		a.What = evidence.ActCopy
	}
	if c.Open {
		a.Note = "the sealed collector and address were looked at"
	}
	// What was not recorded is not shown, and no copy of it stays.
	if err := h.Did(a, s); err != nil {
		if c.Out != "" {
			err = errors.Join(err, os.Remove(c.Out))
		}
		return homeTrouble(err)
	}
	custody, err := h.Custody(s.Leaf)
	if err != nil {
		return homeTrouble(err)
	}
	dated, err := datedSize(h)
	if err != nil {
		return err
	}
	g := evidence.GradeOf(i, s.Leaf < dated)
	opened := map[string]string{}
	if c.Open {
		for _, name := range []string{vault.Collector, vault.Address} {
			if _, value, err := h.SealedPart(s, name); err == nil {
				opened[name] = value
			} else {
				w.say("%v", homeTrouble(err))
			}
		}
	}
	if c.JSON {
		acts := make([]json.RawMessage, 0, len(custody))
		for _, e := range custody {
			acts = append(acts, e.Bytes)
		}
		return json.NewEncoder(w.out).Encode(map[string]any{"item": s.Leaf, "record": json.RawMessage(s.Bytes), "berkeley": g, "custody": acts, "opened": opened})
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t, "%s\t%s\n", name, printable(value))
		}
	}
	row("item", fmt.Sprint(s.Leaf))
	row("sha256", i.Ref.String())
	row("size", fmt.Sprint(i.Size))
	row("kind", i.What)
	row("name", i.Name)
	row("media type", i.Media)
	if i.Address != nil {
		row("address", i.Address.Typed)
		row("after redirects", i.Address.Final)
		row("platform's number", i.Address.Native)
	}
	row("collected", i.Collected.At.Format(time.RFC3339)+" by "+i.Collected.Clock)
	row("tool", i.Tool)
	row("taken from", i.Parent.String())
	row("changes", strings.Join(i.Changes, "; "))
	row("context", i.Context)
	row("note", i.Note)
	row("collector", sealedWord(i.Sealed.Collector, opened[vault.Collector]))
	row("from", sealedWord(i.Sealed.Address, opened[vault.Address]))
	row("grade", g.Letter+": "+g.Meaning)
	row("present", strings.Join(g.Present, "; "))
	row("missing", strings.Join(g.Missing, "; "))
	fmt.Fprintln(t, "custody")
	for _, e := range custody {
		v := e.Value.(*evidence.Event)
		fmt.Fprintf(t, "  %s\t%s\t%s\n", v.At.At.Format(time.RFC3339), v.Act, printable(strings.Join(nonEmpty(v.Reason, v.Authority, v.Note), "; ")))
	}
	return t.Flush()
}

func sealedWord(c *evidence.Commitment, opened string) string {
	switch {
	case opened != "":
		return opened
	case c != nil:
		return "sealed"
	}
	return ""
}

func nonEmpty(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

type deleteCmd struct {
	Item string `arg:"" help:"The number of an item, or at least eight digits of its SHA-256."`
	homeFlags
	actorFlags
	Reason    string `required:"" help:"Why, in words that may be shown: the record of the deletion stays."`
	Authority string `required:"" help:"Under which right: a withdrawn consent, a court order, a retention rule."`
	JSON      bool   `help:"Print JSON."`
}

func (deleteCmd) Help() string {
	return `Destroys the bytes of an item, its record and its custody, with the salts that tie them to the
log. The log keeps its leaves, and says that they were deleted, when and under which right. There is
no way back. Copies on backup disks and in dossiers given away are beyond this command's reach.

Exit codes: 0 deleted, 2 not deleted, 64 wrong use`
}

func (c *deleteCmd) Run(w *world) error {
	h, err := c.open(w)
	if err != nil {
		return err
	}
	s, err := h.Find(c.Item)
	if err != nil {
		return homeTrouble(err)
	}
	d, err := h.Delete(s.Leaf, vault.Act{Reason: c.Reason, Authority: c.Authority, Actor: c.Collector, From: c.From})
	if err != nil {
		return homeTrouble(err)
	}
	if c.JSON {
		return json.NewEncoder(w.out).Encode(map[string]any{"deleted": d.Leaves, "bytes": d.Bytes, "same_bytes": d.Others, "named_by": d.Naming})
	}
	fmt.Fprintf(w.out, "deleted %d: %d records destroyed", s.Leaf, len(d.Leaves))
	if d.Bytes {
		fmt.Fprint(w.out, ", bytes destroyed")
	}
	fmt.Fprintln(w.out)
	if len(d.Others) > 0 {
		w.say("The bytes stay: items %v hold the same. Delete those too if they must go.", d.Others)
	}
	if len(d.Naming) > 0 {
		w.say("Items %v were taken from it and still name its SHA-256. Delete those too if it must not be known.", d.Naming)
	}
	return nil
}
