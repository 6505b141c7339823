package coordination_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arasha-org/arasha/coordination"
)

func TestDiff(t *testing.T) {
	// Words separated by spaces: w the same, -w missing, +w added, w~v changed,
	// w=v the same but written otherwise.
	for _, c := range []struct{ a, b, want string }{
		{"", "", ""},
		{"один два", "", "-один -два"},
		{"", "one two", "+one +two"},
		{"кто платит за митинги?", "Кто платит за  МИТИНГИ", "кто=Кто платит за митинги?=МИТИНГИ"},
		{"кто платит за митинги", "кто опять платит за митинги", "кто +опять платит за митинги"},
		{"кто платит за эти митинги", "кто платит за митинги", "кто платит за -эти митинги"},
		{"кто платит за митинги в городе", "кто собирает эти митинги в городе", "кто платит~собирает за~эти митинги в городе"},
		{"ещё раз", "еще раз", "ещё=еще раз"},
		{"смотрите http://a.example/1 🔥", "смотрите http://a.example/2 🔥", "смотрите http://a.example/1~http://a.example/2 🔥"},
		{"a b c d e f", "a x c d y z f", "a b~x c d e~y +z f"},
		{"x a b", "a b x", "-x a b +x"},
	} {
		var got []string
		for _, o := range coordination.Diff(c.a, c.b) {
			got = append(got, map[coordination.OpKind]string{
				coordination.Same: o.A + "=" + o.B, coordination.Changed: o.A + "~" + o.B, coordination.Missing: "-" + o.A, coordination.Added: "+" + o.B}[o.Kind])
			if o.Kind == coordination.Same && o.A == o.B {
				got[len(got)-1] = o.A
			}
		}
		if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
			t.Errorf("Diff(%q, %q) (-want +got):\n%s", c.a, c.b, d)
		}
	}
}

// No word is lost, none is moved, and the words that stay are as many as can.
func TestDiffProperties(t *testing.T) {
	texts := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(strings.Fields("a b c d Ё е 🔥 http://x.example")), 0, 14), func(w []string) string { return strings.Join(w, " ") })
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		var as, bs []string
		same := 0
		for _, o := range coordination.Diff(a, b) {
			if o.A != "" {
				as = append(as, o.A)
			}
			if o.B != "" {
				bs = append(bs, o.B)
			}
			if o.Kind == coordination.Same {
				same++
			}
		}
		if strings.Join(as, " ") != a || strings.Join(bs, " ") != b {
			t.Fatalf("words were lost: %v and %v", as, bs)
		}
		if want := longest(strings.Fields(a), strings.Fields(b)); same != want {
			t.Fatalf("%d words stay, want %d", same, want)
		}
	})
}

func longest(a, b []string) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	row := make([]int, len(b)+1)
	for _, x := range a {
		was := 0
		for j, y := range b {
			up := row[j+1]
			if strings.EqualFold(x, y) || x == "Ё" && y == "е" || x == "е" && y == "Ё" {
				row[j+1] = was + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			was = up
		}
	}
	return row[len(b)]
}

func BenchmarkDiff(b *testing.B) {
	x := strings.Repeat("кто платит за митинги в нашем городе ", 4)
	y := strings.Replace(x, "платит", "собирает", 2)
	for b.Loop() {
		coordination.Diff(x, y)
	}
}
