package address

import (
	"strings"
	"sync"
)

// A site is what is known about a host.
type site struct {
	platform string
	host     string // the host its addresses are written with; "" keeps the host
	short    bool   // its addresses only lead on to others
	read     func(*parts, *Address)
	wrapped  []string // "PATH PARAMETER" of redirects that carry their target; no path means any

	// below says which names below a "*." entry are the site itself; the
	// others (developers.facebook.com) are sites of their own. Nil: all.
	below func(label string) bool
}

// sites are hosts by name, after "www.", "m." and "mobile." were taken off.
// An entry that begins with "*." stands for every name below it. Sources: the
// platforms' own help pages and share buttons; the front ends for X by their
// projects (github.com/zedeu/nitter/wiki/Instances, FixTweet, BetterTwitFix);
// t.me domains, core.telegram.org/api/links; VK's move to vk.ru and vkvideo.ru;
// URL patterns of yt-dlp's extractors for the video sites.
func sites() *siteTable {
	known.once.Do(known.fill)
	return &known
}

// known is filled at the first address: most commands see none.
var known siteTable

type siteTable struct {
	once  sync.Once
	exact map[string]site
	below map[string]site // the entries "*.x" under "x"
}

func (t *siteTable) fill() {
	t.exact, t.below = map[string]site{}, map[string]site{}
	add := func(s site, hosts ...string) {
		for _, h := range hosts {
			if name, ok := strings.CutPrefix(h, "*."); ok {
				t.below[name] = s
			} else {
				t.exact[h] = s
			}
		}
	}
	add(site{platform: "twitter", host: "x.com", read: readTwitter}, "x.com", "twitter.com", "fxtwitter.com", "vxtwitter.com",
		"fixupx.com", "fixvx.com", "twittpr.com", "nitter.net", "xcancel.com", "twiiit.com", "lightbrd.com", "twstalker.com",
		"pic.fxtwitter.com", "d.fxtwitter.com", "g.fxtwitter.com", "t.fxtwitter.com", "nitter.poast.org", "nitter.space", "web.twitter.com")
	add(site{platform: "telegram", host: "t.me", read: readTelegram, below: isTelegramName, wrapped: []string{"/iv url", "/share/url url", "/share url"}}, "t.me", "telegram.me", "telegram.dog", "*.t.me")
	add(site{platform: "telegram", read: readTelegramWeb}, "web.telegram.org", "webk.telegram.org", "webz.telegram.org")
	add(site{platform: "vk", host: "vk.com", read: readVK, wrapped: []string{"/away.php to", "/away to"}},
		"vk.com", "vk.ru", "vkontakte.ru", "new.vk.com", "old.vk.com", "web.vk.me", "vkvideo.ru")
	add(site{platform: "facebook", host: "facebook.com", read: readFacebook, below: isFacebookLabel,
		wrapped: []string{"/l.php u", "/flx/warn u", "/dialog/share href", "/sharer u", "/sharer.php u", "/share.php u", "/sharer/sharer.php u"}},
		"facebook.com", "*.facebook.com", "fb.com", "facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd.onion")
	add(site{platform: "instagram", host: "instagram.com", read: readInstagram, wrapped: []string{" u"}}, "l.instagram.com")
	add(site{platform: "instagram", host: "instagram.com", read: readInstagram},
		"instagram.com", "instagr.am", "ddinstagram.com", "kkinstagram.com", "vxinstagram.com")
	add(site{platform: "threads", host: "threads.com", read: readThreads, wrapped: []string{" u"}}, "l.threads.net", "l.threads.com")
	add(site{platform: "threads", host: "threads.com", read: readThreads}, "threads.net", "threads.com", "fixthreads.net", "vxthreads.net")
	add(site{platform: "tiktok", host: "tiktok.com", read: readTikTok, wrapped: []string{"/link/v2 target"}},
		"tiktok.com", "vxtiktok.com", "tnktok.com", "lite.tiktok.com", "us.tiktok.com")
	add(site{platform: "tiktok", short: true}, "vm.tiktok.com", "vt.tiktok.com")
	add(site{platform: "youtube", host: "youtube.com", read: readYouTube, wrapped: []string{"/redirect q"}},
		"youtube.com", "youtube-nocookie.com", "music.youtube.com", "gaming.youtube.com", "tv.youtube.com", "yewtu.be", "youtube.googleapis.com")
	add(site{platform: "youtube", read: readYoutuBe}, "youtu.be", "y2u.be")
	add(site{platform: "ok", host: "ok.ru", read: readOK, wrapped: []string{"/dk st.link", "/dk st.rfn"}},
		"ok.ru", "odnoklassniki.ru", "wap.ok.ru", "m.odnoklassniki.ru")
	add(site{platform: "reddit", host: "reddit.com", read: readReddit, wrapped: []string{"/ url"}}, "out.reddit.com")
	add(site{platform: "reddit", host: "reddit.com", read: readReddit},
		"reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com", "sh.reddit.com", "i.reddit.com", "amp.reddit.com", "rxddit.com", "vxreddit.com")
	add(site{platform: "reddit", read: readReddIt}, "redd.it")
	add(site{platform: "linkedin", host: "linkedin.com", read: readLinkedIn, below: isCountry, wrapped: []string{"/redir/redirect url", "/safety/go url"}},
		"linkedin.com", "*.linkedin.com")
	add(site{platform: "discord", host: "discord.com", read: readDiscord},
		"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com", "ptb.discordapp.com", "canary.discordapp.com")
	add(site{platform: "bluesky", host: "bsky.app", read: readBluesky},
		"bsky.app", "main.bsky.dev", "fxbsky.app", "bskx.app", "bskyx.app", "vxbsky.app", "deer.social", "staging.bsky.app")
	add(site{platform: "livejournal", read: readLiveJournal}, "livejournal.com", "*.livejournal.com")
	add(site{platform: "rutube", host: "rutube.ru", read: readRutube}, "rutube.ru")
	add(site{platform: "dzen", host: "dzen.ru", read: readDzen}, "dzen.ru", "zen.yandex.ru", "zen.yandex.com", "zen.yandex.kz")
	add(site{platform: "vimeo", host: "vimeo.com", read: readVimeo}, "vimeo.com", "player.vimeo.com")
	add(site{platform: "dailymotion", host: "dailymotion.com", read: readDailymotion}, "dailymotion.com", "dai.ly", "geo.dailymotion.com")

	add(site{platform: "archive", read: readArchive}, "web.archive.org", "archive.org", "archive.today", "archive.ph", "archive.is", "archive.md",
		"archive.li", "archive.fo", "archive.vn", "wayback.archive.org", "ghostarchive.org", "megalodon.jp", "perma.cc")

	// Searches, and the redirects of the same houses.
	add(site{platform: "web", read: readSearch, wrapped: []string{"/clck/jsredir url"}}, "yandex.ru", "yandex.kz", "yandex.com", "yandex.by",
		"yandex.uz", "ya.ru", "news.yandex.ru", "images.yandex.ru")
	add(site{platform: "web", read: readSearch, wrapped: []string{"/l uddg"}}, "duckduckgo.com", "html.duckduckgo.com")
	add(site{platform: "web", read: readSearch}, "bing.com", "cn.bing.com", "go.mail.ru", "search.yahoo.com", "baidu.com", "nova.rambler.ru",
		"startpage.com", "ecosia.org", "search.brave.com", "qwant.com", "kagi.com", "swisscows.com", "*.search.yahoo.com")

	// Redirects that carry their target.
	add(site{platform: "web", wrapped: []string{"/translate u", " u"}}, "translate.google.com", "translate.google.ru", "translate.google.kz")
	add(site{platform: "web", wrapped: []string{" url"}}, "*.safelinks.protection.outlook.com")
	add(site{platform: "web", wrapped: []string{"/proxy u", "/redir u"}}, "checklink.mail.ru", "click.mail.ru", "r.mail.ru")
	add(site{platform: "web", wrapped: []string{"/link url", "/linkfilter url", "/linkfilter u"}}, "steamcommunity.com", "slack-redir.net")

	// Short links, which lead on to something not shown.
	add(site{platform: "web", short: true}, "t.co", "bit.ly", "bitly.com", "j.mp", "goo.gl", "g.co", "tinyurl.com", "ow.ly", "is.gd", "v.gd",
		"clck.ru", "vk.cc", "cutt.ly", "buff.ly", "dlvr.it", "fb.me", "trib.al", "ift.tt", "shorturl.at", "rb.gy", "amzn.to", "wp.me",
		"t.ly", "tiny.cc", "u.to", "qps.ru", "surl.li", "pin.it", "flip.it", "apple.news", "spoti.fi", "share.google", "maps.app.goo.gl", "goo.su",
		"tiny.one", "shorturl.com", "bl.ink", "s.id", "n9.cl", "x.gd", "aka.ms", "on.soundcloud.com",
		"mrz.ru", "nyti.ms", "reut.rs", "bbc.in", "wapo.st", "gu.com", "cnn.it", "econ.st", "p.dw.com", "clc.to", "clc.li")
	add(site{platform: "facebook", short: true}, "fb.watch", "fb.gg")
	add(site{platform: "linkedin", short: true}, "lnkd.in")
}

