package appeal

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/names"
)

// CaseContext is what the rules look at that need the case behind an appeal.
type CaseContext struct {
	File     *casefile.File
	Document casefile.Document
	Now      time.Time

	// Secrets are the sealed sources that a reader opened, by the ID of the
	// source. Without them a name cannot be looked for: the rule source-leak
	// then says that nobody looked, and that blocks publishing.
	Secrets map[casefile.ID]casefile.Secret
	// Notes are the sealed call notes that a reader opened: their words and
	// their hour must not stand in the text.
	Notes []casefile.CallNote
	// Reached says what a kept report of a detection reached; nil leaves the
	// rule finding-wording out.
	Reached func(report evidence.Ref) (Reached, bool)
	// Kept says whether a copy of a link is kept; nothing is fetched. nil
	// leaves the rule dead-evidence-link out.
	Kept func(link string) bool
}

// NeverAccepted are the rules that nobody can let pass: they are promises.
var NeverAccepted = []string{"source-leak", casefile.RuleUncited, casefile.RuleConsent}

// Blocking returns the errors that nobody accepted with a reason: with one of
// them a document is not published. An acceptance without a place accepts the
// rule wherever it speaks.
func Blocking(f *casefile.File, d casefile.Document, findings []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(x Finding) bool {
		return x.Severity != SeverityError || !slices.Contains(NeverAccepted, x.Rule) &&
			slices.ContainsFunc(f.Acceptances, func(a casefile.Acceptance) bool {
				return a.Document == d.ID && a.Rule == x.Rule && (a.Where == "" || a.Where == x.Where) && a.Check() == nil
			})
	})
}

// checkCase applies the rules that need the case.
func (c *checker) checkCase() {
	x := c.o.Case
	if x == nil {
		return
	}
	k := &caseChecker{checker: c, CaseContext: x, f: x.File}
	b, err := c.a.Encode()
	if err != nil {
		return
	}
	casefile.EachText(b, func(where, text string) {
		k.all = append(k.all, placedText{strings.TrimSuffix(where, ".text"), text})
	})
	k.consents()
	k.leaks()
	k.uncited()
	k.findings()
	k.codes()
	k.register()
	k.stale()
	k.deadLinks()
	k.overtaken()
}

type caseChecker struct {
	*checker
	*CaseContext
	f   *casefile.File
	all []placedText // every text of the document: what is printed, links, contacts
}

type placedText struct{ where, text string }

// others are the names of everybody else who stands in the document by right:
// a word of theirs is not a sign of the person looked for.
func (k *caseChecker) others(except casefile.ID) []string {
	var out []string
	for _, p := range k.f.Persons {
		if p.ID != except {
			out = append(out, p.Names()...)
		}
	}
	for _, h := range k.f.Holders {
		out = append(out, h.Name)
	}
	for _, d := range k.a.Addressees {
		out = append(out, d.Name)
	}
	return out
}

// consents reports every place where somebody is named who did not agree to
// this use or to this version, and sensitive facts told without their own
// consent.
func (k *caseChecker) consents() {
	to, versions := casefile.Audience(k.Document.Audience), k.f.Hashes(k.Document)
	for _, p := range k.f.Persons {
		ok, why := k.f.MayName(p.ID, to, versions, k.Now)
		if ok {
			continue
		}
		m, others := names.Compile(p.Names()), names.Compile(k.others(p.ID))
		for _, t := range k.all {
			if len(names.Outside(m.Find(t.text), others.Find(t.text))) > 0 {
				k.report(casefile.RuleConsent, SeverityError, t.where, why, "ask, or record why that was impossible, or draft it again: a label then stands for the name")
			}
		}
	}
	for _, s := range k.f.Statements {
		if ok, why := k.f.MayTell(s, to, versions, k.Now); !ok {
			if where, told := k.told(s); told {
				k.report(casefile.RuleConsent, SeverityError, where, fmt.Sprintf("statement %d: %s", s.ID, why), "ask for this very fact, or take it out")
			}
		}
	}
}

// told returns where a statement stands in the document.
func (k *caseChecker) told(s casefile.Statement) (where string, ok bool) {
	text, has := s.In(k.a.Language)
	if !has {
		return "", false
	}
	re := statementPattern(text)
	for _, p := range k.texts {
		if re.MatchString(flat(p.text)) {
			return p.where, true
		}
	}
	return "", false
}

// flat is a text without marks and line breaks, so that an edited layout does
// not matter.
func flat(s string) string { return oneLine(WithoutMarks(s)) }

// statementPattern matches a statement as a draft may have printed it: its
// slots are whatever stands in their place.
func statementPattern(text string) *regexp.Regexp {
	const slot = "\x00"
	plain := casefile.FillSlots(text, func(s casefile.Slot) string {
		if s.Kind == "cite" || s.Kind == "note" {
			return ""
		}
		return slot
	})
	parts := strings.Split(flat(plain), slot)
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	return regexp.MustCompile(`(?i)` + strings.Join(parts, `.{1,200}?`))
}

