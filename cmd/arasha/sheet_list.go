package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/collect"
)

//go:embed sheet/list.html
var listHTML string

//go:embed sheet/list.css
var listCSS string

var listTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("list").Parse(listHTML)) })

// listPage is the list of publications for an annex. Who found a row is not
// in it, nor the name of the file, which may name a person.
type listPage struct {
	StyleHash string
	Style     template.CSS
	Summary   string
	Basis     string
	Order     string
	Lines     []listLine
}

type listLine struct {
	N                                    int
	When, How, Apart                     string
	Account, Platform, Href, Address, ID string
	Text, Lang, Rows                     string
	Missing, Remarks                     []string
}

// writeList writes the publications, the earliest first, those without a time
// at the end in the order of the sheet.
func writeList(dst io.Writer, l *collect.Worklist, ext string) error {
	page := listOf(l)
	if ext == ".csv" {
		w := csv.NewWriter(dst)
		w.Write([]string{"no", "published", "how the time is known", "apart from the earliest", "platform", "account", "address", "id", "text", "rows of the sheet", "what is missing", "remarks"})
		for _, x := range page.Lines {
			when := x.When
			if when == "" {
				when = "not known"
			}
			w.Write(safeRow([]string{strconv.Itoa(x.N), when, x.How, x.Apart, x.Platform, x.Account, x.Address, x.ID, x.Text, strings.TrimPrefix(strings.TrimPrefix(x.Rows, "rows "), "row "), strings.Join(x.Missing, "; "), strings.Join(x.Remarks, "; ")}))
		}
		w.Flush()
		return w.Error()
	}
	var b bytes.Buffer
	if err := listTemplate().Execute(&b, page); err != nil {
		return err
	}
	_, err := dst.Write(b.Bytes())
	return err
}

func listOf(l *collect.Worklist) *listPage {
	sum := sha256.Sum256([]byte(listCSS))
	page := &listPage{Style: template.CSS(listCSS), StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}
	order := make([]int, 0, len(l.Entries))
	known := 0
	for i, e := range l.Entries {
		order = append(order, i)
		if e.Time.Known() {
			known++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := l.Entries[a].Time, l.Entries[b].Time
		switch {
		case x.Known() && y.Known():
			return int(min(max(x.Millis-y.Millis, -1), 1))
		case x.Known():
			return -1
		case y.Known():
			return 1
		}
		return 0
	})
	for _, i := range order {
		page.Lines = append(page.Lines, lineOf(l, i, len(page.Lines)+1))
	}
	rows := 0
	for i := range l.Rows {
		if !l.Rows[i].Empty {
			rows++
		}
	}
	page.Summary = fmt.Sprintf("%s, named by %s of a sheet of links. The earliest held: %s.", count(int64(len(l.Entries)), "publication"), count(int64(rows), "row"), earliestLine(l))
	if l.ZoneAssumed {
		page.Basis = "Times are in UTC. A time stated without a zone was taken as UTC. "
	} else {
		page.Basis = "Times are in UTC. "
	}
	page.Basis += fmt.Sprintf("Nothing was opened to make this list, and no copy of a page is held. SHA-256 of the sheet: %s.", l.Ref)
	page.Order = fmt.Sprintf("%d with a time, the earliest first; then %d without, in the order of the sheet", known, len(order)-known)
	return page
}

func earliestLine(l *collect.Worklist) string {
	if l.Earliest < 0 {
		return "not known, for no time is"
	}
	return l.EarliestWords()
}

// maxListText is how much of a text a list prints.
const maxListText = 600

func lineOf(l *collect.Worklist, i, n int) listLine {
	e := l.Entries[i]
	x := listLine{N: n, Platform: platformTitle(e.Platform), Account: e.Account, Address: e.URL, ID: e.ID, Lang: e.Lang, Remarks: e.Remarks}
	for _, m := range e.Missing {
		if m != collect.NoCopy { // said once, above the list
			x.Missing = append(x.Missing, m)
		}
	}
	if e.Time.Known() {
		x.When, x.How, _ = strings.Cut(e.TimeText, ", ")
		if i == l.Earliest {
			x.Apart = "the earliest held"
		} else if x.Apart = l.ApartFromEarliest(i); x.Apart == "not known" {
			x.Apart = ""
		} else {
			x.Apart += " from the earliest"
		}
	}
	if x.Account == "" {
		x.Account = e.Handle
	}
	if x.Href = e.URL; e.URL == "" {
		x.Address = e.Typed
	}
	if x.Text = clipped(e.Text, maxListText); x.Text != e.Text {
		x.Text += " (cut)"
	}
	var rows []string
	for _, r := range e.Rows {
		rows = append(rows, l.RowName(r))
		x.Remarks = append(x.Remarks[:len(x.Remarks):len(x.Remarks)], l.Rows[r].Remarks...)
		for _, m := range l.Rows[r].Missing {
			if !slices.Contains(x.Missing, m) {
				x.Missing = append(x.Missing, m)
			}
		}
	}
	x.Rows = "row " + rows[0]
	if len(rows) > 1 {
		x.Rows = "rows " + strings.Join(rows, ", ")
	}
	return x
}

var platformTitles = map[string]string{"twitter": "X (Twitter)", "telegram": "Telegram", "vk": "VK", "facebook": "Facebook", "instagram": "Instagram", "tiktok": "TikTok",
	"youtube": "YouTube", "ok": "OK (Odnoklassniki)", "threads": "Threads", "reddit": "Reddit", "linkedin": "LinkedIn", "discord": "Discord", "mastodon": "Mastodon",
	"bluesky": "Bluesky", "livejournal": "LiveJournal", "rutube": "Rutube", "dzen": "Dzen", "vimeo": "Vimeo", "dailymotion": "Dailymotion", "archive": "archived copy", "web": "web page"}

func platformTitle(p string) string {
	if t, ok := platformTitles[p]; ok {
		return t
	}
	return p
}
