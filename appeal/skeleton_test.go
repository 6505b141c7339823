package appeal

import (
	"strings"
	"testing"
)

func TestSkeleton(t *testing.T) {
	for _, l := range SkeletonLanguages {
		b, err := Skeleton(l)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Import("new.md", b, Options{})
		if err != nil {
			t.Errorf("the skeleton in %s does not read: %v", l, err)
			continue
		}
		if len(a.Actions) != 6 || len(a.Addressees) != 3 || len(a.Footnotes) != 1 || a.Language != l || len(a.Sections) != 5 {
			t.Errorf("the skeleton in %s: %d actions, %d addressees, %d notes, %d sections, language %q", l, len(a.Actions), len(a.Addressees), len(a.Footnotes), len(a.Sections), a.Language)
		}
		for _, s := range a.Sections {
			if strings.Contains(s.Text, "<!--") || strings.Contains(s.Text, "section:") {
				t.Errorf("the skeleton in %s prints a comment: %q", l, s.Text)
			}
		}
		for _, v := range a.Violations {
			if v.Key == nil {
				t.Errorf("the skeleton in %s: the violation %q is not of the vocabulary", l, v.Label)
			}
		}
		found := 0
		for _, w := range a.Warnings {
			if w.Rule == "placeholder" {
				found++
			} else {
				t.Errorf("the skeleton in %s warns: %s", l, w.Message)
			}
		}
		if found < 8 {
			t.Errorf("the skeleton in %s: only %d open slots were seen", l, found)
		}
		roundTrip(t, "skeleton "+l, a)
		// The formulae of the skeleton are those the importer knows.
		plain := a.Sections[0].Text + "\n\n" + a.Sections[1].Heading + "\n\n" + a.Sections[1].Text + "\n\n" + a.Sections[3].Heading + "\n\n" + a.Sections[3].Text + "\n\n"
		for _, x := range a.Actions {
			plain += x.Marker + " " + x.Text + "\n\n"
		}
		plain += a.Sections[4].Heading + ":\n\n• " + a.Addressees[1].Honorific + " Orman Velk, " + a.Addressees[1].Office + ", Fax: +999 12 34 56\n\n" + a.Sections[4].Text + "\n\n***\n\n" + a.ReplyLine + "\n\n" + a.ContactLine + "\n\nE-mail: a@b.example\n"
		got, err := Import("x.txt", []byte(plain), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Actions) != 6 || len(got.Addressees) != 1 || len(got.Contacts) != 1 || got.Language != l || got.ReplyLine == "" || len(got.Unread) != 0 || got.Section(SectionAddresses).Text == "" {
			j, _ := got.Encode()
			t.Errorf("the skeleton in %s as plain text: %s", l, j)
		}
	}
	if _, err := Skeleton("xx"); err == nil {
		t.Error("a skeleton in xx was written")
	}
}
