package appeal

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/internal/phone"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// checkCode applies code-form and code-date.
func (c *checker) checkCode() {
	a := c.a
	if a.Code == nil {
		if a.Kind == UrgentAppeal || a.Kind == NewInformation {
			c.report("code-form", SeverityWarning, "code", "the appeal prints no code", "print its code under the title, so that replies can quote it")
		}
		return
	}
	date := a.Date
	if date == "" {
		date = a.SignOff.Date
	}
	day := dayOf(date)
	for _, w := range a.Code.Check(day, a.Kind == NewInformation) {
		remedy := "compare it with the register; the printed code stays the identity until a correction is published"
		switch {
		case w.Rule == "code-date" && !day.IsZero() && a.Code.Update == nil:
			better := *a.Code
			better.Date = day.Format("0106")
			remedy = fmt.Sprintf("if this is the first appeal of the case, print %s", better)
		case w.Rule == "code-date":
			remedy = "an update keeps the month and year of the first appeal of its case: look it up in the register"
		}
		c.report(w.Rule, SeverityWarning, w.Where, w.Message, remedy)
	}
	for _, part := range strings.Split(a.Place, "/") {
		iso := CountryNamed(part)
		if iso == "" {
			continue
		}
		if iso == a.Code.ISO() {
			return
		}
		if !strings.Contains(a.Place, "/") && isCountry(a.Code.ISO()) {
			c.report("code-form", SeverityWarning, "code", fmt.Sprintf("the code is of %s, but the appeal is about %s", a.Code.Country, oneLine(a.Place)),
				"use the letters of the country the appeal is about")
		}
	}
}

// checkLinks applies tracking-link and search-link to every address once.
func (c *checker) checkLinks() {
	seen := map[string]bool{}
	one := func(where, raw string) {
		if raw == "" || seen[raw] || strings.HasPrefix(raw, "mailto:") || strings.HasPrefix(raw, "tel:") {
			return
		}
		seen[raw] = true
		ad, ok := address.Parse(raw)
		if !ok {
			return
		}
		tracking, session := address.Tracking(raw)
		params := append(tracking, session...)
		if ad.Kind == address.Search && isSearchPage(raw) {
			msg := fmt.Sprintf("the link to %s is a page of search results, different for every reader and every day", ad.Host)
			if len(params) > 0 {
				msg += ", and carries the session of the person who copied it (" + strings.Join(params, ", ") + ")"
			}
			c.report("search-link", SeverityWarning, where, msg, "link to the page that was meant, or print the words without a link")
			return
		}
		if len(params) > 0 {
			c.report("tracking-link", SeverityWarning, where, fmt.Sprintf("the link %s carries %s, which follows its reader", cutText(withoutQuery(raw), 80), strings.Join(params, ", ")),
				"print "+ad.Canonical)
		}
	}
	for i, f := range c.a.Footnotes {
		for _, l := range f.Links {
			one(placeOf("footnotes", i), l)
		}
	}
	for _, p := range c.texts {
		for _, l := range address.Find(p.text) {
			one(p.where, l)
		}
	}
	for i, l := range c.a.Links {
		where := l.Where
		if where == "" {
			where = placeOf("links", i)
		}
		one(where, l.URL)
	}
	for i, d := range c.a.Addressees {
		for j, l := range d.Website {
			one(placeOf("addressees", i)+"."+placeOf("website", j), l)
		}
	}
	for i, x := range c.a.Contacts {
		if x.Kind == "website" {
			one(placeOf("contacts", i), x.Value)
		}
	}
}

// isSearchPage keeps hashtags and feeds of a platform apart from the results
// of a search engine or a search form.
func isSearchPage(raw string) bool {
	l := strings.ToLower(raw)
	return strings.Contains(l, "search") || strings.ContainsAny(l, "?") && !strings.Contains(l, "/hashtag/")
}

func withoutQuery(raw string) string {
	s, _, _ := strings.Cut(raw, "?")
	return s
}

