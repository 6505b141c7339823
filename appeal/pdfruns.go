package appeal

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/arasha-org/arasha/internal/pdf"
)

// running cuts one paragraph of running text into spans: links, footnote
// marks, codes that may not break, words in another script.
func (t *pageSetter) running(where, before, text string, f pdf.Font, size float64) []pdf.Span {
	var out []pdf.Span
	for _, r := range t.a.Runs(where, before, text) {
		switch {
		case r.Note > 0:
			n := t.note[r.Note]
			switch {
			case !t.inNote:
				t.seen[n] = true
			case !t.seen[n]:
				n = 0 // that note does not stand at the foot of a page
			}
			mark := t.l.Number(strconv.Itoa(r.Note))
			if t.rtl { // a raised Arabic one would read as a letter
				mark = "(" + mark + ")"
			}
			out = append(out, pdf.Span{Text: mark, Font: pdf.Sans, Size: size * .65, Rise: size * .36, Note: n})
		case r.URL != "":
			// An address stays left to right to its last slash.
			out = append(out, t.spans(pdf.Span{Text: r.Text, Font: f, Size: size, Link: r.URL, LTR: t.latinOnly(r.Text)})...)
		default:
			out = append(out, t.spans(pdf.Span{Text: r.Text, Font: f, Size: size})...)
		}
	}
	return out
}

// spans cuts a span at codes, which never break and stay left to right, and
// at changes of script, so that each piece can say what language it is not.
func (t *pageSetter) spans(s pdf.Span) []pdf.Span {
	if s.Text == "" {
		return nil
	}
	var out []pdf.Span
	at := 0
	if strings.IndexByte(s.Text, '/') >= 0 && s.Link == "" {
		for _, c := range FindCodes(s.Text) {
			if c.From < at || c.To-c.From > 48 || strings.Contains(s.Text[c.From:c.To], "\n") {
				continue
			}
			out = append(out, t.byScript(s, s.Text[at:c.From])...)
			k := s
			k.Text, k.Keep, k.LTR, k.Lang = s.Text[c.From:c.To], true, true, t.english()
			out = append(out, k)
			at = c.To
		}
	}
	return append(out, t.byScript(s, s.Text[at:])...)
}

type script int

const (
	noScript script = iota
	latinScript
	cyrillicScript
	arabicScript
	otherScript
)

var scriptTag = map[script]string{latinScript: "und-Latn", cyrillicScript: "und-Cyrl", arabicScript: "und-Arab"}

func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return latinScript
		}
		return noScript
	case !unicode.IsLetter(r):
		return noScript
	case unicode.Is(unicode.Latin, r):
		return latinScript
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillicScript
	case unicode.Is(unicode.Arabic, r):
		return arabicScript
	}
	return otherScript
}

// own is the script of the document.
func (t *pageSetter) own() script {
	p, rest, _ := strings.Cut(strings.ToLower(t.lang), "-")
	switch {
	case strings.HasPrefix(rest, "latn"):
		return latinScript
	case strings.HasPrefix(rest, "cyrl"):
		return cyrillicScript
	case strings.HasPrefix(rest, "arab"):
		return arabicScript
	}
	switch p {
	case "ru", "kk", "ky", "uk", "be", "bg", "sr", "mk", "tg", "mn":
		return cyrillicScript
	}
	if t.rtl {
		return arabicScript
	}
	return latinScript
}

// latinOnly reports whether a text on a right-to-left page has Latin letters
// or figures and none that are written from the right.
func (t *pageSetter) latinOnly(s string) bool {
	if !t.rtl {
		return false
	}
	latin := false
	for _, r := range s {
		sc := scriptOf(r)
		if sc == arabicScript || sc == otherScript || r >= 0x660 && r <= 0x6F9 {
			return false
		}
		latin = latin || sc == latinScript || sc == cyrillicScript || r >= '0' && r <= '9'
	}
	return latin
}

// byScript cuts text where its script changes. A word in another script than
// that of the document is tagged with its script: which language it is, the
// appeal does not say.
func (t *pageSetter) byScript(s pdf.Span, text string) []pdf.Span {
	own := t.own()
	var out []pdf.Span
	push := func(text string, sc script) {
		if text == "" {
			return
		}
		k := s
		k.Text = text
		if sc != own && sc != noScript {
			k.Lang = scriptTag[sc]
		}
		out = append(out, k)
	}
	// cur is the script of text[from:]; end is where its last letter ends.
	from, end, cur := 0, 0, own
	for i, r := range text {
		sc := scriptOf(r)
		if sc == noScript && r < 0x80 && cur != own && (r >= '0' && r <= '9' || strings.ContainsRune("/@_-.:+&=?#%", r)) && end == i {
			// An address or a code goes on; a full stop at its end does not
			// belong to it, and is left behind when nothing follows.
			if r >= '0' && r <= '9' || i+1 < len(text) && text[i+1] > ' ' && text[i+1] < 0x80 {
				end = i + 1
			}
			continue
		}
		if sc == noScript {
			continue
		}
		if sc != cur {
			cut := i
			if cur != own {
				cut = end
			}
			push(text[from:cut], cur)
			if cut < i && sc != own { // what lies between two foreign words
				push(text[cut:i], own)
				cut = i
			}
			from, cur = cut, sc
		}
		end = i + len(string(r))
	}
	if cur != own && end < len(text) {
		push(text[from:end], cur)
		from, cur = end, own
	}
	push(text[from:], cur)
	return out
}
