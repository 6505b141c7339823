package address

import (
	"net/url"
	"slices"
	"strings"
	"sync"
)

// tracking are query parameters that tell who followed a link from where, and
// never which page is meant. Sources: the ClearURLs rules (globalRules,
// docs.clearurls.xyz), Brave's query filter
// (github.com/brave/brave-browser/wiki/Query-String-Filter), Firefox's strip
// list (Query Stripping, firefox-source-docs.mozilla.org), and the vendors' own
// pages where named.
var tracking = sync.OnceValue(func() map[string]bool {
	return map[string]bool{
		// Advertising clicks.
		"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "gad_source": true,
		"gad_campaignid": true, "srsltid": true, "msclkid": true, "yclid": true, "ysclid": true, "twclid": true, "ttclid": true,
		"li_fat_id": true, "rb_clickid": true, "irclickid": true, "epik": true, "rdt_cid": true, "wickedid": true,
		"ymclid": true, "zanpid": true, "oicd": true, "tblci": true, "dicbo": true,
		// Share buttons: Instagram (igshid until 2023, then igsh), YouTube and
		// Spotify (si), X (ref_src, ref_url of embedded posts), Facebook (mibextid,
		// rdid, sfnsn, __tn__, __cft__), TikTok (is_from_webapp, …).
		"igshid": true, "igsh": true, "ig_rid": true, "ig_mid": true, "ig_web_copy_link": true, "si": true, "ref_src": true, "ref_url": true, "mibextid": true,
		"rdid": true, "sfnsn": true, "extid": true, "fb_ref": true, "fb_source": true, "fb_action_ids": true,
		"fb_action_types": true, "fb_comment_id": true, "hrc": true, "refsrc": true, "share_id": true, "share_app_id": true,
		"share_link_id": true, "share_item_id": true, "is_from_webapp": true, "is_copy_url": true, "sender_device": true,
		"sender_web_id": true, "tt_from": true, "tt_medium": true, "tt_content": true, "u_code": true,
		"xmt": true, "slof": true, "__twitter_impression": true, "spm": true, "tracking_source": true,
		// Newsletters: Mailchimp (mc_cid, mc_eid), HubSpot, Marketo, Drip, Vero,
		// Omeda, Klaviyo, Adobe.
		"mc_cid": true, "mc_eid": true, "mc_tc": true, "_hsenc": true, "_hsmi": true, "__hssc": true, "__hstc": true, "__hsfp": true,
		"hsctatracking": true, "mkt_tok": true, "__s": true, "vero_id": true, "vero_conv": true, "oly_anon_id": true,
		"oly_enc_id": true, "_kx": true, "ml_subscriber": true, "ml_subscriber_hash": true, "ss_email_id": true,
		"sc_cid": true, "bsft_clkid": true, "bsft_uid": true, "guce_referrer": true, "guce_referrer_sig": true, "guccounter": true,
		// Counters: Google Analytics cross-domain, Openstat (_openstat is base64 of
		// ad and campaign, used by Yandex.Direct), Yandex, AMP, Matomo.
		"_ga": true, "_gl": true, "_gac": true, "_openstat": true, "ybaip": true, "usqp": true, "amp_js_v": true, "amp_gsa": true,
		"amp_analytics": true, "amp": true, "outputtype": true, "ncid": true, "cmpid": true, "smid": true,
		"wt_mc": true, "wt_zmc": true, "trk_contact": true, "trk_msg": true, "trk_module": true, "trk_sid": true,
		"ns_mchannel": true, "ns_campaign": true, "ns_source": true, "ns_linkname": true, "ns_fee": true,
		"fromrss": true, "sharedid": true,
	}
})

// trackingPrefixes: utm_ and its relatives of Google (utm), Matomo (mtm, pk,
// piwik), HubSpot (hsa), Piano (at), StackAdapt and Smartlook.
var trackingPrefixes = []string{"utm_", "utm-", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "at_campaign", "at_medium", "at_custom",
	"at_link", "at_format", "at_ptr", "at_bbc", "__cft__", "__xts__", "__tn__", "__eep__", "__so__", "__rv__", "stm_", "itm_", "wt_", "yadclid", "frommedia_"}

// session are parameters that name one visitor's session. PHP, Java servlets,
// ASP.NET, ColdFusion; Google's sxsrf, gs_lcp and sca_esv belong to one search by
// one person.
var session = sync.OnceValue(func() map[string]bool {
	return map[string]bool{
		"phpsessid": true, "jsessionid": true, "aspsessionid": true, "asp.net_sessionid": true, "cfid": true, "cftoken": true,
		"sessionid": true, "session_id": true, "sessid": true, "sid": true, "zenid": true, "oscsid": true,
		"sxsrf": true, "gs_lcp": true, "gs_lp": true, "gs_lcrp": true, "sca_esv": true,
		"access_token": true, "auth_token": true,
	}
})

