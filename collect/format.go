package collect

import (
	"archive/zip"
	"io"
	"sync/atomic"
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/post"
)

// A Format is one kind of export.
type Format struct {
	Name  string // what --format takes: "telegram-desktop"
	Title string // for people: "Telegram Desktop export (result.json)"

	// Sniff reports whether in is of this format, and by which sign. It sees
	// in.Head and in.Zip only.
	Sniff func(in *Input) (sign string, ok bool)

	// Read sends every record of in to out, in file order. It returns an
	// error only when reading cannot go on (broken file, I/O error, or an
	// error returned by out, passed on unchanged); records already sent stay.
	Read func(in *Input, o *Options, out Sink) error
}

// An Input is one file to read, with gzip or zstd already taken off.
type Input struct {
	Name string       // as the user named it, for messages
	Ref  evidence.Ref // of the file's bytes as they lie on disk
	Size int64        // of the file on disk; 0 when not known
	Head []byte       // the first bytes, at most HeadSize, decompressed

	// R reads the content from its start, decompressed, as bytes (no change
	// of encoding). It is nil when Zip is set.
	R io.Reader

	// Zip is set when the file is a zip archive. Readers open the members
	// they know by name, never more than they need, through OpenMember.
	Zip *zip.Reader

	again   source            // content once more from its start; nil when Zip is set
	raw     *io.SectionReader // the archive when Zip is set
	pos     atomic.Int64      // farthest byte of the file read so far
	broken  error             // said after reading: the archive was salvaged
	cut     string            // name of the salvaged member that is not whole
	inner   bool              // a member of a zip
	peeked  *peeked           // what Sniff of the tables found
	stop    func() error      // of the context it was opened with; nil for none
	closers []io.Closer
}

// HeadSize is how much of an input Sniff may look at.
const HeadSize = 64 << 10

// Options are what the user may say about a file. The zero value is a good
// default for all formats that state their own fields and zones.
type Options struct {
	// Columns maps our field names to the file's column names, for tables.
	Columns map[string]string
	// Keep names columns to carry along in Post.Extra ("column:NAME").
	Keep []string
	// Zone is assumed for times that state none. Nil means UTC, and the
	// basis of such times is post.Local all the same.
	Zone *time.Location
	// DayFirst settles ambiguous dates such as 5/2: +1 day first, -1 month
	// first, 0 not settled (they are reported as ambiguous, not guessed).
	DayFirst int
	// Year is taken for dates that state none, such as 28.04. 0 leaves such
	// dates without a time, and says so.
	Year int
	// Encoding settles the encoding of a table: "windows-1251", "koi8-r",
	// "windows-1252", "utf-8", "utf-16le", "utf-16be"; "" recognises it.
	Encoding string
	// Private lets private chats and groups in. Off by default.
	Private bool
	// Worklist is called with each sheet of links that was read, before its
	// posts are handed on. It may be nil.
	Worklist func(*Worklist)

	anyColumns bool // a table is read though none of its columns was recognised
}

// A Sink takes what a reader finds. Its methods return an error when reading
// should stop; readers pass that error on unchanged.
type Sink interface {
	// Post takes one post. p and its slices and maps are only valid during
	// the call (strings stay); clone what you keep. Its Source.Record
	// is set by the reader (counted from 1), its Source.Ref by the sink.
	Post(p *post.Post) error
	// Reject takes a record that cannot be read.
	Reject(r Reject) error
	// Skip counts a record left out on purpose, by a short stable reason
	// ("private chat", "advertisement", "service message").
	Skip(reason string) error
	// Note tells the person something about the file, once per text
	// ("times have no zone: Asia/Almaty was assumed").
	Note(text string)
}

// A Reject is a record that could not be read, kept where a person can see it.
type Reject struct {
	Member string // zip member, or ""
	Record int64  // counted from 1, as Post.Source.Record; 0 when not known
	Line   int64  // line of the file where it begins, 0 when not known
	Reason string // one calm sentence
	Raw    []byte // the record as it stands in the file; the sink may cut it
}
