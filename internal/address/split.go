package address

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// parts are the pieces of an address. path is normalised and has no trailing
// slash; query and frag are as typed.
type parts struct {
	host, port, path, query, frag string
	label                         string // the subdomain a wildcard entry was found under
	repaired                      bool
}

// maxLength is the longest address read. Browsers stop at two million; beyond
// this it is a document, not an address.
const maxLength = 64 << 10

// slips are beginnings that a cut copy, a typing slip or the habit of making
// addresses unclickable leave behind. Each stands for exactly one thing.
var slips = []string{"ttps", "tps", "ttp", "htps", "htp", "htttps", "htttp", "hhttps", "hhttp", "httpss", "hxxps", "hxxp", "hxxs", "httр", "httрs"}

func split(raw string) (u parts, ok bool) {
	s := trim(raw)
	if s == "" || len(s) > maxLength {
		return u, false
	}
	if strings.Contains(s, "[.]") || strings.Contains(s, "[:]") {
		s = strings.NewReplacer("[.]", ".", "[:]", ":").Replace(s)
		u.repaired = true
	}
	rest, stated := s, false
	switch i := strings.Index(s, ":"); {
	case hasPrefixFold(s, "https://"):
		rest, stated = s[8:], true
	case hasPrefixFold(s, "http://"):
		rest, stated = s[7:], true
	case strings.HasPrefix(s, "//"):
		rest, stated = s[2:], true
	case i > 0 && i < 12 && strings.HasPrefix(s[i:], "://"):
		scheme := strings.ToLower(s[:i])
		switch {
		case scheme == "tg":
			return splitTelegram(s[i+3:])
		case scheme == "at":
			return splitAT(s[i+3:])
		case contains(slips, scheme):
			rest, stated, u.repaired = s[i+3:], true, true
		default:
			return u, false
		}
	case hasPrefixFold(s, "https:/"):
		rest, stated, u.repaired = s[7:], true, true
	case hasPrefixFold(s, "http:/"):
		rest, stated, u.repaired = s[6:], true, true
	case hasPrefixFold(s, "https//"):
		rest, stated, u.repaired = s[7:], true, true
	case hasPrefixFold(s, "http//"):
		rest, stated, u.repaired = s[6:], true, true
	}
	// "https://https://…": a copy pasted after what was there already.
	for stated && (hasPrefixFold(rest, "https://") || hasPrefixFold(rest, "http://")) {
		rest, u.repaired = rest[strings.Index(rest, "//")+2:], true
	}
	for stated && strings.HasPrefix(rest, "/") { // "https:///example.org"
		rest, u.repaired = rest[1:], true
	}
	end := strings.IndexAny(rest, `/?#\`)
	authority := rest
	if end >= 0 {
		authority, rest = rest[:end], rest[end:]
	} else {
		rest = ""
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		if !stated { // an e-mail address
			return u, false
		}
		authority = authority[i+1:]
	}
	if u.host, u.port, ok = splitHost(authority); !ok || !stated && !plausible(u.host) {
		return u, false
	}
	if i := strings.IndexByte(rest, '#'); i >= 0 {
		rest, u.frag = rest[:i], rest[i+1:]
	}
	if i := strings.IndexByte(rest, '?'); i >= 0 {
		rest, u.query = rest[:i], rest[i+1:]
	}
	u.path = normalPath(rest)
	return u, true
}

// trim takes off what is around an address and never part of it, and the
// invisible characters that copying from chats leaves inside.
func trim(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if !plain {
		s = strings.Map(func(r rune) rune {
			switch r {
			case '\t', '\n', '\r', 0xad, 0x200b, 0x200e, 0x200f, 0x2060, 0xfeff:
				return -1
			case 0xa0, 0x202f:
				return ' '
			}
			if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, s)
		s = strings.TrimFunc(s, unicode.IsSpace)
	}
	for len(s) > 1 {
		first, n := utf8.DecodeRuneInString(s)
		last, m := utf8.DecodeLastRuneInString(s)
		i := strings.IndexRune(openers, first)
		if i < 0 || !strings.HasPrefix(closers[i:], string(last)) || n+m > len(s) {
			break
		}
		s = strings.TrimSpace(s[n : len(s)-m])
	}
	return s
}

// openers and closers are pairs at the same byte offset.
const (
	openers = `<"'(«“‹„`
	closers = `>"')»”›“`
)

func splitHost(s string) (host, port string, ok bool) {
	if strings.HasPrefix(s, "[") { // an IPv6 literal, RFC 3986 section 3.2.2
		i := strings.IndexByte(s, ']')
		if i < 3 {
			return "", "", false
		}
		host, s = strings.ToLower(s[:i+1]), s[i+1:]
		for _, c := range []byte(host[1:i]) {
			if !isHex(c) && c != ':' && c != '.' {
				return "", "", false
			}
		}
		port, ok = splitPort(s)
		return host, port, ok
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if port, ok = splitPort(s[i:]); !ok {
			return "", "", false
		}
		s = s[:i]
	}
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return "", "", false
	}
	lower, ascii := true, true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x80 {
			ascii = false
		} else if c >= 'A' && c <= 'Z' {
			lower = false
		}
	}
	if !ascii { // UTS 46, as browsers look names up
		var err error
		if s, err = idna.Lookup.ToASCII(s); err != nil || s == "" || len(s) > 253 {
			return "", "", false
		}
	} else if !lower {
		s = strings.ToLower(s)
	}
	label := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '.' {
			if label == 0 || label > 63 {
				return "", "", false
			}
			label = 0
			continue
		}
		if c := s[i]; !isAlnum(c) && c != '-' && c != '_' {
			return "", "", false
		}
		label++
	}
	return foldHost(s), port, true
}

