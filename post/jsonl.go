package post

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/evidence"
)

// line is a Post on disk. It is its own type so that the format stays what
// docs/formats/posts.md says when the Go struct moves.
type line struct {
	ID       string            `json:"id,omitempty"`
	Platform string            `json:"platform,omitempty"`
	Account  *lineAccount      `json:"account,omitempty"`
	Time     *lineTime         `json:"time,omitempty"`
	Text     string            `json:"text,omitempty"`
	Lang     string            `json:"lang,omitempty"`
	URL      string            `json:"url,omitempty"`
	Links    []string          `json:"links,omitempty"`
	Hashtags []string          `json:"hashtags,omitempty"`
	Mentions []string          `json:"mentions,omitempty"`
	RepostOf string            `json:"repost_of,omitempty"`
	Repost   bool              `json:"repost,omitempty"`
	ReplyTo  string            `json:"reply_to,omitempty"`
	Media    []lineMedia       `json:"media,omitempty"`
	Extra    map[string]string `json:"extra,omitempty"`
	Source   *lineSource       `json:"source,omitempty"`
}

type lineAccount struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type lineTime struct {
	At        string `json:"at"`
	Precision string `json:"precision"`
	Basis     string `json:"basis"`
	Zone      string `json:"zone,omitempty"`
	Text      string `json:"text,omitempty"`
}

type lineMedia struct {
	Hash string `json:"hash,omitempty"`
	URL  string `json:"url,omitempty"`
}

type lineSource struct {
	Ref    evidence.Ref `json:"ref,omitzero"`
	Record int64        `json:"record,omitempty"`
}

const lineLayout = "2006-01-02T15:04:05.000Z07:00"

// Parse reads one line that Append wrote. A key it does not know, a precision
// or basis it does not know, or anything after the object is an error: a
// format that drifts must not be read as if it had not.
func Parse(b []byte) (Post, error) {
	if p, ok := parseLine(bytes.TrimSuffix(b, []byte("\n"))); ok {
		return p, nil
	}
	return parse(b)
}

// parse is Parse for any line, in any order of keys.
func parse(b []byte) (Post, error) {
	var l line
	if !utf8.Valid(b) { // the decoder would put U+FFFD for what stood there
		return Post{}, errors.New("not a line of posts: it is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &kind) && kind.Field != "":
			return Post{}, fmt.Errorf("not a line of posts: a %s does not belong under the key %q", kind.Value, kind.Field)
		case errors.As(err, &kind):
			return Post{}, fmt.Errorf("not a line of posts: it is a JSON %s and not an object", kind.Value)
		}
		return Post{}, fmt.Errorf("not a line of posts: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if rest, _ := io.ReadAll(io.MultiReader(d.Buffered())); len(bytes.TrimSpace(rest)) > 0 {
		return Post{}, errors.New("not a line of posts: something follows the object")
	}
	p := Post{ID: l.ID, Platform: l.Platform, Text: l.Text, Lang: l.Lang, URL: l.URL, Links: l.Links,
		Hashtags: l.Hashtags, Mentions: l.Mentions, RepostOf: l.RepostOf, Repost: l.Repost, ReplyTo: l.ReplyTo, Extra: l.Extra}
	if l.Account != nil {
		p.Account = Account(*l.Account)
	}
	if l.Time != nil {
		t, err := l.Time.time()
		if err != nil {
			return Post{}, err
		}
		p.Time = t
	}
	for _, m := range l.Media {
		p.Media = append(p.Media, Media(m))
	}
	if l.Source != nil {
		p.Source = Source{l.Source.Ref, l.Source.Record}
	}
	return p, nil
}

func (l *lineTime) time() (Time, error) {
	var t Time
	var err error
	if t.Precision, err = ParsePrecision(l.Precision); err != nil {
		return t, err
	}
	if t.Basis, err = ParseBasis(l.Basis); err != nil {
		return t, err
	}
	t.Zone, t.Text = l.Zone, l.Text
	if !t.Known() {
		if l.At != "" {
			return t, fmt.Errorf("time %q has no precision", l.At)
		}
		return t, nil
	}
	at, err := time.Parse(time.RFC3339Nano, l.At)
	if err != nil {
		return t, fmt.Errorf("time %q is not in the form 2006-01-02T15:04:05.000Z", l.At)
	}
	t.Millis = at.UnixMilli()
	return t, nil
}

// MaxLine is the longest line Lines reads. A longer one is an error naming
// its number; reading goes on after it.
const MaxLine = 32 << 20

// A LineError is a line that is not a post.
type LineError struct {
	Line int64  // counted from 1
	Raw  []byte // the line, at most its first 64 KiB
	Err  error
}

// Error names the line and says what is wrong with it.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// Lines yields the posts of a JSONL stream in order. A bad line is yielded as
// a *LineError and reading goes on; any other error ends the stream. Memory is
// bounded by the longest line.
func Lines(r io.Reader) iter.Seq2[Post, error] {
	return func(yield func(Post, error) bool) {
		br := bufio.NewReaderSize(r, 1<<16)
		var buf []byte
		for n := int64(1); ; n++ {
			raw, long, err := readLine(br, buf[:0])
			buf = raw
			if err != nil && err != io.EOF {
				yield(Post{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if n == 1 {
				raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
			}
			switch b := bytes.TrimSpace(raw); {
			case long:
				if !yield(Post{}, &LineError{n, bytes.Clone(b[:min(len(b), 64<<10)]), fmt.Errorf("longer than %d bytes", MaxLine)}) {
					return
				}
			case len(b) > 0:
				p, perr := Parse(b)
				if perr != nil {
					perr = &LineError{n, bytes.Clone(b[:min(len(b), 64<<10)]), perr}
				}
				if !yield(p, perr) {
					return
				}
			}
			if err == io.EOF {
				return
			}
		}
	}
}

// readLine appends the next line without its newline to buf. Of a line over
// MaxLine the rest is passed over and long is true.
func readLine(br *bufio.Reader, buf []byte) (line []byte, long bool, err error) {
	for {
		part, err := br.ReadSlice('\n')
		if len(buf)+len(part) > MaxLine {
			long = true
		}
		if !long {
			buf = append(buf, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		return bytes.TrimSuffix(buf, []byte("\n")), long, err
	}
}
