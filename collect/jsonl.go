package collect

import (
	"bytes"
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
		line := bytes.TrimSpace(bytes.TrimPrefix(in.Head, bom))
		if len(line) == 0 || line[0] != '{' {
			return "", false
		}
		line, _, whole := bytes.Cut(line, []byte("\n"))
		if p, err := post.Parse(line); err == nil && (len(line) > 2) {
			_ = p
			return "the first line is a post", true
		} else if whole || len(in.Head) < HeadSize {
			return "", false
		}
		// A first line longer than the head: its source is its last key.
		return "the first line begins as a post", bytes.HasPrefix(line, []byte(`{"id":"`)) && bytes.Contains(line, []byte(`,"time":{"at":"`))
	},
	Read: readPosts,
}

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
			return fmt.Errorf("%w", err)
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

var _ io.Reader = (*guard)(nil)
