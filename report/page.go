package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/internal/page"
)

//go:embed page.html
var pageHTML string

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"count": func(n any, noun string) string { return Count(toInt(n), noun) }, "n": func(n any) string { return Thousands(toInt(n)) },
		"when": func(s string) string { return whenWords(s, true) }, "short": func(s string) string { return whenWords(s, false) },
		"add": func(a, b int) int { return a + b }, "day": dayWords, "fromto": fromTo, "p": pValue, "eq_": func(v any) string { return equals(pValue(v)) }, "num": decimals2, "join": func(l []string) string { return strings.Join(l, ", ") }, "and": joinAnd, "ref": groupRef,
		"timeline": figureTimeline, "multiples": figureMultiples, "network": figureNetwork, "ruler": figureRuler, "calibration": figureCalibration,
		"dir": direction, "spanwords": windowInWords, "capital": capital, "counted": countedWords, "lower": strings.ToLower,
		"words": func(s string) []string { return strings.Split(s, " ") }, "option": func(s string) bool { return strings.HasPrefix(s, "--") },
	}).Parse(pageHTML))
})

// HTML returns the analysis as one web page that stands alone: no script, no
// request to anybody's host, its one style allowed by its hash, its type cut
// to the letters it uses. It prints to A4.
func (a *Analysis) HTML() ([]byte, error) {
	var body bytes.Buffer
	if err := pageTemplate().ExecuteTemplate(&body, "body", a); err != nil {
		return nil, fmt.Errorf("report: page: %w", err)
	}
	faces, err := page.Type(body.String())
	if err != nil {
		return nil, fmt.Errorf("report: page: %w", err)
	}
	style := page.Tokens + page.Document + faces
	var out bytes.Buffer
	err = pageTemplate().ExecuteTemplate(&out, "page", map[string]any{"Title": a.Title, "Schema": a.Schema, "Policy": page.Policy(style),
		"Style": template.CSS(style), "Body": template.HTML(body.String())})
	if err != nil {
		return nil, fmt.Errorf("report: page: %w", err)
	}
	return out.Bytes(), nil
}

func toInt(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	return 0
}

func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

func countedWords(list []Counted) string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s %s", c.Name, Thousands(int64(c.Count))))
	}
	return strings.Join(out, ", ")
}

// fromTo prints the span of two time cells without saying twice what both
// share: "28 Apr, 09:04 to 09:05".
func fromTo(a, b string) string {
	x, y := whenWords(a, false), whenWords(b, false)
	if x == y {
		return x
	}
	day, clock, ok := strings.Cut(x, ", ")
	day2, clock2, ok2 := strings.Cut(y, ", ")
	if !ok || !ok2 {
		return x + " to " + y
	}
	short := func(s string) string { return s[:min(len(s), 5)] } // hours and minutes
	switch {
	case day != day2:
		return day + ", " + short(clock) + " to " + day2 + ", " + short(clock2)
	case short(clock) == short(clock2):
		return day + ", " + clock + " to " + clock2
	}
	return day + ", " + short(clock) + " to " + short(clock2)
}

// dayWords prints the day of a moment in RFC 3339.
func dayWords(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.UTC().Format("2 January 2006")
}

// pValue prints a p-value as reports do: ".0031", "< .0001".
func pValue(v any) string {
	var f float64
	switch v := v.(type) {
	case float64:
		f = v
	case *float64:
		if v == nil {
			return ""
		}
		f = *v
	}
	switch {
	case f >= 1:
		return "1"
	case f < 1e-4:
		return "< .0001"
	}
	return strings.TrimPrefix(strings.TrimRight(strconv.FormatFloat(f, 'f', 4, 64), "0"), "0")
}

// TestedWaves reports whether messages were tested one by one.
func (a *Analysis) TestedWaves() bool {
	return slices.ContainsFunc(a.Waves, func(w WaveCard) bool { return w.Test != nil })
}

// ComparedWaves reports whether a background was large enough to compare with.
func (a *Analysis) ComparedWaves() bool {
	return slices.ContainsFunc(a.Waves, func(w WaveCard) bool { return w.Test != nil && w.Test.Popularity != nil })
}

// Others returns the words of a narrative that its name does not say already.
func (n NarrativeCard) Others() []string {
	if n.Named || len(n.Terms) <= nameTerms {
		return nil
	}
	return n.Terms[nameTerms:]
}

func decimals2(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

// groupRef prints a hash in groups of four.
func groupRef(s fmt.Stringer) string {
	h := s.String()
	var b strings.Builder
	for i := 0; i < len(h); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(h[i:min(i+4, len(h))])
	}
	return b.String()
}

// direction is the writing direction of a text by its first strong letter.
func direction(s string) string {
	for _, r := range s {
		switch {
		case r >= 0x590 && r <= 0x8FF, r >= 0xFB1D && r <= 0xFDFF, r >= 0xFE70 && r <= 0xFEFF:
			return "rtl"
		case r >= 'A' && r <= 'z', r >= 0xC0 && r < 0x590:
			return "ltr"
		}
	}
	return "ltr"
}

const (
	wideFigure, narrowFigure = 760, 336
	wideRuler, narrowRuler   = 560, 320
)

func figureTimeline(a *Analysis) template.HTML {
	says := fmt.Sprintf("%s from %s to %s, in steps of %s; %s and %s are marked. The tables below give the same numbers.", Count(int64(a.Collected.Posts-a.Collected.Untimed), "post"),
		dayWords(a.Collected.First), dayWords(a.Collected.Last), a.Timeline.StepWords, Count(int64(len(a.Timeline.Events)), "dated event"), Count(int64(len(a.Timeline.Waves)), "wave"))
	return template.HTML(drawTimeline(a.Timeline, wideFigure, "hatch-wide", says, "wide") + drawTimeline(a.Timeline, narrowFigure, "hatch-narrow", says, "narrow"))
}

func figureMultiples(a *Analysis, r LanguageRow) template.HTML {
	top := 0
	for _, l := range a.Languages {
		for _, b := range joinBars(l.Bars, a.Timeline.Thick) {
			top = max(top, b.Wave+b.Other)
		}
	}
	return template.HTML(drawMultiple(a.Timeline, r.Bars, top, 240, "hatch-"+cmp.Or(r.Code, "other"), fmt.Sprintf("%s: %s in steps of %s, %s of them in waves", r.Name, Count(int64(r.Posts), "post"), a.Timeline.ThickWords, Thousands(int64(r.Waves)))))
}

func figureNetwork(n *Network) template.HTML {
	return template.HTML(drawNetwork(n.Picture, wideFigure, n.Says, "wide") + drawNetwork(n.Picture, narrowFigure, n.Says, "narrow"))
}

func figureRuler(w WaveCard) template.HTML {
	after := make([]time.Duration, len(w.After))
	for i, s := range w.After {
		after[i] = time.Duration(s * float64(time.Second))
	}
	says := fmt.Sprintf("When each of %s first published it, from the first post on", Count(int64(len(after)), "account"))
	return template.HTML(drawRuler(after, wideRuler, says, "wide") + drawRuler(after, narrowRuler, says, "narrow"))
}

func figureCalibration(c *Calibration) template.HTML {
	says := fmt.Sprintf("Check on %s: at level %s the method found something in %d; at most %d were allowed", Count(int64(c.Runs), "redrawn data set"), pValue(c.Level), c.Found, c.Allowed)
	return template.HTML(drawCalibration(c.Points, c.Runs, c.Level, 340, says))
}
