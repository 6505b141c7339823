package timestamp

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// What can be wrong with a token. Every error of this package that is about a
// token or a reply is one of these, with the details after it.
var (
	ErrMalformed   = errors.New("timestamp: cannot be read")
	ErrRefused     = errors.New("timestamp: the authority gave no token")
	ErrImprint     = errors.New("timestamp: the token is over other bytes")
	ErrNonce       = errors.New("timestamp: the token answers another request")
	ErrSignature   = errors.New("timestamp: the signature does not hold")
	ErrCertificate = errors.New("timestamp: the signing certificate is not the one the token names")
	ErrUsage       = errors.New("timestamp: the signing certificate may not sign timestamps")
	ErrExpired     = errors.New("timestamp: a certificate was not valid at the time of the token")
	ErrUntrusted   = errors.New("timestamp: the authority does not lead to a trusted root")
	ErrRevoked     = errors.New("timestamp: a certificate was revoked")
	ErrRevocation  = errors.New("timestamp: whether a certificate was revoked cannot be told")
)

// Options say whom to trust.
type Options struct {
	// Roots are the certificates trusted to name authorities. Without one
	// every token is [ErrUntrusted]; the system's own roots are never used.
	Roots []*x509.Certificate

	// Certificates may be needed between a token and a root, or be the
	// authority's own, where the token does not hold them.
	Certificates []*x509.Certificate

	// Lists are revocation lists, used beside those in the token.
	Lists []*x509.RevocationList

	// NeedLists refuses with [ErrRevocation] when no list speaks for a
	// certificate of the chain. Otherwise the Proof says what was not checked.
	NeedLists bool
}

// A Proof is what a verified token shows.
type Proof struct {
	Time      time.Time     // UTC
	Accuracy  time.Duration // ±; 0 when the token does not say
	Authority string        // the name in the signing certificate
	Root      string        // the name of the trusted root
	Chain     []*x509.Certificate
	Unchecked []string // certificates no revocation list spoke for, by name
}

// Verify checks offline that der is a token over message, signed by an
// authority that o trusts, with certificates valid at the token's own time and
// not revoked. The error names the first thing that failed.
func Verify(message, der []byte, o Options) (*Proof, error) {
	t, err := Parse(der)
	if err != nil {
		return nil, err
	}
	h, _ := hashOf(t.HashOID)
	if got := sum(h, message); !bytes.Equal(got, t.Digest) {
		return nil, fmt.Errorf("%w: they hash to %x, the token says %x", ErrImprint, got, t.Digest)
	}
	return t.verifySigner(o)
}

