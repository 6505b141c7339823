package collect

import (
	"path"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// A layout is a kind of CSV known by its heading, written as data: which
// column means what, and what the format fixes besides. Field lists are of
// the tools' own sources; see docs/formats/tables.md.
type layout struct {
	name, title string

	// all and any are headings that must be there, as fold writes them: every
	// one of all, and one that contains any.
	all []string
	any string

	columns map[Field]string // names as fold writes them, first found wins
	generic bool             // other headings are read by columnNames too

	platform  string
	zone      string // stated by the format for times that print none
	backslash bool   // quotes are escaped by \ too
	keep      []string

	// fix does what a column map cannot say.
	fix func(r *rowReader, p *post.Post)
}

var layouts = []layout{
	{
		name: "crowdtangle-facebook", title: "CrowdTangle CSV (Facebook)",
		all: []string{"total_interactions", "post_created", "url", "message"}, any: "overperforming",
		platform: "facebook",
		columns: map[Field]string{
			FieldAccount: "facebook_id", FieldAccountName: "page_name group_name user_name", FieldTime: "post_created",
			FieldDate: "post_created_date", FieldClock: "post_created_time",
			FieldURL: "url", FieldText: "message", FieldLinks: "final_link link", FieldKind: "type",
		},
		fix: fixCrowdTangle,
	},
	{
		name: "crowdtangle-instagram", title: "CrowdTangle CSV (Instagram)",
		all:      []string{"followers_at_posting", "photo", "post_created", "url", "description"},
		platform: "instagram",
		columns: map[Field]string{
			FieldAccount: "", FieldAccountName: "user_name account", FieldTime: "post_created",
			FieldURL: "url", FieldText: "description title", FieldLinks: "link", FieldMediaURL: "photo", FieldKind: "type",
		},
		fix: fixCrowdTangle,
	},
	{
		name: "youtube-comments", title: "YouTube Data Tools CSV (comments)",
		all:      []string{"isreplyto", "authorname", "text", "publishedat"},
		platform: "youtube", zone: "UTC", backslash: true,
		columns: map[Field]string{
			FieldID: "id", FieldReplyTo: "isreplyto", FieldAccountName: "authorname", FieldAccount: "authorchannelid",
			FieldText: "text", FieldTime: "publishedat",
		},
		fix: func(r *rowReader, p *post.Post) {
			if p.ReplyTo == "0" {
				p.ReplyTo = ""
			}
		},
	},
	{
		name: "youtube-videos", title: "YouTube Data Tools CSV (videos)",
		all:      []string{"videoid", "publishedat", "channelid"},
		platform: "youtube", zone: "UTC", backslash: true,
		columns: map[Field]string{
			FieldID: "videoid", FieldAccount: "channelid", FieldAccountName: "channeltitle", FieldText: "videotitle", FieldTime: "publishedat", FieldLang: "defaultlanguage",
		},
		fix: func(r *rowReader, p *post.Post) {
			if d := r.column("videodescription"); d != "" {
				p.Text = strings.TrimSpace(p.Text + "\n" + d)
			}
			if p.ID != "" && p.URL == "" {
				p.URL = "https://www.youtube.com/watch?v=" + p.ID
			}
		},
	},
	{
		name: "meta-content-library", title: "Meta Content Library CSV",
		all: []string{"creation_time"}, any: "post_owner",
		columns: map[Field]string{
			FieldID: "id", FieldAccount: "post_owner_id", FieldAccountName: "post_owner_username post_owner_name", FieldTime: "creation_time",
			FieldText: "text", FieldLang: "lang", FieldURL: "url", FieldLinks: "link_attachment_link", FieldHashtags: "hashtags", FieldPlatform: "platform",
		},
	},
	{
		name: "media-cloud", title: "Media Cloud CSV (stories, no text)",
		all: []string{"media_name", "publish_date", "title", "url"}, platform: "web",
		columns: map[Field]string{
			FieldID: "id stories_id", FieldAccountName: "media_name", FieldAccountURL: "media_url", FieldTime: "publish_date",
			FieldText: "title", FieldURL: "url", FieldLang: "language",
		},
	},
	{
		name: "coordination-network-toolkit", title: "coordination-network-toolkit CSV",
		all: []string{"message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"},
		columns: map[Field]string{
			FieldID: "message_id", FieldAccount: "user_id", FieldAccountName: "username", FieldRepostOf: "repost_id", FieldReplyTo: "reply_id",
			FieldText: "message", FieldTime: "timestamp", FieldLinks: "urls",
		},
	},
	{
		name: "coortweet", title: "CooRTweet CSV",
		all: []string{"object_id", "account_id", "content_id", "timestamp_share"},
		columns: map[Field]string{
			FieldID: "content_id", FieldAccount: "account_id", FieldTime: "timestamp_share",
		},
		keep: []string{"object_id"},
	},
	{
		name: "4cat", title: "4CAT CSV",
		all: []string{"thread_id", "body", "timestamp"}, generic: true,
		columns: map[Field]string{
			FieldID: "id", FieldAccount: "author_id", FieldAccountName: "author_username author author_name", FieldText: "body",
			FieldTime: "unix_timestamp timestamp", FieldReplyTo: "reply_to", FieldURL: "url post_url tweet_url link_to_post", FieldLinks: "urls link_attached entities_linked",
		},
	},
}

// layoutOf finds the layout of a heading.
func layoutOf(header []string) *layout {
	folded := make(map[string]bool, len(header))
	for _, h := range header {
		folded[fold(h)] = true
	}
next:
	for i := range layouts {
		f := &layouts[i]
		for _, n := range f.all {
			if !folded[n] {
				continue next
			}
		}
		if f.any != "" {
			found := false
			for h := range folded {
				found = found || strings.Contains(h, f.any)
			}
			if !found {
				continue next
			}
		}
		return f
	}
	return nil
}

// sign says by which columns a layout was known.
func (f *layout) sign() string {
	s := "columns " + strings.Join(f.all, ", ")
	if f.any != "" {
		s += " and one with " + f.any
	}
	return s
}

// field finds a heading in f.columns.
func (f *layout) field(heading string) (ranked, bool) {
	h := fold(heading)
	for field, names := range f.columns {
		for i, n := range strings.Fields(names) {
			if n == h {
				return ranked{field, i}, true
			}
		}
	}
	return ranked{}, false
}

// fixCrowdTangle takes the id from the address and joins the parts of the
// text. A post whose link leads to another page's post is a repost of it.
func fixCrowdTangle(r *rowReader, p *post.Post) {
	p.ID = path.Base(strings.TrimRight(p.URL, "/"))
	if p.URL == "" {
		p.ID = ""
	}
	for _, name := range []string{"final_link", "link"} {
		if l := r.column(name); len(p.Links) == 0 && l != "" {
			p.Links = append(p.Links, l)
		}
	}
	if r.layout.platform != "facebook" {
		return
	}
	if p.Text == "" {
		p.Text = strings.TrimSpace(r.column("link_text") + "\n" + r.column("description"))
	}
	link, user := r.column("link"), r.column("user_name")
	if rest, ok := afterHost(link, "facebook.com"); ok && strings.Contains(rest, "/posts/") && user != "" {
		owner, _, _ := strings.Cut(rest, "/")
		if !strings.EqualFold(owner, user) && !strings.EqualFold(owner, p.Account.ID) {
			p.RepostOf = path.Base(strings.TrimRight(rest, "/"))
		}
	}
}

// afterHost returns what follows host in an address, without the slash.
func afterHost(url, host string) (string, bool) {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return "", false
	}
	h, rest, _ := strings.Cut(rest, "/")
	if h != host && !strings.HasSuffix(h, "."+host) {
		return "", false
	}
	return rest, true
}
