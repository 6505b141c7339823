package collect

import (
	"github.com/arasha-org/arasha/post"
)

// twitterV2 reads what API v2 and twarc2 write: pages, whose posts are
// completed from what is included beside them, or tweets with their author
// inlined ("flattened").
var twitterV2 = Format{
	Name:  "twitter-v2",
	Title: "X (Twitter) API v2, pages or flattened (JSON Lines)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "__twarc"):
			return "key __twarc"
		case hasKeys(keys, "includes") && (hasKeys(keys, "data") || hasKeys(keys, "meta")):
			return "key includes"
		case hasKeys(keys, "data", "meta") && hasKeys(keys, "meta.newest_id"):
			return "keys data and meta.newest_id"
		case hasKeys(keys, "id", "text") && (hasKeys(keys, "referenced_tweets") || hasKeys(keys, "public_metrics") && !hasKeys(keys, "uri") || hasKeys(keys, "edit_history_tweet_ids") || hasKeys(keys, "author_id", "conversation_id")):
			return "a tweet with referenced_tweets, public_metrics or author_id"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		return n.documents(n.in.R, visits{"": n.v2})
	}),
}

// v2 reads one page or one flattened tweet.
func (n *nest) v2(raw []byte, line int64, err error) error {
	if err != nil {
		return n.item(nil)(raw, line, err)
	}
	var includes node
	isPage := false
	w := walkBytes(raw, line)
	_ = w.object(func(key string) error { // what is broken is told below
		if c, err := w.inside(); key == "data" && err == nil && (c == '[' || c == '{') {
			isPage = true
		}
		if key == "meta" || key == "errors" {
			isPage = true
		}
		if key != "includes" {
			return w.skip()
		}
		b, err := w.value()
		if err == nil {
			if includes, _, err = decode(b); err != nil {
				n.note("what some pages include beside their posts cannot be read; these posts have no names and no completed retweets")
			}
			return nil
		}
		return err
	})
	if !isPage {
		return n.item(func(v node) error { return n.v2tweet(v, included{}) })(raw, line, nil)
	}
	in := include(includes)
	before := n.record
	w = walkBytes(raw, line)
	one := n.item(func(v node) error { return n.v2tweet(v, in) })
	err = w.object(func(key string) error {
		if key != "data" {
			return w.skip()
		}
		c, err := w.inside()
		if err != nil {
			return err
		}
		take := func() error {
			if _, err := w.inside(); err != nil {
				return err
			}
			line := w.line
			b, err := w.value()
			return one(b, line, err)
		}
		if c == '[' {
			return w.array(take)
		}
		return take()
	})
	if err == nil && n.record == before {
		n.begin(raw, line)
		return n.skip("page without posts")
	}
	return err
}

// included is what stands beside the posts of a page, by id.
type included struct {
	users, tweets, media map[string]node
}

func include(v node) included {
	in := included{map[string]node{}, map[string]node{}, map[string]node{}}
	for u := range v.at("users").each() {
		in.users[u.at("id").str()] = u
	}
	for t := range v.at("tweets").each() {
		in.tweets[t.at("id").str()] = t
	}
	for m := range v.at("media").each() {
		in.media[m.at("media_key").str()] = m
	}
	return in
}

func (n *nest) v2tweet(v node, in included) error {
	var p post.Post
	n.fillV2(&p, v, in)
	for ref := range v.at("referenced_tweets").each() {
		id := n.id(ref, "id")
		switch ref.at("type").str() {
		case "replied_to":
			p.ReplyTo = id
		case "retweeted":
			of := post.Post{ID: id}
			original := in.tweets[id]
			if !original.is() && ref.at("text").is() {
				original = ref // flattened
			}
			if original.is() {
				n.fillV2(&of, original, in)
			} else {
				n.note("some retweets are cut short by the platform and their originals are not in the file")
			}
			n.retweet(&p, &of)
		}
	}
	if !p.Repost && retweetedText.MatchString(p.Text) {
		p.Repost = true
	}
	return n.post(&p)
}

// fillV2 fills p from one tweet, without what it refers to.
func (n *nest) fillV2(p *post.Post, v node, in included) {
	p.Platform = "twitter"
	p.ID = n.id(v, "id")
	p.Time = n.when(v.at("created_at"))
	p.Text = v.first("note_tweet.text", "text")
	p.Lang = langOf(v.at("lang").str())
	p.Account.ID = n.id(v, "author_id", "author.id")
	author := v.at("author")
	if !author.isObject() {
		author = in.users[p.Account.ID]
	}
	p.Account.Name = author.at("username").str()
	p.URL = tweetURL(p.Account.Name, p.ID)
	e := v.at("entities")
	if long := v.at("note_tweet", "entities"); long.isObject() {
		e = long
	}
	for h := range e.at("hashtags").each() {
		if t := h.first("tag", "text"); t != "" {
			p.Hashtags = append(p.Hashtags, t)
		}
	}
	for m := range e.at("mentions").each() {
		if t := m.first("username", "screen_name"); t != "" {
			p.Mentions = append(p.Mentions, t)
		}
	}
	for u := range e.at("urls").each() {
		p.Links = addOnce(p.Links, u.first("unwound_url", "expanded_url", "url"))
	}
	for k := range v.at("attachments", "media_keys").each() {
		m := in.media[k.str()]
		if u := m.first("url", "preview_image_url"); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
	for m := range v.at("attachments", "media").each() { // flattened
		if u := m.first("url", "preview_image_url"); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
}

// twitterV1 reads tweets of the first API and of its streams.
var twitterV1 = Format{
	Name:  "twitter-v1",
	Title: "Twitter API v1.1 (JSON Lines)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		if hasKeys(keys, "id_str", "created_at") && (hasKeys(keys, "full_text") || hasKeys(keys, "text") || hasKeys(keys, "user")) {
			return "keys id_str and created_at"
		}
		if hasKeys(keys, "statuses", "search_metadata") {
			return "keys statuses and search_metadata"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		take := n.item(func(v node) error {
			if v.at("delete").is() || v.at("limit").is() {
				return n.skip("notice of the stream, not a post")
			}
			var p post.Post
			n.tweet(&p, v)
			return n.post(&p)
		})
		return n.documents(n.in.R, visits{"": take, "statuses": take})
	}),
}
