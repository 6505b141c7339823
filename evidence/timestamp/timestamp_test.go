package timestamp_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence/timestamp"
	"github.com/arasha-org/arasha/internal/tsatest"
)

var checkpoint = []byte("evidence.example.org/arasha\n1000\nJXEdnPKNv0tssp5pDGNDlULJV+ni/3EJqNEDLfVbrHY=\n\n— evidence.example.org/arasha cbbE8/bm\n")

// ask gets a token over checkpoint over HTTP.
func ask(t *testing.T, a *tsatest.Authority) *timestamp.Token {
	t.Helper()
	token, err := timestamp.Ask(context.Background(), a.HTTP.Client(), a.HTTP.URL, checkpoint, rand.Reader)
	if err != nil {
		t.Fatalf("Ask = %v", err)
	}
	return token
}

func trusted(a *tsatest.Authority) timestamp.Options {
	return timestamp.Options{Roots: []*x509.Certificate{a.Root}}
}

// TestRealAuthority: tokens of every form that openssl makes are accepted, and
// openssl accepts what we kept.
func TestRealAuthority(t *testing.T) {
	for name, o := range map[string]tsatest.Trim{
		"RSA, ESSCertIDv2":   {},
		"RSA, ESSCertID v1":  {ESS: "sha1"},
		"ESSCertIDv2 sha512": {ESS: "sha512"},
		"root in the token":  {Certs: true},
		"ECDSA":              {ECDSA: true, Certs: true},
		"SHA-512 signature":  {Digest: "sha512"},
	} {
		t.Run(name, func(t *testing.T) {
			a := tsatest.New(t, o)
			before := time.Now().Add(-2 * time.Second)
			token := ask(t, a)
			proof, err := timestamp.Verify(checkpoint, token.DER, trusted(a))
			if err != nil {
				t.Fatalf("Verify = %v, want a proof", err)
			}
			if proof.Time.Before(before) || proof.Time.After(time.Now().Add(2*time.Second)) || proof.Time.Location() != time.UTC {
				t.Errorf("the token is of %v, asked at %v", proof.Time, before)
			}
			if want := 1500 * time.Millisecond; proof.Accuracy != want {
				t.Errorf("accuracy = %v, want %v", proof.Accuracy, want)
			}
			if !strings.Contains(proof.Authority, "Test Authority") || !strings.Contains(proof.Root, "Test Root") {
				t.Errorf("signed by %q under %q", proof.Authority, proof.Root)
			}
			if len(proof.Unchecked) != 1 {
				t.Errorf("unchecked = %q: no list was given, so the authority's certificate is unchecked", proof.Unchecked)
			}
			if ok, out := a.Agrees(checkpoint, token.DER); !ok {
				t.Errorf("openssl does not agree: %s", out)
			}
		})
	}
}

func TestWrongBytesAndRoots(t *testing.T) {
	a, other := tsatest.New(t, tsatest.Trim{ECDSA: true}), tsatest.New(t, tsatest.Trim{ECDSA: true})
	token := ask(t, a)
	check := func(name string, message []byte, o timestamp.Options, want error) {
		t.Helper()
		if _, err := timestamp.Verify(message, token.DER, o); !errors.Is(err, want) {
			t.Errorf("%s: Verify = %v, want %v", name, err, want)
		}
	}
	check("other bytes", append(bytes.Clone(checkpoint), '\n'), trusted(a), timestamp.ErrImprint)
	check("other root", checkpoint, trusted(other), timestamp.ErrUntrusted)
	check("no root", checkpoint, timestamp.Options{}, timestamp.ErrUntrusted)
	check("the authority itself pinned", checkpoint, timestamp.Options{Roots: []*x509.Certificate{a.TSA}}, nil)
	if ok, _ := a.Agrees(append(bytes.Clone(checkpoint), '\n'), token.DER); ok {
		t.Error("openssl accepts a token over other bytes: the oracle is broken")
	}
	if ok, _ := other.Agrees(checkpoint, token.DER); ok {
		t.Error("openssl accepts a token under another root: the oracle is broken")
	}
	if err := token.CheckNonce(big.NewInt(5)); !errors.Is(err, timestamp.ErrNonce) {
		t.Errorf("CheckNonce(5) = %v, want %v", err, timestamp.ErrNonce)
	}
}

