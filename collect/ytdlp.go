package collect

import (
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// ytdlp reads the info.json that yt-dlp writes with --write-info-json, and its
// comments when --write-comments was given.
var ytdlp = Format{
	Name:  "yt-dlp",
	Title: "yt-dlp info.json (video and comments)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "channel_id") && (hasKeys(keys, "webpage_url") || hasKeys(keys, "extractor")):
			return "keys channel_id and webpage_url or extractor"
		case hasKeys(keys, "id", "title") && (hasKeys(keys, "extractor_key") || hasKeys(keys, "comments", "channel_id") || hasKeys(keys, "formats", "thumbnails")):
			return "keys of a video description"
		}
		return ""
	}),
	Read: reading(func(n *nest) error { return (&ytdlpReader{nest: n}).read() }),
}

type ytdlpReader struct {
	*nest
	videos int // begun
}

func (n *ytdlpReader) read() error {
	return n.document(n.in.R, func(w *walker) error {
		for {
			c, err := w.peek()
			if err != nil {
				return passEOF(err)
			}
			switch c {
			case ',':
				w.pass(1)
			case '[':
				err = w.array(func() error { return n.video(w) })
			default:
				err = n.video(w)
			}
			if err != nil {
				return err
			}
		}
	})
}

// video passes one info object: what it says of the video is kept until the
// comments come, which are passed one by one. Formats and subtitles, most of
// the file, are passed unread.
func (n *ytdlpReader) video(w *walker) error {
	if c, err := w.inside(); err != nil {
		return err
	} else if c != '{' {
		line := w.line
		raw, err := w.value()
		return n.item(nil)(raw, line, err)
	}
	line := w.line
	n.videos++
	info := map[string]any{}
	sent := false
	send := func() error {
		if sent {
			return nil
		}
		sent = true
		n.begin(nil, line)
		n.cur = node{info}
		return n.sendVideo(n.cur)
	}
	err := w.object(func(key string) error {
		c, err := w.inside()
		if err != nil {
			return err
		}
		if key != "comments" || c != '[' {
			return infoField(w, key, c, info)
		}
		if info["id"] == nil {
			info = n.infoAgain() // keys were sorted
		}
		if err := send(); err != nil {
			return err
		}
		v := node{info}
		platform, id, url := videoPlatform(v), v.at("id").str(), v.at("webpage_url").str()
		take := n.item(func(v node) error { return n.comment(v, platform, id, url) })
		return w.array(func() error {
			line := w.line
			raw, err := w.value()
			return take(raw, line, err)
		})
	})
	if err != nil {
		return err
	}
	return send()
}

// infoField keeps a plain value of an info object, and passes the others.
func infoField(w *walker, key string, c byte, info map[string]any) error {
	if c == '{' || c == '[' {
		return w.skip()
	}
	raw, err := w.value()
	if err == errTooLong {
		return nil
	}
	if err != nil {
		return err
	}
	if v, _, err := decode(raw); err == nil {
		info[key] = v.v
	}
	return nil
}

// infoAgain reads the file once more for the plain values of the video at
// hand, which stand after its comments.
func (n *ytdlpReader) infoAgain() map[string]any {
	info := map[string]any{}
	r, err := n.in.Again()
	if err != nil {
		return info
	}
	defer r.Close()
	w, videos := n.walker(r), 0
	one := func() error {
		if c, err := w.inside(); err != nil || c != '{' {
			return skipAfter(w, err)
		}
		videos++
		return w.object(func(key string) error {
			c, err := w.inside()
			if err != nil || videos != n.videos {
				return skipAfter(w, err)
			}
			return infoField(w, key, c, info)
		})
	}
	for videos < n.videos { // what is broken is told by the first reading
		if c, err := w.peek(); err != nil {
			break
		} else if c == '[' {
			err = w.array(one)
		} else if err = one(); err != nil {
			break
		}
	}
	return info
}

func videoPlatform(v node) string {
	p := strings.ToLower(v.first("extractor_key", "extractor"))
	p, _, _ = strings.Cut(p, ":")
	switch {
	case p == "" || strings.HasPrefix(p, "youtube"):
		return "youtube"
	}
	return platformName(p)
}

func (n *ytdlpReader) sendVideo(v node) error {
	if v.at("_type").str() == "playlist" {
		return n.skip("playlist, not a video")
	}
	p := post.Post{Platform: videoPlatform(v), ID: v.at("id").str(), URL: v.first("webpage_url", "original_url"), Lang: langOf(v.at("language").str()),
		Account: post.Account{ID: v.first("channel_id", "uploader_id"), Name: v.first("channel", "uploader")}}
	p.Text = strings.TrimSpace(v.at("title").str() + "\n" + v.at("description").str())
	p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	p.Time = n.unix(v.at("timestamp"))
	if !p.Time.Known() {
		p.Time = n.unix(v.at("release_timestamp"))
	}
	if d := v.at("upload_date").str(); !p.Time.Known() && len(d) == 8 {
		zone := n.o.Zone
		if zone == nil {
			zone = time.UTC
		}
		if at, err := time.ParseInLocation("20060102", d, zone); err == nil {
			p.Time = n.sane(post.Time{Millis: at.UnixMilli(), Precision: post.Day, Basis: post.Local, Zone: zone.String(), Text: d}, d)
			n.note("some videos state only the day of upload, in an unstated zone")
		}
	}
	return n.post(&p)
}

// comment reads one comment. Its time was computed by yt-dlp from words such
// as "2 weeks ago", so it is known no better than those words.
func (n *ytdlpReader) comment(v node, platform, video, url string) error {
	p := post.Post{Platform: platform, ID: v.at("id").str(), Text: v.at("text").str(), ReplyTo: v.at("parent").str(),
		Account: post.Account{ID: v.at("author_id").str(), Name: v.at("author").str()}}
	if p.ReplyTo == "root" || p.ReplyTo == "" {
		p.ReplyTo = video
	}
	if platform == "youtube" && p.ID != "" && video != "" {
		p.URL = "https://www.youtube.com/watch?v=" + video + "&lc=" + p.ID
	} else {
		p.URL = url
	}
	p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	words := v.first("_time_text", "time_text")
	p.Time = rebase(n.unix(v.at("timestamp")), post.Derived)
	if p.Time.Known() {
		p.Time.Precision, p.Time.Text = agoPrecision(words), words
		if words == "" {
			n.note("some comments do not say from which words their time was computed: it is taken as known to a year")
		}
	}
	return n.post(&p)
}

// agoPrecision returns the unit of "2 weeks ago (edited)", and the coarsest
// where there are no words or words we do not know.
func agoPrecision(s string) post.Precision {
	s = strings.ToLower(s)
	for _, u := range []struct {
		word string
		p    post.Precision
	}{
		{"year", post.Year}, {"month", post.Month}, {"week", post.Week}, {"day", post.Day}, {"hour", post.Hour}, {"minute", post.Minute}, {"second", post.Second},
		{"год", post.Year}, {"лет", post.Year}, {"месяц", post.Month}, {"недел", post.Week}, {"дн", post.Day}, {"день", post.Day}, {"час", post.Hour}, {"минут", post.Minute}, {"секунд", post.Second},
		{"жыл", post.Year}, {"апта", post.Week}, {"күн", post.Day}, {"сағат", post.Hour},
		{"an", post.Year}, {"mois", post.Month}, {"semaine", post.Week}, {"jour", post.Day}, {"heure", post.Hour},
	} {
		if strings.Contains(s, u.word) {
			return u.p
		}
	}
	return post.Year
}