// uncited reports statements without their ground, and sentences of the text
// that no statement of the case says.
func (k *caseChecker) uncited() {
	for _, f := range k.f.Uncited() {
		k.report(f.Rule, SeverityError, f.Where, f.Message, f.Remedy)
	}
	var said []*regexp.Regexp
	for _, s := range k.f.Statements {
		if text, ok := s.In(k.a.Language); ok {
			said = append(said, statementPattern(text))
		}
	}
	for _, p := range k.texts {
		if !p.narrative() || p.kind == SectionOpening || p.kind == "title" {
			continue
		}
		for _, para := range Paragraphs(p.text) {
			if p.kind == SectionBackground && len(FindCodes(para)) > 0 {
				continue // the recall, which the program writes
			}
			rest := flat(para)
			for _, re := range said {
				rest = re.ReplaceAllString(rest, "\n")
			}
			for _, r := range strings.Split(rest, "\n") {
				if strings.ContainsFunc(r, func(r rune) bool { return r > 127 || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }) {
					k.report(casefile.RuleUncited, SeverityError, p.where, "no statement of the case says "+quote(r), "write it as a statement with its ground, and draft again")
				}
			}
		}
	}
}

// leaks looks for what is sealed in every text of the document: names in any
// script, the Refs, words and hours of sealed items. It tells the place, never
// the match.
func (k *caseChecker) leaks() {
	const rule = "source-leak"
	tell := func(where, what string) {
		k.report(rule, SeverityError, where, what, "take it out; the formula of the sources stands for it")
	}
	var closed, sealed []string
	for _, s := range k.f.Sources {
		secret, ok := k.Secrets[s.ID]
		switch {
		case !ok && len(s.Sealed) > 0:
			closed = append(closed, s.Label)
		case ok:
			sealed = append(sealed, secret.Name)
			for _, a := range secret.Aliases {
				sealed = append(sealed, a.Text)
			}
		}
	}
	if len(closed) > 0 {
		k.report(rule, SeverityError, "document", "not checked: ask a reader of "+strings.Join(closed, ", "), "somebody who reads all the sources runs the check and publishes")
	}
	m, others := names.Compile(sealed), names.Compile(k.may())
	for _, t := range k.everything() {
		spans := m.Find(t.text)
		if len(spans) > 0 && len(outsideWhole(spans, others.Find(t.text))) > 0 {
			tell(t.where, "a name of a sealed source stands here")
		}
	}
	for _, s := range k.f.Statements {
		for _, c := range s.Cites {
			if !c.Sealed {
				continue
			}
			for _, t := range k.all {
				low := strings.ToLower(t.text)
				if strings.Contains(low, c.Ref.String()[:12]) || len(c.Note) > 3 && strings.Contains(low, strings.ToLower(c.Note)) {
					tell(t.where, fmt.Sprintf("the Ref or the number of a sealed item of statement %d stands here", s.ID))
				}
			}
		}
	}
	for _, n := range k.Notes {
		// The clock of the place is whole hours away from UTC in most places.
		hour := regexp.MustCompile(`\b(?:` + n.When.UTC().Format("15[.:]04") + `|\d{1,2}:` + n.When.UTC().Format("04") + `)\b`)
		words := strings.Fields(strings.ToLower(n.Text))
		for _, t := range k.all {
			if hour.MatchString(t.text) {
				tell(t.where, "the exact hour of a sealed call stands here")
			}
			low := oneLine(strings.ToLower(t.text))
			for i := 0; i+quotedWords <= len(words); i++ {
				if strings.Contains(low, strings.Join(words[i:i+quotedWords], " ")) {
					tell(t.where, "words of a sealed note stand here")
					break
				}
			}
		}
	}
}

// quotedWords is how many words in a row are a quotation.
const quotedWords = 5

// everything is every text, and what the file says about itself.
func (k *caseChecker) everything() []placedText {
	out := slices.Clone(k.all)
	if k.a.File != nil {
		for _, key := range slices.Sorted(maps.Keys(k.a.File.Properties)) {
			out = append(out, placedText{"file", k.a.File.Properties[key]})
		}
	}
	return out
}

// may are the names of those who may be named to the audience: a source who is
// also the person concerned, and agreed to that, is not given away by it.
func (k *caseChecker) may() []string {
	var out []string
	for _, p := range k.f.Persons {
		if ok, _ := k.f.MayName(p.ID, casefile.Audience(k.Document.Audience), nil, k.Now); ok {
			out = append(out, p.Names()...)
		}
	}
	for _, h := range k.f.Holders {
		out = append(out, h.Name)
	}
	return out
}

