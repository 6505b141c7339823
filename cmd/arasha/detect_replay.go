package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// command returns the command as it can be typed again: what shapes the
// result, and nothing about this machine. Hidden are the names of files, which
// may be names of people.
func (c *detectCmd) command(hide bool) string {
	words := []string{"arasha", "detect"}
	file := func(path, instead string) string {
		if hide {
			return instead
		}
		return filepath.Base(path)
	}
	for i, f := range c.Files {
		words = append(words, quoted(file(f, fmt.Sprintf("FILE-%d", i+1))))
	}
	add := func(name, value string) {
		if value != "" {
			words = append(words, name, quoted(value))
		}
	}
	add("--format", c.Format)
	add("--columns", c.Columns)
	add("--keep", strings.Join(c.Keep, ","))
	add("--zone", c.Zone)
	add("--encoding", c.Encoding)
	flag := func(name string, on bool) {
		if on {
			words = append(words, name)
		}
	}
	flag("--day-first", c.DayFirst)
	flag("--month-first", c.MonthFirst)
	if c.Year != 0 {
		add("--year", fmt.Sprint(c.Year))
	}
	flag("--private", c.Private)
	add("--trace", strings.Join(c.Trace, ","))
	add("--window", strings.Join(c.Window, ","))
	add("--threshold", c.Threshold)
	flag("--containment", c.Containment)
	number := func(name string, n *int) {
		if n != nil {
			add(name, fmt.Sprint(*n))
		}
	}
	number("--gram", c.Gram)
	add("--without", strings.Join(c.Without, ","))
	number("--min-words", c.MinWords)
	number("--min-characters", c.MinRunes)
	number("--min-sequence", c.MinSequence)
	flag("--originals", c.Originals)
	number("--group-weight", c.GroupWeight)
	flag("--directed", c.Directed)
	if c.MaxPairs != nil {
		add("--max-pairs", fmt.Sprint(*c.MaxPairs))
	}
	number("--min-participation", c.MinParticipation)
	number("--min-weight", c.MinWeight)
	if c.Percentile != nil {
		add("--percentile", fmt.Sprint(*c.Percentile))
	}
	for _, b := range c.Background {
		name, path, _ := strings.Cut(b, "=")
		if hide {
			name = "NAME"
		}
		add("--background", name+"="+file(path, "FILE"))
	}
	if c.Calibrate > 0 {
		add("--calibrate", fmt.Sprint(c.Calibrate))
	}
	for _, f := range [][2]string{{"--families", c.Families}, {"--ordinary", c.Ordinary}, {"--events", c.Events}, {"--gaps", c.Gaps}, {"--checklist", c.Checklist}, {"--account-facts", c.AccountFacts}, {"--narratives", c.Narratives}} {
		if f[1] != "" {
			add(f[0], file(f[1], "FILE"))
		}
	}
	words = append(words, "--seed", fmt.Sprint(c.Seed), "--report", "report.html")
	add("--edition", c.Edition)
	return strings.Join(words, " ")
}

// quoted puts a word of a command in quotation marks where a shell needs
// them.
func quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:=@%+-") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
