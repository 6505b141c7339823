package collect

import (
	"strings"

	"github.com/arasha-org/arasha/post"
)

// reddit reads submissions and comments as Reddit's API and the Pushshift
// dumps write them.
var reddit = Format{
	Name:  "reddit",
	Title: "Reddit submissions or comments (JSON Lines, Pushshift style)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "subreddit", "created_utc") || hasKeys(keys, "subreddit", "link_id"):
			return "keys subreddit and created_utc"
		case hasKeys(keys, "kind", "data.children"):
			return "a listing of data.children"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		take := n.item(n.redditThing)
		return n.documents(n.in.R, visits{"": take, "data.children": take, "data": take})
	}),
}

func (n *nest) redditThing(v node) error {
	if d := v.at("data"); d.isObject() {
		v, n.cur = d, d
	}
	if v.at("promoted").yes() {
		return n.skip("advertisement")
	}
	p := post.Post{Platform: "reddit", ID: v.at("name").str()}
	isComment := v.at("body").is() || v.at("link_id").is()
	if id := v.at("id").str(); p.ID == "" && id != "" {
		p.ID = "t3_" + id
		if isComment {
			p.ID = "t1_" + id
		}
	}
	p.Time = n.unix(v.at("created_utc"))
	if a := v.at("author").str(); a != "[deleted]" && a != "[removed]" {
		p.Account = post.Account{ID: v.at("author_fullname").str(), Name: a}
	}
	body := v.first("body", "selftext")
	if body == "[deleted]" || body == "[removed]" {
		n.note("the text of some posts was deleted or removed before they were collected")
		body = ""
	}
	p.Text = strings.TrimSpace(v.at("title").str() + "\n\n" + body)
	if isComment {
		p.ReplyTo = v.first("parent_id", "link_id")
	}
	if of := v.at("crosspost_parent").str(); of != "" {
		p.Repost, p.RepostOf = true, of
	}
	if link := v.at("permalink").str(); link != "" {
		p.URL = "https://www.reddit.com" + strings.TrimPrefix(link, "https://www.reddit.com")
	}
	p.Links, _, p.Mentions = textMarks(p.Text)
	if u := v.at("url").str(); strings.HasPrefix(u, "http") && !v.at("is_self").yes() && !isComment && u != p.URL {
		p.Links = addOnce(p.Links, u)
	}
	return n.post(&p)
}
