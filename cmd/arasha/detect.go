package main

import (
	"context"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// detectCmd is "arasha detect": who published the same thing together. With
// --like it answers as another tool does (like.go).
type detectCmd struct {
	Files []string `arg:"" optional:"" name:"FILE" help:"Files of posts; with --like, the tool's own CSV (plain or .gz)."`

	readingOptions
	reportOptions

	Trace  []string `placeholder:"TRACE,…" help:"What posts may have in common: same-text, similar-text, link, link-raw, domain, hashtag, hashtag-sequence, repost, reply, mention, media, column:NAME."`
	Window []string `placeholder:"TIME,…" help:"The longest gap that counts as together, such as 60s, 48h or unbounded (default: 1m,1h,24h,48h)."`
	Out    string   `short:"o" placeholder:"DIR" help:"Write the finding into this folder."`
	JSON   bool     `help:"Print the numbers as JSON."`
	Pairs  string   `placeholder:"ACCOUNT,ACCOUNT" help:"Print every pair of posts between two accounts as CSV."`

	Threshold   string   `placeholder:"0.8" help:"How similar texts must be, above 0 to 1."`
	Containment bool     `help:"Compare what two texts share with the shorter one, not with both together."`
	Gram        *int     `placeholder:"N" help:"Compare runs of N characters instead of words."`
	Without     []string `placeholder:"RULE,…" help:"Normalisation rules to leave out: prefix, links, compatibility, case, yo, zero-width, look-alikes, emoji, punctuation."`
	MinWords    *int     `placeholder:"4" help:"Compare texts of at least so many words …"`
	MinRunes    *int     `name:"min-characters" placeholder:"20" help:"… or so many characters."`
	MinSequence *int     `placeholder:"5" help:"Hashtags in a sequence, at least."`
	Originals   bool     `help:"Leave all reposts out of the comparison of texts."`
	GroupWeight *int     `placeholder:"2" help:"Messages two accounts must share to be of one group."`
	Directed    bool     `help:"Let edges run from the account that published first."`
	MaxPairs    *int64   `placeholder:"1000000" help:"List the pairs of a wave up to so many; a larger one is one record."`

	Like string `placeholder:"TOOL" help:"Answer exactly as another tool: coortweet or cnt."`

	MinParticipation *int     `placeholder:"N" help:"The least number of posts in waves of an account with edges (like coortweet: of its shares)."`
	KeepLoops        bool     `help:"Like coortweet: keep pairs of an account with itself."`
	Percentile       *float64 `placeholder:"P" help:"Keep edges heavier than this quantile of all weights (like coortweet: mark them; default 0.5)."`
	FastWindow       string   `placeholder:"TIME" help:"Like coortweet: flag the pairs that count within this shorter window too."`
	MinWeight        *int     `placeholder:"N" help:"The least weight of an edge (default 1; like cnt: 2)."`
	NoLoops          bool     `help:"Like cnt: leave out edges of an account with itself."`

	Edges       string `placeholder:"FILE.csv" help:"With --like: write the edges here."`
	Groups      string `placeholder:"FILE.csv" help:"Like coortweet: write the pairs of posts here."`
	Accounts    string `placeholder:"FILE.csv" help:"Like coortweet: write the accounts here."`
	ObjectStats string `placeholder:"FILE.csv" help:"Like coortweet: write the objects here."`

	langs  langs // of the posts read, for the report
	unread int64 // records that no post could be made of
}

func (c *detectCmd) Run(ctx context.Context, w *world) error {
	if len(c.Files) == 0 {
		return wrongUse(`see "arasha detect --help"`, "no file given")
	}
	if c.Like != "" {
		// A run of fifty milliseconds: no collection before half a gigabyte.
		debug.SetGCPercent(-1)
		debug.SetMemoryLimit(512 << 20)
		if err := c.refuseReport(); err != nil {
			return err
		}
		if c.Report != "" {
			return wrongUse("", "--report does not go with --like: the other tool has no such report")
		}
	}
	switch c.Like {
	case "coortweet":
		return c.likeCooRTweet(ctx, w)
	case "cnt":
		return c.likeCNT(ctx, w)
	case "":
		return c.find(ctx, w)
	}
	return wrongUse("say --like coortweet or --like cnt", "no tool %q", c.Like)
}

// mostDays is the longest window that a time.Duration holds.
const mostDays = float64(math.MaxInt64/time.Hour) / 24

// parseWindow reads a length of time such as 60s, 1.5h or 2d.
func parseWindow(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n float64
		n, err = strconv.ParseFloat(days, 64)
		if err == nil && !(math.Abs(n) <= mostDays) {
			err = strconv.ErrRange // NaN, too
		}
		d = time.Duration(n * 24 * float64(time.Hour))
	}
	if err != nil {
		return 0, wrongUse("write a number with its unit: 60s, 10m, 1h, 2d", "%q is no length of time", s)
	}
	if d < 0 {
		return 0, wrongUse("", "a window cannot be negative: %s", s)
	}
	return d, nil
}
