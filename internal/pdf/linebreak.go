package pdf

import (
	"strings"
	"sync"
	"unicode"
)

// findBreaks says where a line may end: the opportunities of UAX #14, less
// those a careful typesetter would not take, plus those inside web addresses.
func (t *setter) findBreaks(p *Para) {
	n := len(t.text)
	t.brk = append(t.brk[:0], make([]uint8, n+1)...)
	t.seg.Init(t.text)
	for it := t.seg.LineIterator(); it.Next(); {
		l := it.Line()
		t.brk[l.Offset+len(l.Text)] = mayBreak
	}
	t.brk[n] = mayBreak
	lang := primary(t.lang)
	for i := 1; i < n; i++ {
		s := &p.Spans[t.spanAt[i]]
		same := t.spanAt[i] == t.spanAt[i-1]
		switch {
		case same && s.Keep:
			t.brk[i] = noBreak
		case s.Note > 0:
			t.brk[i] = noBreak
		case t.brk[i] == mayBreak && isSpace(t.text[i-1]):
			if t.joined(i, lang) {
				t.brk[i] = noBreak
			}
		}
	}
	t.breakAddresses()
}

func primary(lang string) string {
	p, _, _ := strings.Cut(lang, "-")
	return strings.ToLower(p)
}

// honorifics stay with the word after them, numbered with the number after
// them, in any language of the house.
var honorifics = words("mr mrs ms mx dr prof st h.e hon rev sr sra srta mme mlle mm m me mgr dra г-н г-жа гг г-на г-жу г-же г-ну г-ном sn bay bayan")
var numbered = words("no nos n° nº № § §§ art arts art° article articles artículo artículos articulo статья статьи статье статью статьей статей ст ч п пп page pages p para paras paragraph paragraphs section sections chapter rule resolution résolution resolución madde maddesi баб бап المادة المواد")

// after is the units and months that stay with the number before them.
var after = words(`january february march april may june july august september october november december
 jan feb mar apr jun jul aug sep sept oct nov dec
 janvier février mars avril mai juin juillet août septembre octobre novembre décembre
 enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre de
 января февраля марта апреля мая июня июля августа сентября октября ноября декабря года году год г гг
 қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан жыл жылы
 ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
 يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
 km m cm mm kg g t ha % ‰ € $ £ ₸ ₽ usd eur kzt rub million millions billion milliard milliards тыс млн млрд
 hours hour minutes minute a.m p.m am pm h час часа часов минут мин`)

// words returns the set of the words of s, made when it is first asked for.
func words(s string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		for _, w := range strings.Fields(s) {
			m[w] = true
		}
		return m
	})
}

// joined reports whether the words around the white space before rune i
// should stay on one line.
func (t *setter) joined(i int, lang string) bool {
	end := i
	for end > 0 && isSpace(t.text[end-1]) {
		end--
	}
	start := end
	for start > 0 && !isSpace(t.text[start-1]) && t.text[start-1] != '\n' && end-start < 16 {
		start--
	}
	stop := i
	for stop < len(t.text) && !isSpace(t.text[stop]) && t.text[stop] != '\n' && stop-i < 16 {
		stop++
	}
	left, right := t.text[start:end], t.text[i:stop]
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	switch right[0] {
	case '—', '–': // a dash does not begin a line
		return len(right) == 1
	case ':', ';', '?', '!', '»':
		if lang == "fr" {
			return true
		}
	}
	if last := left[len(left)-1]; last == '«' && lang == "fr" {
		return true
	}
	// A sign of relation stays with both its sides: p < .05.
	if isRelation(left) || isRelation(right) {
		return true
	}
	l := strings.TrimLeft(strings.ToLower(string(left)), "(«“„\"'‘[")
	bare := strings.TrimRight(l, ".")
	switch {
	case honorifics()[bare]:
		return unicode.IsUpper(right[0]) || len(right) < 5
	case len(left) == 2 && left[1] == '.' && unicode.IsUpper(left[0]): // an initial
		return true
	}
	if unicode.IsDigit(right[0]) && numbered()[bare] {
		return true
	}
	if unicode.IsDigit(left[len(left)-1]) {
		r := strings.TrimRight(strings.ToLower(string(right)), ".,;:)»”")
		if r == "de" {
			return lang == "es"
		}
		return after()[r]
	}
	if l == "de" && lang == "es" && after()[strings.TrimRight(strings.ToLower(string(right)), ".,;:)»”")] {
		return true // 9 de mayo
	}
	// A preposition or conjunction of one letter does not end a line.
	switch lang {
	case "ru", "uk", "be", "bg", "kk", "ky", "cs", "sk", "pl":
		return len([]rune(l)) == 1 && unicode.IsLetter(left[len(left)-1])
	}
	return false
}

func isRelation(w []rune) bool {
	return len(w) == 1 && strings.ContainsRune("<>=≤≥≠±×+−", w[0])
}

// breakAddresses lets long web and e-mail addresses break after a slash and
// before the other signs, never with or after a hyphen.
func (t *setter) breakAddresses() {
	n := len(t.text)
	for i := 0; i < n; {
		if isSpace(t.text[i]) || t.text[i] == '\n' {
			i++
			continue
		}
		j := i
		for j < n && !isSpace(t.text[j]) && t.text[j] != '\n' {
			j++
		}
		if j-i > 12 && isAddress(t.text[i:j]) {
			for k := i + 1; k < j; k++ {
				b := noBreak
				a, c := t.text[k-1], t.text[k]
				switch {
				case c == '/' || k-i < 4 || j-k < 3:
				case a == '/' && t.text[k-2] != '/':
					b = linkBreak
				case strings.ContainsRune(".?&=#_-%@+~,;", c) && !strings.ContainsRune(".?&=#_-%@+~:/", a):
					b = linkBreak
				}
				if t.spanAt[k] == t.spanAt[k-1] || b == noBreak {
					t.brk[k] = b
				}
			}
		}
		i = j
	}
}

func isAddress(w []rune) bool {
	s := string(w)
	if strings.Contains(s, "://") || strings.Contains(s, "www.") {
		return true
	}
	if at := strings.IndexByte(s, '@'); at > 0 && strings.IndexByte(s[at:], '.') > 0 {
		return true
	}
	// threerivers.example/f/12
	dot, slash := strings.IndexByte(s, '.'), strings.IndexByte(s, '/')
	return dot > 0 && slash > dot+1
}
