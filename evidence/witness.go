package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A WitnessRequest asks another organisation to cosign a checkpoint. As bytes
// it is the body of the C2SP tlog-witness protocol, sent as a file: "old " and
// the size the witness saw last, one line of base64 for each hash of the proof
// of growth, an empty line, the signed checkpoint. It holds hashes only.
type WitnessRequest struct {
	Old        int64
	Proof      tlog.TreeProof
	Checkpoint []byte
}

// Bytes returns the request as it is sent.
func (r WitnessRequest) Bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", r.Old)
	for _, h := range r.Proof {
		fmt.Fprintf(&b, "%s\n", h)
	}
	b.WriteString("\n")
	b.Write(r.Checkpoint)
	return b.Bytes()
}

// ParseWitnessRequest reads what Bytes writes.
func ParseWitnessRequest(b []byte) (WitnessRequest, error) {
	var r WitnessRequest
	bad := errors.New("evidence: this is not a request to cosign a checkpoint")
	if len(b) > 2*maxNote {
		return r, bad
	}
	top, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(top), "\n")
	old, found := strings.CutPrefix(lines[0], "old ")
	if !ok || !found || len(lines) > 64 {
		return r, bad
	}
	var err error
	if r.Old, err = strconv.ParseInt(old, 10, 64); err != nil || r.Old < 0 {
		return r, bad
	}
	for _, l := range lines[1:] {
		h, err := tlog.ParseHash(l)
		if err != nil {
			return r, bad
		}
		r.Proof = append(r.Proof, h)
	}
	r.Checkpoint = checkpoint
	if !bytes.Equal(r.Bytes(), b) {
		return r, bad
	}
	return r, nil
}
