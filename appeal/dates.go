package appeal

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// isISODate reports whether s is a day as 2020-05-11.
func isISODate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// months by language, each with the forms that dates are printed in.
const monthTable = `
january january|jan janvier|janv enero|ene января|январь|янв ocak
february february|feb février|fevrier|févr febrero|feb февраля|февраль|фев şubat
march march|mar mars marzo|mar марта|март mart
april april|apr avril|avr abril|abr апреля|апрель|апр nisan
may may mai mayo мая|май mayıs
june june|jun juin junio|jun июня|июнь haziran
july july|jul juillet|juil julio|jul июля|июль temmuz
august august|aug août|aout agosto|ago августа|август|авг ağustos
september september|sept|sep septembre|sept septiembre|setiembre|sept сентября|сентябрь|сент eylül
october october|oct octobre|oct octubre|oct октября|октябрь|окт ekim
november november|nov novembre|nov noviembre|nov ноября|ноябрь|нояб kasım
december december|dec décembre|decembre|déc diciembre|dic декабря|декабрь|дек aralık`

var monthNumber = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for i, row := range strings.Split(strings.TrimSpace(monthTable), "\n") {
		for _, w := range strings.FieldsFunc(row, func(r rune) bool { return r == ' ' || r == '|' }) {
			m[w] = i + 1
		}
	}
	return m
})

// A foundDate is a date in a text.
type foundDate struct {
	iso      string // "" for a day that does not exist, such as 31 April
	numeric  bool   // 05/06/2020: day and month could be meant the other way round
	twoDigit bool   // the year has two digits
	from, to int
}

var dateForms = sync.OnceValue(func() []*lazyre.Regexp {
	var names []string
	for n := range monthNumber() {
		names = append(names, regexp.QuoteMeta(n))
	}
	// Longest first: "september" before "sep".
	for i := range names {
		for j := i + 1; j < len(names); j++ {
			if len(names[j]) > len(names[i]) || len(names[j]) == len(names[i]) && names[j] < names[i] {
				names[i], names[j] = names[j], names[i]
			}
		}
	}
	month := `(?P<m>` + strings.Join(names, "|") + `)\.?`
	day := `(?P<d>\d{1,2})\s*(?:st|nd|rd|th|er|ère|º|°|ro|-?го|-?е)?`
	year := `(?P<y>\d{4})`
	return []*lazyre.Regexp{
		// May 11, 2020; January10, 2011; September 20 , 2019
		lazyre.New(`(?i)` + month + `\s*` + day + `(?:\s*,\s*|\s+)` + year),
		// 11 May 2020; 29th June 2001; 1er février 2017; 9 de mayo de 2016; 20 Mart 2020; 11 мая 2020 г.
		lazyre.New(`(?i)` + day + `\.?\s*(?:of\s+|de\s+|d['’]\s*)?` + month + `(?:\s*,\s*|\s*(?:de|del|of)\s+|\s*)` + year + `(?:\s*(?:г\.|года|год\b|yılı))?`),
		lazyre.New(`(?P<y>\d{4})-(?P<n>\d{2})-(?P<d>\d{2})`),
		lazyre.New(`(?P<d>\d{1,2})(?P<s>[./-])(?P<n>\d{1,2})[./-](?P<y>\d{4}|\d{2})`),
	}
})

// findDates returns the dates in s in order.
func findDates(s string) []foundDate {
	var all []foundDate
	year, digit := digitRuns(s)
	for form, re := range dateForms() {
		if !digit || !year && form < 3 {
			continue // most lines hold no number
		}
		for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
			get := func(name string) string {
				if i := re.SubexpIndex(name); i >= 0 && m[2*i] >= 0 {
					return s[m[2*i]:m[2*i+1]]
				}
				return ""
			}
			if m[0] > 0 && (isDigit(s[m[0]-1]) || form == 3 && strings.IndexByte("./-", s[m[0]-1]) >= 0) ||
				m[1] < len(s) && isDigit(s[m[1]]) {
				continue
			}
			f := foundDate{from: m[0], to: m[1]}
			d, _ := strconv.Atoi(get("d"))
			y, _ := strconv.Atoi(get("y"))
			mo := monthNumber()[strings.ToLower(get("m"))]
			if n := get("n"); n != "" {
				mo, _ = strconv.Atoi(n)
				if f.numeric = form == 3; f.numeric && mo > 12 && d <= 12 {
					d, mo = mo, d // 05/23/2011 can only be the month first
				}
			}
			if len(get("y")) == 2 {
				f.twoDigit = true
				if y += 2000; y >= 2070 {
					y -= 100
				}
			}
			t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
			if y >= 1900 && y < 2100 && mo >= 1 && mo <= 12 && t.Day() == d && d > 0 {
				f.iso = t.Format(time.DateOnly)
			}
			overlap := false
			for _, have := range all {
				overlap = overlap || f.from < have.to && have.from < f.to
			}
			if !overlap {
				all = append(all, f)
			}
		}
	}
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			if all[j].from < all[i].from {
				all[i], all[j] = all[j], all[i]
			}
		}
	}
	return all
}

// digitRuns reports whether s holds a number of four digits, and any digit.
func digitRuns(s string) (four, any bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			n = 0
			continue
		}
		if n++; n == 4 {
			return true, true
		}
		any = true
	}
	return false, any
}

var dateLeft = lazyre.New(`(?i)^[\s.,;:()\[\]–—-]*(?:(?:date|fecha|дата|tarih|published|publié le|on|le|el)\s*:?\s*)?` +
	`(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|` +
	`понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)?[\s.,;:()–—-]*$`)

// dateLine reads a line that is a date and nothing else.
func dateLine(s string) (foundDate, bool) {
	if len(s) > 80 {
		return foundDate{}, false
	}
	ds := findDates(s)
	if len(ds) != 1 {
		return foundDate{}, false
	}
	rest := s[:ds[0].from] + " " + s[ds[0].to:]
	return ds[0], dateLeft.MatchString(rest)
}

// dayOf returns the day of an ISO date, the zero time for "".
func dayOf(iso string) time.Time {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return time.Time{}
	}
	return t
}