func (t *Token) verifySigner(o Options) (*Proof, error) {
	cert, err := t.signingCertificate(o.Certificates)
	if err != nil {
		return nil, err
	}
	if err := t.checkSignature(cert); err != nil {
		return nil, err
	}
	if err := checkUsage(cert); err != nil {
		return nil, err
	}
	chains, err := t.chains(cert, o)
	if err != nil {
		return nil, err
	}
	lists := append(t.lists[:len(t.lists):len(t.lists)], o.Lists...)
	var first error
	for _, chain := range chains { // more than one where authorities sign each other: one must hold
		unchecked, err := checkRevocation(chain, lists, t.Time)
		if err == nil && len(unchecked) > 0 && o.NeedLists {
			err = fmt.Errorf("%w: %s", ErrRevocation, unchecked[0])
		}
		if err == nil {
			return &Proof{
				Time: t.Time, Accuracy: t.Accuracy, Chain: chain, Unchecked: unchecked,
				Authority: cert.Subject.String(), Root: chain[len(chain)-1].Subject.String(),
			}, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// signingCertificate finds the certificate by which the signer calls itself
// (RFC 5652, section 5.3).
func (t *Token) signingCertificate(more []*x509.Certificate) (*x509.Certificate, error) {
	var is func(*x509.Certificate) bool
	if id := t.signer.ID; id.Class == asn1.ClassContextSpecific && id.Tag == 0 {
		is = func(c *x509.Certificate) bool { return len(id.Bytes) > 0 && bytes.Equal(c.SubjectKeyId, id.Bytes) }
	} else {
		var is2 struct {
			Issuer asn1.RawValue
			Serial *big.Int
		}
		if err := whole(id.FullBytes, &is2, "signer's name"); err != nil {
			return nil, err
		}
		is = func(c *x509.Certificate) bool {
			return bytes.Equal(c.RawIssuer, is2.Issuer.FullBytes) && c.SerialNumber.Cmp(is2.Serial) == 0
		}
	}
	for _, cs := range [][]*x509.Certificate{t.certs, more} {
		for _, c := range cs {
			if is(c) {
				return c, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: it is not in the token; give it along", ErrCertificate)
}

// checkSignature checks the signed attributes and the signature over them
// (RFC 5652, sections 5.4 and 5.6) and that they bind the certificate
// (RFC 5816: ESSCertID, SHA-1, or ESSCertIDv2).
func (t *Token) checkSignature(cert *x509.Certificate) error {
	s := t.signer
	attributes, err := readAttributes(s.SignedAttributes.Bytes)
	if err != nil {
		return err
	}
	h, ok := hashOf(s.DigestAlgorithm.Algorithm)
	if !ok {
		return fmt.Errorf("%w: it uses the hash %v, not SHA-256, SHA-384 or SHA-512", ErrSignature, s.DigestAlgorithm.Algorithm)
	}
	algorithm, ok := algorithmOf(s.SignatureAlgorithm.Algorithm, h)
	if pss := x509.SHA256WithRSAPSS <= algorithm && algorithm <= x509.SHA512WithRSAPSS; !ok || (!pss && !plain(s.SignatureAlgorithm)) {
		return fmt.Errorf("%w: unknown algorithm %v with %v", ErrSignature, s.SignatureAlgorithm.Algorithm, h)
	}
	// What is signed has the tag of a SET in place of [0], and otherwise the
	// very bytes of the token.
	signed := bytes.Clone(s.SignedAttributes.FullBytes)
	signed[0] = 0x31
	if err := cert.CheckSignature(algorithm, signed, s.Signature); err != nil {
		return fmt.Errorf("%w: %v", ErrSignature, err)
	}
	var kind asn1.ObjectIdentifier
	if err := attributes.get(oidContentType, &kind); err != nil {
		return err
	}
	if !kind.Equal(oidTSTInfo) {
		return fmt.Errorf("%w: it is over content of another kind, %v", ErrSignature, kind)
	}
	var digest []byte
	if err := attributes.get(oidMessageDigest, &digest); err != nil {
		return err
	}
	if !bytes.Equal(digest, sum(h, t.content)) {
		return fmt.Errorf("%w: the signed content was changed", ErrSignature)
	}
	return checkBinding(attributes, cert)
}

// attributes are signed attributes by the dotted text of their identifier.
type attributes map[string]asn1.RawValue

func readAttributes(der []byte) (attributes, error) {
	if len(der) == 0 {
		return nil, fmt.Errorf("%w: there are no signed attributes", ErrSignature)
	}
	m := attributes{}
	for rest := der; len(rest) > 0; {
		var a struct {
			Type   asn1.ObjectIdentifier
			Values asn1.RawValue
		}
		var err error
		if rest, err = asn1.Unmarshal(rest, &a); err != nil {
			return nil, fmt.Errorf("%w: signed attributes: %v", ErrMalformed, err)
		}
		if _, twice := m[a.Type.String()]; twice {
			return nil, fmt.Errorf("%w: the signed attribute %v stands twice", ErrMalformed, a.Type)
		}
		m[a.Type.String()] = a.Values
	}
	return m, nil
}

// get decodes the one value of an attribute into v.
func (a attributes) get(id asn1.ObjectIdentifier, v any) error {
	raw, ok := a[id.String()]
	if !ok {
		return fmt.Errorf("%w: the signed attribute %v is missing", ErrSignature, id)
	}
	if raw.Class != asn1.ClassUniversal || raw.Tag != asn1.TagSet {
		return fmt.Errorf("%w: the signed attribute %v is no set", ErrMalformed, id)
	}
	return whole(raw.Bytes, v, "signed attribute "+id.String())
}

// issuerSerial is IssuerSerial of RFC 5035, section 4.
type issuerSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

// checkBinding checks every certificate identifier that the signature covers.
// Without it a signature could be shown under another certificate of one key.
func checkBinding(a attributes, cert *x509.Certificate) error {
	_, v1 := a[oidSigningCertV1.String()]
	_, v2 := a[oidSigningCertV2.String()]
	if !v1 && !v2 {
		return fmt.Errorf("%w: the signature names none", ErrCertificate)
	}
	if v1 {
		var sc struct {
			Certs []struct {
				Hash   []byte
				Issuer issuerSerial `asn1:"optional"`
			}
			Policies asn1.RawValue `asn1:"optional"`
		}
		if err := a.get(oidSigningCertV1, &sc); err != nil {
			return err
		}
		if len(sc.Certs) == 0 || !bytes.Equal(sc.Certs[0].Hash, sum(crypto.SHA1, cert.Raw)) || !sameIssuer(sc.Certs[0].Issuer, cert) {
			return fmt.Errorf("%w: its SHA-1 or issuer differs (ESSCertID)", ErrCertificate)
		}
	}
	if v2 {
		var sc struct {
			Certs []struct {
				Algorithm pkix.AlgorithmIdentifier `asn1:"optional"` // absent: SHA-256
				Hash      []byte
				Issuer    issuerSerial `asn1:"optional"`
			}
			Policies asn1.RawValue `asn1:"optional"`
		}
		if err := a.get(oidSigningCertV2, &sc); err != nil {
			return err
		}
		if len(sc.Certs) == 0 {
			return fmt.Errorf("%w: the signature names none", ErrCertificate)
		}
		h := crypto.SHA256
		if id := sc.Certs[0].Algorithm.Algorithm; id != nil {
			var ok bool
			if h, ok = hashOf(id); !ok {
				return fmt.Errorf("%w: it is named by the hash %v, which is not known here", ErrCertificate, id)
			}
		}
		if !bytes.Equal(sc.Certs[0].Hash, sum(h, cert.Raw)) || !sameIssuer(sc.Certs[0].Issuer, cert) {
			return fmt.Errorf("%w: its hash or issuer differs (ESSCertIDv2)", ErrCertificate)
		}
	}
	return nil
}

// sameIssuer reports whether is, when present, names the issuer and number of cert.
func sameIssuer(is issuerSerial, cert *x509.Certificate) bool {
	if is.Serial == nil {
		return true
	}
	if is.Serial.Cmp(cert.SerialNumber) != 0 {
		return false
	}
	for rest := is.Issuer.Bytes; len(rest) > 0; {
		var name asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &name); err != nil {
			return false
		}
		// directoryName [4] of GeneralName; it is explicit, since Name is a choice.
		if name.Class == asn1.ClassContextSpecific && name.Tag == 4 && bytes.Equal(name.Bytes, cert.RawIssuer) {
			return true
		}
	}
	return false
}

// algorithmOf joins a signature algorithm and a hash. Where the algorithm names
// a hash itself, it must be the same one.
func algorithmOf(id asn1.ObjectIdentifier, h crypto.Hash) (x509.SignatureAlgorithm, bool) {
	const anyHash = crypto.Hash(0)
	for _, a := range []struct {
		id   string
		hash crypto.Hash
		is   [3]x509.SignatureAlgorithm // with SHA-256, SHA-384, SHA-512
	}{
		{"1.2.840.113549.1.1.1", anyHash, [3]x509.SignatureAlgorithm{x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA}},
		{"1.2.840.113549.1.1.10", anyHash, [3]x509.SignatureAlgorithm{x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS}},
		{"1.2.840.10045.2.1", anyHash, [3]x509.SignatureAlgorithm{x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512}},
		{"1.2.840.113549.1.1.11", crypto.SHA256, [3]x509.SignatureAlgorithm{x509.SHA256WithRSA}},
		{"1.2.840.113549.1.1.12", crypto.SHA384, [3]x509.SignatureAlgorithm{1: x509.SHA384WithRSA}},
		{"1.2.840.113549.1.1.13", crypto.SHA512, [3]x509.SignatureAlgorithm{2: x509.SHA512WithRSA}},
		{"1.2.840.10045.4.3.2", crypto.SHA256, [3]x509.SignatureAlgorithm{x509.ECDSAWithSHA256}},
		{"1.2.840.10045.4.3.3", crypto.SHA384, [3]x509.SignatureAlgorithm{1: x509.ECDSAWithSHA384}},
		{"1.2.840.10045.4.3.4", crypto.SHA512, [3]x509.SignatureAlgorithm{2: x509.ECDSAWithSHA512}},
	} {
		if a.id == id.String() && (a.hash == anyHash || a.hash == h) {
			return a.is[map[crypto.Hash]int{crypto.SHA256: 0, crypto.SHA384: 1, crypto.SHA512: 2}[h]], true
		}
	}
	return 0, false
}

// checkUsage checks that the certificate is for timestamps and nothing else
// (RFC 3161, section 2.3).
func checkUsage(cert *x509.Certificate) error {
	if len(cert.ExtKeyUsage) != 1 || cert.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping || len(cert.UnknownExtKeyUsage) > 0 {
		return fmt.Errorf("%w: its extended key usage is not timeStamping alone", ErrUsage)
	}
	for _, e := range cert.Extensions {
		if e.Id.Equal(oidExtKeyUsage) && !e.Critical {
			return fmt.Errorf("%w: its extended key usage is not critical", ErrUsage)
		}
	}
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if cert.KeyUsage != 0 && cert.KeyUsage&signs == 0 {
		return fmt.Errorf("%w: its key usage is not for signatures", ErrUsage)
	}
	return nil
}

// chains returns every way from the authority's certificate to a root, all
// certificates being valid at the time of the token. There is at least one.
func (t *Token) chains(cert *x509.Certificate, o Options) ([][]*x509.Certificate, error) {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range o.Roots {
		roots.AddCert(c)
	}
	for _, cs := range [][]*x509.Certificate{t.certs, o.Certificates} {
		for _, c := range cs {
			between.AddCert(c)
		}
	}
	chains, err := cert.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: t.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err == nil {
		return chains, nil
	}
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) {
		switch invalid.Reason {
		case x509.Expired:
			return nil, fmt.Errorf("%w: %s is valid from %s to %s, the token is of %s", ErrExpired, invalid.Cert.Subject,
				invalid.Cert.NotBefore.UTC().Format(time.RFC3339), invalid.Cert.NotAfter.UTC().Format(time.RFC3339), t.Time.Format(time.RFC3339))
		case x509.IncompatibleUsage:
			return nil, fmt.Errorf("%w: %v", ErrUsage, err)
		}
	}
	return nil, fmt.Errorf("%w: %v", ErrUntrusted, err)
}
