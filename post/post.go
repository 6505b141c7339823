package post

import "github.com/arasha-org/arasha/evidence"

// A Post is one publication by one account at one time.
type Post struct {
	ID       string  // platform's own id; unique within Platform
	Platform string  // "telegram", "twitter", "vk", …; lower case
	Account  Account // who published
	Time     Time    // when, how exactly, and how we know
	Text     string  // as received
	Lang     string  // BCP 47, only when the platform or the user states it
	URL      string  // permalink

	Links    []string // addresses in the post, as given
	Hashtags []string // without "#", in the order of the text
	Mentions []string // handles without "@", in the order of the text
	RepostOf string   // id of the post republished, "" for an original or when not known
	Repost   bool     // a republication, also where the id of the original is not known
	ReplyTo  string   // id of the post answered
	Media    []Media

	// Extra holds columns of the input that have no field above and that
	// the user asked to keep ("column:NAME"). Usually nil.
	Extra map[string]string

	Source Source // the bytes this post was read from
}

// An Account is the publisher as the platform names it.
type Account struct {
	ID   string // never changes on the platform, where it has such a thing
	Name string // handle or display name at the time
}

// Key returns what identifies the account: its id, or its name where the
// platform gave no id.
func (a Account) Key() string {
	if a.ID != "" {
		return a.ID
	}
	return a.Name
}

// Media is a picture, video or sound of a post. Hash is a digest or
// perceptual hash as the source states it; URL an address or a path inside
// the export. Either may be empty.
type Media struct {
	Hash string
	URL  string
}

// Source names the bytes a post was read from: the export file and the
// record in it, counted from 1 (a row, a line, a message, an entry).
type Source struct {
	Ref    evidence.Ref
	Record int64
}