// TestValidity judges certificates at the time of the token.
func TestValidity(t *testing.T) {
	for name, c := range map[string]struct {
		o    tsatest.Trim
		want error
	}{
		"not yet valid":          {tsatest.Trim{ECDSA: true, NotBefore: time.Hour}, timestamp.ErrExpired},
		"expired at stamping":    {tsatest.Trim{ECDSA: true, NotBefore: -2 * time.Hour, NotAfter: -time.Hour}, timestamp.ErrExpired},
		"short life, still good": {tsatest.Trim{ECDSA: true, NotAfter: time.Hour}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := tsatest.New(t, c.o)
			token := ask(t, a)
			if _, err := timestamp.Verify(checkpoint, token.DER, trusted(a)); !errors.Is(err, c.want) {
				t.Errorf("Verify = %v, want %v", err, c.want)
			}
			if ok, out := a.Agrees(checkpoint, token.DER); ok != (c.want == nil) {
				t.Errorf("openssl says %v: %s", ok, out)
			}
		})
	}
}

// TestCertificateFaults makes tokens that only the certificate, or the way it
// is bound, makes bad. "openssl ts" refuses to sign them; "openssl cms" does.
func TestCertificateFaults(t *testing.T) {
	good := ask(t, tsatest.New(t, tsatest.Trim{ECDSA: true}))
	for name, c := range map[string]struct {
		o    tsatest.Trim
		args []string
		want error
		may  bool // openssl ts may differ: see the comment at the case
	}{
		"signed by cms":         {tsatest.Trim{}, []string{"-cades"}, nil, false},
		"named by its key":      {tsatest.Trim{}, []string{"-cades", "-keyid"}, nil, true},                                                           // openssl ts knows only issuer and number
		"RSASSA-PSS":            {tsatest.Trim{}, []string{"-cades", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1"}, nil, true}, // openssl ts knows no PSS
		"for signing code":      {tsatest.Trim{Usage: "codeSigning"}, []string{"-cades"}, timestamp.ErrUsage, false},
		"for time and code":     {tsatest.Trim{Usage: "both"}, []string{"-cades"}, timestamp.ErrUsage, false},
		"for anything":          {tsatest.Trim{Usage: "none"}, []string{"-cades"}, timestamp.ErrUsage, false},
		"usage not critical":    {tsatest.Trim{Soft: true}, []string{"-cades"}, timestamp.ErrUsage, false},
		"no certificate named":  {tsatest.Trim{}, nil, timestamp.ErrCertificate, false},
		"no signed attributes":  {tsatest.Trim{}, []string{"-noattr"}, timestamp.ErrSignature, false},
		"no certificate in it":  {tsatest.Trim{}, []string{"-cades", "-nocerts"}, timestamp.ErrCertificate, false},
		"content of other kind": {tsatest.Trim{}, []string{"-cades", "-econtent_type", "1.2.3.4"}, timestamp.ErrMalformed, false},
		"hashed by SHA-1":       {tsatest.Trim{}, []string{"-cades", "-md", "sha1"}, timestamp.ErrSignature, true}, // openssl still takes SHA-1
	} {
		t.Run(name, func(t *testing.T) {
			a := tsatest.New(t, c.o)
			forged := a.Sign(good.DER, c.args...)
			if _, err := timestamp.Verify(checkpoint, forged, trusted(a)); !errors.Is(err, c.want) {
				t.Errorf("Verify = %v, want %v", err, c.want)
			}
			if ok, out := a.Agrees(checkpoint, forged); !c.may && ok != (c.want == nil) {
				t.Errorf("openssl says %v: %s", ok, out)
			}
		})
	}
}

// TestExpiredSince: a token stays good after its authority's certificate ran
// out, since the chain is judged at the time of the token.
func TestExpiredSince(t *testing.T) {
	const year = 365 * 24 * time.Hour
	good := ask(t, tsatest.New(t, tsatest.Trim{ECDSA: true}))
	a := tsatest.New(t, tsatest.Trim{ECDSA: true, NotBefore: -4 * year, NotAfter: -year})
	a.Year = time.Now().UTC().AddDate(-2, 0, 0).Format("2006")
	old := a.Sign(good.DER, "-cades")
	proof, err := timestamp.Verify(checkpoint, old, trusted(a))
	if err != nil || proof.Time.Format("2006") != a.Year {
		t.Fatalf("Verify of a token of %s = %v, %v", a.Year, proof, err)
	}
	if ok, out := a.Agrees(checkpoint, old, "-attime", strconv.FormatInt(proof.Time.Unix(), 10)); !ok {
		t.Errorf("openssl at the time of the token: %s", out)
	}
	if ok, _ := a.Agrees(checkpoint, old); ok {
		t.Error("openssl accepts it today: the certificate did not run out")
	}
}

func TestRevocation(t *testing.T) {
	a := tsatest.New(t, tsatest.Trim{ECDSA: true})
	other := tsatest.New(t, tsatest.Trim{ECDSA: true})
	token := ask(t, a)
	past, future := token.Time.Add(-time.Hour), token.Time.Add(time.Hour)
	stale := a.List(0, past, 0)
	stale.NextUpdate = past
	for _, c := range []struct {
		name      string
		list      *x509.RevocationList
		want      error
		unchecked int
	}{
		{"no list", nil, nil, 1},
		{"empty list", a.List(0, past, 0), nil, 0},
		{"another certificate revoked", a.List(78, past, 1), nil, 0},
		{"revoked before, no reason", a.List(77, past, 0), timestamp.ErrRevoked, 0},
		{"revoked after, no reason", a.List(77, future, 0), timestamp.ErrRevoked, 0},
		{"revoked after, key compromise", a.List(77, future, 1), timestamp.ErrRevoked, 0},
		{"revoked before, superseded", a.List(77, past, 4), timestamp.ErrRevoked, 0},
		{"revoked after, superseded", a.List(77, future, 4), nil, 0},
		{"revoked after, ceased", a.List(77, future, 5), nil, 0},
		{"list of another issuer of the same name", other.List(77, past, 1), nil, 1},
		{"list that ran out", stale, nil, 1},
	} {
		o := trusted(a)
		if c.list != nil {
			o.Lists = []*x509.RevocationList{c.list}
		}
		proof, err := timestamp.Verify(checkpoint, token.DER, o)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: Verify = %v, want %v", c.name, err, c.want)
			continue
		}
		if err == nil && len(proof.Unchecked) != c.unchecked {
			t.Errorf("%s: unchecked = %q, want %d", c.name, proof.Unchecked, c.unchecked)
		}
		o.NeedLists = true
		if _, err = timestamp.Verify(checkpoint, token.DER, o); c.want == nil && (err == nil) != (c.unchecked == 0) {
			t.Errorf("%s: Verify with NeedLists = %v", c.name, err)
		} else if err != nil && c.want == nil && !errors.Is(err, timestamp.ErrRevocation) {
			t.Errorf("%s: Verify with NeedLists = %v, want %v", c.name, err, timestamp.ErrRevocation)
		}
	}
	a.List(0, past, 0)
	if ok, out := a.Agrees(checkpoint, token.DER, "-CAfile", "root-and-list.pem", "-crl_check"); !ok {
		t.Errorf("openssl with an empty list: %s", out)
	}
	a.List(77, past, 0)
	if ok, out := a.Agrees(checkpoint, token.DER, "-CAfile", "root-and-list.pem", "-crl_check"); ok || !strings.Contains(out, "revoked") {
		t.Errorf("openssl with a revoked certificate: %v %s", ok, out)
	}
}

// TestBetween: an authority that is not directly under its root, trusted by
// the root alone, by a file of both, or by the certificate between alone.
func TestBetween(t *testing.T) {
	a := tsatest.New(t, tsatest.Trim{ECDSA: true, Between: true})
	token := ask(t, a)
	if ok, out := a.Agrees(checkpoint, token.DER); !ok {
		t.Errorf("openssl does not agree: %s", out)
	}
	pems := func(certs ...*x509.Certificate) (all []byte) {
		for _, c := range certs {
			all = append(all, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
		return all
	}
	revoked := a.List(66, token.Time.Add(-time.Hour), 2) // by the root
	for _, c := range []struct {
		name  string
		trust []byte
		chain int
		want  error // with the certificate between revoked
	}{
		{"root", pems(a.Root), 3, timestamp.ErrRevoked},
		{"root and between", pems(a.CA, a.Root), 3, timestamp.ErrRevoked},
		{"between alone, pinned", pems(a.CA), 2, nil},
	} {
		var o timestamp.Options
		must(t, o.Trust(c.trust))
		proof, err := timestamp.Verify(checkpoint, token.DER, o)
		if err != nil || len(proof.Chain) != c.chain {
			t.Errorf("%s: Verify = %v, %v, want a chain of %d", c.name, proof, err, c.chain)
		}
		o.Lists = append(o.Lists, revoked)
		if _, err := timestamp.Verify(checkpoint, token.DER, o); !errors.Is(err, c.want) {
			t.Errorf("%s, revoked: Verify = %v, want %v", c.name, err, c.want)
		}
	}
}

// TestListInToken: a revocation list inside the token speaks as one beside it.
func TestListInToken(t *testing.T) {
	a := tsatest.New(t, tsatest.Trim{ECDSA: true})
	token := ask(t, a)
	for _, c := range []struct {
		name string
		list *x509.RevocationList
		want error
	}{
		{"revoked", a.List(77, token.Time.Add(-time.Hour), 1), timestamp.ErrRevoked},
		{"not revoked", a.List(78, token.Time, 1), nil},
	} {
		o := trusted(a)
		o.NeedLists = true
		if _, err := timestamp.Verify(checkpoint, withList(t, token.DER, c.list.Raw), o); !errors.Is(err, c.want) {
			t.Errorf("%s: Verify = %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := timestamp.Parse(withList(t, token.DER, []byte{0x30, 3, 2, 1, 1})); !errors.Is(err, timestamp.ErrMalformed) {
		t.Errorf("Parse with a list that is none = %v, want %v", err, timestamp.ErrMalformed)
	}
}

// withList puts a revocation list into the signed data of a token, after the
// certificates, where RFC 5652 has it.
func withList(t *testing.T, token, list []byte) []byte {
	t.Helper()
	type pair struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	var outer pair
	_, err := asn1.Unmarshal(token, &outer)
	must(t, err)
	var data asn1.RawValue
	_, err = asn1.Unmarshal(outer.Content.Bytes, &data)
	must(t, err)
	wrap := func(class, tag int, content []byte) []byte {
		der, err := asn1.Marshal(asn1.RawValue{Class: class, Tag: tag, IsCompound: true, Bytes: content})
		must(t, err)
		return der
	}
	var content []byte
	for rest := data.Bytes; len(rest) > 0; {
		var part asn1.RawValue
		rest, err = asn1.Unmarshal(rest, &part)
		must(t, err)
		content = append(content, part.FullBytes...)
		if part.Class == asn1.ClassContextSpecific {
			content = append(content, wrap(asn1.ClassContextSpecific, 1, list)...)
		}
	}
	id, err := asn1.Marshal(outer.Type)
	must(t, err)
	return wrap(0, asn1.TagSequence, append(id, wrap(asn1.ClassContextSpecific, 0, wrap(0, asn1.TagSequence, content))...))
}

// TestAnswersToAnotherQuestion: replies that are real and signed, but not ours.
func TestAnswersToAnotherQuestion(t *testing.T) {
	a := tsatest.New(t, tsatest.Trim{ECDSA: true})
	q, err := timestamp.NewRequest(checkpoint, rand.Reader)
	must(t, err)
	again, err := timestamp.NewRequest(checkpoint, rand.Reader)
	must(t, err)
	elsewhere, err := timestamp.NewRequest([]byte("other"), rand.Reader)
	must(t, err)
	reply := a.Reply(q.DER)
	if _, err := q.Accept(reply); err != nil {
		t.Errorf("Accept of the right reply = %v", err)
	}
	if _, err := again.Accept(reply); !errors.Is(err, timestamp.ErrNonce) {
		t.Errorf("Accept of a replayed reply = %v, want %v", err, timestamp.ErrNonce)
	}
	if _, err := elsewhere.Accept(reply); !errors.Is(err, timestamp.ErrImprint) {
		t.Errorf("Accept of a reply over other bytes = %v, want %v", err, timestamp.ErrImprint)
	}
	// openssl refuses a request it cannot read, with status 2 and a reason.
	refusal := a.Reply([]byte{0x30, 3, 2, 1, 1})
	if _, err := q.Accept(refusal); !errors.Is(err, timestamp.ErrRefused) || !strings.Contains(err.Error(), "could not read") {
		t.Errorf("Accept of a refusal = %v, want %v with the reason", err, timestamp.ErrRefused)
	}
	if _, err := q.Accept(append(bytes.Clone(reply), 0)); !errors.Is(err, timestamp.ErrMalformed) {
		t.Errorf("Accept with a byte after the reply = %v, want %v", err, timestamp.ErrMalformed)
	}
}

// TestAskFaults: what comes back over HTTP in place of a token.
func TestAskFaults(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"a web page": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>log in") }, "text/html"},
		"an error":   {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }, "503"},
		"nothing":    {func(w http.ResponseWriter, _ *http.Request) {}, "cannot be read"},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			w.Write([]byte{48})
		}, "broke off"},
		"a flood":     {func(w http.ResponseWriter, _ *http.Request) { io.CopyN(w, zeros{}, 64<<20) }, "larger than"},
		"granted, ∅ ": {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte{0x30, 5, 0x30, 3, 2, 1, 0}) }, "no token"},
	} {
		s := httptest.NewServer(c.answer)
		_, err := timestamp.Ask(context.Background(), s.Client(), s.URL, checkpoint, rand.Reader)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: Ask = %v, want an error with %q", name, err, c.want)
		}
		s.Close()
	}
	for _, address := range []string{"", "file:///etc/passwd", "ftp://x.example", "https://", "://"} {
		if _, err := timestamp.Ask(context.Background(), http.DefaultClient, address, checkpoint, rand.Reader); err == nil {
			t.Errorf("Ask(%q) gave no error", address)
		}
	}
	_, err := timestamp.Ask(context.Background(), http.DefaultClient, "http://user:secret@127.0.0.1:1/", checkpoint, rand.Reader)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("Ask of a closed port = %v, want an error without the password", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestFlippedBytes changes every bit of real tokens. No changed token passes,
// except where the change lies in a certificate that the token only carries:
// the reader brings his own root, and reads nothing from that copy.
func TestFlippedBytes(t *testing.T) {
	for name, o := range map[string]tsatest.Trim{"bare": {ECDSA: true}, "with root": {ECDSA: true, Certs: true}, "RSA, v1": {ESS: "sha1"}} {
		t.Run(name, func(t *testing.T) {
			a := tsatest.New(t, o)
			token := ask(t, a)
			good, err := timestamp.Verify(checkpoint, token.DER, trusted(a))
			must(t, err)
			root := bytes.Index(token.DER, a.Root.Raw)
			if (root >= 0) != o.Certs {
				t.Fatalf("the root stands at byte %d of the token", root)
			}
			carried := 0
			for i := range token.DER {
				for bit := range 8 {
					b := bytes.Clone(token.DER)
					b[i] ^= 1 << bit
					p, err := timestamp.Verify(checkpoint, b, trusted(a))
					if err != nil {
						continue
					}
					if root < 0 || i < root || i >= root+len(a.Root.Raw) {
						t.Errorf("bit %d of byte %d changed: the token still passes", bit, i)
						continue
					}
					carried++
					if !p.Time.Equal(good.Time) || p.Accuracy != good.Accuracy || !p.Chain[0].Equal(good.Chain[0]) || !p.Chain[1].Equal(a.Root) {
						t.Errorf("bit %d of byte %d changed: the proof now says %v by %s", bit, i, p.Time, p.Authority)
					}
				}
				if _, err := timestamp.Verify(checkpoint, token.DER[:i], trusted(a)); err == nil {
					t.Errorf("a token cut to %d bytes passes", i)
				}
			}
			t.Logf("%d of %d changed bits lie in the carried root and pass with the same proof", carried, 8*len(token.DER))
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x30, 0x80, 0, 0})
	if a := tsatest.New(f, tsatest.Trim{ECDSA: true, Certs: true}); a != nil {
		q, err := timestamp.NewRequest(checkpoint, rand.Reader)
		must(f, err)
		reply := a.Reply(q.DER)
		f.Add(reply)
		var r struct {
			Status asn1.RawValue
			Token  asn1.RawValue
		}
		_, err = asn1.Unmarshal(reply, &r)
		must(f, err)
		f.Add(r.Token.FullBytes)
	}
	q, err := timestamp.NewRequest(checkpoint, rand.Reader)
	must(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := timestamp.Verify(checkpoint, b, timestamp.Options{}); err == nil {
			t.Error("a token passes with no root at all")
		}
		if _, err := q.Accept(b); err == nil {
			t.Error("a reply answers a fresh nonce")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	for name, o := range map[string]tsatest.Trim{"RSA": {}, "ECDSA": {ECDSA: true}} {
		b.Run(name, func(b *testing.B) {
			a := tsatest.New(b, o)
			token, err := timestamp.Ask(context.Background(), a.HTTP.Client(), a.HTTP.URL, checkpoint, rand.Reader)
			must(b, err)
			for b.Loop() {
				if _, err := timestamp.Verify(checkpoint, token.DER, trusted(a)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
