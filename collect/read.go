package collect

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/intern"
	"github.com/arasha-org/arasha/post"
)

// A Collection reads files of any form one after another and keeps the
// account of what was found. The zero value with a Post function is ready.
// What it remembers of a post is two hashes, so memory does not grow with
// texts.
type Collection struct {
	Options
	Format string    // insist on a format; "" recognises it
	Stdin  io.Reader // read for the file name "-"

	// Post takes each post once: a second record of the same platform, id
	// and content is counted and left out. It must not keep p or its slices.
	Post func(p *post.Post) error
	// Reject takes what could not be read; nil counts only. An error stops
	// the reading (--strict).
	Reject func(file string, r Reject) error
	// Progress is told now and then how far a file has been read, in bytes
	// of the file on disk. It may be nil.
	Progress func(file string, done, size int64)

	// EveryRecord hands on duplicates too, uncounted, for analyses that are
	// defined on rows.
	EveryRecord bool

	Files []*Found // in the order of reading

	accounts map[hash128]struct{}
	seen     intern.Table // records by identity, and by identity and content
	before   []before     // what is remembered of each
	seed     [2]maphash.Seed
	line     []byte
	parts    []string
}

// Found is the account of one file.
type Found struct {
	File   string       `json:"file"`
	Ref    evidence.Ref `json:"ref,omitzero"`
	Bytes  int64        `json:"bytes"`
	Format string       `json:"format,omitempty"`
	Title  string       `json:"title,omitempty"`
	Sign   string       `json:"sign,omitempty"` // by which the format was known

	Rows       int64            `json:"rows"`       // records seen, of any kind
	Posts      int64            `json:"posts"`      // handed on
	Accounts   int64            `json:"accounts"`   // different ones among Posts
	Duplicates int64            `json:"duplicates"` // the same post again, left out
	Altered    int64            `json:"altered"`    // the same id with another text: kept
	Again      int64            `json:"again"`      // the same id and text with other columns: kept
	Untimed    int64            `json:"without_time"`
	Rejected   map[string]int64 `json:"rejected,omitempty"` // by reason
	Skipped    map[string]int64 `json:"skipped,omitempty"`  // by reason
	First      post.Time        `json:"-"`
	Last       post.Time        `json:"-"`
	Precision  map[string]int64 `json:"precision,omitempty"` // posts by precision of their time
	Basis      map[string]int64 `json:"basis,omitempty"`     // posts by basis, local ones with the zone
	Notes      []string         `json:"notes,omitempty"`
	Error      string           `json:"error,omitempty"` // what ended the reading early

	odd      int64 // times before 1995 or after 2100
	minutes  int64 // times that fall on a full minute though seconds are stated
	seconds  int64
	accounts map[hash128]struct{}
}

type hash128 [2]uint64

// before is what is remembered of a record: hashes of its content and text.
type before struct {
	content uint64
	text    uint32
}

// maxReasons is how many different reasons are counted apart.
const maxReasons = 50

// Read reads one file. The error is that of opening, of ctx, of Post or
// Reject, or says why the file could not be read to its end; what was read
// before stays counted and handed on.
func (c *Collection) Read(ctx context.Context, name string) (*Found, error) {
	c.begin()
	found := newFound(name)
	c.Files = append(c.Files, found)
	in, err := open(ctx, name, c.Stdin)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		found.Error = err.Error()
		return found, err
	}
	defer in.Close()
	found.Ref, found.Bytes = in.Ref, in.Size
	s := &sink{ctx: ctx, c: c, found: found, in: in}
	err = c.input(in, s, 0)
	if err == nil {
		err = in.broken
	}
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	found.Accounts = int64(len(found.accounts))
	found.accounts = nil
	if found.seconds > 20 && found.minutes == found.seconds {
		s.Note("all times fall on full minutes: the source probably keeps minutes, not seconds")
	}
	if found.odd > 0 {
		s.Note(fmt.Sprintf("%d times lie before 1995 or after 2100: is the column of times the right one?", found.odd))
	}
	if c.Progress != nil {
		c.Progress(name, in.Size, in.Size)
	}
	if err != nil {
		var unknown *UnknownError
		if !strings.HasPrefix(err.Error(), name) && !errors.As(err, &unknown) && ctx.Err() == nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		found.Error = err.Error()
	}
	return found, err
}

func (c *Collection) begin() {
	if c.accounts == nil {
		c.accounts = map[hash128]struct{}{}
		c.seed = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	}
}

func newFound(name string) *Found {
	return &Found{File: name, Rejected: map[string]int64{}, Skipped: map[string]int64{}, Precision: map[string]int64{}, Basis: map[string]int64{}, accounts: map[hash128]struct{}{}}
}

