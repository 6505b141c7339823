package appeal

import "testing"

func TestUnglue(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"URGENTAPPEAL - THE OBSERVATORY", "URGENT APPEAL - THE OBSERVATORY"},
		{"Arbitrarydetention", "Arbitrary detention"},
		{"TheObservatory for the Protection", "The Observatory for the Protection"},
		{"a joint programme ofthe International", "a joint programme of the International"},
		{"World OrganisationAgainst Torture", "World Organisation Against Torture"},
		{"partnership of theWorld Organisation", "partnership of the World Organisation"},
		{"requests your urgentintervention in", "requests your urgent intervention in"},
		{"Briefdescription of the situation:", "Brief description of the situation:"},
		{"Accordingto the information received", "According to the information received"},
		{"OnJanuary 9, 2010", "On January 9, 2010"},
		{"January10, 2011", "January 10, 2011"},
		{"of Ms.Example Lawyer", "of Ms. Example Lawyer"},
		// What must stay as it is.
		{"YouTube into therein without another together inform", "YouTube into therein without another together inform"},
		{"ProtectDefenders.eu and troll-factory", "ProtectDefenders.eu and troll-factory"},
		{"https://x.example/oftheworld?TheObservatory", "https://x.example/oftheworld?TheObservatory"},
		{"parfois surtout delantero", "parfois surtout delantero"},
	} {
		s := &source{lines: []line{{text: c.in}}}
		s.unglue()
		if got := s.lines[0].text; got != c.want {
			t.Errorf("unglue(%q) = %q, want %q", c.in, got, c.want)
		}
		if (len(s.warns) > 0) != (c.in != c.want) {
			t.Errorf("unglue(%q) warned %v", c.in, s.warns)
		}
	}
}