// outsideWhole drops a span that lies in the whole name of somebody who may be
// named, even when it is that very name.
func outsideWhole(spans, others []names.Span) []names.Span {
	return slices.DeleteFunc(slices.Clone(spans), func(s names.Span) bool {
		return slices.ContainsFunc(others, func(o names.Span) bool { return o.Whole && o.From <= s.From && s.To <= o.To })
	})
}

// codes compares the printed code with the register and with what was
// published before.
func (k *caseChecker) codes() {
	c := k.a.Code
	if c == nil || k.a.Kind != UrgentAppeal && k.a.Kind != NewInformation {
		return
	}
	seq, _ := strconv.Atoi(digits(c.Seq))
	serial, _ := strconv.Atoi(digits(c.Serial))
	entry := -1
	for i, r := range k.f.Register {
		if r.Country == c.ISO() && r.Seq == seq && r.Serial == serial && r.MMYY == c.Date && r.Prefix == c.prefix() {
			entry = i
		}
	}
	switch {
	case entry < 0 && !slices.ContainsFunc(k.f.Codes, func(p casefile.PrintedCode) bool { return p.Key == c.Key() }):
		k.report("code-sequence", SeverityError, "code", c.Printed+" stands in no entry of the register", "take the code that the review allocated")
	case entry < 0:
	case k.f.Register[entry].Case != k.f.Case.ID:
		k.report("code-sequence", SeverityError, "code", c.Printed+" is the number of another case", "take the code that the review allocated")
	case k.f.Register[entry].State == casefile.Void:
		k.report("code-sequence", SeverityError, "code", c.Printed+" is void: "+k.f.Register[entry].Reason, "draft it again in every language, and the review allocates the next number")
	default:
		k.order(k.f.Register[entry])
	}
	k.update(c)
}

// order warns of a neighbour of the year whose number runs against its month.
func (k *caseChecker) order(mine casefile.Register) {
	at, ok := monthOf(mine.MMYY[:2], mine.MMYY[2:])
	for _, r := range k.f.Register {
		other, known := monthOf(r.MMYY[:2], r.MMYY[2:])
		if !ok || !known || r.Year != mine.Year || r.Prefix != mine.Prefix || r.State == casefile.Void {
			continue
		}
		if r.Serial < mine.Serial && other.After(at) || r.Serial > mine.Serial && other.Before(at) {
			k.report("code-sequence", SeverityWarning, "code", fmt.Sprintf("%s %03d of %s runs against %s %03d of %s", mine.Prefix, mine.Serial, mine.MMYY, r.Prefix, r.Serial, r.MMYY), "compare month and number with the register")
			return
		}
	}
}

// update checks the number of an update against what was published before.
func (k *caseChecker) update(c *Code) {
	last := -1 // highest update published, -1 for nothing
	frozen := true
	for _, d := range k.f.Documents {
		if d.State != casefile.StatePublished || d.Code == "" || d.ID == k.Document.ID || k.Document.RevisionOf == d.ID || d.Update == k.Document.Update && k.Document.RevisionOf != 0 {
			continue
		}
		old, err := ParseCode(d.Code, c.prefix())
		if err != nil || d.Update == c.UpdateNumber() && d.Language != k.a.Language {
			continue
		}
		frozen = frozen && old.Key() == c.Key()
		last = max(last, d.Update)
	}
	const rule = "code-update"
	n := c.UpdateNumber()
	switch {
	case k.a.Kind == NewInformation && c.Update == nil:
		k.report(rule, SeverityError, "code", "an update without its number behind the code", fmt.Sprintf("print .%d behind it", max(last, 0)+1))
	case k.a.Kind == UrgentAppeal && c.Update != nil:
		k.report(rule, SeverityError, "code", "a first appeal bears the number of an update", "make it new information, or take the number off")
	case last >= 0 && !frozen:
		k.report(rule, SeverityError, "code", "the code of a case is frozen, and this is not the one it was published under", "copy the code of the first appeal and add the number of the update")
	case n > 0 && last < 0 && !slices.ContainsFunc(k.f.Codes, func(p casefile.PrintedCode) bool { return p.Key == c.Key() }):
		k.report(rule, SeverityError, "code", "an update of an appeal that was never published", "publish the first appeal, or import the code it was printed under")
	case n > 0 && last >= 0 && n != last+1:
		k.report(rule, SeverityError, "code", fmt.Sprintf("update %d follows update %d", n, last), fmt.Sprintf("the next number is %d", last+1))
	case n == 0 && last >= 0:
		k.report(rule, SeverityError, "code", "the case has a published appeal already", "make this new information, with the number of an update, or a visible revision")
	}
}

// channelAge is how long a channel counts as checked.
const channelAge = 180 * 24 * time.Hour

