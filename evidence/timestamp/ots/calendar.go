package ots

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxReply is the most bytes a calendar may answer; the OpenTimestamps tools
// have the same bound.
const maxReply = 10_000

// ErrNotYet says that a calendar has only its promise so far.
var ErrNotYet = errors.New("ots: the calendar has no block yet")

// Stamp asks each calendar to attest digest and returns the proof. Calendars
// that failed are in the error, one line each; the proof is nil only when all
// did. A calendar sees a salted hash and our address on the network.
func Stamp(ctx context.Context, client *http.Client, digest [32]byte, calendars []string, random io.Reader) (*Proof, error) {
	p, err := fresh(digest, random)
	if err != nil {
		return nil, err
	}
	if len(calendars) == 0 {
		return nil, errors.New("ots: no calendar was named")
	}
	salted := &p.start.steps[0].next.steps[0]
	value := apply(opSHA256, apply(opAppend, digest[:], p.start.steps[0].arg), nil)
	var errs []error
	for _, c := range calendars {
		body, err := exchange(ctx, client, http.MethodPost, c, "digest", value)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		n, err := readNode(body, value)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c, err))
			continue
		}
		salted.next.merge(n)
	}
	if len(salted.next.attested)+len(salted.next.steps) == 0 {
		return nil, errors.Join(errs...)
	}
	if _, err := Parse(p.Bytes()); err != nil {
		return nil, fmt.Errorf("the calendars' answers make no proof together: %w", err)
	}
	return p, errors.Join(errs...)
}

// Upgrade asks for the blocks that calendars promised and adds them to p. It
// talks only to calendars named by the caller, never to an address that merely
// stands in the proof. It returns how many promises were kept; the error
// joins [ErrNotYet] and faults, one line each.
func (p *Proof) Upgrade(ctx context.Context, client *http.Client, calendars []string) (kept int, err error) {
	var errs []error
	before := p.Bytes()
	p.start.walk(func(n *node) {
		if slices.ContainsFunc(n.attested, func(a Attestation) bool { return a.Kind == Bitcoin }) {
			return
		}
		for _, a := range slices.Clone(n.attested) {
			if a.Kind != Pending || n.confirmed() {
				continue
			}
			if !slices.ContainsFunc(calendars, func(c string) bool { return strings.TrimRight(c, "/") == strings.TrimRight(a.URI, "/") }) {
				errs = append(errs, fmt.Errorf("ots: the proof waits for the calendar %s, which was not named: it was not asked", a.URI))
				continue
			}
			body, err := exchange(ctx, client, http.MethodGet, a.URI, "timestamp/"+hex.EncodeToString(a.Value), nil)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			more, err := readNode(body, a.Value)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", a.URI, err))
				continue
			}
			if !more.confirmed() {
				errs = append(errs, fmt.Errorf("%s: %w", a.URI, ErrNotYet))
				continue
			}
			n.merge(more)
			kept++
		}
	})
	if _, err := Parse(p.Bytes()); err != nil { // too long or too deep with the additions
		old, _ := Parse(before)
		*p = *old
		return 0, fmt.Errorf("the calendars' answers make no proof together: %w", err)
	}
	return kept, errors.Join(errs...)
}

// confirmed reports whether n or what follows it is in a block.
func (n *node) confirmed() bool {
	found := false
	n.walk(func(n *node) {
		for _, a := range n.attested {
			found = found || a.Kind == Bitcoin
		}
	})
	return found
}

// merge adds what m has beyond n; both stand for the same value.
func (n *node) merge(m node) {
	for _, a := range m.attested {
		if !slices.ContainsFunc(n.attested, func(b Attestation) bool { return a.tag == b.tag && bytes.Equal(a.payload, b.payload) }) {
			n.attested = append(n.attested, a)
		}
	}
	for _, s := range m.steps {
		i := slices.IndexFunc(n.steps, func(t step) bool { return s.op == t.op && bytes.Equal(s.arg, t.arg) })
		if i < 0 {
			n.steps = append(n.steps, s)
			continue
		}
		n.steps[i].next.merge(s.next)
	}
}

// readNode reads what a calendar answers: the tree after value, alone.
func readNode(b, value []byte) (node, error) {
	r := &reader{b: b}
	n := r.node(value, 0)
	return n, r.end()
}

// exchange sends one request to a calendar.
func exchange(ctx context.Context, client *http.Client, method, calendar, path string, body []byte) ([]byte, error) {
	u, err := url.Parse(calendar)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || !plainURI(calendar) {
		return nil, fmt.Errorf("ots: %.200q is not the address of a calendar: it begins with http:// or https:// and has no query", calendar)
	}
	q, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(calendar, "/")+"/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ots: %w", err)
	}
	q.Header.Set("Accept", "application/vnd.opentimestamps.v1")
	if method == http.MethodPost {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded") // what the public calendars expect
	}
	resp, err := client.Do(q)
	if err != nil {
		return nil, fmt.Errorf("ots: no answer from %s: %w", calendar, errors.Unwrap(err))
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound && method == http.MethodGet:
		return nil, fmt.Errorf("%s: %w", calendar, ErrNotYet)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ots: %s answered %s", calendar, resp.Status)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err != nil {
		return nil, fmt.Errorf("ots: the answer of %s broke off: %w", calendar, err)
	}
	if len(b) > maxReply {
		return nil, fmt.Errorf("ots: the answer of %s is larger than %d bytes", calendar, maxReply)
	}
	return b, nil
}
