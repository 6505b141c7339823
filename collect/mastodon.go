package collect

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// mastodonOutbox reads the outbox.json of a Mastodon archive, an ActivityPub
// OrderedCollection (W3C ActivityStreams 2.0). Only public posts are read
// unless Options.Private.
var mastodonOutbox = Format{
	Name:  "mastodon-outbox",
	Title: "Mastodon archive (outbox.json)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "orderedItems"):
			return "key orderedItems"
		case hasKeys(keys, "@context", "actor", "object") && bytes.Contains(head, []byte("activitystreams")):
			return "activities of ActivityStreams"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		take := n.item(n.activity)
		return n.documents(n.in.R, visits{"": take, "orderedItems": take})
	}),
}

// mastodonAPI reads statuses as the servers' API gives them.
var mastodonAPI = Format{
	Name:  "mastodon-api",
	Title: "Mastodon API statuses (JSON Lines or list)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		if hasKeys(keys, "id", "created_at", "content", "account", "visibility") {
			return "keys content, account and visibility"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		take := n.item(func(v node) error {
			if s := v.at("visibility").str(); s != "public" && s != "unlisted" && !n.o.Private {
				return n.skip("post that is not public")
			}
			p := post.Post{}
			n.mastodonStatus(&p, v)
			return n.post(&p)
		})
		return n.documents(n.in.R, visits{"": take, "statuses": take})
	}),
}

// activity reads one Create or Announce.
func (n *nest) activity(v node) error {
	object := v.at("object")
	if !n.o.Private && !public(v) && !public(object) {
		return n.skip("post that is not public")
	}
	p := post.Post{Platform: "mastodon", Account: actorAccount(v.first("actor", "actor.id"))}
	p.Time = n.when(v.at("published"))
	switch kind := v.at("type").str(); kind {
	case "Announce":
		p.ID = v.at("id").str()
		p.Repost, p.RepostOf = true, object.str()
		if object.isObject() {
			p.RepostOf = object.at("id").str()
		} else {
			n.note("reposts name the address of the original only; their text is not in the file")
		}
		return n.post(&p)
	case "Create", "Update":
		if !object.isObject() {
			return n.reject("the object of the activity is not in the file")
		}
		n.activityObject(&p, object)
		return n.post(&p)
	default:
		return n.skip("activity that is not a post")
	}
}

// public reports whether to or cc has the public address.
func public(v node) bool {
	for _, k := range []string{"to", "cc"} {
		if isPublicAddress(v.at(k).str()) {
			return true
		}
		for a := range v.at(k).each() {
			if isPublicAddress(a.str()) {
				return true
			}
		}
	}
	return false
}

func isPublicAddress(s string) bool {
	return s == "https://www.w3.org/ns/activitystreams#Public" || s == "as:Public" || s == "Public"
}

// actorAccount takes the name out of https://example.org/users/NAME.
func actorAccount(actor string) post.Account {
	a := post.Account{ID: actor}
	if u, err := url.Parse(actor); err == nil && u.Host != "" {
		name := strings.TrimPrefix(u.Path[strings.LastIndexByte(u.Path, '/')+1:], "@")
		if name != "" {
			a.Name = name + "@" + u.Host
		}
	}
	return a
}

func (n *nest) activityObject(p *post.Post, o node) {
	p.ID = o.at("id").str()
	p.URL = o.first("url", "id")
	p.ReplyTo = o.first("inReplyTo", "inReplyTo.id")
	if t := n.when(o.at("published")); t.Known() {
		p.Time = t
	}
	html := o.at("content").str()
	for lang, s := range o.at("contentMap").entries() {
		if s.str() == html {
			p.Lang = max(p.Lang, langOf(lang)) // the same text under two codes: always the same one
		}
	}
	n.mastodonText(p, o.at("summary").str(), html)
	for t := range o.at("tag").each() {
		name := t.at("name").str()
		switch t.at("type").str() {
		case "Hashtag":
			p.Hashtags = append(p.Hashtags, strings.TrimPrefix(name, "#"))
		case "Mention":
			p.Mentions = append(p.Mentions, strings.TrimPrefix(name, "@"))
		}
	}
	for a := range o.at("attachment").each() {
		if u := a.first("url", "url.0.href", "href"); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
}

// mastodonText fills text and links from HTML. Anchors of hashtags and
// mentions are no links of the author.
func (n *nest) mastodonText(p *post.Post, warning, html string) {
	text, anchors := htmlText(html)
	p.Text = strings.TrimSpace(warning + "\n\n" + text)
	for _, a := range anchors {
		if !strings.Contains(a.class, "mention") && !strings.Contains(a.class, "hashtag") && a.href != "" {
			p.Links = addOnce(p.Links, a.href)
		}
	}
}

// mastodonStatus fills p from a status of the API.
func (n *nest) mastodonStatus(p *post.Post, v node) {
	p.Platform = "mastodon"
	p.ID = v.first("uri", "id")
	p.Time = n.when(v.at("created_at"))
	p.Account = post.Account{ID: v.first("account.url", "account.id"), Name: v.first("account.acct", "account.username")}
	p.URL = v.first("url", "uri")
	p.Lang = langOf(v.at("language").str())
	p.ReplyTo = n.id(v, "in_reply_to_id")
	if of := v.at("reblog"); of.isObject() {
		p.Repost, p.RepostOf = true, of.first("uri", "id")
		v = of
	}
	n.mastodonText(p, v.at("spoiler_text").str(), v.at("content").str())
	if u := v.at("card", "url").str(); u != "" && len(p.Links) == 0 {
		p.Links = append(p.Links, u)
	}
	for t := range v.at("tags").each() {
		if s := t.at("name").str(); s != "" {
			p.Hashtags = append(p.Hashtags, s)
		}
	}
	for m := range v.at("mentions").each() {
		if s := m.first("acct", "username"); s != "" {
			p.Mentions = append(p.Mentions, s)
		}
	}
	for m := range v.at("media_attachments").each() {
		if u := m.first("url", "remote_url", "preview_url"); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
}
