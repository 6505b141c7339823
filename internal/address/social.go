package address

import "strings"

// readTwitter: x.com/NAME/status/ID, /i/web/status/ID, /i/status/ID,
// /statuses/ID, with /photo/1 and the like behind, and the old #! routes.
func readTwitter(u *parts, a *Address) {
	if u.path == "" && (strings.HasPrefix(u.frag, "!/") || strings.HasPrefix(u.frag, "/")) {
		path, query, _ := strings.Cut(strings.TrimPrefix(u.frag, "!"), "?")
		u.path, u.query, u.frag = normalPath(path), query, ""
	}
	s, n := u.segments()
	for i := 0; i+1 < n && i < 3; i++ {
		switch s[i] {
		case "status", "statuses", "article":
			id := s[i+1]
			if !isDigits(id) || len(id) > 20 || s[i] == "article" && i != 1 {
				continue
			}
			if i == 1 && s[0] != "i" {
				a.Account = strings.ToLower(s[0])
			}
			a.post(id, "https://x.com/i/status/"+id)
			a.stampDigits(twitterIDs, id)
			return
		}
	}
	if n == 0 {
		return
	}
	switch name := strings.ToLower(s[0]); name {
	case "search", "search-advanced", "explore", "home", "hashtag", "trending":
		a.Kind = Search
		if name == "search" {
			u.keep("q", "f")
		} else if name == "hashtag" {
			u.query = ""
		}
	case "i":
		if n == 3 && s[1] == "user" && isDigits(s[2]) {
			a.who(Profile, s[2], "https://x.com/i/user/"+s[2])
		}
	case "intent", "share", "settings", "messages", "notifications", "login", "signup", "compose", "tos", "privacy", "about", "download", "jobs", "account", "logout":
		if name == "intent" && n > 1 && (s[1] == "user" || s[1] == "follow") {
			if who := strings.ToLower(get(u.query, "screen_name")); isHandle(who, 20) {
				a.who(Profile, who, "https://x.com/"+who)
			}
		}
	default:
		name = strings.TrimPrefix(name, "@")
		if isHandle(name, 20) && (n == 1 || contains([]string{"media", "with_replies", "likes", "following", "followers", "highlights", "verified_followers", "articles", "tweets", "affiliates"}, s[1])) {
			a.who(Profile, name, "https://x.com/"+name)
		}
	}
}

// isHandle reports whether s holds letters, figures and "_" only.
func isHandle(s string, most int) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '_' {
			return false
		}
	}
	return s != "" && len(s) <= most
}

// keep drops every parameter but those named.
func (u *parts) keep(names ...string) {
	var out []string
	for _, n := range names {
		for q := u.query; q != ""; {
			var p string
			p, q, _ = strings.Cut(q, "&")
			p = strings.TrimPrefix(p, "amp;")
			if k, v, _ := strings.Cut(p, "="); strings.EqualFold(k, n) && v != "" {
				out = append(out, n+"="+v)
				break
			}
		}
	}
	u.query = strings.Join(out, "&")
}

// isTelegramName: 4 to 32 letters, figures and "_", a letter first
// (core.telegram.org/method/account.checkUsername).
func isTelegramName(s string) bool {
	return len(s) >= 4 && isHandle(s, 32) && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z'
}

