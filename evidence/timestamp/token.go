package timestamp

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // ESSCertID of RFC 2634 names a certificate by SHA-1
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// Object identifiers of RFC 5652, 3161, 2634, 5035, 5280 and 8017.
var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertV1 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidExtKeyUsage   = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

// hashOf returns the hash function of an identifier: SHA-2 only. SHA-1 and
// older ones are no proof against a wilful forger.
func hashOf(id asn1.ObjectIdentifier) (crypto.Hash, bool) {
	switch {
	case id.Equal(oidSHA256):
		return crypto.SHA256, true
	case id.Equal(oidSHA384):
		return crypto.SHA384, true
	case id.Equal(oidSHA512):
		return crypto.SHA512, true
	}
	return 0, false
}

func sum(h crypto.Hash, b []byte) []byte {
	d := h.New()
	d.Write(b)
	return d.Sum(nil)
}

// plain reports whether an algorithm has no parameters: absent or NULL.
func plain(a pkix.AlgorithmIdentifier) bool {
	return len(a.Parameters.FullBytes) == 0 || bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes)
}

// A Token is a parsed TimeStampToken. Its values are what the token claims:
// nothing is proved until [Verify] has said so.
type Token struct {
	DER      []byte                // as it came; what to keep
	Time     time.Time             // genTime, UTC
	Accuracy time.Duration         // the time is true within ± this; 0 when the token does not say
	HashOID  asn1.ObjectIdentifier // of the digest
	Digest   []byte                // of the message
	Policy   asn1.ObjectIdentifier // under which the authority works
	Serial   *big.Int              // the authority's number of the token
	Nonce    *big.Int              // nil when the token has none

	content []byte // the encoded TSTInfo, which the signature covers
	signer  signerInfo
	certs   []*x509.Certificate
	lists   []*x509.RevocationList
}

type messageImprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Digest    []byte
}

// tstInfo is TSTInfo of RFC 3161, section 2.4.2.
type tstInfo struct {
	Version  int
	Policy   asn1.ObjectIdentifier
	Imprint  messageImprint
	Serial   *big.Int
	GenTime  time.Time `asn1:"generalized"`
	Accuracy struct {
		Seconds int `asn1:"optional"`
		Millis  int `asn1:"optional,tag:0"`
		Micros  int `asn1:"optional,tag:1"`
	} `asn1:"optional"`
	Ordering   bool             `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	TSA        asn1.RawValue    `asn1:"optional,tag:0"`
	Extensions []pkix.Extension `asn1:"optional,tag:1"`
}

// contentInfo, signedData and signerInfo are those of RFC 5652, sections 3,
// 5.1 and 5.3.
type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	Encapsulated     struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,optional,tag:0"` // [0], around an OCTET STRING
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Lists        asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version            int
	ID                 asn1.RawValue // issuer and serial number, or [0] subject key identifier
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue `asn1:"optional,tag:0"`
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttributes asn1.RawValue `asn1:"optional,tag:1"`
}

// whole decodes der into v and refuses bytes after it.
func whole(der []byte, v any, what string) error {
	rest, err := asn1.Unmarshal(der, v)
	if err != nil {
		return fmt.Errorf("%w: %s: %v", ErrMalformed, what, err)
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: %d bytes after the %s", ErrMalformed, len(rest), what)
	}
	return nil
}

