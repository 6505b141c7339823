package collect

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// zeeschuimer reads what the browser extension of that name captures: one item
// a line, wrapped with when and where it was collected (zeeschuimer,
// js/zs-background.js), or as 4CAT re-exports it, with the wrapper under
// __import_meta.
var zeeschuimer = Format{
	Name:  "zeeschuimer",
	Title: "Zeeschuimer capture (JSON Lines)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "source_platform", "data"):
			return "keys source_platform and data"
		case hasKeys(keys, "__import_meta"):
			return "key __import_meta"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		return n.documents(n.in.R, visits{"": n.item(n.captured)})
	}),
}

// A capture fills p from an item of one platform, or says why the item is
// left out.
type capture func(n *nest, p *post.Post, v node) (skip string)

// captures are the readers by the platform the extension names.
var captures = map[string]capture{
	"twitter.com":     captureX,
	"x.com":           captureX,
	"facebook.com":    captureFacebook,
	"instagram.com":   captureInstagram,
	"threads.net":     captureThreads,
	"threads.com":     captureThreads,
	"tiktok.com":      captureTikTok,
	"tiktok-comments": captureTikTokComment,
	"linkedin.com":    captureLinkedIn,
	"truthsocial.com": captureTruthSocial,
}

func (n *nest) captured(v node) error {
	meta, data := v, v.at("data")
	if m := v.at("__import_meta"); m.is() {
		meta, data = m, v
	}
	platform := strings.TrimPrefix(strings.ToLower(meta.at("source_platform").str()), "www.")
	read := captures[platform]
	switch {
	case read == nil && platform == "":
		return n.reject("it does not say from which platform it was captured")
	case read == nil:
		return n.reject("captures of " + platform + " cannot be read yet")
	case !data.isObject():
		return n.reject("it holds no item of " + platform)
	}
	n.cur = data
	p := post.Post{}
	if skip := read(n, &p, data); skip != "" {
		return n.skip(skip)
	}
	if p.ID == "" {
		p.ID = meta.at("item_id").str()
		if p.Text == "" && p.Account == (post.Account{}) {
			return n.reject("no text and no author of " + platform + " stand where they are expected: the platform may have changed its form")
		}
	}
	if !p.Time.Known() && p.Time.Text == "" {
		if p.Time = rebase(n.unix(meta.at("timestamp_collected")), post.Collected); p.Time.Known() {
			n.note("some items do not say when they were published; only when they were collected is known")
		}
	}
	return n.post(&p)
}

// captureX reads a post as the pages of X load it: GraphQL, or before 2023 the
// "adaptive" form.
func captureX(n *nest, p *post.Post, v node) string {
	if t := v.at("__typename").str(); strings.Contains(t, "Tombstone") || t == "TweetUnavailable" {
		return "post withheld by the platform"
	}
	if v.at("promotedMetadata").is() || v.at("promoted_metadata").is() {
		return "advertisement"
	}
	n.graphTweet(p, v, 0)
	return ""
}

// graphTweet fills p from a GraphQL result. Parts of it may stand one level
// deeper than usual or be missing.
func (n *nest) graphTweet(p *post.Post, v node, depth int) {
	for _, path := range [][]string{{"tweet_results", "result"}, {"result"}, {"tweet"}} {
		if in := v.at(path...); in.isObject() {
			v = in
		}
	}
	body := v.at("legacy")
	if !body.isObject() {
		body = v
	}
	n.tweet(p, body)
	if id := n.id(v, "rest_id"); id != "" {
		p.ID = id
	} else if p.ID == "" {
		p.ID = n.id(v, "id_str", "id")
	}
	user := v.at("core", "user_results", "result")
	if !user.isObject() {
		user = v.at("user")
	}
	if name := user.first("core.screen_name", "legacy.screen_name", "screen_name"); name != "" {
		p.Account.Name = name
	}
	if id := n.id(user, "rest_id", "id_str"); id != "" {
		p.Account.ID = id
	}
	if p.Account.Name == "" { // the address of a picture names the author
		for m := range body.at("extended_entities", "media").each() {
			if name := statusOwner(m.at("expanded_url").str()); name != "" {
				p.Account.Name = name
			}
		}
	}
	if long := v.at("note_tweet", "note_tweet_results", "result"); long.at("text").is() {
		p.Text = long.at("text").str()
		q := post.Post{}
		n.tweetEntities(&q, node{map[string]any{"entities": long.at("entity_set").v}})
		p.Links, p.Hashtags, p.Mentions = q.Links, q.Hashtags, q.Mentions
	}
	if thread := n.id(body, "conversation_id_str"); p.ReplyTo == "" && thread != "" && thread != p.ID {
		p.ReplyTo = thread
	}
	if of := body.at("retweeted_status_result"); of.isObject() && depth == 0 {
		var original post.Post
		n.graphTweet(&original, of, depth+1)
		n.retweet(p, &original)
	}
	p.URL = tweetURL(p.Account.Name, p.ID)
}

// statusOwner returns NAME of https://x.com/NAME/status/….
func statusOwner(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if strings.HasPrefix(rest, "status/") && name != "i" {
		return name
	}
	return ""
}

// captureLinkedIn reads an update as LinkedIn's pages load it. Its number
// holds its time in milliseconds above the lowest 22 bits.
func captureLinkedIn(n *nest, p *post.Post, v node) string {
	p.Platform = "linkedin"
	urn := v.first("updateMetadata.urn", "metadata.backendUrn", "preDashEntityUrn", "entityUrn", "urn")
	for _, part := range strings.FieldsFunc(urn, func(r rune) bool { return strings.ContainsRune("():,", r) }) {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil && id > 1e15 {
			p.ID = part
			p.URL = "https://www.linkedin.com/feed/update/urn:li:activity:" + part
			p.Time = n.sane(post.Time{Millis: id >> 22, Precision: post.Millisecond, Basis: post.ID}, part)
			break
		}
	}
	p.Text = v.first("commentary.text.text", "commentary.text", "header.text.text")
	p.Account.Name = v.first("actor.name.text", "actor.name")
	if u, err := url.Parse(v.first("actor.navigationContext.actionTarget", "actor.navigationUrl")); err == nil {
		if _, who, ok := strings.Cut(strings.Trim(u.Path, "/"), "/"); ok {
			p.Account.ID, _, _ = strings.Cut(who, "/")
		}
	}
	p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	return ""
}

// captureTruthSocial reads a status of Truth Social, which has Mastodon's form.
func captureTruthSocial(n *nest, p *post.Post, v node) string {
	n.mastodonStatus(p, v)
	p.Platform = "truthsocial"
	return ""
}