// readTelegram: t.me/NAME/ID, /s/NAME/ID (preview in a browser), /c/CHAT/ID
// (private), either with a thread between, NAME.t.me/ID; core.telegram.org/api/links.
func readTelegram(u *parts, a *Address) {
	if u.label != "" {
		u.path = "/" + u.label + u.path
	}
	s, n := u.segments()
	if n > 1 && s[0] == "s" {
		copy(s[:], s[1:])
		n--
	}
	if n == 0 {
		return
	}
	name, ids := strings.ToLower(strings.TrimPrefix(s[0], "@")), s[1:n]
	prefix := "https://t.me/"
	switch name {
	case "c":
		if n < 2 || !isDigits(s[1]) {
			return
		}
		name, ids, prefix = s[1], s[2:n], "https://t.me/c/"
	case "iv", "share":
		return
	case "joinchat":
		if n == 2 {
			a.who(Channel, "", "https://t.me/+"+s[1])
		}
		return
	case "addstickers", "addemoji", "addtheme", "proxy", "socks", "setlanguage", "login", "confirmphone", "bg",
		"invoice", "addlist", "boost", "giftcode", "contact", "nft", "faq", "apps", "blog", "privacy":
		return
	default:
		if strings.HasPrefix(name, "+") {
			a.Kind = Channel // an invitation; or a telephone number
			return
		}
		// Names have four letters at least, but addresses in sheets also name
		// what no longer exists, or is invented for training.
		if !isHandle(name, 32) || name[0] >= '0' && name[0] <= '9' {
			return
		}
	}
	if len(ids) == 0 {
		a.who(Channel, name, prefix+name)
		return
	}
	id := ids[min(len(ids), 2)-1] // the last of THREAD/ID
	if !isDigits(ids[0]) || !isDigits(id) || len(id) > 12 {
		return
	}
	a.Account = name
	id = name + "/" + id
	if c := get(u.query, "comment"); isDigits(c) { // a reader's answer below the post
		id += "?comment=" + c
	}
	a.post(id, strings.TrimSuffix(prefix, "c/"+name)+id)
}

// readTelegramWeb: web.telegram.org/k/#@NAME, /a/#-100CHAT_ID.
func readTelegramWeb(u *parts, a *Address) {
	f := strings.TrimPrefix(u.frag, "/im?p=")
	if name, ok := strings.CutPrefix(f, "@"); ok {
		if name, _, _ = strings.Cut(name, "?"); isTelegramName(name) {
			name = strings.ToLower(name)
			a.who(Channel, name, "https://t.me/"+name)
		}
		return
	}
	chat, id, found := strings.Cut(strings.TrimPrefix(f, "-100"), "_")
	if !strings.HasPrefix(f, "-100") || !isDigits(chat) {
		return
	}
	switch {
	case found && isDigits(id):
		a.Account = chat
		a.post(chat+"/"+id, "https://t.me/c/"+chat+"/"+id)
	case !found:
		a.who(Channel, chat, "https://t.me/c/"+chat)
	}
}

// readReddit: /r/SUB/comments/ID[/TITLE[/COMMENT]], /comments/ID, /gallery/ID,
// /user/NAME/comments/ID; /r/SUB/s/CODE hides its target.
func readReddit(u *parts, a *Address) {
	s, n := u.segments()
	for i := 0; i < n && i < 3; i++ {
		switch {
		case (s[i] == "comments" || s[i] == "gallery" && i == 0) && i+1 < n && isHandle(s[i+1], 12):
			id := strings.ToLower(s[i+1])
			if i == 2 && (s[0] == "user" || s[0] == "u") {
				a.Account = strings.ToLower(s[1])
			}
			if s[i] == "comments" && i+3 < n && isHandle(s[i+3], 12) {
				c := strings.ToLower(s[i+3])
				a.post("t1_"+c, "https://reddit.com/comments/"+id+"/_/"+c)
				return
			}
			a.post(id, "https://reddit.com/comments/"+id)
			return
		case s[i] == "s" && i == 2 && n == 4:
			a.Kind, a.Short = Post, true
			return
		}
	}
	switch {
	case n > 0 && (s[0] == "search" || s[n-1] == "search"):
		a.Kind = Search
		u.keep("q", "restrict_sr")
	case n >= 2 && s[0] == "r":
		a.who(Channel, strings.ToLower(s[1]), "https://reddit.com/r/"+strings.ToLower(s[1]))
	case n >= 2 && (s[0] == "user" || s[0] == "u"):
		a.who(Profile, strings.ToLower(s[1]), "https://reddit.com/user/"+strings.ToLower(s[1]))
	}
}

func readReddIt(u *parts, a *Address) {
	if s, n := u.segments(); n == 1 && isHandle(s[0], 12) {
		id := strings.ToLower(s[0])
		a.post(id, "https://reddit.com/comments/"+id)
	}
}

