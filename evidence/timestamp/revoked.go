package timestamp

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"time"
)

var oidReasonCode = asn1.ObjectIdentifier{2, 5, 29, 21}

// checkRevocation looks up every certificate of chain but the root in lists.
// It fails with [ErrRevoked], and returns the certificates that no list speaks
// for, each with the reason.
func checkRevocation(chain []*x509.Certificate, lists []*x509.RevocationList, at time.Time) (unchecked []string, err error) {
	for i := 0; i+1 < len(chain); i++ {
		cert, issuer := chain[i], chain[i+1]
		spoken, why := false, "no revocation list of its issuer"
		for _, l := range lists {
			if !bytes.Equal(l.RawIssuer, cert.RawIssuer) {
				continue
			}
			if err := l.CheckSignatureFrom(issuer); err != nil {
				why = "the revocation list is not signed by its issuer"
				continue
			}
			for _, e := range l.RevokedCertificateEntries {
				if e.SerialNumber.Cmp(cert.SerialNumber) == 0 && takesBack(e, at) {
					return nil, fmt.Errorf("%w: %s, on %s, by the list of %s", ErrRevoked, cert.Subject,
						e.RevocationTime.UTC().Format(time.RFC3339), l.ThisUpdate.UTC().Format(time.RFC3339))
				}
			}
			switch {
			case partial(l):
				why = "the revocation list covers only some certificates"
			case !l.NextUpdate.IsZero() && l.NextUpdate.Before(at):
				why = "the revocation list ran out before the time of the token"
			default:
				spoken = true
			}
		}
		if !spoken {
			unchecked = append(unchecked, cert.Subject.String()+": "+why)
		}
	}
	return unchecked, nil
}

// takesBack reports whether a revocation makes a token of the time at invalid.
// RFC 3161, section 4: when the reason is given and harmless (unspecified,
// changed affiliation, superseded, ceased), tokens from before the revocation
// stay valid; when it is a compromise or not given, none does.
func takesBack(e x509.RevocationListEntry, at time.Time) bool {
	given := false
	for _, x := range e.Extensions {
		given = given || x.Id.Equal(oidReasonCode)
	}
	if given {
		switch e.ReasonCode {
		case 8: // removeFromCRL: the revocation was lifted
			return false
		case 0, 3, 4, 5:
			return !at.Before(e.RevocationTime)
		}
	}
	return true
}

// partial reports whether a list has a critical extension, such as a delta or
// an issuing distribution point: being on it counts, being absent does not.
func partial(l *x509.RevocationList) bool {
	for _, e := range l.Extensions {
		if e.Critical {
			return true
		}
	}
	return false
}
