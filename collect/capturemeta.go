package collect

import (
	"net/url"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// captureFacebook reads a story as Facebook's pages load it.
func captureFacebook(n *nest, p *post.Post, v node) string {
	p.Platform = "facebook"
	if v.at("sponsored_data").is() || v.at("comet_sections", "content", "story", "sponsored_data").is() {
		return "advertisement"
	}
	story := v.at("comet_sections", "content", "story")
	facebookStory(p, story)
	if p.ID == "" {
		p.ID = v.first("post_id")
	}
	if p.URL == "" {
		p.URL = v.first("permalink_url", "wwwURL")
	}
	actor := story.at("actors", "0")
	if !actor.isObject() {
		actor = v.at("actors", "0")
	}
	p.Account = post.Account{ID: actor.at("id").str(), Name: actor.at("name").str()}
	for m := range v.at("comet_sections", "context_layout", "story", "comet_sections", "metadata").each() {
		s := m.at("story")
		if m.at("__typename").str() != "CometFeedStoryMinimizedTimestampStrategy" && p.Time.Known() {
			continue
		}
		if t := n.unix(s.at("creation_time")); t.Known() {
			p.Time = t
		}
		if p.URL == "" {
			p.URL = s.at("url").str()
		}
	}
	if !p.Time.Known() {
		p.Time = n.unix(node{v.first("creation_time", "publish_time")})
	}
	if of := story.at("attached_story"); of.isObject() {
		var original post.Post
		facebookStory(&original, of)
		if sections := of.at("comet_sections", "content", "story"); sections.isObject() {
			facebookStory(&original, sections)
		}
		p.Repost, p.RepostOf = true, original.ID
		if p.Text == "" { // shared without a word of its own
			p.Text, p.Hashtags, p.Mentions = original.Text, original.Hashtags, original.Mentions
		}
		for _, l := range original.Links {
			p.Links = addOnce(p.Links, l)
		}
	}
	return ""
}

// facebookStory fills what a story and a shared story have alike.
func facebookStory(p *post.Post, s node) {
	if id := s.at("post_id").str(); id != "" {
		p.ID = id
	}
	if u := s.first("wwwURL", "permalink_url"); u != "" {
		p.URL = u
	}
	text := s.first("message.text", "comet_sections.message.story.message.text")
	if text == "" {
		text = s.at("comet_sections", "message_container", "story", "message", "text").str()
	}
	if text != "" {
		p.Text = text
		p.Links, p.Hashtags, p.Mentions = textMarks(text)
	}
	for r := range s.at("message", "ranges").each() {
		if u := r.first("entity.external_url", "entity.url"); u != "" && r.at("entity", "__typename").str() == "ExternalUrl" {
			p.Links = addOnce(p.Links, behindRedirect(u))
		}
	}
	for a := range s.at("attachments").each() {
		t := a.at("target")
		if !t.isObject() {
			t = a.at("styles", "attachment", "target")
		}
		if u := t.first("external_url", "url"); u != "" && t.at("__typename").str() == "ExternalUrl" {
			p.Links = addOnce(p.Links, behindRedirect(u))
		}
		if u := a.first("styles.attachment.story_attachment_link_renderer.attachment.web_link.url", "web_link.url"); u != "" {
			p.Links = addOnce(p.Links, behindRedirect(u))
		}
		m := a.at("styles", "attachment", "media")
		if !m.isObject() {
			m = a.at("media")
		}
		if u := m.first("photo_image.uri", "image.uri", "large_share_image.uri", "playable_url", "browser_native_hd_url", "browser_native_sd_url"); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
}

// behindRedirect returns the address that l.facebook.com, l.instagram.com or
// l.threads.net lead to.
func behindRedirect(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	switch u.Hostname() {
	case "l.facebook.com", "lm.facebook.com", "l.instagram.com", "l.threads.net", "l.threads.com":
		if to := u.Query().Get("u"); to != "" {
			return to
		}
	}
	return address
}

// captureInstagram reads the three forms Instagram's pages have had: item
// lists, the graph before them, and the grid of 2026, which states no time.
func captureInstagram(n *nest, p *post.Post, v node) string {
	p.Platform = "instagram"
	if strings.EqualFold(v.at("product_type").str(), "ad") || v.at("ad_id").str() != "" || strings.Contains(v.first("link", "story_cta.0.links.0.webUri"), "facebook.com/ads/ig_redirect") {
		return "advertisement"
	}
	code := v.first("code", "shortcode")
	p.ID = code
	if code != "" {
		p.URL = "https://www.instagram.com/p/" + code
	}
	user := v.at("user")
	if !user.isObject() || user.at("username").str() == "" {
		user = v.at("owner")
	}
	p.Account = post.Account{ID: n.id(user, "pk_id", "pk", "id"), Name: user.at("username").str()}
	p.Text = v.first("caption.text", "edge_media_to_caption.edges.0.node.text")
	if p.Text == "" {
		p.Text = v.at("caption").str()
	}
	p.Time = n.unix(node{v.first("taken_at", "taken_at_timestamp")})
	p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	instagramMedia(p, v)
	return ""
}

func instagramMedia(p *post.Post, v node) {
	add := func(m node) {
		u := m.first("video_versions.0.url", "video_url", "image_versions2.candidates.0.url", "display_url", "display_uri")
		if u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
	}
	several := false
	for m := range v.at("carousel_media").each() {
		several = true
		add(m)
	}
	for e := range v.at("edge_sidecar_to_children", "edges").each() {
		several = true
		add(e.at("node"))
	}
	if !several {
		add(v)
	}
}

// captureThreads reads a post of Threads.
func captureThreads(n *nest, p *post.Post, v node) string {
	p.Platform = "threads"
	p.ID = v.at("code").str()
	p.Account = post.Account{ID: n.id(v, "user.pk", "user.id"), Name: v.at("user", "username").str()}
	if p.ID != "" && p.Account.Name != "" {
		p.URL = "https://www.threads.com/@" + p.Account.Name + "/post/" + p.ID
	}
	p.Text = v.at("caption", "text").str()
	p.Time = n.unix(v.at("taken_at"))
	p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	info := v.at("text_post_app_info")
	if u := info.at("link_preview_attachment", "url").str(); u != "" {
		p.Links = addOnce(p.Links, behindRedirect(u))
	}
	if of := info.at("share_info", "reposted_post"); of.isObject() {
		p.Repost, p.RepostOf = true, of.at("code").str()
		if p.Text == "" {
			p.Text = of.at("caption", "text").str()
			p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
		}
	}
	instagramMedia(p, v)
	return ""
}
