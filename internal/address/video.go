package address

import (
	"net/url"
	"strings"
)

// readYouTube: /watch?v=ID, /shorts/ID, /embed/ID, /live/ID, /v/ID, /e/ID;
// lc= names a comment. Eleven letters, figures, "-" and "_".
func readYouTube(u *parts, a *Address) {
	s, n := u.segments()
	if u.path == "" && strings.HasPrefix(u.frag, "/watch?") { // the old telephone form
		_, u.query, _ = strings.Cut(u.frag, "?")
		s[0], n = "watch", 1
	}
	if n == 0 {
		return
	}
	var id string
	switch first := strings.ToLower(s[0]); {
	case first == "watch" || first == "watch_popup":
		id = get(u.query, "v")
	case first == "attribution_link":
		if t, err := url.Parse(get(u.query, "u")); err == nil {
			id = t.Query().Get("v")
		}
	case n >= 2 && (first == "shorts" || first == "embed" || first == "live" || first == "v" || first == "e" || first == "watch"):
		id = s[1]
	}
	if i := strings.IndexAny(id, "?&"); i >= 0 {
		id = id[:i]
	}
	if isYouTubeID(id) {
		readVideo(u, a, id)
		return
	}
	switch first := s[0]; {
	case first == "results" || first == "feed" || first == "hashtag":
		a.Kind = Search
		u.keep("search_query")
	case first == "post" && n == 2:
		a.post(s[1], "https://youtube.com/post/"+s[1])
	case strings.HasPrefix(first, "@"):
		who := strings.ToLower(first)
		if lb := get(u.query, "lb"); lb != "" && isYouTubeWord(lb) {
			a.Account = who
			a.post(lb, "https://youtube.com/post/"+lb)
			return
		}
		a.who(Channel, who, "https://youtube.com/"+who)
	case n >= 2 && first == "channel":
		if lb := get(u.query, "lb"); lb != "" && isYouTubeWord(lb) {
			a.Account = s[1]
			a.post(lb, "https://youtube.com/post/"+lb)
			return
		}
		a.who(Channel, s[1], "https://youtube.com/channel/"+s[1])
	case n >= 2 && (first == "c" || first == "user"):
		a.who(Channel, strings.ToLower(s[1]), "https://youtube.com/"+first+"/"+strings.ToLower(s[1]))
	case first == "playlist":
		u.keep("list")
	}
}

func readYoutuBe(u *parts, a *Address) {
	if s, n := u.segments(); n >= 1 && isYouTubeID(s[0]) {
		readVideo(u, a, s[0])
	} else if n >= 2 && (s[0] == "shorts" || s[0] == "live" || s[0] == "embed") && isYouTubeID(s[1]) {
		readVideo(u, a, s[1])
	}
}

func readVideo(u *parts, a *Address, id string) {
	canonical := "https://youtube.com/watch?v=" + id
	if lc := get(u.query, "lc"); lc != "" && isYouTubeWord(strings.ReplaceAll(lc, ".", "")) {
		a.post(id+"?lc="+lc, canonical+"&lc="+lc)
		return
	}
	a.post(id, canonical)
}

func isYouTubeID(s string) bool { return len(s) == 11 && isYouTubeWord(s) }

func isYouTubeWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return s != ""
}

// readTikTok: /@NAME/video/ID, /@NAME/photo/ID, /v/ID.html, /embed/v2/ID,
// /share/video/ID; /t/CODE hides its target. The name does not choose the
// video; "@_" opens it (yt-dlp, extractor/tiktok.py).
func readTikTok(u *parts, a *Address) {
	s, n := u.segments()
	for i := 0; i+1 < n && i < 4; i++ {
		switch s[i] {
		case "video", "photo", "v", "embed", "v2", "v3", "item", "player", "v1":
			id := strings.TrimSuffix(s[i+1], ".html")
			if !isDigits(id) || len(id) < 10 || len(id) > 20 {
				continue
			}
			if strings.HasPrefix(s[0], "@") && len(s[0]) > 1 && s[0] != "@_" {
				a.Account = strings.ToLower(s[0][1:])
			}
			a.post(id, "https://tiktok.com/@_/video/"+id)
			a.stampDigits(tiktokIDs, id)
			return
		}
	}
	switch {
	case n == 0:
	case s[0] == "t" && n == 2:
		a.Kind, a.Short = Post, true
		u.query = ""
	case s[0] == "tag" || s[0] == "search" || s[0] == "discover" || s[0] == "foryou" || s[0] == "explore":
		a.Kind = Search
	case strings.HasPrefix(s[0], "@") && len(s[0]) > 1:
		who := strings.ToLower(s[0][1:])
		a.who(Profile, who, "https://tiktok.com/@"+who)
	}
}