// origins are values of from=, ref=, source= and share= that say where a
// reader came from. With any other value ("from=20", "ref=main") the parameter
// may choose the page and stays.
var origins = sync.OnceValue(func() map[string]bool {
	return map[string]bool{
		"rss": true, "tg": true, "telegram": true, "vk": true, "fb": true, "facebook": true, "tw": true, "twitter": true, "x": true,
		"ok": true, "instagram": true, "ig": true, "whatsapp": true, "wa": true, "viber": true, "email": true, "mail": true,
		"newsletter": true, "push": true, "share": true, "sharing": true, "social": true, "copy": true, "copylink": true, "copy_link": true,
		"yandex": true, "google": true, "zen": true, "dzen": true, "smi2": true, "mirtesen": true, "24smi": true, "singlemessage": true,
		"groupmessage": true, "timeline": true, "mobile": true, "app": true, "ios": true, "android": true, "web": true, "sharetool": true,
		"search": true, "feed": true, "hp": true, "home": true, "homepage": true, "banner": true, "widget": true, "linkedin": true,
		"reddit": true, "youtube": true, "tiktok": true, "threads": true, "sms": true, "desktop": true, "share_link": true,
	}
})

// IsTracking reports whether a query parameter only follows its reader.
func IsTracking(name, value string) bool { return isTracking(strings.ToLower(name), value) }

func isTracking(name, value string) bool {
	switch name {
	case "from", "ref", "source", "share", "via", "src", "referrer", "referer", "origin", "medium":
		return value == "" || origins()[strings.ToLower(value)] || strings.HasPrefix(value, "share") ||
			name == "share" && (value == "1" || value == "true")
	case "amp":
		return value == "" || value == "1" || value == "true"
	case "outputtype":
		return strings.EqualFold(value, "amp")
	case "":
		return false
	case "sid":
		return len(value) >= 16
	}
	if tracking()[name] || session()[name] {
		return true
	}
	for _, p := range trackingPrefixes {
		if name[0] == p[0] && strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// Tracking returns the names of the parameters in raw that only follow its
// reader, and of those that name one visitor's session, in the order of the
// address. Both are nil for an address that may be printed as it is.
func Tracking(raw string) (tracking, session []string) {
	s := trim(raw)
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	path, query, _ := strings.Cut(s, "?")
	if i := strings.LastIndexByte(path, ';'); i >= 0 {
		if name, _, ok := strings.Cut(path[i+1:], "="); ok && isSession(name) {
			session = append(session, name)
		}
	}
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case name == "":
		case isSession(name) && IsTracking(name, value):
			session = append(session, name)
		case IsTracking(name, value):
			tracking = append(tracking, name)
		}
	}
	return tracking, session
}

func isSession(name string) bool { return session()[strings.ToLower(name)] }

// siteTracking are parameters that only follow the reader on one site and may
// mean something on another. Sources: the sites' own share buttons.
var siteTracking = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"youtube.com":      {"feature", "pp", "ab_channel", "app", "persist_app", "noapp", "bp"},
		"tiktok.com":       {"_t", "_d", "_r", "lang", "q", "t", "web_id", "checksum", "source", "sec_uid", "share_author_id", "user_id", "timestamp", "social_sharing", "iid", "preview_pb", "enter_method", "enter_from", "refer", "referer_url", "referer_video_id"},
		"x.com":            {"s", "t", "cxt", "cn", "refsrc", "lang"},
		"facebook.com":     {"ref", "refid", "fref", "hc_ref", "hc_location", "pnref", "notif_id", "notif_t", "acontext", "eav", "paipv", "_rdr", "_rdc", "locale", "locale2", "tn", "m_entstream_source", "ls_ref", "wtsid", "_ft_", "sk", "d", "vh", "an", "app", "mds", "av", "_se_imp"},
		"instagram.com":    {"hl", "img_index", "utm", "ref", "next", "__a", "__d"},
		"threads.com":      {"hl", "xmt"},
		"reddit.com":       {"context", "rdt", "sort", "st", "sh", "share_id", "ref_source"},
		"linkedin.com":     {"trk", "trackingid", "lipi", "rcm", "originalsubdomain", "midtoken", "midsig"},
		"vk.com":           {"from", "ref", "rnd", "track_code", "ext", "list", "t2fs", "sh", "fbclid", "act_from"},
		"ok.ru":            {"st._aid", "_erv", "st.vpl.mini", "__dp"},
		"t.me":             {"single", "embed", "before", "after", "q", "mode", "userpic"},
		"dzen.ru":          {"utm", "from", "referrer_clid", "rid", "integration", "place", "secdata", "country_code", "lang", "feed_exp", "parent_rid", "dbr", "clid", "from_site"},
		"rutube.ru":        {"r", "playlist"},
		"livejournal.com":  {"utm", "view", "media", "nojs", "style"},
		"open.spotify.com": {"nd", "context", "dlsi", "_branch_match_id"},
		"amazon.com":       {"tag", "linkcode", "pd_rd_r", "pd_rd_w", "pd_rd_wg", "pf_rd_p", "pf_rd_r", "qid", "sr", "crid", "keywords"},
		"medium.com":       {"source", "sk", "gi"},
	}
})

