package tsatest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A Calendar is an OpenTimestamps calendar on loopback, written from the format
// alone and without the code under test.
type Calendar struct {
	*httptest.Server
	Height byte     // of the block that holds what it promised, 1 to 9; 0: none yet
	Header [80]byte // of that block, once it was asked for
	Asked  int      // requests so far

	salt [4]byte // its own, so that the ways of two calendars part
}

// NewCalendar starts a calendar.
func NewCalendar(t testing.TB) *Calendar {
	c := &Calendar{}
	rand.Read(c.salt[:])
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.Asked++
		switch {
		case r.Method == http.MethodPost && r.URL.Path == "/digest":
			b, _ := io.ReadAll(r.Body)
			if len(b) != 32 {
				http.Error(w, "32 bytes", 400)
				return
			}
			// append 4 bytes, sha256, pending attestation with our address
			w.Write(append(append(append([]byte{0xf0, 4}, c.salt[:]...), 0x08, 0x00), attestation("83dfe30d2ef90c8e", append([]byte{byte(len(c.URL))}, c.URL...))...))
		case strings.HasPrefix(r.URL.Path, "/timestamp/") && c.Height > 0:
			value, _ := hex.DecodeString(r.URL.Path[len("/timestamp/"):])
			// prepend 2 bytes, append 3 bytes, sha256 twice, Bitcoin attestation
			w.Write(append([]byte{0xf1, 2, 9, 9, 0xf0, 3, 7, 7, 7, 0x08, 0x08, 0x00}, attestation("0588960d73d71901", []byte{c.Height})...))
			one := sha256.Sum256(append(append([]byte{9, 9}, value...), 7, 7, 7))
			root := sha256.Sum256(one[:])
			copy(c.Header[36:], root[:])
			binary.LittleEndian.PutUint32(c.Header[68:], 1_700_000_000)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func attestation(tag string, payload []byte) []byte {
	b, _ := hex.DecodeString(tag)
	return append(append(b, byte(len(payload))), payload...)
}

// HeaderLine returns a file of headers with that of the calendar's block.
func (c *Calendar) HeaderLine() string {
	return "# height header\n\n" + string("0123456789"[c.Height]) + " " + hex.EncodeToString(c.Header[:]) + "\n"
}
