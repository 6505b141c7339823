package appeal

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// importFile imports one file of the real data.
func importFile(t testing.TB, file string) *Appeal {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Import(filepath.Base(file), data, Options{})
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(file), err)
	}
	return a
}

// TestSamples compares every field of the table of samples, and prints the
// share that is right: go test -v -run TestSamples ./appeal
func TestSamples(t *testing.T) {
	dir := realData(t)
	right, all := map[string]int{}, map[string]int{}
	for _, r := range readCSV(t, filepath.Join(dir, "samples_expected.csv")) {
		a := importFile(t, filepath.Join(dir, "samples", r["file"]))
		check := func(field, got, want string) {
			all[field]++
			if got == want {
				right[field]++
			} else {
				t.Errorf("%s: %s = %q, want %q", r["file"], field, got, want)
			}
		}
		want := r["kind"]
		if want == "other_org" {
			want = Other
		}
		check("kind", a.Kind, want)
		check("date", a.Date, r["doc_date"])
		check("language", a.Language, r["lang"])
		if r["country"] == "" {
			check("code", codeText(a), "")
			continue
		}
		check("code", codeText(a), r["code_printed"])
		if a.Code == nil {
			continue
		}
		printed, iso, other := strings.Cut(r["country"], "->")
		if !other {
			iso = printed
		}
		check("country", a.Code.Country+" "+a.Code.ISO(), printed+" "+iso)
		check("numbers", a.Code.Seq+" "+a.Code.Date+" "+a.Code.Serial, r["seq"]+" "+r["mmyy"]+" "+r["obs"])
		update := ""
		if a.Code.Update != nil {
			update = *a.Code.Update
		}
		check("update", update, r["update"])
		var labels []string
		for _, v := range a.Violations {
			labels = append(labels, v.Label)
		}
		check("violations", strings.Join(labels, "|"), r["types"])
		place := r["geo"]
		if place == "" { // no country line: the opening formula names it
			place = map[string]string{"IRN": "Iran", "EGY": "Egypt", "GTM": "Guatemala", "RDC": "République Démocratique du Congo"}[printed]
		}
		check("place", a.Place, place)
	}
	seed := importFile(t, filepath.Join(dir, "seed-kaz-001-0120-obs-050.en.txt"))
	tell := func(field string, ok bool) {
		all[field]++
		if ok {
			right[field]++
		} else {
			t.Errorf("the seed: %s wrong", field)
		}
	}
	tell("actions", len(seed.Actions) == 6)
	tell("addressees", len(seed.Addressees) == 5)
	tell("footnotes", len(seed.Footnotes) == 7)
	var fields []string
	for f := range all {
		fields = append(fields, f)
	}
	sort.Strings(fields)
	for _, f := range fields {
		t.Logf("%-12s %d of %d", f, right[f], all[f])
	}
}

func codeText(a *Appeal) string {
	if a.Code == nil {
		return ""
	}
	return a.Code.Printed
}

// TestSeed reads the one whole real appeal.
func TestSeed(t *testing.T) {
	a := importFile(t, filepath.Join(realData(t), "seed-kaz-001-0120-obs-050.en.txt"))
	if len(a.Sections) != 4 || a.Sections[1].Kind != SectionDescription || a.Sections[1].Heading != "Description of the situation" {
		t.Fatalf("sections: %+v", a.Sections)
	}
	text := a.Sections[1].Text
	var marks []int
	for _, s := range a.Sections {
		marks = append(marks, Marks(s.Text)...)
	}
	for i := 1; i <= 7; i++ {
		if len(marks) != 7 || marks[i-1] != i {
			t.Fatalf("footnote marks %v, want 1 to 7 in order", marks)
		}
	}
	if n := len(Paragraphs(text)); n != 10 {
		t.Errorf("%d paragraphs of description, want 10", n)
	}
	for _, not := range []string{"FIDH member organisation.", "https://", "fbclid", "See:", "\n \n"} {
		if strings.Contains(text, not) {
			t.Errorf("the running text holds %q", not)
		}
	}
	var channels []string
	for _, d := range a.Addressees {
		channels = append(channels, strings.Join(d.Phone, "+")+"|"+strings.Join(d.Fax, "+")+"|"+strings.Join(d.Email, "+")+"|"+strings.Join(d.Handle, "+"))
	}
	// The channels are real people's: only their hash stands here. It was
	// taken from the printed page, read by eye.
	const want = "7eacc3aa9f4da484d73cbb2f531eeee314ce24916e37baee9f8866099e525634"
	if got := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(channels, "\n")))); got != want {
		t.Errorf("the channels of the five addressees differ from the page: %s", got)
	}
	if len(a.Unread) != 0 {
		t.Errorf("unread: %q", a.Unread)
	}
	if a.SignOff.Place != "Paris-Geneva" || a.SignOff.Date != "2020-05-11" || len(a.Contacts) != 5 || a.About == "" || a.ReplyLine == "" {
		t.Errorf("the closing: %+v %d contacts", a.SignOff, len(a.Contacts))
	}
}