// readLinkedIn: /feed/update/urn:li:activity:ID (also share, ugcPost), and
// /posts/NAME_words-activity-ID-code.
func readLinkedIn(u *parts, a *Address) {
	s, n := u.segments()
	for i := 0; i < n; i++ {
		for _, kind := range []string{"activity", "ugcPost", "share"} {
			text := strings.ReplaceAll(s[i], "%3A", ":")
			_, id, ok := strings.Cut(text, "urn:li:"+kind+":")
			if !ok && s[0] == "posts" && i == 1 {
				if at := strings.LastIndex(text, "-"+kind+"-"); at >= 0 {
					id, ok = text[at+len(kind)+2:], true
					id, _, _ = strings.Cut(id, "-")
					a.Account, _, _ = strings.Cut(text, "_")
					a.Account = strings.ToLower(a.Account)
				}
			}
			if ok && isDigits(id) && len(id) <= 20 {
				a.post(id, "https://linkedin.com/feed/update/urn:li:"+kind+":"+id)
				a.stampDigits(linkedinIDs, id)
				return
			}
		}
	}
	a.Account = ""
	if n < 2 {
		return
	}
	who := strings.ToLower(s[1])
	switch s[0] {
	case "in", "pub":
		a.who(Profile, who, "https://linkedin.com/in/"+who)
	case "company", "school", "showcase", "groups":
		a.who(Channel, who, "https://linkedin.com/"+s[0]+"/"+who)
	case "search":
		a.Kind = Search
		u.keep("keywords")
	case "pulse":
		a.Kind = Post
		a.ID = s[1]
		u.query = ""
	}
}

// readDiscord: /channels/SERVER/CHANNEL/MESSAGE.
func readDiscord(u *parts, a *Address) {
	s, n := u.segments()
	switch {
	case n == 4 && s[0] == "channels" && isDigits(s[3]) && isDigits(s[2]):
		a.post(s[3], "https://discord.com"+u.path)
		a.stampDigits(discordIDs, s[3])
	case n == 3 && s[0] == "channels", n == 2 && s[0] == "invite":
		a.Kind = Channel
	}
}

// readBluesky: /profile/HANDLE-OR-DID/post/RKEY.
func readBluesky(u *parts, a *Address) {
	s, n := u.segments()
	switch {
	case n >= 4 && s[0] == "profile" && s[2] == "post":
		a.Account = strings.ToLower(s[1])
		a.post("at://"+a.Account+"/app.bsky.feed.post/"+s[3], "https://bsky.app/profile/"+a.Account+"/post/"+s[3])
		a.stampTID(s[3])
	case n >= 2 && s[0] == "profile":
		who := strings.ToLower(s[1])
		a.who(Profile, who, "https://bsky.app/profile/"+who)
	case n > 0 && (s[0] == "search" || s[0] == "hashtag"):
		a.Kind = Search
		u.keep("q")
	}
}

// readUnknown reads the forms that tell the program on a host by themselves:
// Mastodon and its relatives (docs.joinmastodon.org/user/posting; the web
// client's routes /web, /deck).
func readUnknown(u *parts, a *Address) {
	if len(u.path) < 3 || u.path[1] != '@' && !strings.HasPrefix(u.path, "/web/") && !strings.HasPrefix(u.path, "/deck/") && !strings.HasPrefix(u.path, "/users/") {
		readSearch(u, a)
		return
	}
	s, n := u.segments()
	i := 0
	if s[0] == "web" || s[0] == "deck" {
		i = 1
	}
	var name, id string
	switch {
	case i+1 < n && strings.HasPrefix(s[i], "@"):
		name, id = s[i][1:], s[i+1]
	case i+3 < n && s[i] == "users" && s[i+2] == "statuses":
		name, id = s[i+1], s[i+3]
	case i == 1 && n == 3 && s[1] == "statuses":
		id = s[2]
	default:
		return
	}
	if len(id) < 15 || len(id) > 19 || !isDigits(id) {
		return
	}
	b := Address{}
	if b.stampDigits(mastodonIDs, id); b.Unit == 0 {
		return // a number of another scheme: not a post of Mastodon
	}
	a.Platform, a.Account = "mastodon", strings.ToLower(name)
	a.Time, a.Unit = b.Time, b.Unit
	path := "/web/statuses/" + id
	if name != "" {
		path = "/@" + a.Account + "/" + id
		if !strings.Contains(name, "@") {
			a.Account += "@" + u.host
		}
	}
	host := u.host
	if u.port != "" {
		host += ":" + u.port
	}
	a.post(host+"/"+id, "https://"+host+path)
}
