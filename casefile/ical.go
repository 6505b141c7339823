package casefile

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// ICal writes a chronology as a calendar (RFC 5545) that any calendar program
// reads. A date that is not exact becomes a span of whole days and says so;
// what nobody can date is left out, and its number returned. stamp is when the
// calendar was made. The same input gives the same bytes.
func ICal(w io.Writer, c Case, all []Happening, stamp time.Time) (undated int, err error) {
	b := calendar{w: bufio.NewWriter(w)}
	b.line("BEGIN:VCALENDAR")
	b.line("VERSION:2.0")
	b.line("PRODID:-//Arasha//case file//EN")
	b.text("X-WR-CALNAME", c.Number+" "+c.Title)
	for _, h := range all {
		from, to, ok := h.When.Span()
		if !ok {
			undated++
			continue
		}
		b.line("BEGIN:VEVENT")
		b.text("UID", fmt.Sprintf("%s-%d-%d.%s@arasha", h.Kind, h.ID, h.Part, c.Number))
		b.line("DTSTAMP:" + stamp.UTC().Format("20060102T150405Z"))
		b.when(h, from, to)
		text := h.Text
		if h.When.Precision != Exact {
			text += " [" + h.When.String() + ", " + strings.ReplaceAll(h.When.Precision, "-", " ") + "]"
		}
		b.text("SUMMARY", text)
		b.line("CATEGORIES:" + strings.ToUpper(h.Kind))
		b.line("TRANSP:TRANSPARENT")
		b.line("END:VEVENT")
	}
	b.line("END:VCALENDAR")
	return undated, b.w.Flush()
}

// calendar writes content lines. What does not reach the disk shows at Flush.
type calendar struct{ w *bufio.Writer }

// when writes the beginning and end of h: an instant when time and zone are
// known, the clock of the place when the zone is not, else whole days.
func (b calendar) when(h Happening, from, to time.Time) {
	const day, floating = "20060102", "20060102T150405"
	if h.When.Time != "" && h.When.Precision == Exact {
		zone := "Z"
		if h.When.Zone == "" {
			zone = ""
		}
		b.line("DTSTART:" + from.Format(floating) + zone)
		if _, end, ok := h.Until.Span(); ok && h.Until.Time != "" && h.Until.Precision == Exact && end.After(from) && (h.Until.Zone == "") == (zone == "") {
			b.line("DTEND:" + end.Format(floating) + zone)
		}
		return
	}
	if _, end, ok := h.Until.Span(); ok && end.After(to) {
		to = end
	}
	b.line("DTSTART;VALUE=DATE:" + from.Format(day))
	if h.Until.Time != "" {
		to = to.Truncate(24*time.Hour).AddDate(0, 0, 1) // the end of a span of days is the day after
	}
	b.line("DTEND;VALUE=DATE:" + to.Format(day))
}

var icalEscape = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a value of the type TEXT (RFC 5545, 3.3.11).
func (b calendar) text(name, value string) { b.line(name + ":" + icalEscape.Replace(value)) }

// line folds a line after at most 75 bytes, between characters (3.1).
func (b calendar) line(s string) {
	room := 75
	for len(s) > room {
		n := room
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		b.w.WriteString(s[:n] + "\r\n ")
		s, room = s[n:], 74
	}
	b.w.WriteString(s + "\r\n")
}
