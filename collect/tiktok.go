package collect

import (
	"strings"

	"github.com/arasha-org/arasha/post"
)

// captureTikTok reads a video as TikTok's pages load it.
func captureTikTok(n *nest, p *post.Post, v node) string {
	if v.at("cid").is() && v.at("aweme_id").is() {
		return captureTikTokComment(n, p, v)
	}
	if v.at("isAd").yes() {
		return "advertisement"
	}
	p.Platform = "tiktok"
	p.ID = n.id(v, "id", "video.id")
	p.Text = v.at("desc").str()
	p.Time = n.unix(v.at("createTime"))
	p.Lang = langOf(v.at("textLanguage").str())
	if a := v.at("author"); a.isObject() {
		p.Account = post.Account{ID: n.id(a, "id"), Name: a.at("uniqueId").str()}
	} else {
		p.Account = post.Account{ID: n.id(v, "authorId"), Name: a.str()}
	}
	p.URL = tiktokURL(p.Account.Name, p.ID)
	links, tags, mentions := textMarks(p.Text)
	p.Links = links
	for t := range v.at("textExtra").each() {
		if h := t.at("hashtagName").str(); h != "" {
			p.Hashtags = append(p.Hashtags, h)
		}
		if u := t.at("userUniqueId").str(); u != "" {
			p.Mentions = append(p.Mentions, u)
		}
	}
	if len(p.Hashtags) == 0 {
		for c := range v.at("challenges").each() {
			if h := c.at("title").str(); h != "" {
				p.Hashtags = append(p.Hashtags, h)
			}
		}
	}
	if len(p.Hashtags) == 0 {
		p.Hashtags = tags
	}
	if len(p.Mentions) == 0 {
		p.Mentions = mentions
	}
	if d := n.id(v, "duetInfo.duetFromId"); d != "" && d != "0" {
		p.ReplyTo = d // a duet answers another video
	}
	if u := v.first("video.downloadAddr", "video.playAddr"); u != "" {
		p.Media = append(p.Media, post.Media{URL: u})
		n.note("addresses of videos are signed by the platform and expire")
	}
	return ""
}

func tiktokURL(name, id string) string {
	if name == "" || id == "" {
		return ""
	}
	return "https://www.tiktok.com/@" + name + "/video/" + id
}

// captureTikTokComment reads a comment below a video.
func captureTikTokComment(n *nest, p *post.Post, v node) string {
	p.Platform = "tiktok"
	p.ID = n.id(v, "cid")
	p.Text = v.at("text").str()
	p.Time = n.unix(v.at("create_time"))
	p.Lang = langOf(v.at("comment_language").str())
	p.Account = post.Account{ID: n.id(v, "user.uid"), Name: v.first("user.unique_id", "user.nickname")}
	p.URL = v.at("share_info", "url").str()
	if p.ReplyTo = n.id(v, "reply_id"); p.ReplyTo == "" || p.ReplyTo == "0" {
		p.ReplyTo = n.id(v, "aweme_id")
	}
	p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	return ""
}

// tiktokResearch reads answers of TikTok's Research API
// (developers.tiktok.com, research-api-specs-query-videos).
var tiktokResearch = Format{
	Name:  "tiktok-research",
	Title: "TikTok Research API (videos and comments)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "data.videos"):
			return "data.videos"
		case hasKeys(keys, "video_description") && (hasKeys(keys, "create_time") || hasKeys(keys, "username")):
			return "key video_description"
		case hasKeys(keys, "data.comments") && strings.Contains(string(head), `"parent_comment_id"`):
			return "data.comments"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		video := n.item(func(v node) error {
			p := post.Post{Platform: "tiktok", ID: n.id(v, "id"), Text: v.at("video_description").str(), Time: n.unix(v.at("create_time")),
				Account: post.Account{Name: v.at("username").str()}}
			p.URL = tiktokURL(p.Account.Name, p.ID)
			p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
			if names := v.at("hashtag_names"); names.is() {
				p.Hashtags = nil
				if l, ok := names.v.([]any); ok {
					for _, h := range l {
						if s := (node{h}).str(); s != "" {
							p.Hashtags = append(p.Hashtags, s)
						}
					}
				}
			}
			return n.post(&p)
		})
		comment := n.item(func(v node) error {
			p := post.Post{Platform: "tiktok", ID: n.id(v, "id"), Text: v.at("text").str(), Time: n.unix(v.at("create_time")), ReplyTo: n.id(v, "parent_comment_id")}
			if p.ReplyTo == "" {
				p.ReplyTo = n.id(v, "video_id")
			}
			p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
			n.note("comments of this form name no author")
			return n.post(&p)
		})
		return n.documents(n.in.R, visits{"": video, "data.videos": video, "videos": video, "data.comments": comment, "comments": comment})
	}),
}