// lookup returns what is known about a host, and for an entry "*.x" the label
// before it.
func lookup(host string) (s site, label string, ok bool) {
	if s, ok = sites().exact[host]; ok {
		return s, "", true
	}
	rest := host
	for range 3 {
		i := strings.IndexByte(rest, '.')
		if i < 0 {
			break
		}
		if s, ok = sites().below[rest[i+1:]]; ok {
			label = host[:len(host)-len(rest)+i]
			if s.below != nil && !s.below(label) {
				return site{}, "", false
			}
			return s, label, true
		}
		rest = rest[i+1:]
	}
	switch {
	case strings.HasPrefix(host, "nitter."): // an own instance of nitter
		s = sites().exact["nitter.net"]
	case isGoogle(host):
		s = site{platform: "web", read: readSearch, wrapped: []string{"/url q", "/url url", "/imgres imgrefurl"}}
	case strings.HasSuffix(host, ".cdn.ampproject.org") || host == "cdn.ampproject.org":
		s = site{platform: "web"}
	default:
		return s, "", false
	}
	return s, "", true
}

// isFacebookLabel: forms for telephones and slow lines, redirects, and
// languages ("ru-ru.facebook.com").
func isFacebookLabel(l string) bool {
	switch l {
	case "mbasic", "web", "touch", "d", "x", "p", "0", "free", "z-m", "b-m", "h", "l", "lm", "z-p3", "iphone", "mtouch", "business", "upload", "beta", "secure":
		return true
	}
	return len(l) == 5 && l[2] == '-'
}

