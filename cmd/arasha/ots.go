package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/arasha-org/arasha/evidence/timestamp/ots"
	"github.com/arasha-org/arasha/internal/disk"
)

// otsCmd dates files by the Bitcoin chain, with proofs in OpenTimestamps files.
type otsCmd struct {
	Stamp   otsStampCmd   `cmd:"" help:"Ask calendars to have a file's hash put into a block; writes FILE.ots."`
	Upgrade otsUpgradeCmd `cmd:"" help:"Fetch the block that calendars promised; some hours later."`
	Verify  otsVerifyCmd  `cmd:"" help:"Check FILE.ots offline, with headers of blocks that you bring."`
}

type otsStampCmd struct {
	File string `arg:"" optional:"" help:"What to date: a checkpoint, or any file. Without it, the newest checkpoint of the home."`
	homeFlags
	Calendar []string      `required:"" placeholder:"URL" sep:"none" help:"Ask this calendar; may be repeated."`
	Timeout  time.Duration `default:"30s" help:"Wait so long for a calendar."`
}

type otsUpgradeCmd struct {
	Proof    string        `arg:"" help:"The .ots file; it is replaced by the longer one."`
	Calendar []string      `required:"" placeholder:"URL" sep:"none" help:"Ask this calendar; no other is asked, whatever the proof says."`
	Timeout  time.Duration `default:"30s" help:"Wait so long for a calendar."`
}

type otsVerifyCmd struct {
	Proof   string `arg:"" help:"The .ots file."`
	File    string `arg:"" optional:"" help:"What it dates; the proof's name without .ots when absent."`
	Headers string `type:"existingfile" placeholder:"FILE" help:"Headers of blocks, one a line: height, 160 hexadecimal digits, perhaps the hash."`
}

func (c *otsStampCmd) Run(ctx context.Context, w *world) (err error) {
	if c.File == "" {
		if c.File, err = c.newestCheckpoint(w); err != nil {
			return err
		}
	}
	path := c.File + ".ots"
	if _, err := os.Lstat(path); err == nil {
		return cannotTell("Fetch its blocks with \"arasha evidence ots upgrade\", or move it away.", "%s exists already", path)
	}
	digest, err := sumFile(c.File)
	if err != nil {
		return err
	}
	p, err := ots.Stamp(ctx, onlyNamed(c.Timeout), digest, c.Calendar, rand.Reader)
	if err != nil {
		sayLines(w, err)
	}
	if p == nil {
		return cannotTell("", "no calendar gave a promise for %s", c.File)
	}
	if err := disk.Write(path, 0o644, p.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s: %d promised\n", path, len(p.Attestations()))
	w.say("A block will hold it in some hours. Then: arasha evidence ots upgrade %s --calendar %s", path, strings.Join(c.Calendar, " --calendar "))
	return nil
}

func (c *otsUpgradeCmd) Run(ctx context.Context, w *world) error {
	p, err := readProof(c.Proof)
	if err != nil {
		return err
	}
	kept, err := p.Upgrade(ctx, onlyNamed(c.Timeout), c.Calendar)
	if err != nil {
		sayLines(w, err)
	}
	if kept > 0 {
		if err := disk.Write(c.Proof, 0o644, p.Bytes()); err != nil {
			return err
		}
	}
	blocks := 0
	for _, a := range p.Attestations() {
		if a.Kind == ots.Bitcoin {
			blocks++
			fmt.Fprintf(w.out, "%s: block %d\n", c.Proof, a.Height)
		}
	}
	if blocks == 0 {
		return cannotTell("Try again in some hours.", "%s is in no block yet", c.Proof)
	}
	return nil
}

func (c *otsVerifyCmd) Run(w *world) error {
	if c.File == "" {
		c.File = strings.TrimSuffix(c.Proof, ".ots")
		if c.File == c.Proof {
			return wrongUse("Name the file after the proof.", "which file does %s date?", c.Proof)
		}
	}
	p, err := readProof(c.Proof)
	if err != nil {
		return err
	}
	digest, err := sumFile(c.File)
	if err != nil {
		return err
	}
	headers, err := readHeaders(c.Headers)
	if err != nil {
		return err
	}
	h, err := p.Check(digest, headers)
	switch {
	case errors.Is(err, ots.ErrDigest), errors.Is(err, ots.ErrBlock):
		fmt.Fprintf(w.out, "%s does not date %s\n", c.Proof, c.File)
		w.say("arasha: %v", err)
		return answerNo()
	case errors.Is(err, ots.ErrNoHeader):
		return cannotTell("Bring the header with --headers; a node prints it: bitcoin-cli getblockheader HASH false", "%s: %v", c.Proof, err)
	case errors.Is(err, ots.ErrPending):
		return cannotTell("Fetch the block with \"arasha evidence ots upgrade\".", "%s: %v", c.Proof, err)
	case err != nil:
		return cannotTell("", "%s: %v", c.Proof, err)
	}
	fmt.Fprintf(w.out, "%s existed before block %d, made about %s\n  block %s\n", c.File, h.Height, h.Time().Format("2006-01-02 15:04 UTC"), h.Hash())
	w.say("Compare the block's hash with one you got another way: only a block of the real chain proves anything.")
	return nil
}

// readProof reads an .ots file.
func readProof(path string) (*ots.Proof, error) {
	b, err := readFile(path)
	if err != nil {
		return nil, err
	}
	p, err := ots.Parse(b)
	if err != nil {
		return nil, cannotTell("", "%s: %v", path, err)
	}
	return p, nil
}

// readHeaders reads the headers of blocks that the reader brings; "" is none.
func readHeaders(path string) ([]ots.Header, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, cannotTell("", "%v", err)
	}
	defer f.Close()
	headers, err := ots.ReadHeaders(f)
	if err != nil {
		return nil, cannotTell("", "%s: %v", path, err)
	}
	return headers, nil
}

// sumFile returns the SHA-256 of a file.
func sumFile(path string) (sum [32]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, cannotTell("", "%v", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, cannotTell("", "%v", err)
	}
	h.Sum(sum[:0])
	return sum, nil
}

// sayLines says each line of a joined error.
func sayLines(w *world, err error) {
	for line := range strings.Lines(err.Error()) {
		w.say("arasha: %s", strings.TrimSuffix(line, "\n"))
	}
}