// Parse reads the DER of a TimeStampToken. The error is [ErrMalformed] and
// names the part that could not be read.
func Parse(der []byte) (*Token, error) {
	if len(der) == 0 {
		return nil, fmt.Errorf("%w: there is no token", ErrMalformed)
	}
	if len(der) > MaxSize {
		return nil, fmt.Errorf("%w: the token is larger than %d bytes", ErrMalformed, MaxSize)
	}
	var ci contentInfo
	if err := whole(der, &ci, "token"); err != nil {
		return nil, err
	}
	if !ci.Type.Equal(oidSignedData) {
		return nil, fmt.Errorf("%w: the token is no signed data", ErrMalformed)
	}
	var sd signedData
	if err := whole(ci.Content.Bytes, &sd, "signed data"); err != nil {
		return nil, err
	}
	switch {
	case sd.Version < 3 || sd.Version > 5: // RFC 5652, section 5.1, for content that is not plain data
		return nil, fmt.Errorf("%w: signed data of version %d", ErrMalformed, sd.Version)
	case !sd.Encapsulated.Type.Equal(oidTSTInfo):
		return nil, fmt.Errorf("%w: the signed content is no TSTInfo", ErrMalformed)
	case len(sd.Signers) != 1: // RFC 3161, section 2.4.2: no signature but the authority's
		return nil, fmt.Errorf("%w: %d signatures, one is expected", ErrMalformed, len(sd.Signers))
	}
	// encoding/asn1 does not look at the form of a value that it keeps raw, so
	// it is done here: a token has one form only.
	signer := sd.Signers[0]
	for _, v := range []asn1.RawValue{ci.Content, sd.Encapsulated.Content, sd.Certificates, sd.Lists, signer.SignedAttributes, signer.UnsignedAttributes} {
		if len(v.FullBytes) > 0 && !v.IsCompound {
			return nil, fmt.Errorf("%w: a part with parts of its own is marked as having none", ErrMalformed)
		}
	}
	if keyed := signer.ID.Class == asn1.ClassContextSpecific; (keyed && signer.Version != 3) || (!keyed && signer.Version != 1) {
		return nil, fmt.Errorf("%w: a signature of version %d", ErrMalformed, signer.Version)
	}
	var content []byte
	if err := whole(sd.Encapsulated.Content.Bytes, &content, "signed content"); err != nil {
		return nil, err
	}
	// RFC 5652, section 5.1, lets a reader insist on this; openssl does.
	digest := signer.DigestAlgorithm
	if !slices.ContainsFunc(sd.DigestAlgorithms, func(a pkix.AlgorithmIdentifier) bool { return a.Algorithm.Equal(digest.Algorithm) && plain(a) }) || !plain(digest) {
		return nil, fmt.Errorf("%w: the signature's hash is not the one announced", ErrMalformed)
	}
	var info tstInfo
	if err := whole(content, &info, "TSTInfo"); err != nil {
		return nil, err
	}
	if info.Version != 1 {
		return nil, fmt.Errorf("%w: TSTInfo of version %d", ErrMalformed, info.Version)
	}
	if a := info.Accuracy; a.Seconds < 0 || a.Seconds > 1<<30 || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return nil, fmt.Errorf("%w: impossible accuracy", ErrMalformed)
	}
	for _, e := range info.Extensions {
		if e.Critical { // RFC 3161, section 2.4.2: unknown and critical is refused
			return nil, fmt.Errorf("%w: unknown critical extension %v", ErrMalformed, e.Id)
		}
	}
	h, ok := hashOf(info.Imprint.Algorithm.Algorithm)
	if !ok || !plain(info.Imprint.Algorithm) || len(info.Imprint.Digest) != h.Size() {
		return nil, fmt.Errorf("%w: the hash %v is not SHA-256, SHA-384 or SHA-512", ErrMalformed, info.Imprint.Algorithm.Algorithm)
	}
	t := &Token{
		DER: bytes.Clone(der), Time: info.GenTime.UTC(),
		Accuracy: time.Duration(info.Accuracy.Seconds)*time.Second + time.Duration(info.Accuracy.Millis)*time.Millisecond +
			time.Duration(info.Accuracy.Micros)*time.Microsecond,
		HashOID: info.Imprint.Algorithm.Algorithm, Digest: info.Imprint.Digest,
		Policy: info.Policy, Serial: info.Serial, Nonce: info.Nonce,
		content: content, signer: signer,
	}
	for rest := sd.Certificates.Bytes; len(rest) > 0; {
		var raw asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &raw); err != nil {
			return nil, fmt.Errorf("%w: certificates: %v", ErrMalformed, err)
		}
		if raw.Class != asn1.ClassUniversal || raw.Tag != asn1.TagSequence {
			continue // an attribute certificate: not used here
		}
		c, err := x509.ParseCertificate(raw.FullBytes)
		if err != nil {
			return nil, fmt.Errorf("%w: a certificate in the token: %v", ErrMalformed, err)
		}
		t.certs = append(t.certs, c)
	}
	for rest := sd.Lists.Bytes; len(rest) > 0; {
		var raw asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &raw); err != nil {
			return nil, fmt.Errorf("%w: revocation lists: %v", ErrMalformed, err)
		}
		if raw.Class != asn1.ClassUniversal || raw.Tag != asn1.TagSequence {
			continue // another form of revocation information, such as OCSP: not used here
		}
		l, err := x509.ParseRevocationList(raw.FullBytes)
		if err != nil {
			return nil, fmt.Errorf("%w: a revocation list in the token: %v", ErrMalformed, err)
		}
		t.lists = append(t.lists, l)
	}
	return t, nil
}

// CheckNonce reports whether the token repeats nonce. The error is [ErrNonce].
func (t *Token) CheckNonce(nonce *big.Int) error {
	if t.Nonce == nil || t.Nonce.Cmp(nonce) != 0 {
		return fmt.Errorf("%w: the token has %v, asked was %v", ErrNonce, t.Nonce, nonce)
	}
	return nil
}
