package address

import (
	"strings"
	"time"
)

// readFacebook reads the many forms of one post: /NAME/posts/ID,
// story.php and permalink.php (story_fbid, id), groups (posts, permalink,
// multi_permalinks), photo.php and /photo (fbid), watch, videos, reel (v).
// Numbers of posts, photos and videos are unique on the whole platform. The
// letters of "pfbid…" are a veil over a number and may differ from reader to
// reader; they are kept as they are.
func readFacebook(u *parts, a *Address) {
	s, n := u.segments()
	story, owner := get(u.query, "story_fbid"), get(u.query, "id")
	comment := get(u.query, "comment_id")
	if r := get(u.query, "reply_comment_id"); r != "" {
		comment = r
	}
	post := func(who, id, canonical string) {
		a.Account = strings.ToLower(who)
		if comment != "" && isFacebookID(comment) {
			id += "?comment_id=" + comment
			if strings.Contains(canonical, "?") {
				canonical += "&comment_id=" + comment
			} else {
				canonical += "?comment_id=" + comment
			}
		}
		a.post(id, canonical)
	}
	of := func(who, id string) {
		who = strings.ToLower(who)
		post(who, id, "https://facebook.com/"+who+"/posts/"+id)
	}
	photo := func(who, id string) { post(who, id, "https://facebook.com/photo.php?fbid="+id) }
	video := func(who, id string) { post(who, id, "https://facebook.com/watch?v="+id) }
	if n == 0 {
		return
	}
	last := s[n-1]
	switch first := strings.ToLower(s[0]); {
	case first == "story.php" || first == "permalink.php" || first == "story" || n == 1 && isFacebookID(story):
		if isFacebookID(story) && isFacebookID(owner) {
			of(owner, story)
		}
	case (first == "photo.php" || first == "photo") && isFacebookID(get(u.query, "fbid")):
		photo("", get(u.query, "fbid"))
	case (first == "watch" || first == "video.php" || n == 2 && first == "video") && isFacebookID(get(u.query, "v")):
		video("", get(u.query, "v"))
	case first == "reel" && n == 2 && isFacebookID(s[1]):
		video("", s[1])
	case first == "share" || first == "share.php":
		a.Short = n > 1
		if a.Short {
			a.Kind = Post
			u.query = ""
		}
	case first == "groups" && n >= 2:
		group := strings.ToLower(s[1])
		id := get(u.query, "multi_permalinks")
		if n >= 4 && (s[2] == "posts" || s[2] == "permalink") {
			id = s[3]
		}
		id, _, _ = strings.Cut(id, ",")
		if isFacebookID(id) {
			// The address names the group, not who wrote.
			post("", id, "https://facebook.com/groups/"+group+"/posts/"+id)
			return
		}
		if n == 2 || s[2] == "about" || s[2] == "members" || s[2] == "media" {
			a.who(Channel, group, "https://facebook.com/groups/"+group)
		}
	case first == "profile.php":
		if isFacebookID(owner) {
			a.who(Profile, owner, "https://facebook.com/profile.php?id="+owner)
		}
	case first == "people" && n == 3 && isDigits(s[2]):
		a.who(Profile, s[2], "https://facebook.com/profile.php?id="+s[2])
	case first == "pages" && n >= 3 && isDigits(last):
		a.who(Channel, last, "https://facebook.com/profile.php?id="+last)
	case first == "hashtag" || first == "search":
		a.Kind = Search
		u.keep("q")
	case first == "stories" && n == 3:
		a.Account = s[1]
		a.post(s[1]+"/"+s[2], "https://facebook.com/stories/"+s[1]+"/"+s[2])
	case first == "events" && n == 2 && isDigits(s[1]):
		a.post(s[1], "https://facebook.com/events/"+s[1])
	case first == "pg" && n >= 2:
		a.who(Channel, strings.ToLower(s[1]), "https://facebook.com/"+strings.ToLower(s[1]))
	case n >= 3 && s[1] == "posts" && isFacebookID(slugID(last)):
		of(s[0], slugID(last))
	case n >= 3 && s[1] == "photos" && isFacebookID(last):
		photo(s[0], last)
	case n >= 3 && s[1] == "videos" && isFacebookID(last):
		video(s[0], last)
	case n == 2 && isDigits(s[0]) && isDigits(s[1]):
		of(s[0], s[1])
	case n == 1 && isDigits(first) || n <= 2 && isFacebookName(first) && (n == 1 ||
		contains([]string{"about", "photos", "videos", "posts", "reels", "followers", "friends", "community", "live", "mentions"}, s[1])):
		a.who(Profile, first, "https://facebook.com/"+first)
	}
}

