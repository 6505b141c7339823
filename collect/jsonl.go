package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/arasha-org/arasha/post"
)

// Posts is our own interchange form, one post a line; see
// docs/formats/posts.md. Each post comes out as it went in, with the Source it
// had before: the bytes it was first read from.
var Posts = Format{
	Name: "posts", Title: "posts (JSON Lines of this program)",
	Sniff: func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		return sniffPosts(bytes.TrimPrefix(in.Head, bom))
	},
	Read: readPosts,
}

// sniffPosts looks for a post among the first lines, so that one damaged line
// does not hide the form. A line longer than the head is known by its keys.
func sniffPosts(head []byte) (string, bool) {
	for n := 1; n <= 50; n++ {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		if line = bytes.TrimSpace(line); len(line) > 2 && line[0] == '{' {
			if _, err := post.Parse(line); err == nil {
				return fmt.Sprintf("line %d is a post", n), true
			}
			if !whole && onlyPostKeys(line) {
				return fmt.Sprintf("line %d begins as a post", n), true
			}
		}
		if !whole {
			break
		}
		head = rest
	}
	return "", false
}

// onlyPostKeys reports whether the beginning of an object has keys of a post
// and no other.
func onlyPostKeys(b []byte) bool {
	d := json.NewDecoder(bytes.NewReader(b))
	depth, keys, key := 0, 0, false
	for {
		t, err := d.Token()
		if err != nil {
			return keys > 1 && errors.Is(err, io.ErrUnexpectedEOF) || keys > 1 && err == io.EOF
		}
		switch x := t.(type) {
		case json.Delim:
			if x == '{' || x == '[' {
				depth++
			} else {
				depth--
			}
			if depth <= 1 {
				key = true
			}
			continue
		case string:
			if depth == 1 && key {
				if !postKeys()[x] {
					return false
				}
				keys++
				key = false
				continue
			}
		}
		if depth == 1 {
			key = true
		}
	}
}

var postKeys = words("id platform account time text lang url links hashtags mentions repost_of repost reply_to media extra source")

func readPosts(in *Input, o *Options, out Sink) error {
	var record int64
	for p, err := range post.Lines(in.R) {
		var le *post.LineError
		switch {
		case errors.As(err, &le):
			record++
			raw := le.Raw
			if err := out.Reject(Reject{Record: record, Line: le.Line, Reason: le.Err.Error(), Raw: raw}); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		record++
		if p.Source == (post.Source{}) {
			p.Source.Record = record
		}
		if err := out.Post(&p); err != nil {
			return err
		}
	}
	return nil
}
