package collect

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// facebookArchive reads "Download your information" of Facebook: posts,
// comments and posts in groups, and the owner's name. Messages, friends,
// searches and the rest are never opened.
var facebookArchive = Format{
	Name:  "facebook-archive",
	Title: "Facebook \"Download your information\" (JSON)",
	Sniff: func(in *Input) (string, bool) {
		for _, m := range members(in.Zip, facebookPosts) {
			return "zip with " + MemberName(m), true
		}
		if in.Zip == nil { // a file taken out of its archive
			return facebookAlone(in)
		}
		return archiveSign(in.Zip, "your_facebook_activity/")
	},
	Read: reading(func(n *nest) error {
		a := &ownArchive{nest: n, platform: "facebook"}
		return a.read(facebookProfile, facebookPosts, a.facebook)
	}),
}

// instagramArchive reads "Download your information" of Instagram: posts,
// reels and comments, and the owner's user name.
var instagramArchive = Format{
	Name:  "instagram-archive",
	Title: "Instagram \"Download your information\" (JSON)",
	Sniff: func(in *Input) (string, bool) {
		for _, m := range members(in.Zip, instagramPosts) {
			return "zip with " + MemberName(m), true
		}
		if in.Zip == nil { // a file taken out of its archive
			return instagramAlone(in)
		}
		return archiveSign(in.Zip, "your_instagram_activity/")
	},
	Read: reading(func(n *nest) error {
		a := &ownArchive{nest: n, platform: "instagram"}
		return a.read(instagramProfile, instagramPosts, a.instagram)
	}),
}

var (
	facebookPosts = lazyre.New(`(^|/)(posts/(your_posts[^/]*|your_uncategorized_photos)|` +
		`comments(_and_reactions)?/(comments|your_comments[^/]*)|groups/(group_posts[^/]*|your_(group_)?(posts|comments)[^/]*))\.json$`)
	facebookProfile  = lazyre.New(`(^|/)profile_information(/profile_information)?\.json$`)
	instagramPosts   = lazyre.New(`(^|/)(media|content)/(posts|reels|igtv_videos)(_\d+)?\.json$|(^|/)comments/(post_comments|reels_comments)(_\d+)?\.json$`)
	instagramProfile = lazyre.New(`(^|/)personal_information(/personal_information)?\.json$|(^|/)account_information/personal_information\.json$`)
)

var (
	facebookAlone = sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "timestamp") && (hasKeys(keys, "data") || hasKeys(keys, "attachments")) && !hasKeys(keys, "id"):
			return "keys timestamp and data or attachments"
		case hasKeys(keys, "comments_v2") || hasKeys(keys, "group_posts_v2") || hasKeys(keys, "group_comments_v2"):
			return "key " + keys[0]
		}
		return ""
	})
	instagramAlone = sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "media") && !hasKeys(keys, "id") && bytes.Contains(head, []byte(`"creation_timestamp"`)):
			return "media with creation_timestamp"
		case hasKeys(keys, "string_map_data", "media_list_data"):
			return "keys string_map_data and media_list_data"
		}
		return ""
	})
)

// archiveSign recognises an archive by its folder. The HTML variant has the
// folder too, and reading it says so.
func archiveSign(z *zip.Reader, folder string) (string, bool) {
	if z == nil {
		return "", false
	}
	for _, f := range z.File {
		if strings.HasPrefix(MemberName(f), folder) || strings.Contains(MemberName(f), "/"+folder) {
			return "zip with " + folder, true
		}
	}
	return "", false
}

// repairMojibake undoes UTF-8 whose bytes were written as letters (\u00d0\u00bf
// for п), as Facebook and Instagram do in every string. Other text stays.
func repairMojibake(s string) string {
	b := make([]byte, 0, len(s))
	high := false
	for _, r := range s {
		if r > 0xFF {
			return s
		}
		high = high || r > 0x7F
		b = append(b, byte(r))
	}
	if !high || !utf8.Valid(b) {
		return s
	}
	return string(b)
}

// repairAll repairs every string of a decoded value, keys included.
func repairAll(v any) any {
	switch x := v.(type) {
	case string:
		return repairMojibake(x)
	case []any:
		for i := range x {
			x[i] = repairAll(x[i])
		}
	case map[string]any:
		fixed := make(map[string]any, len(x))
		for k, e := range x {
			fixed[repairMojibake(k)] = repairAll(e)
		}
		return fixed
	}
	return v
}

// ownArchive is one reading of an archive.
type ownArchive struct {
	*nest
	platform string
	owner    post.Account
}

func (a *ownArchive) read(profile, posts *lazyre.Regexp, take func(v node) error) error {
	err := a.eachMember(profile, func(r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, 4<<20))
		if err != nil {
			return err
		}
		if v, _, err := decode(b); err == nil {
			a.profile(node{repairAll(v.v)})
		}
		return nil
	})
	if err != nil && !isBroken(err) {
		return err
	}
	if a.owner == (post.Account{}) {
		a.note("the archive does not say whose it is: posts have no account")
	}
	if a.in.Zip != nil && len(members(a.in.Zip, posts)) == 0 {
		a.note("the archive holds no posts in JSON: choose JSON, not HTML, and posts and comments when you ask for it")
	}
	a.note("the archive states no ids or addresses of posts: ids were made from time and content and fit this kind of archive only")
	broken := err
	fixed := a.item(func(v node) error {
		v = node{repairAll(v.v)}
		a.cur = v
		return take(v)
	})
	at := visits{"": fixed, "comments_v2": fixed, "comments": fixed, "group_posts_v2": fixed, "group_posts": fixed, "group_comments_v2": fixed,
		"group_posts.activity_log_data": fixed, "ig_reels_media": fixed, "ig_igtv_media": fixed, "comments_media_comments": fixed, "comments_reels_comments": fixed}
	if a.in.Zip == nil {
		return a.documents(a.in.R, at)
	}
	err = a.eachMember(posts, func(r io.Reader) error { return a.documents(r, at) })
	if err == nil {
		err = broken
	}
	return err
}

