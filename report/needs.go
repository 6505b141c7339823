package report

import (
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/arasha-org/arasha/coordination"
)

// NeedColumns are those of the checklist of what to collect.
var NeedColumns = []string{"what", "platform", "account", "link", "trace", "message", "publishers", "want", "have", "missing", "days", "why", "at_hand", "collected"}

// Needs writes the checklist as CSV: a line for each account whose posts are
// wanted, with a link to its page where the platform's are known; then the
// messages. The days stand in one cell, in words, so that nobody's program
// takes them for the time of a publication. The file names accounts: it is for
// the desk, not for the public.
func Needs(w io.Writer, r *coordination.Result, needs []coordination.Need) error {
	t := newTable(w, io.Discard, NeedColumns...)
	for i := range needs {
		n := &needs[i]
		account, link := "", ""
		if n.What == coordination.NeedPosts {
			a := r.Account(n.Account)
			account = a.ID
			link = pageOf(a)
		}
		t.str(string(n.What))
		t.str(n.Platform)
		t.str(account)
		t.str(link)
		t.str(string(n.Trace))
		t.str(n.Message)
		t.str(n.Class)
		t.num(int64(n.Want))
		t.num(int64(n.Have))
		t.num(int64(n.Missing()))
		t.str(days(n.From, n.To))
		t.str(n.Why)
		t.list(spaceless(n.AtHand))
		t.str("") // for collecting to fill
	}
	return t.close()
}

// spaceless leaves out ids that a list with spaces between cannot hold.
func spaceless(ids []string) []string {
	var out []string
	for _, id := range ids {
		if !strings.ContainsFunc(id, unicode.IsSpace) {
			out = append(out, id)
		}
	}
	return out
}

func days(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	return from.UTC().Format("2006-01-02") + " to " + to.UTC().Format("2006-01-02")
}

// pageOf returns the address of an account's page, "" where the platform has
// none that its name gives.
func pageOf(a coordination.AccountInfo) string {
	at := map[string]string{"telegram": "https://t.me/s/", "twitter": "https://x.com/", "vk": "https://vk.com/", "facebook": "https://facebook.com/",
		"instagram": "https://instagram.com/", "youtube": "https://youtube.com/@", "tiktok": "https://tiktok.com/@"}[a.Platform]
	for _, c := range a.ID {
		if c != '_' && c != '.' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return ""
		}
	}
	if at == "" || a.ID == "" || a.ID[0] == '-' {
		return ""
	}
	return at + a.ID
}
