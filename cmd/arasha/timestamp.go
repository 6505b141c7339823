package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/timestamp"
	"github.com/arasha-org/arasha/internal/disk"
)

type timestampCmd struct {
	File      string   `arg:"" optional:"" help:"What to date: a checkpoint, or any file. Without it, the newest checkpoint of the home."`
	Authority []string `placeholder:"URL" sep:"none" help:"Ask this authority; may be repeated. Without it, those of authorities.txt in the home."`
	Roots     []string `type:"existingfile" placeholder:"PEM" sep:"none" help:"Trust the certificates of this file, and use its revocation lists."`
	List      []string `type:"existingfile" placeholder:"CRL" sep:"none" help:"Use this revocation list, PEM or DER."`
	NeedList  bool     `help:"Do not believe a certificate that no revocation list speaks for."`
	Token     []string `type:"existingfile" placeholder:"FILE" sep:"none" help:"Send nothing: check this kept token over FILE."`
	homeFlags
	Timeout time.Duration `default:"30s" help:"Wait so long for an authority."`
	JSON    bool          `help:"Print JSON."`
}

func (timestampCmd) Help() string {
	return `An authority says, with its signature, when the bytes of FILE existed (RFC 3161). It gets
their SHA-256 and sees our address on the network, nothing else. The token is kept beside
FILE as FILE.HOST-TIME.tst; "openssl ts -verify -token_in" reads it too.

In a home they are log/checkpoints/SIZE.txt and its neighbours, and authorities.txt names
whom to ask and whom to trust.

Example: date a checkpoint, and check the token years later
  arasha evidence timestamp checkpoint --authority https://time.example/tsr --roots time.pem
  arasha evidence timestamp checkpoint --token checkpoint.time.example-20200504T120000Z.tst --roots time.pem

Exit codes: 0 every token is good, 1 a token is not, 2 no answer, or nobody to trust was named`
}

// A stamped is what is known about one token; it is printed as JSON.
type stamped struct {
	Authority string    `json:"authority,omitempty"`
	Token     string    `json:"token,omitempty"` // its file
	Time      time.Time `json:"time,omitzero"`
	Accuracy  float64   `json:"accuracy_seconds,omitempty"`
	SignedBy  string    `json:"signed_by,omitempty"`
	Root      string    `json:"root,omitempty"`
	Unchecked []string  `json:"revocation_unchecked,omitempty"`
	Error     string    `json:"error,omitempty"`

	err error
}

// errNoRoot says that all of a token holds but nobody said whom to trust.
var errNoRoot = errors.New("whether to trust who signed it cannot be told: no root was named (--roots)")

func (c *timestampCmd) Run(ctx context.Context, w *world) error {
	message, err := c.message(w)
	if err != nil {
		return err
	}
	var all []stamped
	if len(c.Token) > 0 {
		if len(c.Authority) > 0 {
			return wrongUse("Leave out one of them.", "--token checks a kept token and sends nothing, --authority asks for a new one")
		}
		all, err = c.check(message)
	} else {
		all, err = c.ask(ctx, message)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		sum := sha256.Sum256(message)
		for i := range all {
			if all[i].err != nil {
				all[i].Error = all[i].err.Error()
			}
		}
		e := json.NewEncoder(w.out)
		e.SetIndent("", "  ")
		if err := e.Encode(map[string]any{"file": c.File, "sha256": hex.EncodeToString(sum[:]), "tokens": all}); err != nil {
			return err
		}
	}
	return c.tell(w, all)
}

// message reads what is to be dated.
func (c *timestampCmd) message(w *world) (b []byte, err error) {
	if c.File == "" {
		if c.File, err = c.newestCheckpoint(w); err != nil {
			return nil, err
		}
	}
	if b, err = readFile(c.File); err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, cannotTell("An empty file proves nothing.", "%s is empty", c.File)
	}
	return b, nil
}