// register compares the addressees with the dated register.
func (k *caseChecker) register() {
	if len(k.f.Authorities) == 0 {
		return
	}
	const rule = "addressee-out-of-date"
	day := casefile.Date{Day: k.Now.Format(time.DateOnly), Precision: casefile.Exact}
	for i, x := range k.a.Addressees {
		where := placeOf("addressees", i)
		j := slices.IndexFunc(k.f.Authorities, func(a casefile.Authority) bool {
			return a.Office == x.Office || slices.ContainsFunc(a.Offices, func(t casefile.Text) bool { return t.Text == x.Office })
		})
		if j < 0 {
			k.report(rule, SeverityWarning, where, "this office stands in no entry of the register", "enter it, with proof of each channel")
			continue
		}
		au := k.f.Authorities[j]
		h, ok := HolderOn(k.f, au.ID, day)
		switch {
		case !ok && x.Name != "":
			k.report(rule, SeverityError, where, fmt.Sprintf("the register names nobody in this office on %s", day), "look up who holds it")
		case ok && x.Name != h.Name:
			k.report(rule, SeverityError, where, fmt.Sprintf("on %s the register names somebody else in this office", day), "draft it again")
		}
		for _, value := range slices.Concat(x.Email, x.Phone, x.Fax, x.Handle, x.Website) {
			k.channel(where, au.ID, value)
		}
	}
}

// channel checks one printed channel.
func (k *caseChecker) channel(where string, authority casefile.ID, value string) {
	const rule = "addressee-out-of-date"
	i := slices.IndexFunc(k.f.Channels, func(c casefile.Channel) bool { return c.Authority == authority && c.Value == value })
	if i < 0 {
		k.report(rule, SeverityWarning, where, quote(value)+" is not in the register", "enter it with its proof, or take it out")
		return
	}
	c := k.f.Channels[i]
	_, checked, ok := c.Checked.Span()
	switch {
	case !c.Bounced.IsZero():
		k.report(rule, SeverityError, where, fmt.Sprintf("%s came back on %s", quote(value), c.Bounced), "look up another, or take it out")
	case !ok:
		k.report(rule, SeverityWarning, where, quote(value)+" was never checked", "check it, and note the day")
	case k.Now.Sub(checked) > channelAge:
		k.report(rule, SeverityWarning, where, fmt.Sprintf("%s was last checked on %s", quote(value), c.Checked), "check it again")
	}
}

// statusAge is how long the news of a held or missing person is fresh.
const statusAge = 24 * time.Hour

// stale reports acts whose victim is held or missing and was not heard of for a
// day.
func (k *caseChecker) stale() {
	for _, a := range k.f.Acts {
		if a.Status != "missing" && a.Status != "held" && !strings.HasPrefix(a.Status, "held-") {
			continue
		}
		since := "it was never confirmed"
		if !a.ConfirmedAt.IsZero() {
			if k.Now.Sub(a.ConfirmedAt) <= statusAge {
				continue
			}
			since = "it was last confirmed on " + a.ConfirmedAt.UTC().Format("2006-01-02 15:04 MST")
		}
		k.report("status-stale", SeverityError, fmt.Sprintf("act %d", a.ID), fmt.Sprintf("the status is “%s”; %s", a.Status, since), "ask, and note when it was confirmed; the news of a held or missing person is good for 24 hours")
	}
}

// deadLinks reports links of the text and its notes of which no copy is kept.
func (k *caseChecker) deadLinks() {
	if k.Kept == nil {
		return
	}
	ask := func(where, link string) {
		if strings.HasPrefix(link, "http") && !k.Kept(link) {
			k.report("dead-evidence-link", SeverityError, where, "no copy is kept of "+quote(link), "keep the page as evidence and cite it")
		}
	}
	for i, n := range k.a.Footnotes {
		for _, link := range n.Links {
			ask(placeOf("footnotes", i), link)
		}
	}
	for _, l := range k.a.Links {
		if strings.HasPrefix(l.Where, "sections") || strings.HasPrefix(l.Where, "footnotes") {
			ask(l.Where, l.URL)
		}
	}
}

// overtaken reports a request about a bill whose next date has passed: the
// case wants an update.
func (k *caseChecker) overtaken() {
	for _, b := range k.f.Bills {
		_, next, ok := b.Next.Span()
		if !ok || k.Now.Before(next) {
			continue
		}
		for i, x := range k.a.Actions {
			if strings.Contains(strings.ToLower(x.Text), strings.ToLower(b.Title)) {
				k.report("request-overtaken", SeverityWarning, placeOf("actions", i), fmt.Sprintf("bill %d was due on %s, and the request still speaks of it as pending", b.ID, b.Next), "look up what became of it; a published request wants an update")
			}
		}
	}
}