// input reads in, which may be a member of a zip.
func (c *Collection) input(in *Input, s *sink, depth int) error {
	var f Format
	var sign string
	var err error
	if c.Format != "" {
		if f, err = FormatNamed(c.Format); err != nil {
			return err
		}
		sign = "you named it"
	} else if f, sign, err = detect(in); err != nil {
		if in.Zip != nil && depth < 2 && !hasMember(in.Zip, "content.xml") {
			return c.members(in, s, depth)
		}
		if len(c.Columns) == 0 || in.Zip != nil {
			return err
		}
		f, sign = PlainTable, "the columns you named"
	}
	if in.Zip != nil && c.Format != "" && f.Name != "xlsx" && f.Name != Links.Name {
		if _, ok := f.Sniff(in); !ok { // the named format is that of the members
			return c.members(in, s, depth)
		}
	}
	if s.found.Format == "" {
		s.found.Format, s.found.Title, s.found.Sign = f.Name, f.Title, sign
	}
	return f.Read(in, &c.Options, s)
}

// members reads a zip archive that is no export of its own, member by
// member. A member that is not recognised is said and passed over.
func (c *Collection) members(in *Input, s *sink, depth int) error {
	read := 0
	var broken error
	if s.found.Format == "" {
		s.found.Format, s.found.Title = "zip", "zip archive of files"
	}
	var forms, passed []string
	unknownMembers := 0
	for _, m := range in.Zip.File {
		name := MemberName(m)
		if strings.HasSuffix(m.Name, "/") || strings.HasPrefix(name, "__MACOSX/") || m.UncompressedSize64 == 0 {
			continue
		}
		inner, err := in.member(m)
		if errors.Is(err, ErrBomb) {
			return err
		}
		if err != nil {
			s.Note(fmt.Sprintf("%s was not read: %v", name, err))
			broken = err
			continue
		}
		sub := &sink{ctx: s.ctx, c: c, found: s.found, in: s.in, member: joinMember(s.member, name), base: s.found.Rows}
		before := s.found.Format
		s.found.Format = ""
		err = c.input(inner, sub, depth+1)
		if s.found.Format != "" {
			forms = append(forms, fmt.Sprintf("%s (%s)", name, s.found.Format))
		}
		s.found.Format, s.found.Title = before, "zip archive of files"
		inner.Close()
		var unknown *UnknownError
		switch {
		case errors.As(err, &unknown):
			if unknownMembers++; len(passed) < 5 {
				passed = append(passed, name)
			}
			continue
		case errors.Is(err, ErrBroken) && s.ctx.Err() == nil:
			broken = fmt.Errorf("%s: %w", name, err)
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		}
		read++
	}
	if unknownMembers > 0 {
		s.Note(fmt.Sprintf("%d members were passed over, their format was not recognised: %s", unknownMembers, strings.Join(passed, ", ")))
	}
	if read == 0 {
		if broken != nil {
			return broken
		}
		return &UnknownError{in.Name, "a zip archive in which no member was recognised"}
	}
	s.found.Sign = "members " + strings.Join(forms[:min(len(forms), 20)], ", ")
	return broken
}

func joinMember(a, b string) string {
	if a == "" {
		return b
	}
	return a + ": " + b
}

// sink stands between a reader and a Collection.
type sink struct {
	ctx    context.Context
	c      *Collection
	found  *Found
	in     *Input
	member string
	base   int64 // records of the members before this one
}

// tick looks for a stop and tells the progress, every so many records.
func (s *sink) tick() error {
	s.found.Rows++
	if s.found.Rows&1023 != 0 {
		return nil
	}
	if s.c.Progress != nil {
		s.c.Progress(s.found.File, min(s.in.pos.Load(), s.in.Size), s.in.Size)
	}
	return s.ctx.Err()
}

func (s *sink) Post(p *post.Post) error {
	if s.found.Rows == 0 {
		if err := s.ctx.Err(); err != nil {
			return err
		}
	}
	if err := s.tick(); err != nil {
		return err
	}
	if p.Source.Ref.IsZero() {
		p.Source.Ref = s.in.Ref
		p.Source.Record += s.base
	}
	key := s.c.hash(p.Platform, p.Account.ID, p.Account.Name)
	if p.Account != (post.Account{}) {
		s.found.accounts[key] = struct{}{}
		s.c.accounts[key] = struct{}{}
	}
	if p.ID != "" && !s.c.EveryRecord {
		switch s.c.again(p) {
		case duplicate:
			s.found.Duplicates++
			return nil
		case altered:
			s.found.Altered++
		case another:
			s.found.Again++
		}
	}
	s.found.count(p)
	return s.c.Post(p)
}