// newestCheckpoint returns the file of the newest signed state of the home's log.
func (f *homeFlags) newestCheckpoint(w *world) (string, error) {
	if f.Home == "" {
		return "", wrongUse("Name a file, or a home with --home.", "what shall be dated?")
	}
	h, err := f.open(w)
	if err != nil {
		return "", err
	}
	size := h.Log.Head().Size
	if size == 0 {
		return "", cannotTell("Keep something first: arasha evidence add FILE.", "the log of %s is empty", f.Home)
	}
	return filepath.Join(f.Home, "log", "checkpoints", evidence.CheckpointName(size)), nil
}

// trust reads whom to believe: the files named, and more.
func (c *timestampCmd) trust(more ...string) (timestamp.Options, error) {
	o := timestamp.Options{NeedLists: c.NeedList}
	for _, path := range append(c.Roots[:len(c.Roots):len(c.Roots)], more...) {
		b, err := readFile(path)
		if err != nil {
			return o, err
		}
		if err := o.Trust(b); err != nil {
			return o, cannotTell("A file of roots is PEM, as \"openssl x509 -in root.crt\" prints it.", "%s: %v", path, err)
		}
	}
	for _, path := range c.List {
		b, err := readFile(path)
		if err != nil {
			return o, err
		}
		l, err := timestamp.ReadRevocationList(b)
		if err != nil {
			return o, cannotTell("", "%s: %v", path, err)
		}
		o.Lists = append(o.Lists, l)
	}
	return o, nil
}

// authorities returns whom to ask: those named, or those of the home. An
// authority named by hand keeps the roots that the home has for it.
func (c *timestampCmd) authorities() ([]timestamp.Authority, error) {
	kept, err := c.homeFlags.authorities()
	if err != nil || len(c.Authority) == 0 {
		return kept, err
	}
	var all []timestamp.Authority
	for _, u := range c.Authority {
		if err := timestamp.CheckAddress(u); err != nil {
			return nil, wrongUse("", "%v", err)
		}
		a := timestamp.Authority{URL: u}
		for _, k := range kept {
			if k.URL == u {
				a = k
			}
		}
		all = append(all, a)
	}
	return all, nil
}

// authorities reads authorities.txt of the home, where it has one. Paths in it
// begin at the home.
func (f *homeFlags) authorities() ([]timestamp.Authority, error) {
	if f.Home == "" {
		return nil, nil
	}
	path := filepath.Join(f.Home, "authorities.txt")
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, cannotTell("", "%s cannot be read: %v", path, plainError(err))
	}
	defer file.Close()
	all, err := timestamp.ReadAuthorities(file)
	if err != nil {
		return nil, cannotTell("", "%s: %v", path, err)
	}
	for i := range all {
		for j, p := range all[i].Trust {
			if !filepath.IsAbs(p) {
				all[i].Trust[j] = filepath.Join(f.Home, p)
			}
		}
	}
	return all, nil
}

// onlyNamed returns a client that follows no redirection: nobody is asked but
// whom the user named.
func onlyNamed(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return errors.New("it sends us elsewhere; name the address it sends to, if you trust it")
	}}
}

// ask gets a token from every authority at once and keeps those that hold.
func (c *timestampCmd) ask(ctx context.Context, message []byte) ([]stamped, error) {
	authorities, err := c.authorities()
	if err != nil {
		return nil, err
	}
	if len(authorities) == 0 {
		return nil, wrongUse("Name one with --authority, or write authorities.txt in the home: see docs/guide/timestamps.md.", "no authority was named")
	}
	options := make([]timestamp.Options, len(authorities))
	for i, a := range authorities {
		if options[i], err = c.trust(a.Trust...); err != nil {
			return nil, err
		}
	}
	client := onlyNamed(c.Timeout)
	all := make([]stamped, len(authorities))
	var wait sync.WaitGroup
	for i, a := range authorities {
		wait.Go(func() { all[i] = c.askOne(ctx, client, a.URL, message, options[i]) })
	}
	wait.Wait()
	return all, ctx.Err()
}

