package main

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// detectCmd is "arasha detect": who published the same thing together. With
// --like it answers as another tool does (like.go).
type detectCmd struct {
	Files []string `arg:"" optional:"" name:"FILE" help:"Files of posts; with --like, the tool's own CSV (plain or .gz)."`

	Columns map[string]string `mapsep:"," placeholder:"FIELD=NAME,…" help:"Which column holds which field, such as account=user_id."`
	Trace   []string          `placeholder:"TRACE,…" help:"What posts may have in common: same-text, similar-text, link, repost, reply, …"`
	Window  []string          `placeholder:"TIME,…" help:"The longest gap that counts as together, such as 60s or 48h."`

	Threshold *float64 `placeholder:"0.8" help:"How similar texts must be, from 0 to 1."`

	Like string `placeholder:"TOOL" help:"Answer exactly as another tool: coortweet or cnt."`

	MinParticipation *int     `placeholder:"2" help:"Like coortweet: the least number of shares of an account."`
	KeepLoops        bool     `help:"Like coortweet: keep pairs of an account with itself."`
	Percentile       *float64 `placeholder:"0.5" help:"Like coortweet: where the weight threshold lies, from 0 to 1."`
	FastWindow       string   `placeholder:"TIME" help:"Like coortweet: flag the pairs that count within this shorter window too."`
	MinWeight        *int     `placeholder:"2" help:"Like cnt: the least weight of an edge."`
	NoLoops          bool     `help:"Like cnt: leave out edges of an account with itself."`

	Edges       string `placeholder:"FILE.csv" help:"With --like: write the edges here."`
	Groups      string `placeholder:"FILE.csv" help:"Like coortweet: write the pairs of posts here."`
	Accounts    string `placeholder:"FILE.csv" help:"Like coortweet: write the accounts here."`
	ObjectStats string `placeholder:"FILE.csv" help:"Like coortweet: write the objects here."`
}

func (c *detectCmd) Run(ctx context.Context, w *world) error {
	if len(c.Files) == 0 {
		return wrongUse(`see "arasha detect --help"`, "no file given")
	}
	if c.Like != "" {
		// Memory that is never touched, and so never given: it lets the heap
		// grow to twice as much before garbage is collected, which for most
		// files means never.
		defer runtime.KeepAlive(make([]byte, 64<<20))
	}
	switch c.Like {
	case "coortweet":
		return c.likeCooRTweet(ctx, w)
	case "cnt":
		return c.likeCNT(ctx, w)
	case "":
		return wrongUse("say --like coortweet or --like cnt", "detect needs --like")
	}
	return wrongUse("say --like coortweet or --like cnt", "no tool %q", c.Like)
}

// parseWindow reads a length of time such as 60s, 1.5h or 2d.
func parseWindow(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n float64
		if n, err = strconv.ParseFloat(days, 64); err == nil {
			d = time.Duration(n * 24 * float64(time.Hour))
		}
	}
	if err != nil {
		return 0, wrongUse("write a number with its unit: 60s, 10m, 1h, 2d", "%q is no length of time", s)
	}
	if d < 0 {
		return 0, wrongUse("", "a window cannot be negative: %s", s)
	}
	return d, nil
}
