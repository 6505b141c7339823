package collect

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/post"
)

// wordMoment reads what people write: 28.04, 28.04.2020 10:15, 5/2/2020 3 pm,
// "28 апреля 2020 г. в 10:15", "Wed Oct 10 20:19:24 +0000 2018",
// "2020 жылғы 28 сәуір", "le 28 avril 2020 à 10h15". Every word must be
// understood, or the whole is not read.
func wordMoment(text string) (moment, error) {
	var m moment
	bad := &dateError{notADate, text}
	var nums []string // numbers that are no clock, in order
	dated, haveClock, pm := false, false, 0
	for _, w := range dateWords(text) {
		switch {
		case strings.Contains(w, ":") && w[0] >= '0' && w[0] <= '9':
			clock, zone := w, ""
			if i := strings.IndexAny(w, "+-"); i > 0 {
				clock, zone = w[:i], w[i:]
			} else if c, ok := strings.CutSuffix(w, "z"); ok {
				clock, zone = c, "Z"
			}
			if haveClock || !m.clock(clock) {
				return m, bad
			}
			haveClock = true
			if zone != "" {
				l, err := parseZone(zone)
				if err != nil {
					return m, &dateError{unknownZone, text}
				}
				m.zone = l
			}
		case isNumericDate(w):
			if dated || !m.numericDate(w) {
				return m, bad
			}
			dated = true
		case w[0] >= '0' && w[0] <= '9':
			if isDigits(w) {
				nums = append(nums, w)
			} else if h, mm, ok := strings.Cut(w, "h"); ok && len(mm) == 2 && !haveClock && m.clock(h+":"+mm) {
				haveClock = true // 10h15
			} else if d := strings.TrimRight(w, "stndrhe"); len(w)-len(d) <= 2 && d != "" && isDigits(d) {
				nums = append(nums, d) // 28th, 1er
			} else if d := strings.TrimRight(w, "amp"); (w[len(d):] == "am" || w[len(d):] == "pm") && isDigits(d) {
				if haveClock || !m.clock(d+":00") {
					return m, bad
				}
				haveClock, pm = true, pmOf(w[len(d):])
				m.precision = post.Hour
			} else {
				return m, bad
			}
		case w == "am" || w == "pm" || w == "a.m" || w == "p.m":
			if pm = pmOf(w); !haveClock {
				if len(nums) == 0 || !m.clock(nums[len(nums)-1]+":00") {
					return m, bad
				}
				nums, haveClock = nums[:len(nums)-1], true
				m.precision = post.Hour
			}
		case fillers()[w]:
		case monthOf(w) != 0 && !(weekdays()[w] && (m.month != 0 || laterMonth(text, w))):
			if m.month != 0 || dated {
				return m, bad
			}
			m.month = monthOf(w)
		case weekdays()[w]:
		default:
			l, err := parseZone(w)
			if err != nil {
				if looksZone(text, w) {
					return m, &dateError{unknownZone, text}
				}
				return m, bad
			}
			if m.zone != nil {
				return m, bad
			}
			m.zone = l
		}
	}
	if pm != 0 {
		if m.hour == 0 || m.hour > 12 {
			return m, bad
		}
		m.hour = m.hour%12 + (pm-1)*12
	}
	if !m.assign(nums, dated) {
		return m, bad
	}
	switch {
	case m.day == 0 && !m.splitDay() && m.month == 0 && haveClock:
		m.clockOnly = true
	case m.splitDay():
	case m.day == 0 && m.month != 0 && m.year != 0 && !haveClock:
		m.day, m.precision = 1, post.Month
		if !m.validDay() {
			return m, bad
		}
	case !m.validDay():
		return m, bad
	}
	if !haveClock && m.precision == post.None {
		m.precision = post.Day
	}
	return m, nil
}

func pmOf(w string) int {
	if w[0] == 'p' {
		return 2
	}
	return 1
}

// dateWords cuts a printed time into lower-case words. Points that end an
// abbreviation and commas are dropped.
func dateWords(s string) []string {
	w := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == ';' || r == '(' || r == ')' || r == '|' || r == '«' || r == '»'
	})
	out := w[:0]
	for _, x := range w {
		if x = strings.Trim(x, "."); x != "" && x != "-" && x != "–" && x != "—" && x != "·" {
			if d := strings.Split(x, "-"); len(d) == 3 && monthOf(d[1]) != 0 && isDigits(d[0]) && isDigits(d[2]) { // 28-Apr-2020
				out = append(append([]string{}, out...), d...)
				continue
			}
			out = append(out, x)
		}
	}
	return out
}

// looksZone reports whether w stands in text in capitals, as BRST does.
func looksZone(text, w string) bool {
	n := utf8.RuneCountInString(w)
	return n >= 2 && n <= 5 && strings.Contains(text, strings.ToUpper(w))
}

// laterMonth reports whether another word of text names a month, so that "mar"
// is Tuesday (mardi) and not March.
func laterMonth(text, w string) bool {
	for _, x := range dateWords(text) {
		if x != w && monthOf(x) != 0 {
			return true
		}
	}
	return false
}

var fillers = words(`г года год гг в at à a le la on de du of the сағ сағат час часов ж жыл жылғы жылы күні o'clock heures heure`)

var weekdays = words(`mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
	пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье
	дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі дс сс бс жм сн жс
	lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche`)

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

// monthStems are the beginnings that name a month in English, Russian,
// Kazakh and French; the longest that fits wins.
var monthStems = [12][]string{
	{"jan", "янв", "қаң", "кан", "janv"}, {"feb", "фев", "ақп", "акп", "fev", "fév"}, {"mar", "мар", "нау"},
	{"apr", "апр", "сәу", "сау", "avr"}, {"may", "май", "мая", "мам", "mai"}, {"jun", "июн", "мау", "juin"},
	{"jul", "июл", "шіл", "шил", "juil"}, {"aug", "авг", "там", "aou", "aoû"}, {"sep", "сен", "қыр", "кыр"},
	{"oct", "окт", "қаз", "каз"}, {"nov", "ноя", "қар", "кар"}, {"dec", "дек", "жел", "déc"},
}

// monthOf returns 1 to 12, or 0 when w names no month.
func monthOf(w string) int {
	if len(w) < 3 || w[0] >= '0' && w[0] <= '9' {
		return 0
	}
	best, month := 0, 0
	for i, stems := range monthStems {
		for _, s := range stems {
			if len(s) > best && strings.HasPrefix(w, s) {
				best, month = len(s), i+1
			}
		}
	}
	if utf8.RuneCountInString(w) > 12 || weekdays()[w] && w != "mar" {
		return 0
	}
	return month
}