func isCountry(l string) bool { return len(l) == 2 }

// isGoogle reports whether host is one of Google's search hosts: google.com,
// google.kz, google.co.uk, news.google.com, images.google.de.
func isGoogle(host string) bool {
	for _, p := range []string{"news.", "images.", "encrypted.", "ipv4."} {
		host = strings.TrimPrefix(host, p)
	}
	if !strings.HasPrefix(host, "google.") {
		return false
	}
	tld := host[len("google."):]
	return len(tld) <= 6 && strings.Count(tld, ".") <= 1 // com, kz, co.uk, com.tr
}

// unwrap returns the target a redirect carries.
func unwrap(u *parts, s site) (string, bool) {
	for _, w := range s.wrapped {
		prefix, name, _ := strings.Cut(w, " ")
		if prefix == "/" {
			prefix = ""
		}
		if u.path != prefix && (prefix != "" || !strings.HasPrefix(u.path, "/")) {
			continue
		}
		if v := get(u.query, name); v != "" && looksWhole(v) {
			return v, true
		}
	}
	// The caches of AMP pages, developers.google.com/amp/cache/overview:
	// HOST.cdn.ampproject.org/{c,v,i,r}[/s]/HOST/PATH and google.com/amp[/s]/HOST/PATH.
	var rest string
	switch {
	case strings.HasSuffix(u.host, "cdn.ampproject.org"):
		if len(u.path) < 3 || strings.IndexByte("cvir", u.path[1]) < 0 || u.path[2] != '/' {
			return "", false
		}
		rest = u.path[2:]
	case strings.HasPrefix(u.path, "/amp/") && isGoogle(u.host):
		rest = u.path[4:]
	default:
		return "", false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "/s/"), "/")
	if q := u.query; q != "" {
		rest += "?" + q
	}
	rest = "https://" + rest
	rest = strings.TrimSuffix(rest, "/amp")
	if i := strings.Index(rest, "/amp?"); i > 0 {
		rest = rest[:i] + rest[i+4:]
	}
	return rest, true
}

// looksWhole reports whether a redirect's parameter is an address with its
// scheme; anything else is a word to search for or a path on the site.
func looksWhole(v string) bool {
	return hasPrefixFold(v, "https://") || hasPrefixFold(v, "http://")
}
