package coordination

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/internal/wording"
)

// A RuleKind is an ordinary reason why many publish one thing.
type RuleKind string

// The kinds.
const (
	WireCopy        RuleKind = "wire-copy"         // an agency's text, carried by outlets
	ShareButton     RuleKind = "share-button"      // a page's own button fills in title and link
	OpenlyOrganised RuleKind = "openly-organised"  // a petition, a union, a day of solidarity
	OnePublisher    RuleKind = "publisher-family"  // accounts of one publisher; see Families
	OtherOrdinary   RuleKind = "ordinary"          // the user's own
	ruleOff                  = "off"               // in a file: this rule is switched off
	ruleHalf                 = "half of its posts" // how much of a message a rule must explain
)

// A Rule explains messages of which more than half of the posts bear one of
// its marks. What it explains is set apart, with its name; nothing is deleted.
type Rule struct {
	Name    string
	Kind    RuleKind
	Why     string   // one sentence for the reader
	Phrases []string // words in the text; "~" ends a stem
	Links   []string // sites ("change.org"), or beginnings of a path on one ("site.example/petition")
	Tags    []string // hashtags, without "#", by their beginning
	People  []string // accounts as the user writes them
	Line    int      // in the user's file; 0 for a built-in rule

	test func(w *waver, m *message) (posts int, why string) // the built-in rules that look at more than marks
	text *wording.Phrases
}

// Rules are the rules that are switched on, in the order in which they are
// tried.
type Rules struct {
	rules []Rule
	off   []string
}

// Rules returns them.
func (r *Rules) Rules() []Rule { return slices.Clone(r.rules) }

// Off returns the names of the rules that were switched off, in the order in
// which that was said.
func (r *Rules) Off() []string { return slices.Clone(r.off) }

// An Explanation is one rule that explains a message.
type Explanation struct {
	Rule  string
	Kind  RuleKind
	Why   string
	Posts int // of the message that bear its marks
	Of    int // posts looked at: the first of each publisher
}

// OrdinaryRules returns the built-in rules.
func OrdinaryRules() *Rules {
	return &Rules{rules: slices.Clone(preparedRules())}
}

var preparedRules = sync.OnceValue(func() []Rule {
	list := builtinRules()
	for i := range list {
		list[i].prepare()
	}
	return list
})