// readRutube: /video/HEX, /play/embed/HEX, /shorts/HEX.
func readRutube(u *parts, a *Address) {
	s, n := u.segments()
	for i := 0; i+1 < n && i < 3; i++ {
		switch s[i] {
		case "video", "embed", "shorts", "private":
			if id := strings.ToLower(s[i+1]); len(id) == 32 && isHandle(id, 32) {
				a.post(id, "https://rutube.ru/video/"+id)
				return
			}
		case "channel", "u":
			if i == 0 {
				a.who(Channel, strings.ToLower(s[1]), "https://rutube.ru/"+s[0]+"/"+strings.ToLower(s[1]))
				return
			}
		}
	}
	if n > 0 && s[0] == "search" {
		a.Kind = Search
		u.keep("query")
	}
}

// readDzen: /a/CODE, /b/CODE, /video/watch/HEX, /shorts/HEX, /media/…/words-HEX;
// /id/HEX is a channel.
func readDzen(u *parts, a *Address) {
	s, n := u.segments()
	switch {
	case n == 2 && (s[0] == "a" || s[0] == "b") && isYouTubeWord(s[1]):
		a.post(s[1], "https://dzen.ru/"+s[0]+"/"+s[1])
	case n == 3 && s[0] == "video" && s[1] == "watch" && isHandle(s[2], 40), n == 2 && s[0] == "shorts" && isHandle(s[1], 40):
		a.post(s[n-1], "https://dzen.ru/video/watch/"+s[n-1])
	case n >= 3 && s[0] == "media" && len(slugID(s[n-1])) == 24 && isHandle(slugID(s[n-1]), 24):
		a.post(slugID(s[n-1]), "https://dzen.ru"+u.path)
	case n == 2 && s[0] == "id":
		a.who(Channel, s[1], "https://dzen.ru/id/"+s[1])
	case n >= 1 && (s[0] == "search" || s[0] == "news"):
		a.Kind = Search
		u.keep("query")
	case n == 1 && isInstagramName(s[0]):
		a.who(Channel, strings.ToLower(s[0]), "https://dzen.ru/"+strings.ToLower(s[0]))
	}
}

// readLiveJournal: NAME.livejournal.com/ID.html, users.livejournal.com/NAME/ID.html,
// m.livejournal.com/read/user/NAME/ID; thread= names a comment.
func readLiveJournal(u *parts, a *Address) {
	s, n := u.segments()
	name, i := u.label, 0
	switch {
	case name == "users" || name == "community":
		name, i = s[0], 1
	case n >= 3 && s[0] == "read" && s[1] == "user":
		name, i = s[2], 3
	case name == "":
		return
	}
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	if name == "" || strings.Contains(name, ".") || !isCodeName(name) {
		return
	}
	root := "https://" + name + ".livejournal.com"
	if name[0] == '-' || name[len(name)-1] == '-' { // such names have no host of their own
		root = "https://users.livejournal.com/" + name
	}
	if i == n {
		a.who(Channel, name, root)
		return
	}
	id := strings.TrimSuffix(s[i], ".html")
	if n != i+1 || !isDigits(id) {
		return
	}
	a.Account = name
	whole, canonical := name+"/"+id, root+"/"+id+".html"
	if t := get(u.query, "thread"); isDigits(t) {
		whole, canonical = whole+"?thread="+t, canonical+"?thread="+t
	}
	a.post(whole, canonical)
}

func isCodeName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '-' {
			return false
		}
	}
	return len(s) < 60
}

func readVimeo(u *parts, a *Address) {
	s, n := u.segments()
	for i := 0; i < n; i++ {
		if isDigits(s[i]) && len(s[i]) >= 5 && (i == 0 || i == 1 && s[0] == "video" || i >= 2) {
			a.post(s[i], "https://vimeo.com/"+s[i])
			return
		}
	}
}

func readDailymotion(u *parts, a *Address) {
	s, n := u.segments()
	id := get(u.query, "video")
	for i := 0; i+1 < n; i++ {
		if s[i] == "video" {
			id, _, _ = strings.Cut(s[i+1], "_")
		}
	}
	if n == 1 && id == "" && isHandle(s[0], 8) && s[0][0] == 'x' {
		id = s[0]
	}
	if isHandle(id, 12) {
		a.post(id, "https://dailymotion.com/video/"+id)
	}
}
