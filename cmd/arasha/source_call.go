package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/store"
)

type sourceCallCmd struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the source."`
	deskFlags
	keyFlags
	Note string `required:"" placeholder:"FILE" help:"Read the note as JSON from FILE, or - for standard input: who spoke, when, channel, text, read_back."`
}

func (sourceCallCmd) Help() string {
	return `The note is signed with the key of who writes it, and sealed, with its signature, to the readers of
the source. Nobody else learns who wrote it or that it is signed.

Example
  arasha source call 1 --note call.json --as "Inna Invented"
where call.json is
  {"who": "the source", "when": "2031-05-03T18:00:00Z", "channel": "Signal", "text": "…", "read_back": true}

Exit codes: 0 kept, 2 not found or not readable, 64 wrong use`
}

func (c *sourceCallCmd) Run(ctx context.Context, w *world) error {
	n, err := c.readNote(w)
	if err != nil {
		return err
	}
	var by casefile.User
	var to []casefile.User
	err = c.read(ctx, w, func(tx *store.Tx) (err error) {
		if by, err = c.user(tx); err != nil {
			return err
		}
		v, err := store.Get[casefile.Source](tx, c.ID)
		if err != nil {
			return err
		}
		n.Source = v.ID
		if to, err = readersHere(tx, v); err != nil {
			return err
		}
		if len(to) == 0 {
			return wrongUse("\"arasha source seal\" names readers.", "source %d has no readers to seal the note to", v.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	keys, err := c.keyFlags.open(w, c.Home, by)
	if err != nil {
		return err
	}
	if n, err = keys.SignCallNote(n, by, w.clock()); err != nil {
		return deskTrouble(err)
	}
	sealed, err := casefile.SealCallNote(n, to...)
	if err != nil {
		return deskTrouble(err)
	}
	h, err := c.homeFlags.open(w)
	if err != nil {
		return err
	}
	kept, err := h.Keep(vault.Found{
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(sealed)), nil },
		Item: evidence.Item{Name: "call.age", Media: "application/age-encryption", What: "note", Note: "a sealed note of a call"},
	})
	if err != nil {
		return homeTrouble(err)
	}
	if c.JSON {
		return printJSON(w.out, map[string]any{"item": kept[0].Leaf, "ref": kept[0].Item.Ref, "source": c.ID, "at": w.clock().UTC().Format(time.RFC3339)})
	}
	_, err = fmt.Fprintf(w.out, "kept %d  %s  a call with source %d, sealed\n", kept[0].Leaf, kept[0].Item.Ref, c.ID)
	return err
}

// readNote reads what was said; who wrote it is who signs it.
func (c *sourceCallCmd) readNote(w *world) (casefile.CallNote, error) {
	var in struct {
		Who      string    `json:"who"`
		When     time.Time `json:"when"`
		Channel  string    `json:"channel"`
		Text     string    `json:"text"`
		ReadBack bool      `json:"read_back"`
	}
	data, err := readInput(w, c.Note)
	if err != nil {
		return casefile.CallNote{}, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		// The error of the decoder may hold some of what is to be sealed.
		return casefile.CallNote{}, wrongUse("\"arasha source call --help\" shows the form.", "%s is not of the form of a note of a call", c.Note)
	}
	return casefile.CallNote{Who: in.Who, When: in.When, Channel: in.Channel, Text: in.Text, ReadBack: in.ReadBack}, nil
}

type sourceNoteCmd struct {
	Item string `arg:"" help:"The item that the note is: its number or its SHA-256."`
	deskFlags
	keyFlags
}

func (sourceNoteCmd) Help() string {
	return `Opens the note of a call and says whether it is, to the letter, what its writer signed. It is noted
who opened it. A note of before notes were signed is shown and said to be unsigned.

Example
  arasha source note 4 --as "Inna Invented"

Exit codes: 0 shown, 1 not a reader, or the signature does not hold, 2 not found or not readable, 64 wrong use`
}

func (c *sourceNoteCmd) Run(ctx context.Context, w *world) error {
	h, err := c.homeFlags.open(w)
	if err != nil {
		return err
	}
	found, err := h.Find(c.Item)
	if err != nil {
		return homeTrouble(err)
	}
	item := found.Value.(*evidence.Item)
	sealed, err := itemBytes(h, item.Ref)
	if err != nil {
		return err
	}
	by, err := c.who(ctx, w)
	if err != nil {
		return err
	}
	keys, err := c.keyFlags.open(w, c.Home, by)
	if err != nil {
		return err
	}
	n, err := casefile.OpenCallNote(sealed, keys.Identities()...)
	if errors.Is(err, casefile.ErrSealedDamaged) {
		return cannotTell("\"arasha evidence show\" says what it is.", "item %d is no sealed note of a call, or it is damaged", found.Leaf)
	}
	if err != nil {
		return sealedTrouble(err)
	}
	var writer casefile.User
	// What was not noted is not shown.
	err = c.write(ctx, w, "source note", func(tx *store.Tx, _ casefile.User) (err error) {
		if writer, err = store.Get[casefile.User](tx, n.Writer); errors.Is(err, store.ErrNotFound) {
			writer, err = casefile.User{}, nil
		}
		tx.Did("opened", "sources", n.Source)
		return err
	})
	if err != nil {
		return err
	}
	state, says := noteState(n, writer, item.Collected.At)
	if c.JSON {
		err = printJSON(w.out, noteOut(n, state, says))
	} else {
		err = printNote(w, found.Leaf, n, says)
	}
	if err == nil && state == "not verified" {
		return answerNo()
	}
	return err
}

// itemBytes reads an item that is small enough to be sealed text.
func itemBytes(h *vault.Home, ref evidence.Ref) ([]byte, error) {
	r, err := h.Vault.Open(ref)
	if err != nil {
		return nil, homeTrouble(err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, mostInput))
	return b, homeTrouble(err)
}

// noteState says whether a note is what its writer signed, in a word and in a
// sentence.
func noteState(n casefile.CallNote, writer casefile.User, kept time.Time) (state, says string) {
	who := writer.Name
	if who == "" {
		who = fmt.Sprintf("user %d", n.Writer)
	}
	key, err := n.Verify(writer, kept)
	switch {
	case errors.Is(err, casefile.ErrUnsigned):
		return "unsigned", "unsigned: written before notes were signed; nothing but this text says who wrote it"
	case errors.Is(err, casefile.ErrStolen):
		return "not verified", fmt.Sprintf("NOT VERIFIED: the key of %s was declared stolen as from %s, and whoever has it could have signed this", who, key.Since.Format("2006-01-02 15:04 MST"))
	case err != nil:
		return "not verified", fmt.Sprintf("NOT VERIFIED: this is not, to the letter, what %s signed", who)
	}
	says = fmt.Sprintf("verified: %s signed this on %s", who, n.At.UTC().Format("2006-01-02 15:04 MST"))
	if key.Why != "" {
		says += fmt.Sprintf(", with the key they had until %s", key.Until.UTC().Format("2006-01-02 15:04 MST"))
	}
	return "verified", says
}

// noteOut is the form in which a reader gets an opened note, which the note
// itself never takes.
func noteOut(n casefile.CallNote, state, says string) any {
	return struct {
		Source    casefile.ID `json:"source"`
		Who       string      `json:"who"`
		When      time.Time   `json:"when"`
		Channel   string      `json:"channel"`
		Text      string      `json:"text"`
		By        string      `json:"by"`
		ReadBack  bool        `json:"read_back"`
		At        time.Time   `json:"at,omitzero"`
		Signature string      `json:"signature"` // verified, not verified or unsigned
		Says      string      `json:"says"`
	}{n.Source, n.Who, n.When, n.Channel, n.Text, n.By, n.ReadBack, n.At, state, says}
}

func printNote(w *world, item int64, n casefile.CallNote, says string) error {
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	readBack := "no"
	if n.ReadBack {
		readBack = "yes, and confirmed"
	}
	for _, row := range [][2]string{{"note", fmt.Sprintf("item %d, a call with source %d", item, n.Source)}, {"who spoke", n.Who}, {"when", n.When.Format("2006-01-02 15:04 Z07:00")},
		{"channel", n.Channel}, {"read back", readBack}, {"written by", n.By}, {"signature", says}, {"said", n.Text}} {
		for i, line := range strings.Split(row[1], "\n") {
			if i > 0 {
				row[0] = ""
			}
			fmt.Fprintf(t, "%s\t%s\n", row[0], printable(line))
		}
	}
	return t.Flush()
}