// checkChannels applies channel-missing, phone-format and email-format.
func (c *checker) checkChannels() {
	a := c.a
	if (a.Kind == UrgentAppeal || a.Kind == NewInformation) && len(a.Addressees) == 0 && len(a.Actions) > 0 {
		c.report("channel-missing", SeverityWarning, "addressees", "the appeal asks to write to the authorities and names no addressee", "add the addressees with an e-mail or postal address each")
	}
	for i, d := range a.Addressees {
		at := placeOf("addressees", i)
		who := nameOf(d)
		if who == "" {
			who = fmt.Sprintf("addressee %d", i+1)
		}
		switch {
		case len(d.Email)+len(d.Phone)+len(d.Fax)+len(d.Handle)+len(d.Website) == 0 && d.Address == "":
			c.report("channel-missing", SeverityWarning, at, who+" has no channel: nobody can write", "add an e-mail or postal address, or take the addressee out")
		case len(d.Email)+len(d.Phone) == 0 && d.Address == "" && a.Kind != Letter:
			c.report("channel-missing", SeverityNote, at, who+" has neither an e-mail or postal address nor a telephone number", "look for one: few supporters have a fax")
		}
		for j, v := range d.Phone {
			c.phone(at+"."+placeOf("phone", j), v, who)
		}
		for j, v := range d.Fax {
			if !containsString(d.Phone, v) {
				c.phone(at+"."+placeOf("fax", j), v, who)
			}
		}
		for j, v := range d.Email {
			c.email(at+"."+placeOf("email", j), v, who)
		}
		c.strayEmail(at, d.Note, who)
	}
	for i, x := range a.Contacts {
		switch x.Kind {
		case "phone", "fax":
			c.phone(placeOf("contacts", i), x.Value, "the organisation")
		case "email":
			c.email(placeOf("contacts", i), x.Value, "the organisation")
		}
	}
	for i, l := range a.Links {
		to, ok := strings.CutPrefix(l.URL, "mailto:")
		if !ok || l.Text == "" {
			continue
		}
		to, _, _ = strings.Cut(to, "?")
		if dec, err := url.PathUnescape(to); err == nil {
			to = dec
		}
		if shown := emailForm.FindString(l.Text); shown != "" && !strings.EqualFold(shown, strings.TrimSpace(to)) {
			where := l.Where
			if where == "" {
				where = placeOf("links", i)
			}
			c.report("email-format", SeverityWarning, where, fmt.Sprintf("the link behind %s writes to %s", shown, to), "make both the same")
		}
	}
}

// phone applies phone-format to one printed number.
func (c *checker) phone(where, printed, who string) {
	region := "" // the organisation may be anywhere
	if strings.HasPrefix(where, "addressees") {
		if region = CountryNamed(c.a.Place); region == "" && c.a.Code != nil {
			region = c.a.Code.ISO()
		}
	}
	if reason, remedy := phone.Check(printed, region); reason != "" {
		c.report("phone-format", SeverityWarning, where, fmt.Sprintf("%s (%s): %s", printed, who, reason), remedy)
	}
}

var (
	emailWhole = lazyre.New(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$`)
	emailLoose = lazyre.New(`\S+\s?(?:@|\(at\)|\[at\])\s?\S+`)
)

// email applies email-format to one printed address (RFC 5321 section 4.1.2,
// without quoted local parts, which no office prints).
func (c *checker) email(where, printed, who string) {
	v := strings.TrimSpace(printed)
	if emailWhole.MatchString(v) {
		return
	}
	reason := "is not an e-mail address"
	switch {
	case strings.IndexFunc(v, func(r rune) bool { return r > unicode.MaxASCII }) >= 0:
		reason = "holds a letter that is not Latin and only looks like one, or a foreign sign"
	case strings.ContainsAny(v, " \t"):
		reason = "holds a space"
	case strings.Count(v, "@") != 1:
		reason = "does not hold exactly one @"
	case strings.Contains(v, ".."):
		reason = "holds two full stops in a row"
	case !strings.Contains(v[strings.Index(v, "@"):], "."):
		reason = "has no dot behind the @"
	}
	c.report("email-format", SeverityWarning, where, fmt.Sprintf("%s (%s) %s", v, who, reason), "take the address from the page of the office, letter by letter")
}

// strayEmail looks for what should have been an address in what the importer
// could not place.
func (c *checker) strayEmail(where, note, who string) {
	for _, m := range emailLoose.FindAllString(note, -1) {
		c.email(where, strings.Trim(m, ".,;"), who)
	}
}