// ReadRules reads the user's rules, a CSV file with the columns rule, kind,
// what and value, and adds them to the built-in ones. What is phrase, link,
// hashtag or account; lines with one name are one rule. A line with the kind
// "off" switches the rule of that name off, a built-in one as well. Errors
// name the file and the line.
func ReadRules(in io.Reader, name string) (*Rules, error) {
	r := OrdinaryRules()
	kinds := []RuleKind{WireCopy, ShareButton, OpenlyOrganised, OtherOrdinary}
	err := readUserFile(in, name, []string{"rule", "kind", "what", "value"}, 2, func(line int, c []string) error {
		at := slices.IndexFunc(r.rules, func(x Rule) bool { return x.Name == c[0] })
		if c[1] == ruleOff {
			if at < 0 {
				return fmt.Errorf("there is no rule %q to switch off; known: %s", c[0], strings.Join(r.names(), ", "))
			}
			r.rules = slices.Delete(r.rules, at, at+1)
			r.off = append(r.off, c[0])
			return nil
		}
		k := RuleKind(c[1])
		if !slices.Contains(kinds, k) {
			return fmt.Errorf("there is no kind %q; known: %v and off", c[1], kinds)
		}
		if at >= 0 && r.rules[at].Line == 0 {
			return fmt.Errorf("%q is a built-in rule; give yours another name, or switch that one off", c[0])
		}
		if at >= 0 && r.rules[at].Kind != k {
			return fmt.Errorf("the rule %q is of the kind %q in line %d", c[0], r.rules[at].Kind, r.rules[at].Line)
		}
		if at < 0 {
			at = len(r.rules)
			r.rules = append(r.rules, Rule{Name: c[0], Kind: k, Line: line, Why: "more than " + ruleHalf + " bear the marks of the rule “" + c[0] + "”"})
		}
		x := &r.rules[at]
		if c[3] == "" {
			return fmt.Errorf("no value")
		}
		switch c[2] {
		case "phrase":
			x.Phrases = append(x.Phrases, c[3])
		case "link":
			link := c[3]
			if !strings.Contains(link, "://") {
				link = "https://" + link
			}
			if a, ok := address.Parse(link); !ok || a.Domain() == "" {
				return fmt.Errorf("%q is no site and no address", c[3])
			}
			x.Links = append(x.Links, plainLink(link))
		case "hashtag":
			x.Tags = append(x.Tags, normal(strings.TrimPrefix(c[3], "#")))
		case "account":
			x.People = append(x.People, c[3])
		default:
			return fmt.Errorf("%q is not known; say phrase, link, hashtag or account", c[2])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range r.rules {
		r.rules[i].prepare()
	}
	return r, nil
}

func (r *Rules) names() []string {
	var out []string
	for _, x := range r.rules {
		out = append(out, x.Name)
	}
	return out
}

// prepare makes the pattern of the phrases. They are plain words: only "~" has
// a meaning of its own.
func (x *Rule) prepare() {
	if len(x.Phrases) == 0 || x.text != nil {
		return
	}
	quoted := make([]string, len(x.Phrases))
	for i, p := range x.Phrases {
		p = strings.ReplaceAll(p, "|", " ")
		quoted[i] = regexp.QuoteMeta(strings.Join(strings.Fields(p), " "))
	}
	x.text = wording.Words(strings.Join(quoted, "|"))
}

// explain returns the rules that explain a message. Families come first.
func (w *waver) explain(m *message) []Explanation {
	var out []Explanation
	if m.Publishers < w.o.MinAccounts {
		names := map[string]bool{}
		var list []string
		for _, a := range m.Members {
			if f := w.o.Publishers.Family(a); f != nil && !names[f.Name] {
				names[f.Name] = true
				list = append(list, "“"+f.Name+"”")
			}
		}
		out = append(out, Explanation{string(OnePublisher), OnePublisher, fmt.Sprintf("its %d accounts are %d publishers: see the family %s",
			m.Accounts, m.Publishers, strings.Join(list, ", ")), len(m.Posts), len(m.Posts)})
	}
	for i := range w.o.Rules.rules {
		x := &w.o.Rules.rules[i]
		n, why := 0, x.Why
		if x.test != nil {
			n, why = x.test(w, m)
		} else {
			for _, p := range m.Posts {
				if w.marked(x, m, p) {
					n++
				}
			}
		}
		if 2*n > len(m.Posts) {
			out = append(out, Explanation{x.Name, x.Kind, why, n, len(m.Posts)})
		}
	}
	return out
}

// marked reports whether a post bears a mark of a rule.
func (w *waver) marked(x *Rule, m *message, p uint32) bool {
	i := w.r.Post(p)
	if x.text != nil && x.text.MatchString(i.Text) {
		return true
	}
	if len(x.People) > 0 {
		a := w.r.Account(i.Account)
		if slices.ContainsFunc(x.People, func(s string) bool {
			s = strings.TrimPrefix(s, "@")
			return s == a.ID || strings.EqualFold(s, a.Name) || s == a.Platform+"/"+a.ID
		}) {
			return true
		}
	}
	if len(x.Links) == 0 && len(x.Tags) == 0 {
		return false
	}
	links, tags := w.objectsOf(m, p, i.Text)
	for _, l := range links {
		l = plainLink(l)
		if slices.ContainsFunc(x.Links, func(s string) bool { return within(l, s) }) {
			return true
		}
	}
	for _, t := range tags {
		t = normal(t)
		if slices.ContainsFunc(x.Tags, func(s string) bool { return strings.HasPrefix(t, s) }) {
			return true
		}
	}
	return false
}

// plainLink is an address without scheme, "www." and a slash at its end.
func plainLink(s string) string {
	s = address.Canonical(s)
	_, s, _ = strings.Cut(s, "://")
	return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(s), "www."), "/")
}

// within reports whether an address lies on a site, one of its subdomains, or
// below a path of it.
func within(link, at string) bool {
	host, path, _ := strings.Cut(link, "/")
	site, below, _ := strings.Cut(at, "/")
	return (host == site || strings.HasSuffix(host, "."+site)) && (below == "" || path == below || strings.HasPrefix(path, below+"/") || strings.HasPrefix(path, below+"?"))
}

// objectsOf returns the links and hashtags of a post: those that its platform
// listed, where the trace was asked for, and those in its text.
func (w *waver) objectsOf(m *message, p uint32, text string) (links, tags []string) {
	links, tags, _ = inText(text)
	switch m.Trace {
	case Link, LinkRaw:
		links = append(links, m.Name)
	case Hashtag:
		tags = append(tags, m.Name)
	case HashtagSeq:
		tags = append(tags, strings.Fields(m.Name)...)
	}
	for _, n := range w.listed()[p] {
		o := &w.r.c.objects[n.table]
		name := w.r.c.strings.get(o.names[n.object], 1)[0]
		if o.trace == Hashtag {
			tags = append(tags, name)
		} else {
			links = append(links, name)
		}
	}
	return links, tags
}

// A listing is an object that a post names.
type listing struct {
	table  int
	object uint32
}

// listed returns the links and hashtags of every post of a message at hand,
// made once.
func (w *waver) listed() map[uint32][]listing {
	w.listing.Do(func() {
		w.lists = map[uint32][]listing{}
		wanted := map[uint32]bool{}
		for i := range w.found {
			for _, p := range w.found[i].Posts {
				wanted[p] = true
			}
		}
		for t := range w.r.c.objects {
			o := &w.r.c.objects[t]
			if o.trace != Link && o.trace != LinkRaw && o.trace != Hashtag {
				continue
			}
			for k, p := range o.post {
				if wanted[p] {
					w.lists[p] = append(w.lists[p], listing{t, o.obj[k]})
				}
			}
		}
	})
	return w.lists
}