// splitPort reads ":8080" or "". The default ports give "".
func splitPort(s string) (string, bool) {
	if s == "" || s == ":" {
		return "", true
	}
	if s[0] != ':' || len(s) > 6 || !isDigits(s[1:]) {
		return "", false
	}
	switch s = strings.TrimLeft(s[1:], "0"); s {
	case "80", "443":
		s = ""
	}
	return s, true
}

// foldHost takes off "www." and the labels of the forms for telephones, as
// long as a name is left that somebody can own.
func foldHost(s string) string {
	for { // ends: s grows shorter
		i := strings.IndexByte(s, '.')
		if i < 0 || strings.IndexByte(s[i+1:], '.') < 0 {
			return s
		}
		rest := s[i+1:]
		switch s[:i] {
		case "www":
			// Also www.gov.uk, where the rest is a public suffix: the two
			// are one site.
			s = rest
		case "m", "mobile", "wap", "touch":
			if suffix, _ := publicsuffix.PublicSuffix(rest); suffix == rest {
				return s
			}
			s = rest
		default:
			if strings.HasSuffix(s, ".m.wikipedia.org") {
				return strings.TrimSuffix(s, ".m.wikipedia.org") + ".wikipedia.org"
			}
			return s
		}
	}
}

// plausible reports whether a name without "https://" can be meant as a host:
// it ends in a domain that the registries know. "10.02" and "file.txt" do not.
func plausible(host string) bool {
	i := strings.LastIndexByte(host, '.')
	if i <= 0 {
		return false
	}
	_, icann := publicsuffix.PublicSuffix(host)
	if !icann {
		// A private suffix such as github.io is below a known one.
		_, icann = publicsuffix.PublicSuffix("x." + host[i+1:])
	}
	return icann
}

// splitTelegram reads the links Telegram programs open themselves,
// core.telegram.org/api/links: tg://resolve?domain=NAME&post=N,
// tg://privatepost?channel=N&post=N.
func splitTelegram(s string) (u parts, ok bool) {
	what, query, _ := strings.Cut(s, "?")
	u.host = "t.me"
	post := get(query, "post")
	switch strings.ToLower(strings.Trim(what, "/")) {
	case "resolve":
		u.path = "/" + get(query, "domain")
	case "privatepost":
		u.path = "/c/" + get(query, "channel")
	default:
		return u, false
	}
	if post != "" {
		u.path += "/" + post
	}
	u.path = normalPath(u.path)
	return u, len(u.path) > 1
}

// splitAT reads at://DID/app.bsky.feed.post/RKEY, atproto.com/specs/at-uri-scheme.
func splitAT(s string) (u parts, ok bool) {
	who, rest, _ := strings.Cut(s, "/")
	if who == "" {
		return u, false
	}
	u.host, u.path = "bsky.app", "/profile/"+who
	if rest != "" {
		key, ok := strings.CutPrefix(rest, "app.bsky.feed.post/")
		if !ok {
			return u, false
		}
		u.path += "/post/" + key
	}
	u.path = normalPath(u.path)
	return u, true
}

// canonical writes the address without what only tracks its reader.
func (u *parts) canonical() string {
	query := cleanQuery(u.query, u.host)
	frag := keepFragment(u.frag)
	n := len("https://") + len(u.host) + len(u.path) + len(query) + len(frag) + len(u.port) + 4
	b := make([]byte, 0, n)
	b = append(b, "https://"...)
	b = append(b, u.host...)
	if u.port != "" {
		b = append(append(b, ':'), u.port...)
	}
	b = append(b, u.path...)
	if (query != "" || frag != "") && u.path == "" {
		b = append(b, '/')
	}
	if query != "" {
		b = append(append(b, '?'), query...)
	}
	if frag != "" {
		b = append(append(b, '#'), frag...)
	}
	return string(b)
}

// segments returns the first eight segments of the path and their number.
func (u *parts) segments() (s [8]string, n int) {
	p := u.path
	for len(p) > 0 && n < len(s) {
		p = p[1:]
		i := strings.IndexByte(p, '/')
		if i < 0 {
			i = len(p)
		}
		if i > 0 {
			s[n] = p[:i]
			n++
		}
		p = p[i:]
	}
	return s, n
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
