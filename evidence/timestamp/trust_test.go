package timestamp_test

import (
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence/timestamp"
	"github.com/arasha-org/arasha/internal/tsatest"
	"github.com/google/go-cmp/cmp"
)

func TestReadAuthorities(t *testing.T) {
	got, err := timestamp.ReadAuthorities(strings.NewReader("\ufeff# whom we ask\n\nhttps://time.example/tsr roots/time.pem lists/time.crl\nhttp://other.example\n"))
	want := []timestamp.Authority{{URL: "https://time.example/tsr", Trust: []string{"roots/time.pem", "lists/time.crl"}}, {URL: "http://other.example", Trust: []string{}}}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("ReadAuthorities = %v, %v, want %v", got, err, want)
	}
	for text, part := range map[string]string{
		"time.example roots.pem":                          "line 1",
		"\n\nftp://time.example":                          "line 3",
		"https://a.example x\nhttps://a.example y":        "twice",
		"https://a.example " + strings.Repeat("x", 1<<17): "too long",
	} {
		if _, err := timestamp.ReadAuthorities(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("ReadAuthorities(%.40q) = %v, want an error with %q", text, err, part)
		}
	}
}

func TestReadPEM(t *testing.T) {
	a := tsatest.New(t, tsatest.Trim{ECDSA: true})
	list := a.List(77, time.Now(), 1)
	root := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw}))
	crl := string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list.Raw}))
	certs, lists, err := timestamp.ReadPEM([]byte("Test Root\n" + root + "and its list\n" + crl))
	if err != nil || len(certs) != 1 || len(lists) != 1 || !certs[0].Equal(a.Root) {
		t.Errorf("ReadPEM = %d certificates, %d lists, %v", len(certs), len(lists), err)
	}
	for name, text := range map[string]string{
		"nothing":       "",
		"a web page":    "<html>",
		"a private key": root + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"half a block":  root + root[:200],
		"no real list":  strings.ReplaceAll(root, "CERTIFICATE", "X509 CRL"),
	} {
		if _, _, err := timestamp.ReadPEM([]byte(text)); err == nil {
			t.Errorf("ReadPEM of %s gave no error", name)
		}
	}
	for _, b := range [][]byte{list.Raw, []byte(crl)} {
		if l, err := timestamp.ReadRevocationList(b); err != nil || len(l.RevokedCertificateEntries) != 1 {
			t.Errorf("ReadRevocationList = %v, %v", l, err)
		}
	}
	if _, err := timestamp.ReadRevocationList([]byte(root)); err == nil {
		t.Error("ReadRevocationList of a certificate gave no error")
	}
}

func FuzzReadPEM(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
	f.Add([]byte("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if certs, lists, err := timestamp.ReadPEM(b); err == nil && len(certs)+len(lists) == 0 {
			t.Error("nothing was read and nothing was wrong")
		}
		timestamp.ReadRevocationList(b)
	})
}

func FuzzReadAuthorities(f *testing.F) {
	f.Add("# whom\nhttps://time.example/tsr roots/time.pem\n")
	f.Fuzz(func(t *testing.T, s string) {
		all, err := timestamp.ReadAuthorities(strings.NewReader(s))
		for _, a := range all {
			if e := timestamp.CheckAddress(a.URL); err == nil && e != nil {
				t.Error(e)
			}
		}
	})
}
