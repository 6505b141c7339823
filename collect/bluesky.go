package collect

import (
	"bytes"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// bluesky reads posts of Bluesky: posts and feeds as the API gives them, what
// 4CAT saves, and the commits of a Jetstream (lexicons app.bsky.feed.post,
// app.bsky.feed.defs).
var bluesky = Format{
	Name:  "bluesky",
	Title: "Bluesky posts, feeds or Jetstream (JSON or JSON Lines)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		at := bytes.Contains(head, []byte("at://did:"))
		switch {
		case hasKeys(keys, "uri", "record") && at, hasKeys(keys, "uri", "cid") && at:
			return "at:// in uri"
		case hasKeys(keys, "feed") && at:
			return "a feed of at:// posts"
		case hasKeys(keys, "posts") && at:
			return "posts with at://"
		case hasKeys(keys, "post.uri") && at:
			return "at:// in post.uri"
		case hasKeys(keys, "did", "time_us", "kind"):
			return "keys did, time_us and kind"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		take := n.item(n.blueskyItem)
		return n.documents(n.in.R, visits{"": take, "feed": take, "posts": take, "thread": take})
	}),
}

func (n *nest) blueskyItem(v node) error {
	if v.at("did").is() && (v.at("time_us").is() || v.at("commit").is()) {
		return n.jetstream(v)
	}
	p := post.Post{Platform: "bluesky"}
	view, reason := v, v.at("reason")
	if v.at("post").isObject() {
		view = v.at("post")
	}
	n.blueskyView(&p, view)
	if by := reason.at("by"); by.isObject() {
		// A feed lists a repost as the original with a reason.
		p.Repost, p.RepostOf, p.ReplyTo = true, p.ID, ""
		p.Account = blueskyAccount(by)
		p.Time = n.when(node{reason.first("indexedAt", "indexed_at")})
		if p.ID = reason.at("uri").str(); p.ID == "" {
			p.ID = "at://" + p.Account.ID + "/app.bsky.feed.repost/of/" + strings.TrimPrefix(p.RepostOf, "at://")
		}
	}
	return n.post(&p)
}

func blueskyAccount(v node) post.Account {
	return post.Account{ID: v.at("did").str(), Name: v.at("handle").str()}
}

// blueskyView fills p from a post as the API shows it.
func (n *nest) blueskyView(p *post.Post, v node) {
	p.ID = v.at("uri").str()
	p.Account = blueskyAccount(v.at("author"))
	if p.Account.ID == "" {
		p.Account.ID, _, _ = strings.Cut(strings.TrimPrefix(p.ID, "at://"), "/")
	}
	record := v.at("record")
	if !record.isObject() {
		record = v.at("value")
	}
	if !record.isObject() {
		record = v
	}
	n.blueskyRecord(p, record)
	if seen := v.first("indexedAt", "indexed_at"); seen != "" {
		claimed := p.Time
		p.Time = n.when(node{seen})
		p.Time.Text = claimed.Text
		if !p.Time.Known() {
			p.Time = claimed
		}
	}
	p.URL = blueskyURL(p)
	for i := range v.at("embed", "images").each() {
		blueskyPicture(p, i)
	}
	for i := range v.at("embed", "media", "images").each() {
		blueskyPicture(p, i)
	}
}

// blueskyPicture adds the address of a picture beside the hash its record
// states.
func blueskyPicture(p *post.Post, i node) {
	u := i.first("fullsize", "thumb")
	if u == "" {
		return
	}
	for k := range p.Media {
		if m := &p.Media[k]; m.URL == "" && m.Hash != "" && strings.Contains(u, m.Hash) {
			m.URL = u
			return
		}
	}
	p.Media = append(p.Media, post.Media{URL: u})
}

func blueskyURL(p *post.Post) string {
	who := p.Account.Name
	if who == "" || who == "handle.invalid" {
		who = p.Account.ID
	}
	_, key, ok := strings.Cut(p.ID, "/app.bsky.feed.post/")
	if !ok || who == "" {
		return ""
	}
	return "https://bsky.app/profile/" + who + "/post/" + key
}

// blueskyRecord fills p from what the author's own client signed. Its time
// is the author's claim; back-dating is possible.
func (n *nest) blueskyRecord(p *post.Post, r node) {
	p.Text = r.at("text").str()
	created := r.first("createdAt", "created_at")
	if p.Time = rebase(n.when(node{created}), post.Claimed); created != "" {
		p.Time.Text = created
		p.Time.Zone = ""
	}
	if l := r.at("langs", "0").str(); l != "" {
		p.Lang = langOf(l)
	}
	p.ReplyTo = r.at("reply", "parent", "uri").str()
	n.blueskyFacets(p, r)
	for t := range r.at("tags").each() {
		if s := t.str(); s != "" {
			p.Hashtags = append(p.Hashtags, s)
		}
	}
	e := r.at("embed")
	for _, e := range []node{e, e.at("media")} {
		p.Links = addOnce(p.Links, e.at("external", "uri").str())
		for i := range e.at("images").each() {
			blueskyBlob(p, i.at("image"))
		}
		blueskyBlob(p, e.at("video"))
	}
}

// blueskyBlob adds a file by its content identifier, which is a hash.
func blueskyBlob(p *post.Post, b node) {
	if h := b.first("ref.$link", "ref.link", "cid", "ref"); h != "" {
		p.Media = append(p.Media, post.Media{Hash: h})
	}
}

// blueskyFacets fills what is marked in the text, by offsets in UTF-8 bytes.
func (n *nest) blueskyFacets(p *post.Post, r node) {
	if !r.at("facets").is() {
		p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
		return
	}
	for f := range r.at("facets").each() {
		from, ok1 := smallInt(f.first("index.byteStart", "index.byte_start"))
		to, ok2 := smallInt(f.first("index.byteEnd", "index.byte_end"))
		part := ""
		if ok1 && ok2 && from <= to && to <= len(p.Text) {
			part = strings.ToValidUTF8(p.Text[from:to], "\uFFFD")
		}
		for x := range f.at("features").each() {
			if t := x.at("tag").str(); t != "" {
				p.Hashtags = append(p.Hashtags, strings.TrimPrefix(t, "#"))
			}
			p.Links = addOnce(p.Links, x.at("uri").str())
			if did := x.at("did").str(); did != "" {
				if !strings.HasPrefix(part, "@") {
					part = did
				}
				p.Mentions = append(p.Mentions, strings.TrimPrefix(part, "@"))
			}
		}
	}
}

// jetstream reads one event.
func (n *nest) jetstream(v node) error {
	c := v.at("commit")
	p := post.Post{Platform: "bluesky", Account: post.Account{ID: v.at("did").str()}}
	kind := c.at("collection").str()
	switch {
	case !c.isObject():
		return n.skip("event that is not a post")
	case c.first("operation", "type") == "delete" || c.at("type").str() == "d":
		return n.skip("deletion")
	case kind != "app.bsky.feed.post" && kind != "app.bsky.feed.repost":
		return n.skip("event that is not a post")
	}
	p.ID = "at://" + p.Account.ID + "/" + kind + "/" + c.at("rkey").str()
	record := c.at("record")
	if !record.isObject() {
		return n.reject("the commit holds no record")
	}
	n.blueskyRecord(&p, record)
	if kind == "app.bsky.feed.repost" {
		p.Repost, p.RepostOf = true, record.at("subject", "uri").str()
	}
	if t := n.unix(v.at("time_us")); t.Known() {
		t.Text = p.Time.Text
		p.Time = t
	}
	p.URL = blueskyURL(&p)
	return n.post(&p)
}