// cleanQuery returns the parameters that choose the page, in the order of
// their names.
func cleanQuery(q, host string) string {
	if q == "" {
		return ""
	}
	type pair struct{ name, whole string }
	var few [12]pair
	pairs, site := few[:0], siteTracking()[host]
	size := 0
	for q != "" {
		var p string
		if i := strings.IndexByte(q, '&'); i >= 0 {
			p, q = q[:i], q[i+1:]
		} else {
			p, q = q, ""
		}
		p = strings.TrimPrefix(p, "amp;") // "&amp;" copied from a page's source
		if p == "" || p == "=" {
			continue
		}
		whole := normalQuery(p)
		name, value := whole, ""
		if i := strings.IndexByte(whole, '='); i >= 0 {
			name, value = whole[:i], whole[i+1:]
		}
		if name == "" {
			continue
		}
		lower := strings.ToLower(name) // allocates only when it changes
		if isTracking(lower, value) || contains(site, lower) {
			continue
		}
		pairs = append(pairs, pair{name, whole})
		size += len(whole) + 1
	}
	// Stable: a repeated name keeps its order.
	slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.name, b.name) })
	switch len(pairs) {
	case 0:
		return ""
	case 1:
		return pairs[0].whole
	}
	b := make([]byte, 0, size)
	for i, p := range pairs {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(b, p.whole...)
	}
	return string(b)
}

// keepFragment returns the part after "#" where it chooses what is shown: the
// routes of programs in the page ("#!/…", "#/…") and the number of a comment
// or message. All else is a place on the page.
func keepFragment(f string) string {
	if f == "" {
		return ""
	}
	if i := strings.Index(f, ":~:"); i >= 0 { // text fragment, WICG scroll-to-text
		f = f[:i]
	}
	if len(f) > 1 && (f[0] == '!' || f[0] == '/') {
		return normalise(f, false)
	}
	i := len(f)
	for i > 0 && f[i-1] >= '0' && f[i-1] <= '9' {
		i--
	}
	switch strings.ToLower(strings.TrimRight(f[:i], "-_=:")) {
	case "comment", "comments", "post", "p", "msg", "message", "reply", "c", "cmt", "entry", "pid", "t", "issuecomment":
		if i < len(f) {
			return f
		}
	}
	return ""
}

// get returns a parameter of a query, decoded, or "".
func get(query, name string) string {
	for query != "" {
		var p string
		if i := strings.IndexByte(query, '&'); i >= 0 {
			p, query = query[:i], query[i+1:]
		} else {
			p, query = query, ""
		}
		p = strings.TrimPrefix(p, "amp;")
		if len(p) > len(name) && p[len(name)] == '=' && strings.EqualFold(p[:len(name)], name) {
			// After normalise no escape is broken any more.
			v, _ := url.QueryUnescape(normalise(p[len(name)+1:], true))
			return v
		}
	}
	return ""
}

// normalPath writes a path one way (RFC 3986 section 6.2.2): escapes of
// letters taken off, other escapes in capitals, dot segments resolved, session
// ids and the trailing slash dropped.
func normalPath(p string) string {
	plain := true
	for i := 0; i < len(p); i++ {
		if c := p[i]; !pathPlain[c] || c == '.' && i > 0 && p[i-1] == '/' {
			plain = false
			break
		}
	}
	if !plain {
		if strings.IndexByte(p, '\\') >= 0 {
			p = strings.ReplaceAll(p, `\`, "/")
		}
		p = resolveDots(normalise(p, false))
		if i := strings.IndexByte(p, ';'); i >= 0 {
			name, _, _ := strings.Cut(p[i+1:], "=")
			if isSession(name) {
				end := strings.IndexByte(p[i:], '/')
				if end < 0 {
					p = p[:i]
				} else {
					p = p[:i] + p[i+end:]
				}
			}
		}
	}
	for len(p) > 0 && p[len(p)-1] == '/' {
		p = p[:len(p)-1]
	}
	return p
}

// pathPlain are the bytes a path may hold that need no second look.
var pathPlain = func() (t [256]bool) {
	for c := range t {
		t[c] = isAlnum(byte(c)) || strings.IndexByte("-._~/@!$&'()*+,=:", byte(c)) >= 0
	}
	return t
}()

func normalQuery(q string) string { return normalise(q, true) }

// normalise writes escapes one way. In a query a space is "+".
func normalise(s string, query bool) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if !pathPlain[s[i]] && s[i] != '?' && s[i] != ';' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	const upper = "0123456789ABCDEF"
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
			switch {
			case isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~':
				b = append(b, c)
			case c == ' ' && query:
				b = append(b, '+')
			default:
				b = append(b, '%', upper[c>>4], upper[c&15])
			}
			continue
		}
		switch {
		case c == ' ' && query:
			b = append(b, '+')
		case c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>^`{|}%#[]\\", c) >= 0:
			b = append(b, '%', upper[c>>4], upper[c&15])
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func unhex(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}

// resolveDots takes "." and ".." out of a path, RFC 3986 section 5.2.4.
func resolveDots(p string) string {
	if !strings.Contains(p, "/.") {
		return p
	}
	var out []string
	for _, s := range strings.Split(p, "/") {
		switch s {
		case ".":
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}
