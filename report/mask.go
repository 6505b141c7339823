package report

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// What stands in a public text for what was taken out.
const (
	maskLink    = "[link]"
	maskAccount = "[account]"
	maskMail    = "[e-mail]"
	maskNumber  = "[number]"
	maskAddress = "[address]"
	maskSlur    = "[slur]"
)

var (
	reLink    = lazyre.New(`(?i)(?:https?|ftp|tg)\s?://[^\s<>"»]+|(?:^|[^\p{L}\p{N}@._-])((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?:com|org|net|info|ru|kz|su|me|io|tv|cc|co|uk|de|fr|es|uz|kg|ua|by|example|test|рф|қаз|app|news|media|ly|gg|to|be|link|site|online|blog)(?:[/?#][^\s<>"»]*)?)(?:$|[^\p{L}\p{N}])`)
	reMail    = lazyre.New(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	reAccount = lazyre.New(`[@＠][\p{L}\p{N}_.]+`)
	reAddress = lazyre.New(`(?i)(?:^|[^\p{L}\p{N}])((?:ул(?:ица|ице|ицы|\.)|просп(?:ект|екте|\.)|пр-т|переул(?:ок|ке)|микрорайон|мкр\.?|проезд|шоссе|street|avenue|ave\.|rue|calle)\s*[«"]?[\p{L}][\p{L}\s."»-]{0,40}?[,\s]+(?:д(?:ом|\.)?\s*)?\d+[\p{L}]?(?:[\s,/-]*(?:кв|квартира|apt|пәтер|үй|корп|к)\.?\s*\d+)*|[\p{L}-]{3,40}\s+(?:көшесі|даңғылы|street|avenue)\s*,?\s*\d+[\p{L}]?(?:[\s,/-]*(?:кв|apt|пәтер|үй)\.?\s*\d+)*|\d+\s+[\p{L}]{3,30}\s+(?:street|avenue|road)|(?:кв(?:артира|\.)|пәтер|apt\.?)\s*\d+)`)
	reNumber  = lazyre.New(`\+?\d(?:[\d\s\x{a0}()-]*\d)`)
	reDate    = lazyre.New(`^\d{4}-\d\d-\d\d$|^\d{4}[-–]\d{4}$`)
	reGrouped = lazyre.New(`^\d{1,3}(?:[\s\x{a0}]\d{3})+$`)
	reWord    = lazyre.New(`[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*`)
)

//go:embed data/slurs.txt
var slurList string

// slurs are words that hurt a group of people, and beginnings of such words.
var slurs = sync.OnceValue(func() (s struct {
	words  map[string]bool
	starts []string
}) {
	s.words = map[string]bool{}
	for line := range strings.Lines(slurList) {
		line = strings.TrimSpace(line)
		switch start, ok := strings.CutSuffix(line, "*"); {
		case line == "" || line[0] == '#':
		case ok:
			s.starts = append(s.starts, start)
		default:
			s.words[line] = true
		}
	}
	return s
})

// A masker takes out of texts what a reader could look somebody up by: links,
// handles, numbers, addresses, and words that hurt.
type masker struct {
	known map[string]bool // names of the corpus, folded: words joined by spaces
	most  int             // words of the longest
}

// know adds a name of an account, an id or the like.
func (m *masker) know(name string) {
	if utf8.RuneCountInString(name) < 3 {
		return
	}
	words := reWord.FindAllString(strings.ToLower(name), -1)
	if len(words) == 0 || len(words) > 8 {
		return
	}
	if m.known == nil {
		m.known = map[string]bool{}
	}
	m.known[strings.Join(words, " ")] = true
	m.most = max(m.most, len(words))
}

// mask returns s without what must not be public.
func (m *masker) mask(s string) string {
	s = strings.ToValidUTF8(s, "�")
	s = reMail.ReplaceAllString(s, maskMail)
	s = replaceGroup(reLink, s, maskLink)
	s = reAccount.ReplaceAllString(s, maskAccount)
	s = replaceGroup(reAddress, s, maskAddress)
	s = reNumber.ReplaceAllStringFunc(s, func(n string) string {
		digits := 0
		for _, r := range n {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		if digits < 7 || reDate.MatchString(n) || digits < 10 && reGrouped.MatchString(n) {
			return n
		}
		return maskNumber
	})
	return m.words(s)
}

// replaceGroup puts mask in the place of every match, or of its first group
// where that took part. Matches may share the character between them.
func replaceGroup(re *lazyre.Regexp, s, mask string) string {
	var b strings.Builder
	for {
		at := re.FindStringSubmatchIndex(s)
		if at == nil {
			break
		}
		from, to := at[0], at[1]
		if at[2] >= 0 {
			from, to = at[2], at[3]
		}
		b.WriteString(s[:from])
		b.WriteString(mask)
		s = s[to:]
	}
	b.WriteString(s)
	return b.String()
}

// words masks names of the corpus and slurs.
func (m *masker) words(s string) string {
	at := reWord.FindAllStringIndex(s, -1)
	folded := make([]string, len(at))
	for i, w := range at {
		folded[i] = strings.ToLower(s[w[0]:w[1]])
	}
	var b strings.Builder
	done := 0
	for i := 0; i < len(at); {
		if at[i][0] > 0 && s[at[i][0]-1] == '[' && at[i][1] < len(s) && s[at[i][1]] == ']' { // a mask already
			i++
			continue
		}
		n, mask := 0, maskAccount
		for k := min(m.most, len(at)-i); k > 0; k-- {
			if m.known[strings.Join(folded[i:i+k], " ")] {
				n = k
				break
			}
		}
		if n == 0 && isSlur(folded[i]) {
			n, mask = 1, maskSlur
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(s[done:at[i][0]])
		b.WriteString(mask)
		done = at[i+n-1][1]
		i += n
	}
	b.WriteString(s[done:])
	return b.String()
}

func isSlur(word string) bool {
	list := slurs()
	word = strings.ReplaceAll(word, "ё", "е")
	if list.words[word] {
		return true
	}
	for _, s := range list.starts {
		if strings.HasPrefix(word, s) {
			return true
		}
	}
	return false
}

// describe says in words what a text is that is not quoted.
func describe(s string) string {
	words := reWord.FindAllString(reLink.ReplaceAllString(s, " "), -1)
	letters := map[string]int{}
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			letters["Cyrillic"]++
		case unicode.Is(unicode.Latin, r):
			letters["Latin"]++
		case unicode.Is(unicode.Arabic, r):
			letters["Arabic"]++
		case unicode.IsLetter(r):
			letters["other"]++
		}
	}
	script, most := "", 0
	for _, k := range []string{"Cyrillic", "Latin", "Arabic", "other"} {
		if letters[k] > most {
			script, most = k, letters[k]
		}
	}
	out := "a text of " + Count(int64(len(words)), "word")
	if script != "" {
		out += " in " + script + " letters"
	}
	if n := len(reLink.FindAllString(s, -1)); n > 0 {
		out += ", with " + Count(int64(n), "link")
	}
	return out
}