func (s *sink) Reject(r Reject) error {
	if err := s.tick(); err != nil {
		return err
	}
	if r.Member == "" {
		r.Member = s.member
	}
	if r.Record > 0 {
		r.Record += s.base
	}
	countReason(s.found.Rejected, r.Reason)
	if s.c.Reject == nil {
		return nil
	}
	return s.c.Reject(s.found.File, r)
}

func (s *sink) Skip(reason string) error {
	countReason(s.found.Skipped, reason)
	return s.tick()
}

func (s *sink) Note(text string) {
	if s.member != "" {
		text = s.member + ": " + text
	}
	if !slices.Contains(s.found.Notes, text) && len(s.found.Notes) < 1000 {
		s.found.Notes = append(s.found.Notes, text)
	}
}

func countReason(m map[string]int64, reason string) {
	if _, ok := m[reason]; !ok && len(m) >= maxReasons {
		reason = "other reasons"
	}
	m[reason]++
}

// count takes p into the account.
func (f *Found) count(p *post.Post) {
	f.Posts++
	t := p.Time
	if !t.Known() {
		f.Untimed++
		return
	}
	if f.First.Precision == post.None || t.Millis < f.First.Millis {
		f.First = t
	}
	if f.Last.Precision == post.None || t.Millis > f.Last.Millis {
		f.Last = t
	}
	if t.Millis < 788918400000 || t.Millis > 4102444800000 {
		f.odd++
	}
	f.Precision[t.Precision.String()]++
	if t.Precision <= post.Second {
		f.seconds++
		if t.Millis%60000 == 0 {
			f.minutes++
		}
	}
	switch {
	case t.Basis == post.Local && t.Zone != "":
		f.Basis["local ("+t.Zone+")"]++
	default:
		f.Basis[t.Basis.String()]++
	}
}

// hash makes 128 bits of strings, so that two different ones are never taken
// for one (a chance of 10⁻²⁴ among ten million).
func (c *Collection) hash(parts ...string) (h hash128) {
	c.line = c.line[:0]
	for _, p := range parts {
		c.line = binary.AppendUvarint(c.line, uint64(len(p)))
		c.line = append(c.line, p...)
	}
	return hash128{maphash.Bytes(c.seed[0], c.line), maphash.Bytes(c.seed[1], c.line)}
}

// A repetition says how a record stands to the earlier ones with its id.
type repetition int

const (
	fresh     repetition = iota
	duplicate            // the same post again
	altered              // another text under the same id
	another              // the same text, but other columns: one post in several rows
)

// again says whether p has been seen. Where the platform is known, its id is
// the post, however two exports print the rest; columns the user asked to
// keep still make a difference. Without a platform an id says little (a row
// number, as often as not): the account belongs to it, and a duplicate must be
// the same in everything.
func (c *Collection) again(p *post.Post) repetition {
	id := c.hash(p.Platform, p.ID)
	if p.Platform == "" {
		id = c.hash("", p.ID, p.Account.ID, p.Account.Name)
	}
	text := uint32(maphash.String(c.seed[0], p.Text))
	parts := append(c.parts[:0], p.Text)
	if p.Platform == "" {
		parts = append(parts, p.URL, p.RepostOf, p.ReplyTo, fmtMillis(p.Time))
		parts = append(parts, p.Links...)
		for _, m := range p.Media {
			parts = append(parts, m.Hash, m.URL)
		}
	}
	if len(p.Extra) > 0 {
		for _, k := range slices.Sorted(maps.Keys(p.Extra)) {
			parts = append(parts, k, p.Extra[k])
		}
	}
	h := c.hash(parts...)
	c.parts = parts
	content := h[0]
	n, isNew := c.seen.Add(id)
	if isNew {
		c.before = append(c.before, before{content, text})
		return fresh
	}
	first := c.before[n]
	if first.content == content {
		return duplicate
	}
	// A third version is compared with all before it.
	if _, isNew := c.seen.Add(hash128{id[0] ^ h[0], id[1] ^ h[1]}); !isNew {
		return duplicate
	}
	c.before = append(c.before, before{content, text})
	if first.text != text {
		return altered
	}
	return another
}

func fmtMillis(t post.Time) string {
	var b [9]byte
	binary.LittleEndian.PutUint64(b[:], uint64(t.Millis))
	b[8] = byte(t.Precision)
	return string(b[:])
}

// Accounts is the number of different accounts in all files.
func (c *Collection) Accounts() int64 { return int64(len(c.accounts)) }
