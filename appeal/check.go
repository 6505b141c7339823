package appeal

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// The severities of a [Finding].
const (
	SeverityError   = "error"   // must not go out like this
	SeverityWarning = "warning" // very likely wrong: a person decides
	SeverityNote    = "note"    // worth a second look
)

// A Finding is one complaint about an appeal. Rule is a stable name of
// docs/formats/check.md; Where names the place as in [Link.Where]:
// "sections[1]", "footnotes[4]", "addressees[0].phone[1]", counted from 0.
type Finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Where    string `json:"where"`
	Message  string `json:"message"`
	Remedy   string `json:"remedy"`
}

// CheckOptions says what to check against. The zero value is a good default.
type CheckOptions struct {
	With *Appeal      // the same appeal in another language, or nil
	Case *CaseContext // the case behind it, for the rules that need one, or nil
}

// A checkRule is one line of the table of rules.
type checkRule struct {
	Name     string
	Severity string // the worst that the rule reports
}

// checkRules are all that [Check] applies, the most serious first. The order
// decides between findings of one severity.
var checkRules = []checkRule{
	{"source-leak", SeverityError},
	{"consent-missing", SeverityError},
	{"statement-uncited", SeverityError},
	{"finding-wording", SeverityError},
	{"status-stale", SeverityError},
	{"dead-evidence-link", SeverityError},
	{"code-sequence", SeverityError},
	{"code-update", SeverityError},
	{"addressee-out-of-date", SeverityError},
	{"minor-or-address-detail", SeverityError},
	{"source-formula-contradicted", SeverityError},
	{"attribution-unsupported", SeverityError},
	{"instrument-not-ratified", SeverityError},
	{"article-unknown", SeverityError},
	{"date-impossible", SeverityError},
	{"footnote-unresolved", SeverityError},
	{"action-missing", SeverityError},
	{"language-drift", SeverityError},
	{"code-date", SeverityWarning},
	{"code-form", SeverityWarning},
	{"search-link", SeverityWarning},
	{"tracking-link", SeverityWarning},
	{"phone-format", SeverityWarning},
	{"email-format", SeverityWarning},
	{"channel-missing", SeverityWarning},
	{"date-order", SeverityWarning},
	{"wording-ladder", SeverityWarning},
	{"person-name-variants", SeverityWarning},
	{"spelling", SeverityWarning},
	{"file-metadata", SeverityWarning},
	{"footnote-unused", SeverityWarning},
	{"request-overtaken", SeverityWarning},
	{"derogation", SeverityNote},
}

// Check reads a as a careful colleague would before it goes out and returns
// what it would not let pass: the most serious first, then in the order of
// [Rules], then of the document. It changes nothing, asks nobody, and gives
// the same answer every time.
func Check(a *Appeal, o CheckOptions) []Finding {
	c := &checker{a: a, o: o}
	c.collect()
	for _, rule := range []func(){
		c.checkCode, c.checkLinks, c.checkChannels, c.checkNotes, c.checkActions, c.checkAttribution, c.checkDates, c.checkNames, c.checkLaw, c.checkPrivate, c.checkFile, c.checkSpelling, c.checkDrift, c.checkCase,
	} {
		rule()
	}
	return c.sorted()
}

// A checker holds one appeal while it is read.
type checker struct {
	a     *Appeal
	o     CheckOptions
	texts []passage
	out   []found
}

// found is a finding and its place in the document.
type found struct {
	Finding
	at int // index of the passage, for the order
}

// A passage is one running text of the appeal.
type passage struct {
	where string
	kind  string // of the section, or "title", "action", "footnote", "about"
	text  string
	sents []sentence
}

// narrative reports whether a passage tells facts: requests, notes and the
// closing words do not.
func (p passage) narrative() bool {
	return p.kind != "action" && p.kind != "footnote" && p.kind != "about" && p.kind != SectionAddresses && p.kind != SectionActions
}

// collect lists the texts in the order of the document.
func (c *checker) collect() {
	add := func(where, kind, text string) {
		if strings.TrimSpace(text) != "" {
			c.texts = append(c.texts, passage{where, kind, text, sentences(text)})
		}
	}
	add("title", "title", c.a.Title)
	for i, s := range c.a.Sections {
		add(placeOf("sections", i), s.Kind, s.Text)
		if s.Kind == SectionActions {
			for j, x := range c.a.Actions {
				add(placeOf("actions", j), "action", x.Text)
			}
		}
	}
	if c.a.Section(SectionActions) == nil {
		for j, x := range c.a.Actions {
			add(placeOf("actions", j), "action", x.Text)
		}
	}
	for i, f := range c.a.Footnotes {
		add(placeOf("footnotes", i), "footnote", f.Text)
	}
	add("about", "about", c.a.About)
}

func placeOf(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// report adds a finding; where decides its place in the document.
func (c *checker) report(rule, severity, where, message, remedy string) {
	c.out = append(c.out, found{Finding{rule, severity, where, message, remedy}, c.position(where)})
}

// position orders places: the head of the document, its texts, its
// addressees, then everything else.
func (c *checker) position(where string) int {
	head, _, _ := strings.Cut(where, ".")
	for i, p := range c.texts {
		if p.where == head {
			return 10 + i
		}
	}
	switch {
	case head == "code" || head == "date" || head == "file":
		return 0
	case strings.HasPrefix(head, "addressees"):
		n, _ := strconv.Atoi(strings.Trim(strings.TrimPrefix(head, "addressees"), "[]"))
		return 10 + len(c.texts) + n
	}
	return 1 << 30
}

// sorted returns the findings in their order, each once.
func (c *checker) sorted() []Finding {
	rank := func(rule string) int {
		return slices.IndexFunc(checkRules, func(r checkRule) bool { return r.Name == rule })
	}
	weight := map[string]int{SeverityError: 0, SeverityWarning: 1, SeverityNote: 2}
	sort.SliceStable(c.out, func(i, j int) bool {
		x, y := c.out[i], c.out[j]
		if weight[x.Severity] != weight[y.Severity] {
			return weight[x.Severity] < weight[y.Severity]
		}
		if rank(x.Rule) != rank(y.Rule) {
			return rank(x.Rule) < rank(y.Rule)
		}
		return x.at < y.at
	})
	out := []Finding{}
	seen := map[Finding]bool{}
	for _, f := range c.out {
		if !seen[f.Finding] {
			seen[f.Finding] = true
			out = append(out, f.Finding)
		}
	}
	return out
}

// HasErrors reports whether any finding is an error.
func HasErrors(fs []Finding) bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == SeverityError })
}

// quote cuts words of the appeal to a length a message can carry.
func quote(s string) string {
	s = oneLine(WithoutMarks(s))
	if r := []rune(s); len(r) > 90 {
		s = string(r[:90]) + "…"
	}
	return "“" + s + "”"
}

// listed joins words as a person would: "a, b and c".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
