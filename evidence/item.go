package evidence

import (
	"errors"
	"fmt"
	"strings"
)

// An Item is bytes kept as evidence and where they came from. Fields left
// empty are not known; [GradeOf] says in words what that costs.
type Item struct {
	V    int  `json:"v"`    // 1
	Kind Kind `json:"kind"` // KindItem

	Ref   Ref    `json:"ref"`             // of the original bytes; empty: no bytes, only an address
	Size  int64  `json:"size"`            // bytes
	What  string `json:"what"`            // file, page, export, image, video, note, redaction
	Media string `json:"media,omitempty"` // media type, as told or as sniffed
	Name  string `json:"name,omitempty"`  // the file's name where it came from, without folders

	Address   *Address    `json:"address,omitempty"`
	Collected Time        `json:"collected"`
	Tool      string      `json:"tool"` // program and version that took the bytes in
	HTTP      *Exchange   `json:"http,omitempty"`
	Rendered  []Rendering `json:"rendered,omitempty"`
	Content   *Content    `json:"content,omitempty"`
	Metadata  []Field     `json:"metadata,omitempty"`
	Report    Ref         `json:"report"` // technical report of the capture, or empty

	Parent  Ref      `json:"parent"`            // the item these bytes were taken from, or empty
	Record  int64    `json:"record,omitempty"`  // the record of the parent, counted from 1
	Changes []string `json:"changes,omitempty"` // how the bytes differ from the parent's, in words

	Context string `json:"context,omitempty"` // why it matters, what stood around it
	Note    string `json:"note,omitempty"`
	Sealed  Sealed `json:"sealed"`
}

// An Address is where something was found: what was typed and what it became.
type Address struct {
	Typed     string `json:"typed"`
	Final     string `json:"final,omitempty"`     // after redirects
	Canonical string `json:"canonical,omitempty"` // as the page itself says
	Native    string `json:"native,omitempty"`    // the platform's own id of post or channel
}

// An Exchange is one HTTP request and its answer, kept as items of their own.
type Exchange struct {
	Method   string `json:"method"`
	Status   int    `json:"status"`
	Request  Ref    `json:"request"`
	Response Ref    `json:"response"`
}

// A Rendering is the same thing shown another way: a picture of the whole
// page, its document tree, a PDF.
type Rendering struct {
	What string `json:"what"` // full-page, dom, pdf, mhtml, text
	Ref  Ref    `json:"ref"`
}

// The renderings that the grade asks for.
const (
	FullPage = "full-page"
	DOM      = "dom"
)

// Content says whether the capture holds what it was made for.
type Content struct {
	Verdict string   `json:"verdict"` // holds, partial, wall, deleted, empty
	Reasons []string `json:"reasons,omitempty"`
}

// A Field is one name and value of embedded metadata.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Sealed stands for what only some people may read: commitments to values
// that are kept encrypted to them.
type Sealed struct {
	Collector *Commitment `json:"collector,omitempty"` // the person who collected, or acted
	Address   *Commitment `json:"address,omitempty"`   // the network address it was done from
}

func (i *Item) check() error {
	if i.Kind != KindItem {
		return fmt.Errorf("kind is %q", clip(string(i.Kind)))
	}
	if i.Size < 0 || i.Record < 0 || i.What == "" || i.Tool == "" {
		return errors.New("a field is missing or out of range")
	}
	if strings.ContainsAny(i.Name, "/\\\x00") {
		return errors.New("the file name holds a folder")
	}
	return i.Collected.check()
}

// The acts of custody. (ISO/IEC 27037 and the Berkeley Protocol ask for one
// record of who had an item, when and why; the words are ours.)
const (
	ActCreate    = "create"
	ActImport    = "import"
	ActCapture   = "capture"
	ActDerive    = "derive"
	ActCopy      = "copy"
	ActView      = "view"
	ActExport    = "export"
	ActTransfer  = "transfer"
	ActVerify    = "verify"
	ActTimestamp = "timestamp"
	ActCosign    = "cosign"
	ActRecheck   = "recheck"
	ActRedact    = "redact"
	ActHold      = "hold"
	ActRelease   = "release"
	ActDispose   = "dispose"
)

var acts = map[string]bool{ActCreate: true, ActImport: true, ActCapture: true, ActDerive: true, ActCopy: true, ActView: true,
	ActExport: true, ActTransfer: true, ActVerify: true, ActTimestamp: true, ActCosign: true, ActRecheck: true, ActRedact: true,
	ActHold: true, ActRelease: true, ActDispose: true}

// An Event is one thing that happened to one item: the link of a chain of
// custody. Its kind is KindCustody, or KindDeletion for ActDispose.
type Event struct {
	V    int    `json:"v"`
	Kind Kind   `json:"kind"`
	Leaf int64  `json:"leaf"` // the leaf of the item
	Item Ref    `json:"item"` // its Ref; empty in a deletion, which must not hold what it deletes
	Act  string `json:"act"`
	At   Time   `json:"at"`
	Tool string `json:"tool"`

	Role      string   `json:"role,omitempty"`      // in which capacity
	Reason    string   `json:"reason,omitempty"`    // why
	Authority string   `json:"authority,omitempty"` // under which right: consent, order, rule
	Input     Ref      `json:"input"`
	Output    Ref      `json:"output"`
	Changes   []string `json:"changes,omitempty"`
	Note      string   `json:"note,omitempty"`
	Sealed    Sealed   `json:"sealed"`
}

func (e *Event) check() error {
	if !acts[e.Act] {
		return fmt.Errorf("%q is not an act of custody", clip(e.Act))
	}
	if (e.Kind == KindDeletion) != (e.Act == ActDispose) {
		return fmt.Errorf("the act %s in a leaf of kind %s", e.Act, e.Kind)
	}
	if e.Leaf < 0 || e.Tool == "" {
		return errors.New("a field is missing or out of range")
	}
	if e.Kind == KindDeletion && !e.Item.IsZero() {
		return errors.New("a deletion names the Ref it deletes")
	}
	return e.At.check()
}

// A Statement is a finding or a publication: bytes, what they rest on, and
// for a publication the approvals it went out under.
type Statement struct {
	V         int     `json:"v"`
	Kind      Kind    `json:"kind"`
	Ref       Ref     `json:"ref"` // of the report or document
	At        Time    `json:"at"`
	Tool      string  `json:"tool"`
	About     []Ref   `json:"about,omitempty"`     // the items it rests on
	Approvals []int64 `json:"approvals,omitempty"` // leaves of kind approval
	Note      string  `json:"note,omitempty"`
}

func (s *Statement) check() error {
	if s.Kind != KindFinding && s.Kind != KindPublication || s.Ref.IsZero() || s.Tool == "" {
		return errors.New("a field is missing or out of range")
	}
	return s.At.check()
}