func (c *timestampCmd) askOne(ctx context.Context, client *http.Client, address string, message []byte, o timestamp.Options) stamped {
	u, _ := url.Parse(address)
	s := stamped{Authority: u.Redacted()}
	token, err := timestamp.Ask(ctx, client, address, message, rand.Reader)
	if err != nil {
		s.err = err
		return s
	}
	s.verify(message, token.DER, o)
	// Without roots the rest has been checked: the token is worth keeping.
	if s.err == nil || errors.Is(s.err, errNoRoot) {
		s.Time = token.Time
		if s.Token, err = keepToken(fmt.Sprintf("%s.%s-%s", c.File, hostName(u), token.Time.Format("20060102T150405Z")), token.DER); err != nil {
			s.err = err
		}
	}
	return s
}

// check judges kept tokens offline.
func (c *timestampCmd) check(message []byte) ([]stamped, error) {
	var more []string
	authorities, err := c.authorities()
	if err != nil {
		return nil, err
	}
	for _, a := range authorities {
		more = append(more, a.Trust...)
	}
	o, err := c.trust(more...)
	if err != nil {
		return nil, err
	}
	var all []stamped
	for _, path := range c.Token {
		b, err := readFile(path)
		if err != nil {
			return nil, err
		}
		s := stamped{Token: path}
		s.verify(message, b, o)
		all = append(all, s)
	}
	return all, nil
}

// verify fills in what a token proves.
func (s *stamped) verify(message, der []byte, o timestamp.Options) {
	p, err := timestamp.Verify(message, der, o)
	switch {
	case err == nil:
		s.Time, s.Accuracy, s.SignedBy, s.Root, s.Unchecked = p.Time, p.Accuracy.Seconds(), p.Authority, p.Root, p.Unchecked
	case len(o.Roots) == 0 && errors.Is(err, timestamp.ErrUntrusted):
		s.err = errNoRoot
	default:
		s.err = err
	}
}

// tell prints the outcome and returns the exit code.
func (c *timestampCmd) tell(w *world, all []stamped) error {
	good, bad := 0, 0
	for i := range all {
		s := &all[i]
		switch {
		case s.err == nil:
			good++
			if !c.JSON {
				fmt.Fprintf(w.out, "%s existed at %s", c.File, s.Time.Format("2006-01-02 15:04:05 UTC"))
				if s.Accuracy > 0 {
					fmt.Fprintf(w.out, " (± %g s)", s.Accuracy)
				}
				fmt.Fprintf(w.out, "\n  says %s\n  under the root %s\n  token %s\n", s.SignedBy, s.Root, s.Token)
			}
			for _, u := range s.Unchecked {
				w.say("note: not checked whether revoked: %s", u)
			}
		case s.Authority != "":
			w.say("arasha: %s: %v", s.Authority, s.err)
			if s.Token != "" {
				w.say("note: its signature holds; the token is kept as %s", s.Token)
			}
		default:
			w.say("arasha: %s: %v", s.Token, s.err)
		}
		if s.err != nil && !absent(s.err) {
			bad++
		}
	}
	switch {
	case bad > 0:
		return answerNo()
	case good == 0:
		return &exitError{code: exitUnknown}
	case good < len(all):
		w.say("note: %d of %d gave a good token", good, len(all))
	}
	return nil
}

// absent reports whether err says that something is missing, not that a token
// is bad.
func absent(err error) bool {
	for _, bad := range []error{timestamp.ErrImprint, timestamp.ErrNonce, timestamp.ErrSignature,
		timestamp.ErrCertificate, timestamp.ErrUsage, timestamp.ErrExpired, timestamp.ErrUntrusted, timestamp.ErrRevoked} {
		if errors.Is(err, bad) {
			return false
		}
	}
	return true
}

// hostName returns a host as a part of a file name.
func hostName(u *url.URL) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') {
			return r
		}
		return '-'
	}, strings.ToLower(u.Host))
}

// keepToken writes a token beside what it dates, read-only and never in the
// place of another, and returns its path.
func keepToken(stem string, der []byte) (string, error) {
	for n := 1; ; n++ {
		path := stem + ".tst"
		if n > 1 {
			path = fmt.Sprintf("%s-%d.tst", stem, n)
		}
		if _, err := os.Lstat(path); err == nil {
			continue
		}
		if err := disk.Write(path, 0o444, der); err != nil {
			return "", cannotTell("", "%s could not be written: %v", path, err)
		}
		return path, nil
	}
}
