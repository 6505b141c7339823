// Package tsatest makes timestamp authorities and calendars on loopback for
// tests. An authority has its own root, and its tokens are made by "openssl ts",
// a program that is not ours.
package tsatest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// An Authority is a certificate authority and a timestamp authority under it.
type Authority struct {
	Dir  string            // holds root.pem, tsa.pem, tsa.key, tsa.cnf
	Root *x509.Certificate // CN=Test Root
	TSA  *x509.Certificate // number 77
	CA   *x509.Certificate // number 66, between root and authority when Trim.Between
	HTTP *httptest.Server  // answers timestamp requests
	Year string            // when not empty, the year that Sign puts into the token

	t   testing.TB
	key crypto.Signer // the root's
	one sync.Mutex    // openssl keeps its serial number in a file
}

// Trim changes what New makes.
type Trim struct {
	Usage     string        // extended key usage of the authority: timeStamping when empty, codeSigning, both, none
	Soft      bool          // the usage is not critical
	ESS       string        // ess_cert_id_alg, "sha256" when empty
	Certs     bool          // put the root into the token too
	Between   bool          // another certificate between, which stands in the token
	ECDSA     bool          // an ECDSA authority in place of RSA
	NotBefore time.Duration // of the authority's certificate, from now; -1 h when 0
	NotAfter  time.Duration // from now; +10 years when 0
	Digest    string        // signer_digest, "sha256" when empty
}

// OpenSSL returns the path of openssl, or skips the test.
func OpenSSL(t testing.TB) string {
	path, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is needed in CI")
		}
		t.Skip("openssl is not installed")
	}
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeFile(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	must(t, os.WriteFile(path, data, 0o600))
	return path
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// New makes keys, certificates and an HTTP server on loopback. It skips the
// test where openssl is absent and fails it there in CI.
func New(t testing.TB, o Trim) *Authority {
	t.Helper()
	OpenSSL(t)
	a := &Authority{t: t, Dir: t.TempDir()}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	a.key = rootKey
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"}, NotBefore: now.AddDate(-10, 0, 0), NotAfter: now.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, rootKey.Public(), rootKey)
	must(t, err)
	a.Root, err = x509.ParseCertificate(der)
	must(t, err)

	var key crypto.Signer
	if o.ECDSA {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	must(t, err)
	if o.NotBefore == 0 {
		o.NotBefore = -time.Hour
	}
	if o.NotAfter == 0 {
		o.NotAfter = 10 * 365 * 24 * time.Hour
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "Test Authority", Organization: []string{"Invented Time Office"}},
		NotBefore: now.Add(o.NotBefore), NotAfter: now.Add(o.NotAfter), KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
		SubjectKeyId: []byte("invented key id"),
	}
	usages := map[string]string{"timeStamping": "300a06082b06010505070308", "codeSigning": "300a06082b06010505070303", "both": "301406082b0601050507030806082b06010505070303"}
	if o.Usage == "" {
		o.Usage = "timeStamping"
	}
	if v, ok := usages[o.Usage]; ok {
		var value []byte
		fmt.Sscanf(v, "%x", &value)
		leaf.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 37}, Critical: !o.Soft, Value: value}}
	}
	issuer := a.Root
	if o.Between {
		ca := *template
		ca.SerialNumber, ca.Subject = big.NewInt(66), pkix.Name{CommonName: "Test Between"}
		der, err = x509.CreateCertificate(rand.Reader, &ca, a.Root, rootKey.Public(), rootKey) // one key is enough here
		must(t, err)
		a.CA, err = x509.ParseCertificate(der)
		must(t, err)
		writeFile(t, a.Dir, "between.pem", pemOf("CERTIFICATE", a.CA.Raw))
		issuer = a.CA
	}
	der, err = x509.CreateCertificate(rand.Reader, leaf, issuer, key.Public(), rootKey)
	must(t, err)
	a.TSA, err = x509.ParseCertificate(der)
	must(t, err)

	writeFile(t, a.Dir, "root.pem", pemOf("CERTIFICATE", a.Root.Raw))
	writeFile(t, a.Dir, "tsa.pem", pemOf("CERTIFICATE", a.TSA.Raw))
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	writeFile(t, a.Dir, "tsa.key", pemOf("PRIVATE KEY", pkcs8))
	writeFile(t, a.Dir, "serial", []byte("01\n"))
	if o.ESS == "" {
		o.ESS = "sha256"
	}
	if o.Digest == "" {
		o.Digest = "sha256"
	}
	config := "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=" + o.Digest +
		"\ndefault_policy=1.3.6.1.4.1.99999.1\ndigests=sha256,sha384,sha512\naccuracy=secs:1,millisecs:500\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=" + o.ESS + "\n"
	if o.Between {
		config += "certs=between.pem\n"
	}
	if o.Certs {
		config += "certs=root.pem\n"
	}
	writeFile(t, a.Dir, "tsa.cnf", []byte(config))
	a.HTTP = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/timestamp-query" {
			http.Error(w, "POST application/timestamp-query", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		w.Write(a.Reply(q))
	}))
	t.Cleanup(a.HTTP.Close)
	return a
}