// profile takes the owner's name and nothing else of the profile.
func (a *ownArchive) profile(v node) {
	for p := range v.each() {
		for k, x := range p.entries() {
			switch {
			case strings.HasPrefix(k, "profile_v") || k == "profile":
				a.owner = post.Account{ID: x.at("username").str(), Name: x.first("name.full_name", "name")}
				if u, err := url.Parse(x.at("profile_uri").str()); err == nil && a.owner.ID == "" {
					a.owner.ID = strings.Trim(u.Path, "/")
					if id := u.Query().Get("id"); id != "" {
						a.owner.ID = id
					}
				}
			case k == "profile_user":
				for label, e := range x.at("0", "string_map_data").entries() {
					if label == "Username" || label == "Имя пользователя" || label == "Nom d’utilisateur" {
						a.owner.Name = e.at("value").str()
					}
				}
			}
		}
	}
}

// made returns an id for a record that has none: the same record has the same
// id in every archive of its owner.
func (a *ownArchive) made(p *post.Post, kind string) string {
	h := sha256.New()
	for _, s := range append([]string{a.platform, kind, a.owner.Key(), p.Time.UTC().Format("20060102150405"), p.Text}, p.Links...) {
		_, _ = io.WriteString(h, s+"\x00")
	}
	for _, m := range p.Media {
		_, _ = io.WriteString(h, m.URL+"\x00")
	}
	return "made:" + hex.EncodeToString(h.Sum(nil)[:12])
}

// facebook reads a post or a comment.
func (a *ownArchive) facebook(v node) error {
	p := post.Post{Platform: "facebook", Account: a.owner, Time: a.unix(v.at("timestamp"))}
	kind := "post"
	var texts []string
	author := ""
	for d := range v.at("data").each() {
		texts = append(texts, d.at("post").str())
		if c := d.at("comment"); c.isObject() {
			kind = "comment"
			texts = append(texts, c.at("comment").str())
			author = c.at("author").str()
			if !p.Time.Known() {
				p.Time = a.unix(c.at("timestamp"))
			}
		}
	}
	describe := ""
	for x := range v.at("attachments").each() {
		for d := range x.at("data").each() {
			p.Links = addOnce(p.Links, d.at("external_context", "url").str())
			if m := d.at("media"); m.isObject() {
				if u := m.at("uri").str(); u != "" {
					p.Media = append(p.Media, post.Media{URL: u})
				}
				if describe == "" {
					describe = m.first("description", "title")
				}
			}
		}
	}
	if u := v.at("uri").str(); u != "" { // a picture outside albums
		p.Media = append(p.Media, post.Media{URL: u})
		describe = v.first("description", "title")
		if !p.Time.Known() {
			p.Time = a.unix(v.at("creation_timestamp"))
		}
	}
	p.Text = joined(texts)
	if p.Text == "" {
		p.Text = describe
	}
	if author != "" && author != a.owner.Name {
		p.Account = post.Account{Name: author}
	}
	if p.Text == "" && len(p.Links) == 0 && len(p.Media) == 0 {
		return a.skip("activity without text, link or picture")
	}
	a.finish(&p, kind)
	return a.post(&p)
}

// finish fills what text and content give.
func (a *ownArchive) finish(p *post.Post, kind string) {
	links, hashtags, mentions := textMarks(p.Text)
	for _, l := range links {
		p.Links = addOnce(p.Links, l)
	}
	p.Hashtags, p.Mentions = hashtags, mentions
	p.ID = a.made(p, kind)
}

// joined puts texts that are there and differ on lines of their own.
func joined(texts []string) string {
	var l []string
	for _, t := range texts {
		l = addOnce(l, strings.TrimSpace(t))
	}
	return strings.Join(l, "\n")
}

// instagram reads a post, a reel or a comment. With one medium the caption
// stands at the medium.
func (a *ownArchive) instagram(v node) error {
	p := post.Post{Platform: "instagram", Account: a.owner, Time: a.unix(v.at("creation_timestamp")), Text: v.at("title").str()}
	if data := v.at("string_map_data"); data.isObject() {
		a.instagramComment(&p, data)
		if p.Text == "" {
			return a.skip("activity without text, link or picture")
		}
		a.finish(&p, "comment")
		return a.post(&p)
	}
	media := v.at("media")
	if !media.is() && v.at("uri").is() {
		media = v
	}
	for m := range media.each() {
		if u := m.at("uri").str(); u != "" {
			p.Media = append(p.Media, post.Media{URL: u})
		}
		if p.Text == "" {
			p.Text = m.at("title").str()
		}
		if !p.Time.Known() {
			p.Time = a.unix(m.at("creation_timestamp"))
		}
	}
	a.finish(&p, "post")
	return a.post(&p)
}

// instagramComment reads a comment, whose fields are named in the language of
// its owner: the time is the field with a timestamp, the text the longest of
// the others but the name of the media's owner.
func (a *ownArchive) instagramComment(p *post.Post, data node) {
	for label, e := range data.entries() {
		if t := e.at("timestamp").str(); t != "" && t != "0" {
			p.Time = a.unix(e.at("timestamp"))
			continue
		}
		s := e.at("value").str()
		if !strings.Contains(label, "Owner") && (len(s) > len(p.Text) || len(s) == len(p.Text) && s > p.Text) {
			p.Text = s
		}
	}
	if s := data.at("Comment", "value").str(); s != "" {
		p.Text = s
	}
}