// isFacebookID: figures, or "pfbid" with letters and figures, or the figures
// of a comment within a comment.
func isFacebookID(s string) bool {
	if rest, ok := strings.CutPrefix(s, "pfbid"); ok {
		return isHandle(rest, 120)
	}
	return isDigits(s) && len(s) <= 20
}

// slugID returns the id at the end of "words-of-the-post-123".
func slugID(s string) string { return s[strings.LastIndexByte(s, '-')+1:] }

func isFacebookName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '.' && s[i] != '-' && s[i] != '_' && s[i] != '%' {
			return false
		}
	}
	switch s {
	case "watch", "marketplace", "gaming", "login", "help", "policies", "privacy", "settings", "home.php", "login.php", "reel", "photo", "photo.php",
		"video.php", "events", "pages", "groups", "ads", "business", "legal", "dialog", "plugins", "sharer", "sharer.php", "l.php", "notes", "media", "stories", "people":
		return false
	}
	return s != "" && !strings.HasSuffix(s, ".php")
}

// readInstagram: /p/CODE, /reel/CODE, /tv/CODE, each also behind a name;
// /stories/NAME/ID. The code is the id of the post in base 64. Codes of closed
// accounts have 28 more letters, a key that opens the post.
func readInstagram(u *parts, a *Address) {
	s, n := u.segments()
	if n == 0 {
		return
	}
	for i := 0; i < 2 && i+1 < n; i++ {
		switch s[i] {
		case "p", "reel", "reels", "tv":
			code := s[i+1]
			if code == "audio" {
				return
			}
			if len(code) > 28+4 {
				code = code[:len(code)-28]
			}
			if !isCode(code) {
				return
			}
			if i == 1 {
				a.Account = strings.ToLower(s[0])
			}
			a.stampCode(instagramIDs, code)
			canonical := "https://instagram.com/p/" + code
			if i+3 < n && s[i+2] == "c" && isDigits(s[i+3]) { // a comment
				a.Time, a.Unit = time.Time{}, 0
				a.post(code+"/c/"+s[i+3], canonical+"/c/"+s[i+3])
				return
			}
			a.post(code, canonical)
			return
		}
	}
	name := strings.ToLower(strings.TrimPrefix(s[0], "@"))
	switch name {
	case "stories":
		if n >= 3 && s[1] != "highlights" && isDigits(s[2]) {
			a.Account = strings.ToLower(s[1])
			a.post(s[2], "https://instagram.com/stories/"+a.Account+"/"+s[2])
			a.stampDigits(instagramIDs, s[2])
		}
	case "explore":
		a.Kind = Search
		u.keep("q")
	case "share":
		a.Kind, a.Short = Post, true
		u.query = ""
	case "accounts", "about", "legal", "developer", "direct", "p", "reel", "reels", "tv", "web", "press", "download", "challenge":
	case "_u":
		if n == 2 {
			a.who(Profile, strings.ToLower(s[1]), "https://instagram.com/"+strings.ToLower(s[1]))
		}
	default:
		if isInstagramName(name) && (n == 1 || contains([]string{"tagged", "reels", "channel", "feed", "guides"}, s[1])) {
			a.who(Profile, name, "https://instagram.com/"+name)
		}
	}
}

func isCode(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return len(s) >= 5 && len(s) <= 14
}

func isInstagramName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '.' && s[i] != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 30
}

// readThreads: /@NAME/post/CODE, /t/CODE.
func readThreads(u *parts, a *Address) {
	s, n := u.segments()
	switch {
	case n >= 3 && strings.HasPrefix(s[0], "@") && s[1] == "post" && isCode(s[2]):
		a.Account = strings.ToLower(s[0][1:])
		a.post(s[2], "https://threads.com/t/"+s[2])
		a.stampCode(threadsIDs, s[2])
	case n >= 2 && s[0] == "t" && isCode(s[1]):
		a.post(s[1], "https://threads.com/t/"+s[1])
		a.stampCode(threadsIDs, s[1])
	case n >= 1 && strings.HasPrefix(s[0], "@"):
		who := strings.ToLower(s[0][1:])
		a.who(Profile, who, "https://threads.com/@"+who)
	case n >= 1 && s[0] == "search":
		a.Kind = Search
		u.keep("q")
	}
}
