package collect

import (
	"bytes"
	"html"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// gdelt reads the Global Knowledge Graph 2.1 of GDELT, one article a line in
// 27 columns. Its date is the fifteen-minute slot in which the crawler saw the
// article, not the publication.
var gdelt = Format{
	Name:  "gdelt-gkg",
	Title: "GDELT Global Knowledge Graph 2.1",
	Sniff: func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		line, _, whole := bytes.Cut(in.Head, []byte("\n"))
		tabs := bytes.Count(line, []byte("\t"))
		id, _, _ := bytes.Cut(line, []byte("\t"))
		if gkgID.Match(id) && (tabs == gkgColumns-1 || !whole && tabs > 4) {
			return "27 columns, the first a record id", true
		}
		return "", false
	},
	Read: reading(readGDELT),
}

const gkgColumns = 27

var (
	gkgID    = lazyre.New(`^\d{14}-T?\d+$`)
	gkgTitle = lazyre.New(`(?s)<PAGE_TITLE>(.*?)</PAGE_TITLE>`)
	gkgLang  = lazyre.New(`srclc:([a-z]{2,3})`)
)

// gkgLangs are the codes of BCP 47 for those GDELT writes with three letters.
var gkgLangs = map[string]string{"rus": "ru", "kaz": "kk", "ukr": "uk", "eng": "en", "fra": "fr", "deu": "de", "spa": "es", "ara": "ar", "tur": "tr", "zho": "zh", "kir": "ky", "uzb": "uz", "fas": "fa", "por": "pt"}

func readGDELT(n *nest) error {
	w := newWalker(n.in.R)
	for {
		line := w.line
		b, long, err := w.restOfLine()
		if err != nil && err != io.EOF {
			if len(b) > 0 {
				n.begin(b, line)
				if rerr := n.reject("the file breaks off inside it"); rerr != nil {
					return rerr
				}
			}
			return err
		}
		b = bytes.TrimSuffix(b, []byte("\r"))
		if len(b) > 0 {
			n.begin(b, line)
			if perr := n.gkg(b, long); perr != nil {
				return perr
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

func (n *nest) gkg(b []byte, long bool) error {
	if long {
		return n.reject("the line is longer than a record may be")
	}
	if !utf8.Valid(b) {
		n.note("some text is not valid UTF-8; the broken bytes are shown as \uFFFD")
	}
	c := strings.Split(strings.ToValidUTF8(string(b), "\uFFFD"), "\t")
	if len(c) != gkgColumns {
		return n.reject("it has " + strconv.Itoa(len(c)) + " columns in place of 27")
	}
	if !gkgID.MatchString(c[0]) {
		return n.reject("its first column is not a record id")
	}
	p := post.Post{Platform: "web", ID: c[0], Account: post.Account{ID: c[3], Name: c[3]}}
	if c[2] == "1" || strings.HasPrefix(c[4], "http") {
		p.URL = c[4]
	}
	if at, err := time.Parse("20060102150405", c[1]); err == nil {
		p.Time = n.sane(post.At(at, post.Quarter, post.Batch), c[1])
		n.note("times are the fifteen-minute slots of the crawler, not the publication")
	} else {
		p.Time = post.Time{Text: c[1]}
		n.note("some articles have no date")
	}
	if m := gkgTitle.FindStringSubmatch(c[26]); m != nil {
		p.Text = strings.TrimSpace(html.UnescapeString(m[1]))
	}
	if m := gkgLang.FindStringSubmatch(c[25]); m != nil {
		if p.Lang = gkgLangs[m[1]]; p.Lang == "" {
			p.Lang = m[1]
		}
	}
	if c[18] != "" {
		p.Media = append(p.Media, post.Media{URL: c[18]})
	}
	return n.post(&p)
}
