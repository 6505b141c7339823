package appeal

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 64 << 20

// MaxText is the largest text that is taken apart, in bytes: over a thousand
// pages.
const MaxText = 4 << 20

// An ImportError says why a file could not be read, in words for a person.
type ImportError struct {
	Reason string
	Hint   string // what to do, or ""
}

func (e *ImportError) Error() string { return e.Reason }

func cannotRead(hint, format string, args ...any) error {
	// What a library quotes from a broken file may hold anything.
	return &ImportError{plainText(fmt.Sprintf(format, args...)), hint}
}

// plainText makes words about a file fit for a terminal and for JSON.
func plainText(s string) string {
	return strings.Map(noControl, strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", ""))
}

// ErrTooLarge is wrapped when a file or what it unpacks to is too large.
var ErrTooLarge = errors.New("too large")

// Import reads the bytes of one file. name is the file's name: its extension
// settles what the bytes leave open. What the importer doubted is in
// Warnings, what it did not understand in Unread; an error means that
// nothing could be read, and is an [ImportError] when a person can help.
func Import(name string, data []byte, o Options) (*Appeal, error) {
	if len(data) > MaxFile {
		return nil, cannotRead("", "the file has %d MB; more than %d MB is not read", len(data)>>20, MaxFile>>20)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, cannotRead("", "the file is empty")
	}
	s, a, err := readFormat(name, data)
	if err != nil || a != nil {
		return a, err
	}
	size := 0
	for _, l := range s.lines {
		size += len(l.text)
	}
	if size > MaxText {
		return nil, cannotRead("cut the appeal out of it", "the file holds %d MB of text, more than a thousand pages: this is no appeal", size>>20)
	}
	return s.read(o), nil
}

// readFormat looks at the bytes first and at the name second.
func readFormat(name string, data []byte) (*source, *Appeal, error) {
	ext := strings.ToLower(filepath.Ext(name))
	head := data[:min(len(data), 1024)]
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return readPDF(data)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return readZip(data)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, nil, cannotRead("open it in a word processor and save it as .docx without a password",
			"this is an old Word file (.doc) or a file locked with a password, which is not read")
	case bytes.HasPrefix(head, []byte("{\\rtf")):
		return nil, nil, cannotRead("open it in a word processor and save it as .docx", "this is an RTF file, which is not read")
	case ext == ".pdf" || ext == ".docx" || ext == ".odt":
		return nil, nil, cannotRead("ask for the file again", "the file is broken: it does not begin as a %s file does", strings.TrimPrefix(ext, "."))
	case ext == ".json":
		a, err := Parse(bytes.NewReader(data))
		if err != nil {
			return nil, nil, cannotRead("see docs/formats/appeal.md", "%v", err)
		}
		a.File = &FileInfo{Format: "json"}
		return nil, a, nil
	case ext == ".eml":
		return readEmail(data)
	case isBinary(head):
		return nil, nil, cannotRead("appeals are read from .txt, .pdf, .docx, .odt, .html, .md and .eml", "this is not a text, PDF, DOCX, ODT, HTML or Markdown file")
	case ext == ".md" || ext == ".markdown":
		text, a := cutTextData(data)
		if a != nil {
			a.File.Format = "md"
			return nil, a, nil
		}
		return readMarkdown(text)
	case ext == ".html" || ext == ".htm" || ext == ".xhtml" || looksHTML(head):
		s, err := readHTML(data)
		var e *embedded
		if errors.As(err, &e) {
			return nil, e.a, nil
		}
		return s, nil, err
	}
	text, a := cutTextData(data)
	if a != nil {
		return nil, a, nil
	}
	return readText(text), nil, nil
}

func looksHTML(head []byte) bool {
	h := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))))
	return bytes.HasPrefix(h, []byte("<!doctype html")) || bytes.HasPrefix(h, []byte("<html")) || bytes.HasPrefix(h, []byte("<?xml")) && bytes.Contains(h, []byte("<html"))
}

// isBinary reports whether bytes are no text: zero bytes without a UTF-16
// mark, or many control characters.
func isBinary(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return false
	}
	n := 0
	for _, b := range head {
		if b == 0 {
			return true
		}
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != '\v' && b != 0x1b {
			n++
		}
	}
	return n*20 > len(head)
}
