// Package address reads the address of a post: which platform, which post,
// whose account, and, where the platform writes it into the id, when.
//
// Parse never opens anything. What an address does not show stays empty; a
// short link is said to be short, not guessed. All lists (hosts, tracking
// parameters, redirects, searches) are data in this package, each with the
// source it was taken from.
package address

import (
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Kind says what stands at an address.
type Kind string

// The kinds. Search is a page of results, different for every reader and every
// day; it never shows what one post said.
const (
	Post    Kind = "post"    // one publication: post, video, comment, message
	Profile Kind = "profile" // a person's account
	Channel Kind = "channel" // a channel, page, group, community
	Search  Kind = "search"  // results of a search, a hashtag, a feed
	Other   Kind = "other"   // any other page
)

// An Address is a web address, read.
type Address struct {
	// Canonical is one spelling for all forms of the address: tracking
	// removed, mobile and share forms folded, https, host in lower case and
	// punycode. Parsing it again gives the same Canonical.
	Canonical string
	Host      string // of Canonical, without port
	Platform  string // "twitter", "telegram", "vk", …; "web" for any other site
	Kind      Kind
	Account   string // handle or number of the account, when the address shows it; lower case where the platform ignores case
	ID        string // the platform's id of the post, when Kind is Post
	Time      time.Time
	Unit      time.Duration // how exactly Time is known; 0 when the id tells no time

	// Short is set when the address only leads on to another one that cannot
	// be told without opening it (t.co, bit.ly, facebook.com/share/…).
	Short bool
	// CopyOf is the canonical address of the page this one is an archived
	// copy of (web.archive.org, archive.today), or "".
	CopyOf string
	// Repaired is set when the address only reads after a slip of the pen was
	// put right ("ttps://", "hxxp://", "example[.]org").
	Repaired bool
}

// Parse reads raw as one web address, with or without "https://". It reports
// false when raw is none. White space, invisible characters and a pair of
// quotation marks or angle brackets around the address are no part of it. For
// addresses inside a text see [Find].
func Parse(raw string) (Address, bool) {
	var a Address
	ok := a.read(raw, 0)
	return a, ok
}

// Canonical returns the canonical form of raw, or raw without the space around
// it when it is no web address. It is what two posts are compared by, and fast
// enough to be called for every link of millions of posts.
func Canonical(raw string) string {
	var a Address
	if !a.read(raw, 0) {
		return strings.TrimSpace(raw)
	}
	return a.Canonical
}

// Domain returns the registrable domain of the address: "example.co.uk" of
// "www.news.example.co.uk". It is the host itself where there is none, as for
// an IP address or a public suffix. Names are in punycode.
func (a Address) Domain() string {
	if a.Host == "" || isDigits(a.Host[len(a.Host)-1:]) || a.Host[0] == '[' {
		return a.Host
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(a.Host)
	if err != nil {
		return a.Host
	}
	return d
}

// maxWraps is how many redirects inside one another are taken off.
const maxWraps = 4

func (a *Address) read(raw string, depth int) bool {
	u, ok := split(raw)
	if !ok {
		return false
	}
	repaired := u.repaired
	s, label, known := lookup(u.host)
	if known && depth < maxWraps {
		if inner, ok := unwrap(&u, s); ok && a.read(inner, depth+1) {
			a.Repaired = a.Repaired || repaired
			return true
		}
	}
	*a = Address{Platform: "web", Kind: Other, Host: u.host, Repaired: repaired}
	if known {
		a.Platform = s.platform
		a.Short = s.short
		if s.host != "" {
			u.host, u.port = s.host, ""
		}
		if s.read != nil {
			u.label = label
			s.read(&u, a)
		}
	} else {
		readUnknown(&u, a)
	}
	if a.Canonical == "" {
		a.Canonical = u.canonical()
	} else {
		u.host, _, _ = strings.Cut(strings.TrimPrefix(a.Canonical, "https://"), "/")
	}
	a.Host = u.host
	return true
}

// post makes the address a post with its canonical form.
func (a *Address) post(id, canonical string) {
	a.Kind, a.ID, a.Canonical = Post, id, canonical
}

// who makes the address an account with its canonical form.
func (a *Address) who(k Kind, account, canonical string) {
	a.Kind, a.Account, a.Canonical = k, account, canonical
}
