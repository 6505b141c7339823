package timestamp

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"strings"
)

// Trust adds the certificates and revocation lists of a PEM text to o. A
// certificate that signs itself is a root. The others may stand between a token
// and a root; in a text without any root they are trusted as they are, since a
// reader who brings only them says so.
func (o *Options) Trust(pemText []byte) error {
	certs, lists, err := ReadPEM(pemText)
	if err != nil {
		return err
	}
	var between []*x509.Certificate
	roots := len(o.Roots)
	for _, c := range certs {
		if bytes.Equal(c.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(c) == nil {
			o.Roots = append(o.Roots, c)
		} else {
			between = append(between, c)
		}
	}
	if len(o.Roots) == roots {
		o.Roots = append(o.Roots, between...)
	} else {
		o.Certificates = append(o.Certificates, between...)
	}
	o.Lists = append(o.Lists, lists...)
	return nil
}

// ReadPEM reads a PEM text of certificates and revocation lists, as a trust
// file holds them. Text between the blocks is skipped; a block of another
// kind, above all a private key, is an error, as is a text with no block.
func ReadPEM(b []byte) (certs []*x509.Certificate, lists []*x509.RevocationList, err error) {
	for rest := b; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			// A block that cannot be decoded is skipped by pem: notice it.
			if n := bytes.Count(b, []byte("-----BEGIN ")); n != len(certs)+len(lists) {
				return nil, nil, fmt.Errorf("timestamp: %d of %d PEM blocks cannot be read", n-len(certs)-len(lists), n)
			}
			if len(certs)+len(lists) == 0 {
				return nil, nil, fmt.Errorf("timestamp: no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
			}
			return certs, lists, nil
		}
		switch block.Type {
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, fmt.Errorf("timestamp: certificate %d: %w", len(certs)+1, err)
			}
			certs = append(certs, c)
		case "X509 CRL":
			l, err := x509.ParseRevocationList(block.Bytes)
			if err != nil {
				return nil, nil, fmt.Errorf("timestamp: revocation list %d: %w", len(lists)+1, err)
			}
			lists = append(lists, l)
		default:
			return nil, nil, fmt.Errorf("timestamp: a PEM block %.40q: only CERTIFICATE and X509 CRL belong here", block.Type)
		}
	}
}

// ReadRevocationList reads one list as PEM or, as authorities publish it, DER.
func ReadRevocationList(b []byte) (*x509.RevocationList, error) {
	if block, _ := pem.Decode(b); block != nil && block.Type == "X509 CRL" {
		b = block.Bytes
	}
	l, err := x509.ParseRevocationList(b)
	if err != nil {
		return nil, fmt.Errorf("timestamp: not a revocation list: %w", err)
	}
	return l, nil
}

// An Authority is a line of authorities.txt: whom to ask, and whom to trust.
type Authority struct {
	URL   string
	Trust []string // paths of PEM files, as written
}

// ReadAuthorities reads a text with one authority per line: its address and
// the paths of the PEM files with its roots and revocation lists, with spaces
// between. Empty lines and lines that begin with # are skipped. The error
// names the line.
func ReadAuthorities(r io.Reader) ([]Authority, error) {
	var all []Authority
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if err := CheckAddress(f[0]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		for _, a := range all {
			if a.URL == f[0] {
				return nil, fmt.Errorf("line %d: timestamp: this authority stands twice", n)
			}
		}
		all = append(all, Authority{URL: f[0], Trust: f[1:]})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("timestamp: authorities: %w", err)
	}
	return all, nil
}
