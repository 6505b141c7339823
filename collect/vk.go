package collect

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// vk reads answers of VK's API: wall.get, wall.search, newsfeed.search and
// wall.getComments, as pages or as items one a line (4CAT,
// datasources/vk/search_vk.py).
var vk = Format{
	Name:  "vk",
	Title: "VK API (wall.get, wall.search, newsfeed.search, wall.getComments)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		owner := bytes.Contains(head, []byte(`"owner_id"`)) || bytes.Contains(head, []byte(`"from_id"`)) || bytes.Contains(head, []byte(`"source_id"`))
		switch {
		case hasKeys(keys, "response") && owner:
			return "response with items of an owner_id"
		case hasKeys(keys, "items", "count") && owner:
			return "items with owner_id"
		case hasKeys(keys, "owner_id", "date") && (hasKeys(keys, "text") || hasKeys(keys, "from_id")):
			return "keys owner_id and date"
		case hasKeys(keys, "4cat_item_type", "date"):
			return "key 4cat_item_type"
		}
		return ""
	}),
	Read: reading(readVK),
}

func readVK(n *nest) error {
	names := map[string]string{}
	// Profiles and groups stand after the items and name their owners: they
	// are read first.
	if r, err := n.in.Again(); err == nil {
		quiet := &nest{in: n.in, o: n.o, out: nobody{}, said: map[string]bool{}}
		user := quiet.item(func(v node) error {
			name := strings.TrimSpace(v.at("first_name").str() + " " + v.at("last_name").str())
			if s := v.at("screen_name").str(); s != "" {
				name = s
			}
			names[v.at("id").str()] = name
			return nil
		})
		group := quiet.item(func(v node) error {
			names["-"+v.at("id").str()] = v.first("screen_name", "name")
			return nil
		})
		at := visits{"response.profiles": user, "profiles": user, "response.groups": group, "groups": group}
		_ = quiet.documents(r, at) // what is broken is told by the second reading
		if err := r.Close(); err != nil {
			return err
		}
	}
	take := n.item(func(v node) error {
		if v.at("marked_as_ads").str() == "1" {
			return n.skip("advertisement")
		}
		var p post.Post
		n.vkPost(&p, v, names)
		if err := n.post(&p); err != nil {
			return err
		}
		for answer := range v.at("thread", "items").each() {
			n.begin(n.raw, n.line)
			n.cur = answer
			p := post.Post{}
			n.vkPost(&p, answer, names)
			if err := n.post(&p); err != nil {
				return err
			}
		}
		return nil
	})
	return n.documents(n.in.R, visits{"": take, "response.items": take, "items": take, "response": take})
}

// nobody takes what a first reading finds.
type nobody struct{}

func (nobody) Post(*post.Post) error { return nil }
func (nobody) Reject(Reject) error   { return nil }
func (nobody) Skip(string) error     { return nil }
func (nobody) Note(string)           {}

// vkPost fills p from a wall post or a comment. Owners below zero are
// communities.
func (n *nest) vkPost(p *post.Post, v node, names map[string]string) {
	p.Platform = "vk"
	owner, id := v.first("owner_id", "to_id", "source_id"), v.first("id", "post_id")
	from := v.first("from_id")
	if from == "" {
		from = owner
	}
	p.Account = post.Account{ID: from, Name: names[from]}
	if a := v.at("author_profile"); p.Account.Name == "" && a.is() {
		p.Account.Name = a.first("screen_name", "name")
		if p.Account.Name == "" {
			p.Account.Name = strings.TrimSpace(a.at("first_name").str() + " " + a.at("last_name").str())
		}
	}
	if p.ID = id; owner != "" && id != "" {
		p.ID = owner + "_" + id
		p.URL = "https://vk.com/wall" + p.ID
	}
	if on := v.at("post_id").str(); on != "" && v.at("id").is() && owner != "" && v.at("post_type").str() != "post" {
		// A comment: it answers another comment or the post.
		wall := owner + "_" + on
		p.ID = wall + "_r" + id
		p.URL = "https://vk.com/wall" + wall + "?reply=" + id
		p.ReplyTo = wall
		if c := v.at("reply_to_comment").str(); c != "" && c != "0" {
			p.ReplyTo = wall + "_r" + c
		}
	}
	p.Time = n.unix(v.at("date"))
	n.vkText(p, v)
	if of := v.at("copy_history", "0"); of.isObject() {
		p.Repost = true
		if o, i := of.at("owner_id").str(), of.at("id").str(); o != "" && i != "" {
			p.RepostOf = o + "_" + i
		}
		if p.Text == "" { // a repost without a word of its own repeats the original
			n.vkText(p, of)
		}
	}
}

// vkMark is VK's markup: [id123|Name], [club1|Name], [https://…|label].
var vkMark = lazyre.New(`\[([^\[\]|\n]+)\|([^\[\]|\n]*)\]`)

var vkPeer = lazyre.New(`^@?((id|club|public|event)\d+|[A-Za-z0-9_.]+)(:bp-?\d+_\d+)?$`)

// vkText fills p's text as received and what is marked in it or attached.
func (n *nest) vkText(p *post.Post, v node) {
	p.Text = v.at("text").str()
	plain := p.Text
	for _, m := range vkMark.FindAllStringSubmatch(p.Text, -1) {
		target := strings.TrimPrefix(m[1], "#alias|")
		switch peer := vkPeer.FindStringSubmatch(target); {
		case strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://"):
			p.Links = addOnce(p.Links, target)
		case peer != nil:
			p.Mentions = append(p.Mentions, peer[1])
		}
		plain = strings.Replace(plain, m[0], " ", 1)
	}
	links, hashtags, mentions := textMarks(plain)
	for _, l := range links {
		p.Links = addOnce(p.Links, l)
	}
	for _, h := range hashtags { // #tag@community is the tag within it
		tag, _, _ := strings.Cut(h, "@")
		p.Hashtags = append(p.Hashtags, tag)
	}
	p.Mentions = append(p.Mentions, mentions...)
	for a := range v.at("attachments").each() {
		kind := a.at("type").str()
		x := a.at(kind)
		if !x.isObject() {
			continue
		}
		switch kind {
		case "link":
			p.Links = addOnce(p.Links, x.at("url").str())
		case "photo", "posted_photo", "graffiti":
			if u := vkPhoto(x); u != "" {
				p.Media = append(p.Media, post.Media{URL: u})
			}
		case "video":
			if o, i := x.at("owner_id").str(), x.at("id").str(); o != "" && i != "" {
				p.Media = append(p.Media, post.Media{URL: fmt.Sprintf("https://vk.com/video%s_%s", o, i)})
			}
		case "doc":
			if u := x.at("url").str(); u != "" {
				p.Media = append(p.Media, post.Media{URL: u})
			}
		}
	}
}

// vkPhoto returns the address of the widest size; old answers have photo_604
// and the like.
func vkPhoto(x node) string {
	best, wide := "", -1
	for s := range x.at("sizes").each() {
		w, _ := smallInt(s.at("width").str())
		if u := s.first("url", "src"); u != "" && w > wide {
			best, wide = u, w
		}
	}
	if best != "" {
		return best
	}
	return x.first("photo_2560", "photo_1280", "photo_807", "photo_604", "photo_130", "photo_75", "url")
}
