package address

import (
	"strconv"
	"strings"
	"time"
)

// A scheme tells how a platform writes the time into its ids, and from which
// day on. A time before that day is no time: the id is older than the scheme or
// of another kind.
type scheme struct {
	shift uint  // bits below the time
	epoch int64 // milliseconds since 1970 of the scheme's zero
	unit  time.Duration
	from  time.Time
}

var (
	// X: snowflakes since 4 November 2010, milliseconds since 1288834974657
	// (github.com/twitter-archive/snowflake, IdWorker.scala). The first id of
	// the scheme is 29700859247 (ws-dl.blogspot.com 2019-08-03, TweetedAt).
	twitterIDs = scheme{22, 1288834974657, time.Millisecond, time.UnixMilli(1288834974657 + 7081)}
	// TikTok: seconds since 1970 in the upper 32 of 64 bits
	// (github.com/bellingcat/tiktok-timestamp; dfir.blog/tinkering-with-tiktok-timestamps).
	tiktokIDs = scheme{32, 0, time.Second, time.Date(2014, 8, 1, 0, 0, 0, 0, time.UTC)}
	// Discord: milliseconds since 2015 above 22 bits
	// (discord.com/developers/docs/reference#snowflakes).
	discordIDs = scheme{22, 1420070400000, time.Millisecond, time.Date(2015, 3, 1, 0, 0, 0, 0, time.UTC)}
	// Instagram: milliseconds since 1314220021721 above 23 bits
	// (instagram-engineering.com, Sharding & IDs at Instagram, 2012). Ids from
	// before the scheme fall on its first days.
	instagramIDs = scheme{23, 1314220021721, time.Millisecond, time.Date(2011, 9, 1, 0, 0, 0, 0, time.UTC)}
	// Threads uses the ids of Instagram.
	threadsIDs = scheme{23, 1314220021721, time.Millisecond, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)}
	// LinkedIn: milliseconds since 1970 in the first 41 bits
	// (github.com/Ollie-Boyd/Linkedin-post-timestamp-extractor).
	linkedinIDs = scheme{22, 0, time.Millisecond, time.Date(2003, 5, 5, 0, 0, 0, 0, time.UTC)}
	// Mastodon: milliseconds since 1970 above 16 bits
	// (github.com/mastodon/mastodon, lib/mastodon/snowflake.rb).
	mastodonIDs = scheme{16, 0, time.Millisecond, time.Date(2016, 3, 16, 0, 0, 0, 0, time.UTC)}
	// Bluesky record keys: microseconds since 1970 above 10 bits, in base 32
	// (atproto.com/specs/tid). The author's own program chooses the key.
	blueskyFrom = time.Date(2022, 11, 1, 0, 0, 0, 0, time.UTC)
)

// horizon is beyond any time an id can honestly tell.
var horizon = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// stamp sets the time that id tells under the scheme, if it tells one.
func (a *Address) stamp(s scheme, id uint64) {
	n := int64(id >> s.shift)
	if s.unit == time.Second {
		if n > 1<<33 {
			return
		}
		n *= 1000
	}
	if n > horizon.UnixMilli() {
		return
	}
	a.at(time.UnixMilli(n+s.epoch), s.unit, s.from)
}

func (a *Address) at(t time.Time, unit time.Duration, from time.Time) {
	if t.Before(from) || !t.Before(horizon) {
		return
	}
	a.Time, a.Unit = t.UTC(), unit
}

// stampDigits is stamp for an id in decimal figures.
func (a *Address) stampDigits(s scheme, id string) {
	if n, err := strconv.ParseUint(id, 10, 64); err == nil && len(id) > 10 {
		a.stamp(s, n)
	}
}

// shortcode is the alphabet of Instagram's codes: base 64 with "-" and "_",
// the highest figure first.
const shortcode = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// stampCode is stamp for the code in an Instagram or Threads address.
func (a *Address) stampCode(s scheme, code string) {
	if len(code) < 9 || len(code) > 11 { // shorter ones are older than the scheme
		return
	}
	var id uint64
	for i := 0; i < len(code); i++ {
		v := strings.IndexByte(shortcode, code[i])
		if v < 0 || id>>58 != 0 {
			return
		}
		id = id<<6 | uint64(v)
	}
	a.stamp(s, id)
}

// stampTID sets the time of a Bluesky record key.
func (a *Address) stampTID(key string) {
	const alphabet = "234567abcdefghijklmnopqrstuvwxyz"
	if len(key) != 13 || key[0] > 'j' {
		return
	}
	var id uint64
	for i := 0; i < len(key); i++ {
		v := strings.IndexByte(alphabet, key[i])
		if v < 0 {
			return
		}
		id = id<<5 | uint64(v)
	}
	a.at(time.UnixMicro(int64(id>>10)), time.Microsecond, blueskyFrom)
}
