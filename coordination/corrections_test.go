package coordination_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
)

func corrections(t *testing.T, s string) *coordination.Corrections {
	t.Helper()
	c, err := coordination.ReadCorrections(strings.NewReader(s), "c.csv")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCorrections(t *testing.T) {
	for _, c := range []struct {
		name, csv string
		want      map[string][]uint32 // name → posts; "" the rest, joined
		unmatched int
	}{
		{"an example names what is near it", "narrative,what,post,text\nforeign money,example,1,\n", map[string][]uint32{"foreign money": {0, 1, 2, 3}, "": {4, 5, 6}}, 0},
		{"by platform and id", "narrative,what,post\nforeign money,example,vk/1\n", map[string][]uint32{"foreign money": {0, 1, 2, 3}, "": {4, 5, 6}}, 0},
		{"by content", "what,narrative,text\nexample,foreign money,ПРАВОЗАЩИТНИКИ «Қанат» живут на иностранные гранты и собирают митинги! http://t.co/x\n", map[string][]uint32{"foreign money": {0, 1, 2, 3}, "": {4, 5, 6}}, 0},
		{"a post that lies elsewhere", "narrative,what,post\nforeign money,example,1\nforeign money,is,7\n", map[string][]uint32{"foreign money": {0, 1, 2, 3, 7}, "": {4, 5, 6}}, 0},
		{"one that does not belong", "narrative,what,post\nforeign money,example,1\nforeign money,not,3\n,not,6\n", map[string][]uint32{"foreign money": {0, 1, 2}}, 0},
		{"two examples join two groups", "narrative,what,post\nall of it,example,1\nall of it,example,4\n", map[string][]uint32{"all of it": {0, 1, 2, 3, 4, 5, 6}}, 0},
		{"the majority names, the others go with their own", "narrative,what,post\nmoney,example,0\nmoney,example,1\nmarches,example,3\n", map[string][]uint32{"money": {0, 1, 2}, "marches": {3}, "": {4, 5, 6}}, 0},
		{"a name without a group", "narrative,what,post\nwalks,is,7\n", map[string][]uint32{"walks": {7}, "": {0, 1, 2, 3, 4, 5, 6}}, 0},
		{"a post that is not there", "narrative,what,post\nwalks,is,999\n", map[string][]uint32{"": {0, 1, 2, 3, 4, 5, 6}}, 1},
	} {
		for range 2 { // the names outlive new posts that renumber everything
			posts := said(claims...)
			_, n := narratives(t, posts, coordination.NarrativeOptions{Corrections: corrections(t, c.csv), MinTexts: 3})
			got := map[string][]uint32{}
			for _, x := range n.List {
				got[x.Name] = append(got[x.Name], x.Posts...)
			}
			for _, list := range got {
				slices.Sort(list)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
			}
			if len(n.Unmatched) != c.unmatched {
				t.Errorf("%s: unmatched %v, want %d", c.name, n.Unmatched, c.unmatched)
			}
		}
	}
}

func TestCorrectionsMarked(t *testing.T) {
	_, n := narratives(t, said(claims...), coordination.NarrativeOptions{Corrections: corrections(t, "narrative,what,post\nmoney,example,1\nmoney,is,7\n")})
	x := n.List[0]
	if x.Name != "money" || x.Corrected != 1 || !x.Examples[0].Given || x.Examples[0].Post != 1 {
		t.Errorf("%+v", x)
	}
}

func TestReadCorrections(t *testing.T) {
	want := []coordination.Correction{{Line: 2, Narrative: "n", What: "is", Post: "5"}, {Line: 5, What: "not", Text: "a,\nb"}, {Line: 7, Narrative: "n", What: "example", Post: "7"}}
	got := corrections(t, "\uFEFFNarrative,What,post,text,note\nn,is,5,,mine\n# ,not,5\n,,,,\n,not,,\"a,\nb\",\nn,example,7\n")
	if d := cmp.Diff(want, got.Rows()); d != "" {
		t.Errorf("CSV (-want +got):\n%s", d)
	}
	want = []coordination.Correction{{Line: 2, Narrative: "n", What: "is", Post: "5"}, {Line: 4, What: "not", Text: "a"}}
	got = corrections(t, "[\n{\"narrative\":\"n\",\"what\":\"is\",\n\"post\":\"5\"},\n{\"what\":\"not\",\"text\":\"a\"}]")
	if d := cmp.Diff(want, got.Rows()); d != "" {
		t.Errorf("JSON (-want +got):\n%s", d)
	}
	for in, say := range map[string]string{
		"":                                            "line 1: the file is empty",
		"narrative,post\n":                            `line 1: no column "what"`,
		"narrative,what\nn,is\n":                      "line 2: neither post nor text",
		"what,post\nis,5\n":                           `line 2: "is" needs the name`,
		"narrative,what,post\nn,is,\xff\n":            "line 2: not UTF-8",
		"what,what,narrative,post\n":                  `line 1: the column "what" stands twice`,
		"narrative,what,post\n\nn,maybe,5":            `line 3: "maybe" is not known`,
		"narrative,what,post\n,is,5":                  `line 2: "is" needs the name`,
		"narrative,what,post\nn,is,\n":                "line 2: neither post nor text",
		"narrative,what,post\nn,is,5,6\n":             "line 2: 4 fields under 3 columns",
		"narrative,what,post\nn,is,\"5\n":             "line 2: extraneous or missing",
		"{}":                                          "line 1: the corrections are a list",
		"[\n{\"what\":\"is\",\n\"who\":1}]":           `line 3: json: unknown field "who"`,
		"[\n\n{\"what\":\"is\",\"narrative\":\"n\"}]": "line 3: neither post nor text",
		"[{\"what\":\"not\",\"post\":\"1\"}":          "line 1: the list does not end",
		"[\n{\"what\":\"not\",\"post\":\"1\"}]\n[]":   "something follows the list",
		"[\n{\"what\":\"not\",\"post\":\"1\"},\n{\"what\": 5}\n]\n": "line 3: json: cannot unmarshal",
	} {
		_, err := coordination.ReadCorrections(strings.NewReader(in), "c.csv")
		if err == nil || !strings.Contains(err.Error(), "c.csv: ") || !strings.Contains(err.Error(), say) {
			t.Errorf("ReadCorrections(%q): %v, want %q", in, err, say)
		}
	}
}

func FuzzReadCorrections(f *testing.F) {
	for _, s := range []string{"narrative,what,post,text\nn,is,5,\"a\"\n", "[{\"what\":\"not\",\"post\":\"1\"}]", "[", "\uFEFF[1]", "\"", "narrative,what,post\n\"\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := coordination.ReadCorrections(strings.NewReader(s), "c")
		if err == nil {
			for _, row := range c.Rows() {
				if row.Line < 1 || row.What == "" {
					t.Errorf("row %+v", row)
				}
			}
		} else if !strings.HasPrefix(err.Error(), "c: line ") || strings.HasPrefix(err.Error(), "c: line 0") {
			t.Errorf("%v names no line", err)
		}
	})
}
