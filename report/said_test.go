package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/internal/wording"
	"github.com/arasha-org/arasha/post"
)

// Every sentence of the ladder passes at its own step, in every language: no
// author is refused the words that the program itself offers.
func TestLadderIsNotTooStrong(t *testing.T) {
	for _, lang := range LadderLanguages {
		l, err := LadderIn(lang)
		if err != nil {
			t.Fatal(err)
		}
		pass := func(s string, step coordination.Step) {
			t.Helper()
			for _, sentence := range []string{s, "As we found: " + s + " " + s} {
				if got := wording.TooStrong(lang, sentence, step.String()); len(got) > 0 {
					t.Errorf("%s, step %s: %q is too strong: %q", lang, step, sentence, got)
				}
			}
		}
		for _, c := range every() {
			s, err := l.Say(c)
			if err != nil {
				t.Fatal(err)
			}
			pass(s, c.Step)
		}
		for s := coordination.Step0; s <= coordination.Step4; s++ {
			pass(l.Rung(s, AboutWave), s)
			pass(l.Rung(s, AboutGroup), s)
		}
		for _, s := range append(l.Cannot(), l.Near()) {
			pass(s, coordination.Step0)
		}
		for s := StopOneShot; s <= StopInexact; s++ {
			pass(l.Stop(s), coordination.Step1)
		}
	}
}

// And the words of a higher step do not pass below it.
func TestHigherStepIsTooStrong(t *testing.T) {
	for _, lang := range LadderLanguages {
		l, _ := LadderIn(lang)
		for s := coordination.Step1; s <= coordination.Step4; s++ {
			about := AboutWave
			if s > MaxWaveStep {
				about = AboutGroup
			}
			c := Claim{About: about, Step: s, Trace: coordination.SameText, Accounts: 19, Messages: 7, Within: 41 * time.Minute, Precision: post.Second, Closer: 3, Compared: 1204,
				Reference: "Saryn 2030", P: .01, Calibrated: true, Settings: 16}
			said, err := l.Say(c)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{said, l.Rung(s, about)} {
				if got := wording.TooStrong(lang, text, (s - 1).String()); len(got) == 0 || got[0].Step != s.String() {
					t.Errorf("%s: the words of step %s, at the step below it: %q, in %q", lang, s, got, text)
				}
			}
		}
	}
}

// A claim comes back from the JSON of an analysis, and its sentence is the same.
func TestSaidRoundTrip(t *testing.T) {
	claims := every()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(claims).Draw(t, "claim")
		c.Within = time.Duration(rapid.IntRange(0, 1<<40).Draw(t, "within ms")) * time.Millisecond
		b, err := json.Marshal(saidOf(c))
		if err != nil {
			t.Fatal(err)
		}
		var s Said
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, s.claim()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// What an analysis allows is what it prints, in every language; one of an older
// version gives the words of its step.
func TestAllows(t *testing.T) {
	s := studyOf(t, synth.NewDemo(1).Posts)
	tested(t, s)
	made := Analyse(s)
	b, err := made.JSON()
	if err != nil {
		t.Fatal(err)
	}
	a := new(Analysis)
	if err := json.Unmarshal(b, a); err != nil {
		t.Fatal(err)
	}
	step, says, err := a.Allows("en")
	if err != nil || step != coordination.Step2 || len(says) == 0 {
		t.Fatalf("Allows = %s, %q, %v", step, says, err)
	}
	printed := ""
	for _, w := range a.Waves {
		printed += strings.Join(w.Says, "\n") + "\n"
	}
	for _, g := range a.Groups {
		printed += strings.Join(g.Says, "\n") + "\n"
	}
	for _, x := range says {
		if !strings.Contains(printed, x) {
			t.Errorf("the report does not say %q", x)
		}
	}
	for _, lang := range LadderLanguages {
		other, in, err := a.Allows(lang)
		if err != nil || other != step || len(in) != len(says) {
			t.Errorf("%s: %s, %q, %v", lang, other, in, err)
		}
	}
	if _, _, err := a.Allows("xx"); err == nil {
		t.Error("a ladder in a language that has none")
	}
	for i := range a.Waves {
		a.Waves[i].Said = Said{}
	}
	for i := range a.Groups {
		a.Groups[i].Said = Said{}
	}
	want := []string{"the same text was published by n accounts; within t of each other; not independent of each other, as any popular message is; coincide more often than this group's habits explain (weak)"}
	if _, says, _ := a.Allows("en"); !slices.Equal(says, want) {
		t.Errorf("without claims: %q", says)
	}
}
