package address

import "strings"

// readVK: /wallOWNER_ID, also as ?w=wallOWNER_ID over any page, z= for photos
// and videos, with _rN or ?reply=N for an answer; vk.com/dev/wall. A community
// has a negative owner.
func readVK(u *parts, a *Address) {
	s, n := u.segments()
	for _, ref := range [...]string{s[0], get(u.query, "w"), get(u.query, "z"), s[1]} {
		ref, _, _ = strings.Cut(ref, "/")
		ref, _, _ = strings.Cut(ref, "%2F")
		kind, owner, id, reply, ok := vkObject(ref)
		if !ok {
			continue
		}
		if r := get(u.query, "reply"); reply == "" && isDigits(r) {
			reply = r
		}
		whole := kind + owner + "_" + id
		canonical := "https://vk.com/" + whole
		if kind == "wall" { // the commonest: named as the interface of VK names it
			whole = owner + "_" + id
		}
		if reply != "" {
			whole += "_r" + reply
			canonical += "?reply=" + reply
		}
		a.Account = vkOwner(owner)
		a.post(whole, canonical)
		return
	}
	if n == 0 {
		return
	}
	name := strings.ToLower(strings.TrimPrefix(s[0], "@"))
	switch {
	case name == "feed" || name == "search" || name == "hashtag":
		a.Kind = Search
		q := get(u.query, "q")
		if q == "" && strings.HasPrefix(get(u.query, "c[q]"), "#") {
			u.keep("c[q]")
			return
		}
		u.keep("q", "section")
	case s[0][0] == '@' && strings.Contains(name, "-"): // an article: @NAME-title
		a.Account, _, _ = strings.Cut(name, "-")
		a.post(name, "https://vk.com/@"+name)
	case strings.HasPrefix(name, "wall") && isDigits(strings.TrimPrefix(name[4:], "-")):
		who := vkOwner(name[4:])
		a.who(vkKind(who), who, "https://vk.com/"+who)
	case n == 1 && isVKName(name):
		for _, p := range []string{"public", "event"} { // one number, three words
			if id, ok := strings.CutPrefix(name, p); ok && isDigits(id) {
				name = "club" + id
			}
		}
		a.who(vkKind(name), name, "https://vk.com/"+name)
	}
}

// vkObject reads "wall-12_34", "photo12_34", "wall-12_34_r56".
func vkObject(s string) (kind, owner, id, reply string, ok bool) {
	i := 0
	for i < len(s) && s[i] >= 'a' && s[i] <= 'z' {
		i++
	}
	kind = s[:i]
	switch kind {
	case "wall", "photo", "video", "clip", "story", "topic", "market", "doc", "poll", "podcast", "album", "playlist":
	default:
		return
	}
	owner, id, ok = strings.Cut(s[i:], "_")
	id, reply, _ = strings.Cut(id, "_")
	if r, is := strings.CutPrefix(reply, "r"); is && isDigits(r) {
		reply = r
	} else {
		reply = ""
	}
	return kind, owner, id, reply, ok && isDigits(id) && isDigits(strings.TrimPrefix(owner, "-"))
}

// vkOwner writes an owner's number as its page is named.
func vkOwner(owner string) string {
	if n, ok := strings.CutPrefix(owner, "-"); ok {
		return "club" + n
	}
	return "id" + owner
}

func vkKind(name string) Kind {
	if strings.HasPrefix(name, "club") && isDigits(name[4:]) {
		return Channel
	}
	return Profile
}

func isVKName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '.' && s[i] != '_' {
			return false
		}
	}
	switch s {
	case "away.php", "away", "share.php", "login", "im", "mail", "friends", "groups", "video", "audio", "photos", "apps", "settings", "about",
		"support", "terms", "privacy", "dev", "ads", "market", "clips", "games", "stickers", "join", "restore", "write", "widget_comments.php":
		return false
	}
	return s != "" && !strings.HasSuffix(s, ".php")
}

// readOK: /group/G/topic/ID, /profile/P/statuses/ID, /NAME/topic/ID, /video/ID,
// and the old telephone form /dk?st.cmd=…&st.groupId=…&st.themeId=….
func readOK(u *parts, a *Address) {
	s, n := u.segments()
	if n == 1 && s[0] == "dk" {
		if id := get(u.query, "st.themeId"); isDigits(id) {
			if g := get(u.query, "st.groupId"); isDigits(g) {
				a.Account = "group/" + g
				a.post(id, "https://ok.ru/group/"+g+"/topic/"+id)
			}
		}
		return
	}
	for i := 1; i+1 < n && i < 3; i++ {
		if w := s[i]; (w == "topic" || w == "statuses") && isDigits(s[i+1]) {
			who := strings.ToLower(strings.Join(s[:i], "/"))
			who = okGroup(who)
			a.Account = who
			a.post(s[i+1], "https://ok.ru/"+who+"/"+w+"/"+s[i+1])
			return
		}
	}
	switch {
	case n >= 2 && (s[0] == "video" || s[0] == "live" || s[0] == "videoembed") && isDigits(s[1]):
		a.post("video/"+s[1], "https://ok.ru/video/"+s[1])
	case n >= 2 && s[0] == "profile" && isDigits(s[1]):
		a.who(Profile, "profile/"+s[1], "https://ok.ru/profile/"+s[1])
	case n >= 2 && s[0] == "group" && isDigits(s[1]):
		a.who(Channel, "group/"+s[1], "https://ok.ru/group/"+s[1])
	case n >= 1 && (s[0] == "search" || s[0] == "feed" || s[0] == "hashtag"):
		a.Kind = Search
		u.keep("st.query")
	case n == 1 && isVKName(strings.ToLower(s[0])):
		name := okGroup(strings.ToLower(s[0]))
		kind := Profile
		if strings.HasPrefix(name, "group/") {
			kind = Channel
		}
		a.who(kind, name, "https://ok.ru/"+name)
	}
}

// okGroup writes "group123" as "group/123".
func okGroup(s string) string {
	if id, ok := strings.CutPrefix(s, "group"); ok && isDigits(id) {
		return "group/" + id
	}
	return s
}