// run calls openssl in the authority's folder and returns what it printed.
func (a *Authority) run(args ...string) (string, error) {
	c := exec.Command("openssl", args...)
	c.Dir = a.Dir
	out, err := c.CombinedOutput()
	return string(out), err
}

// Reply answers a query as "openssl ts" does.
func (a *Authority) Reply(query []byte) []byte {
	a.t.Helper()
	a.one.Lock()
	defer a.one.Unlock()
	writeFile(a.t, a.Dir, "query", query)
	if out, err := a.run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"); err != nil {
		a.t.Fatalf("openssl ts -reply: %v\n%s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(a.Dir, "reply"))
	must(a.t, err)
	return b
}

// Agrees asks "openssl ts -verify" for its opinion of a token over message.
func (a *Authority) Agrees(message, token []byte, extra ...string) (bool, string) {
	a.t.Helper()
	writeFile(a.t, a.Dir, "message", message)
	writeFile(a.t, a.Dir, "token", token)
	args := append([]string{"ts", "-verify", "-data", "message", "-in", "token", "-token_in", "-CAfile", "root.pem"}, extra...)
	out, err := a.run(args...)
	return err == nil && strings.Contains(out, "Verification: OK"), out
}

// List makes a revocation list of the root; serial 0 leaves it empty, and
// reason 0 is left out.
func (a *Authority) List(serial int64, when time.Time, reason int) *x509.RevocationList {
	a.t.Helper()
	now := time.Now()
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: now.Add(-time.Minute), NextUpdate: now.Add(24 * time.Hour)}
	if serial != 0 {
		e := x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: when, ReasonCode: reason}
		template.RevokedCertificateEntries = []x509.RevocationListEntry{e}
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, a.Root, a.key)
	must(a.t, err)
	l, err := x509.ParseRevocationList(der)
	must(a.t, err)
	writeFile(a.t, a.Dir, "root-and-list.pem", bytes.Join([][]byte{pemOf("CERTIFICATE", a.Root.Raw), pemOf("X509 CRL", der)}, nil))
	return l
}

// Sign makes a token over the TSTInfo of token with "openssl cms -sign", which
// signs with any certificate, so that bad ones can be tried too.
func (a *Authority) Sign(token []byte, args ...string) []byte {
	a.t.Helper()
	writeFile(a.t, a.Dir, "good", token)
	if !slices.Contains(args, "-econtent_type") {
		args = append(args, "-econtent_type", "1.2.840.113549.1.9.16.1.4")
	}
	if out, err := a.run("cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "good", "-out", "tstinfo"); err != nil {
		a.t.Fatalf("openssl cms -verify: %v\n%s", err, out)
	}
	if a.Year != "" { // genTime is a GeneralizedTime: YYYYMMDDhhmmssZ
		tst, err := os.ReadFile(filepath.Join(a.Dir, "tstinfo"))
		must(a.t, err)
		now := []byte(time.Now().UTC().Format("2006"))
		i := bytes.Index(tst, append([]byte{0x18, 15}, now...))
		copy(tst[i+2:], a.Year)
		writeFile(a.t, a.Dir, "tstinfo", tst)
	}
	out, err := a.run(append([]string{"cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-in", "tstinfo", "-signer", "tsa.pem", "-inkey", "tsa.key", "-outform", "DER", "-out", "forged"}, args...)...)
	if err != nil {
		a.t.Fatalf("openssl cms -sign: %v\n%s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(a.Dir, "forged"))
	must(a.t, err)
	return b
}
