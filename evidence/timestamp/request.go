package timestamp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// MaxSize is the most bytes that a reply, a token or a revocation list may
// have. Real replies have less than 20 kB, real lists less than a few MB.
const MaxSize = 8 << 20

// A Request is one question to an authority: a time for one SHA-256.
type Request struct {
	Digest [sha256.Size]byte // of the message
	Nonce  *big.Int          // 128 random bits; the reply must repeat them
	DER    []byte            // the TimeStampReq to send
}

// timeStampReq is TimeStampReq of RFC 3161, section 2.4.1.
type timeStampReq struct {
	Version int
	Imprint messageImprint
	Nonce   *big.Int
	CertReq bool
}

// NewRequest returns a request for a token over message, with a nonce read
// from random and the wish to have the authority's certificate in the token.
func NewRequest(message []byte, random io.Reader) (*Request, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, fmt.Errorf("timestamp: no randomness for a nonce: %w", err)
	}
	b[0] |= 1 // never zero, so that the length tells nothing
	q := &Request{Digest: sha256.Sum256(message), Nonce: new(big.Int).SetBytes(b[:])}
	var err error
	q.DER, err = asn1.Marshal(timeStampReq{
		Version: 1,
		Imprint: messageImprint{pkix.AlgorithmIdentifier{Algorithm: oidSHA256, Parameters: asn1.NullRawValue}, q.Digest[:]},
		Nonce:   q.Nonce,
		CertReq: true,
	})
	return q, err
}

// timeStampResp is TimeStampResp of RFC 3161, section 2.4.2.
type timeStampResp struct {
	Status struct {
		Status   int
		Text     []asn1.RawValue `asn1:"optional"`
		FailInfo asn1.BitString  `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// failures are the bits of PKIFailureInfo (RFC 3161, section 2.4.2) in words.
var failures = []struct {
	bit  int
	text string
}{
	{0, "it does not know the hash algorithm"},
	{2, "it does not support this request"},
	{5, "it could not read the request"},
	{14, "its clock is not available"},
	{15, "it does not know the policy asked for"},
	{16, "it does not know the extension asked for"},
	{17, "the information asked for is not available"},
	{25, "it has a fault of its own"},
}

// Accept reads an authority's reply to q and returns the token in it. It fails
// with [ErrRefused] when the authority gave none, with [ErrImprint] or
// [ErrNonce] when the token answers another question, and with [ErrMalformed].
// The signature is not checked here: see [Verify].
func (q *Request) Accept(reply []byte) (*Token, error) {
	if len(reply) > MaxSize {
		return nil, fmt.Errorf("%w: the reply is larger than %d bytes", ErrMalformed, MaxSize)
	}
	var r timeStampResp
	if rest, err := asn1.Unmarshal(reply, &r); err != nil {
		return nil, fmt.Errorf("%w: the reply is not a TimeStampResp: %v", ErrMalformed, err)
	} else if len(rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes after the reply", ErrMalformed, len(rest))
	}
	if s := r.Status.Status; s != 0 && s != 1 { // granted, grantedWithMods
		words := []string{fmt.Sprintf("status %d", s)}
		for _, f := range failures {
			if r.Status.FailInfo.At(f.bit) == 1 {
				words = append(words, f.text)
			}
		}
		for _, t := range r.Status.Text {
			words = append(words, fmt.Sprintf("it says %.200q", t.Bytes))
		}
		return nil, fmt.Errorf("%w: %s", ErrRefused, strings.Join(words, "; "))
	}
	t, err := Parse(r.Token.FullBytes)
	if err != nil {
		return nil, err
	}
	if !t.HashOID.Equal(oidSHA256) || !bytes.Equal(t.Digest, q.Digest[:]) {
		return nil, fmt.Errorf("%w: the reply dates %x, asked was %x", ErrImprint, t.Digest, q.Digest)
	}
	if err := t.CheckNonce(q.Nonce); err != nil {
		return nil, err
	}
	return t, nil
}

// CheckAddress reports whether address can be an authority's: an absolute http
// or https address with a host.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("timestamp: %.200q is not an address", address)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("timestamp: %.200q: the address of an authority begins with http:// or https://", u.Redacted())
	case u.Host == "":
		return fmt.Errorf("timestamp: %.200q names no host", u.Redacted())
	}
	return nil
}

// Ask sends a request for message to the authority at address and returns the
// token of a reply that answers it (see [Request.Accept]). The token must still
// be verified. Ask talks to nobody but client; its timeouts and proxy are the
// caller's. RFC 3161, section 3.4.
func Ask(ctx context.Context, client *http.Client, address string, message []byte, random io.Reader) (*Token, error) {
	if err := CheckAddress(address); err != nil {
		return nil, err
	}
	q, err := NewRequest(message, random)
	if err != nil {
		return nil, err
	}
	h, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(q.DER))
	if err != nil {
		return nil, fmt.Errorf("timestamp: %w", err)
	}
	h.Header.Set("Content-Type", "application/timestamp-query")
	h.Header.Set("Accept", "application/timestamp-reply")
	resp, err := client.Do(h)
	if err != nil {
		var u *url.Error // its own text would repeat a password in the address
		if errors.As(err, &u) {
			err = u.Err
		}
		return nil, fmt.Errorf("timestamp: no answer from %s: %w", h.URL.Host, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("timestamp: %s answered %s, not a token", h.URL.Host, resp.Status)
	}
	reply, err := io.ReadAll(io.LimitReader(resp.Body, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("timestamp: the answer of %s broke off: %w", h.URL.Host, err)
	}
	t, err := q.Accept(reply)
	if err != nil {
		// A web page in place of a reply is the usual mistake: name it.
		if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != "application/timestamp-reply" {
			return nil, fmt.Errorf("%s answered with %.60q, not application/timestamp-reply: %w", h.URL.Host, kind, err)
		}
		return nil, fmt.Errorf("%s: %w", h.URL.Host, err)
	}
	return t, nil
}
