package collect

import (
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// tweet fills p from a tweet in the form of Twitter's first API, which its
// archives, streams and pages still use inside.
func (n *nest) tweet(p *post.Post, v node) {
	p.Platform = "twitter"
	p.ID = n.id(v, "id_str", "id")
	p.Time = n.when(v.at("created_at"))
	p.Text = v.first("extended_tweet.full_text", "full_text", "text")
	p.Lang = langOf(v.at("lang").str())
	p.ReplyTo = n.id(v, "in_reply_to_status_id_str", "in_reply_to_status_id")
	p.Account = post.Account{ID: n.id(v, "user.id_str", "user.id", "user_id_str"), Name: v.at("user", "screen_name").str()}
	n.tweetEntities(p, v)
	if rt := v.at("retweeted_status"); rt.isObject() {
		var of post.Post
		n.tweet(&of, rt)
		n.retweet(p, &of)
	} else if retweetedText.MatchString(p.Text) {
		p.Repost = true
	}
	p.URL = tweetURL(p.Account.Name, p.ID)
}

var retweetedText = lazyre.New(`^RT @(\w+): `)

func tweetURL(name, id string) string {
	switch {
	case id == "":
		return ""
	case name == "":
		return "https://x.com/i/status/" + id
	}
	return "https://x.com/" + name + "/status/" + id
}

// retweet makes p a repost of of. The text and marks of a retweet are cut
// short by the platform; they are completed from the original.
func (n *nest) retweet(p, of *post.Post) {
	p.Repost, p.RepostOf = true, of.ID
	p.ReplyTo = ""
	prefix := retweetedText.FindString(p.Text)
	if prefix == "" && of.Account.Name != "" {
		prefix = "RT @" + of.Account.Name + ": "
	}
	if of.Text != "" {
		p.Text = prefix + of.Text
	}
	mentions := p.Mentions
	if of.Account.Name != "" {
		mentions = append([]string{of.Account.Name}, of.Mentions...)
	}
	p.Mentions = mentions
	if len(of.Hashtags) > 0 {
		p.Hashtags = of.Hashtags
	}
	if len(of.Links) > 0 {
		p.Links = of.Links
	}
	if len(of.Media) > 0 {
		p.Media = of.Media
	}
	if p.Lang == "" {
		p.Lang = of.Lang
	}
}

func (n *nest) tweetEntities(p *post.Post, v node) {
	e := v.at("entities")
	media := v.at("extended_entities", "media")
	if x := v.at("extended_tweet"); x.isObject() {
		if x.at("entities").isObject() {
			e = x.at("entities")
		}
		if m := x.at("extended_entities", "media"); m.is() {
			media = m
		}
	}
	if !media.is() {
		media = e.at("media")
	}
	for h := range e.at("hashtags").each() {
		if t := h.first("text", "tag"); t != "" {
			p.Hashtags = append(p.Hashtags, t)
		}
	}
	for u := range e.at("urls").each() {
		p.Links = addOnce(p.Links, u.first("unwound_url", "unwound.url", "expanded_url", "url"))
	}
	for m := range e.at("user_mentions").each() {
		if t := m.at("screen_name").str(); t != "" {
			p.Mentions = append(p.Mentions, t)
		}
	}
	for m := range media.each() {
		if u := m.first("media_url_https", "media_url", "url"); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
}

// id returns the first id at the dotted paths. One that a program rounded to
// 1.23e+17 has lost its digits for good; it is left out and said so.
func (n *nest) id(v node, paths ...string) string {
	for _, path := range paths {
		at := v.at(strings.Split(path, ".")...)
		s := at.str()
		if s == "" || s == "0" && strings.HasPrefix(path, "in_reply") {
			continue
		}
		if len(s) > 4 && s[0] <= '9' && lostDigits(s) {
			n.sample("ids lost their digits when a program saved them as numbers and cannot be recovered: take the original file", s)
			continue
		}
		return strings.TrimSuffix(s, ".0")
	}
	return ""
}
