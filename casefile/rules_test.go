package casefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/sealing"
)

func init() { sealing.Work = 4 } // a second for each passphrase is for people

// keysOf makes the keys of a user, and the user that carries their public halves.
func keysOf(t testing.TB, u User) (User, *UserKeys) {
	t.Helper()
	file, with, err := NewUserKeys(u, nil, "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	k, err := OpenUserKeys(file, "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	return with, k
}

func TestUserKeys(t *testing.T) {
	if _, _, err := NewUserKeys(User{Name: "A"}, nil, "short"); err == nil {
		t.Error("a passphrase of five letters was taken")
	}
	file, u, err := NewUserKeys(User{ID: 1, Name: "Борис Ким +1", Organisation: "Qanat"}, nil, "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenUserKeys(file, "four words are enougH"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	k, err := OpenUserKeys(file, "four words are enough")
	if err != nil || !k.Of(u) {
		t.Fatalf("the keys do not open: %v", err)
	}
	if other, _ := keysOf(t, User{Name: "Борис Ким +1", Organisation: "Qanat"}); k.Of(other) {
		t.Error("the keys pass for those of another of the same name")
	}
	file[len(file)-3] ^= 1
	if _, err := OpenUserKeys(file, "four words are enough"); err == nil {
		t.Error("a damaged file opens")
	}
	if s := fmt.Sprintf("%v %+v %#v %s", k, k, k, struct{ K *UserKeys }{k}); strings.Contains(s, "AGE-SECRET") || strings.Contains(s, "PRIVATE") {
		t.Error("the keys show themselves: " + s)
	}
}

func TestSignatureIsOverOneVersion(t *testing.T) {
	u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
	other, _ := keysOf(t, User{ID: 2, Name: "Dana", Organisation: "Qanat"})
	d := Document{ID: 12, Kind: "urgent_appeal", Language: "en"}
	sig, err := k.Sign(d, "aa", now)
	if err != nil || VerifySignature(u, d, "aa", now, sig) != nil {
		t.Fatalf("%v", err)
	}
	fr, three, letter := d, d, d
	fr.Language, three.ID, letter.Kind = "fr", 3, "letter"
	for what, err := range map[string]error{
		"another hash":      VerifySignature(u, d, "ab", now, sig),
		"another language":  VerifySignature(u, fr, "aa", now, sig),
		"another document":  VerifySignature(u, three, "aa", now, sig),
		"another kind":      VerifySignature(u, letter, "aa", now, sig),
		"another time":      VerifySignature(u, d, "aa", now.Add(time.Minute), sig),
		"another person":    VerifySignature(other, d, "aa", now, sig),
		"no signature":      VerifySignature(u, d, "aa", now, ""),
		"text smuggled in":  VerifySignature(u, d, "aa", now, "x\n\n"+sig),
		"a second language": VerifySignature(u, Document{ID: 12, Kind: "urgent_appeal\ndocument 12", Language: "en"}, "aa", now, sig),
	} {
		if !errors.Is(err, ErrSignature) {
			t.Errorf("%s: the signature holds (%v)", what, err)
		}
	}
}

// Promise 2: a sealed value shows itself nowhere.
func TestSealedValuesNeverShow(t *testing.T) {
	const mark = "Zarina Qyzylqum"
	s := Secret{Name: mark, Aliases: []Alias{{Text: mark}}, Contact: ContactRules{Channel: mark, Warning: mark}, Note: mark}
	n := CallNote{Source: 1, Who: mark, When: now, Channel: mark, Text: mark, By: mark}
	box := struct {
		S Secret
		P *Secret
		N CallNote
		L []CallNote
		C ContactRules
		M map[string]Secret
	}{s, &s, n, []CallNote{n}, s.Contact, map[string]Secret{"a": s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, s, n, s.Contact, box)
	}
	log := slog.New(slog.NewTextHandler(&out, nil))
	log.Info("x", "s", s, "n", n, "c", s.Contact, "box", box)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "n", n, "c", s.Contact, "box", box)
	b, err := json.Marshal(box)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	fmt.Fprint(&out, fmt.Errorf("wrapped: %v", s), Secret{Note: mark}.Check(), CallNote{Text: mark}.Check())
	for _, hex := range []string{mark, "Zarina", "5a6172696e61"} {
		if strings.Contains(out.String(), hex) {
			t.Errorf("the secret shows as %q in:\n%s", hex, out.String())
		}
	}
	if !strings.Contains(out.String(), Redacted) {
		t.Error("nothing was drawn in its place")
	}

	u, k := keysOf(t, User{ID: 1, Name: "Reader", Organisation: "Qanat"})
	_, stranger := keysOf(t, User{ID: 2, Name: "Other", Organisation: "Qanat"})
	sealed, err := SealSecret(s, u)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenSecret(sealed, k.Identities()...); err != nil || !cmp.Equal(secretForm{Name: got.Name, Aliases: got.Aliases, Contact: contactForm(got.Contact), Note: got.Note},
		secretForm{Name: s.Name, Aliases: s.Aliases, Contact: contactForm(s.Contact), Note: s.Note}) {
		t.Errorf("it does not come back (%v)", err)
	}
	if _, err := OpenSecret(sealed, stranger.Identities()...); !errors.Is(err, ErrNotReader) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := OpenSecret(sealed[:len(sealed)-1], k.Identities()...); !errors.Is(err, ErrSealedDamaged) {
		t.Errorf("damaged: %v", err)
	}
	short, _ := SealSecret(Secret{Name: "A"}, u)
	if len(short) != len(sealed) {
		t.Errorf("the length tells: %d and %d bytes", len(short), len(sealed))
	}
	if _, err := SealCallNote(n, u); !errors.Is(err, ErrUnsigned) {
		t.Errorf("a note that nobody signed is sealed: %v", err)
	}
	if n, err = k.SignCallNote(n, u, now); err != nil {
		t.Fatal(err)
	}
	note, err := SealCallNote(n, u)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCallNote(note, k.Identities()...); err != nil || callNoteForm(got) != callNoteForm(n) {
		t.Errorf("the note does not come back (%v)", err)
	}
	if _, err := SealSecret(s); err == nil {
		t.Error("sealed to nobody")
	}
}

func text(s string) []Text { return []Text{{"en", s}} }

// Promise 1: every kind of statement has its ground, and the refusal names the
// sentence.
func TestGround(t *testing.T) {
	cites := []Cite{{Ref: ref}}
	f := &File{Statements: []Statement{
		{ID: 1, Kind: Fact, Text: text("She was arrested."), Cites: cites},
		{ID: 2, Kind: Fact, Text: text("The office was searched.")},
		{ID: 3, Kind: Allegation, Text: text("He was beaten."), Cites: cites},
		{ID: 4, Kind: Allegation, Text: text("He was beaten."), Cites: cites, Sources: []ID{1}},
		{ID: 5, Kind: Allegation, Text: text("He was beaten."), According: "his lawyer"},
		{ID: 6, Kind: Law, Text: text("Article 19 protects opinions.")},
		{ID: 7, Kind: Law, Text: text("Article 19 protects opinions."), Clause: "ICCPR 19"},
		{ID: 8, Kind: Assessment, Text: text("This is reprisal.")},
		{ID: 9, Kind: Assessment, Text: text("This is reprisal."), Rests: []ID{1, 7}},
		{ID: 10, Kind: Assessment, Text: text("This is reprisal."), Rests: []ID{2}},
		{ID: 11, Kind: Assessment, Text: text("So it is."), Rests: []ID{12}},
		{ID: 12, Kind: Assessment, Text: text("So it is."), Rests: []ID{11}},
		{ID: 13, Kind: Assessment, Text: text("It goes on."), Rests: []ID{9}},
		{ID: 14, Kind: Assessment, Text: text("It goes on."), Rests: []ID{99}},
		{ID: 15, Kind: Assessment, Text: text("It goes on."), Rests: []ID{16}},
		{ID: 16, Kind: Request, Text: text("Free her.")},
		{ID: 17, Kind: Request, Clause: "release"},
		{ID: 18, Kind: Request},
		{ID: 19, Kind: Law, Text: text("Article 99 protects opinions."), Clause: "ICCPR 19;99"},
	}}
	want := map[ID]string{
		2: "“The office was searched.” is told as a fact and cites nothing", 3: "an allegation of nobody", 5: "allegation and cites nothing",
		6: "tells the law and cites nothing", 8: "names no facts", 10: "statement 2, which lacks its ground", 11: "rests on itself", 12: "rests on itself",
		14: "not in the case", 15: "a request", 18: "asks for nothing", 19: "no article of an instrument",
	}
	got := make(map[ID]string)
	for _, fault := range f.Uncited() {
		var id ID
		fmt.Sscanf(fault.Where, "statement %d", &id)
		got[id] = fault.Error()
		if fault.Rule != RuleUncited || !strings.Contains(fault.Message, "the sentence “") && id < 17 {
			t.Errorf("the fault does not name the sentence: %v", fault)
		}
	}
	for id := ID(1); id <= 19; id++ {
		if w := want[id]; (w == "") != (got[id] == "") || !strings.Contains(got[id], w) {
			t.Errorf("statement %d: %q, want %q", id, got[id], w)
		}
	}
}

func TestIndependentSources(t *testing.T) {
	f := &File{Sources: []Source{
		{ID: 1, Connection: "victim", Reliability: "likely"},
		{ID: 2, Connection: "same-organisation", Reliability: "high", Group: "office"},
		{ID: 3, Connection: "witness", Reliability: "unsure"},
		{ID: 4, Group: "family", Reliability: "unlikely"}, {ID: 5, Group: "family", Reliability: "unknown"},
	}}
	for _, c := range []struct {
		s    Statement
		want Support
	}{
		{Statement{Sources: []ID{1, 2}}, Support{Sources: 2, Independent: 1, Best: "high", Groups: []string{"the person concerned"}}},
		{Statement{Sources: []ID{1, 2, 3, 3}}, Support{Sources: 3, Independent: 2, Best: "high", Groups: []string{"the person concerned", "source 3"}}},
		{Statement{Sources: []ID{4, 5}, Cites: []Cite{{Ref: ref}, {Ref: ref}}}, Support{Items: 1, Sources: 2, Independent: 1, Best: "unknown", Groups: []string{"family"}}},
		{Statement{According: "the lawyer"}, Support{Sources: 1, Independent: 1, Groups: []string{"as printed"}}},
		{Statement{Sources: []ID{99}}, Support{}},
	} {
		if d := cmp.Diff(c.want, f.Support(c.s)); d != "" {
			t.Error(d)
		}
	}
}

func TestSilenceIsNo(t *testing.T) {
	on := func(day string) Date { return Date{Day: day, Precision: Exact} }
	yes := func(c Consent) Consent {
		c.Case, c.Person, c.Answer = 1, 1, "yes"
		if c.Use == "" {
			c.Use = UsePublic
		}
		if c.Basis == "" {
			c.Basis = BySelf
		}
		if c.When.IsZero() {
			c.When = on("2031-04-12")
		}
		c.GivenBy, c.How = "A", "telephone"
		return c
	}
	no := yes(Consent{When: on("2031-04-15")})
	no.Answer = "no"
	earlyNo := no
	earlyNo.When = on("2031-04-01")
	withdrawn := yes(Consent{When: on("2031-04-02")})
	withdrawn.WithdrawnAt = time.Date(2031, 4, 18, 0, 0, 0, 0, time.UTC)
	decided := yes(Consent{Basis: AlreadyPublic})
	decided.SignedBy, decided.Risk, decided.Review = "B", "low", on("2031-05-01")
	due := decided
	due.Review = on("2031-04-19")
	unsigned := decided
	unsigned.SignedBy = ""
	for _, c := range []struct {
		name     string
		kind     string
		minor    bool
		consents []Consent
		to       Audience
		ok       bool
		why      string
	}{
		{"silence", Natural, false, nil, ForPublic, false, "silence is no"},
		{"silence inside the house", Natural, false, nil, ForDesk, true, ""},
		{"yes", Natural, false, []Consent{yes(Consent{})}, ForPublic, true, ""},
		{"yes to another use", Natural, false, []Consent{yes(Consent{Use: UseGovernment})}, ForPublic, false, "silence is no"},
		{"yes to the Government", Natural, false, []Consent{yes(Consent{Use: UseGovernment})}, ForGovernment, true, ""},
		{"public is not the UN", Natural, false, []Consent{yes(Consent{})}, ForUN, false, "silence is no"},
		{"no after yes", Natural, false, []Consent{yes(Consent{}), no}, ForPublic, false, "said no"},
		{"an older no written down later", Natural, false, []Consent{yes(Consent{}), earlyNo}, ForPublic, true, ""},
		{"the family after the person's no", Natural, false, []Consent{no, yes(Consent{Basis: "family", When: on("2031-04-16")})}, ForPublic, false, "said no"},
		{"withdrawn", Natural, false, []Consent{withdrawn}, ForPublic, false, "withdrew"},
		{"withdrawn after another yes", Natural, false, []Consent{withdrawn, yes(Consent{})}, ForPublic, false, "withdrew"},
		{"yes again after", Natural, false, []Consent{withdrawn, yes(Consent{When: on("2031-04-19")})}, ForPublic, true, ""},
		{"already public, decided", Natural, false, []Consent{decided}, ForPublic, true, ""},
		{"decision due", Natural, false, []Consent{due}, ForPublic, false, "looked at again on 2031-04-19"},
		{"decision unsigned", Natural, false, []Consent{unsigned}, ForPublic, false, "not complete"},
		{"an organisation for a person", Natural, false, []Consent{yes(Consent{Basis: "organisation"})}, ForPublic, false, "for itself"},
		{"an organisation for itself", Organisation, false, []Consent{yes(Consent{Basis: "organisation"})}, ForPublic, true, ""},
		{"a child", Natural, true, []Consent{yes(Consent{})}, ForPublic, false, "parent or guardian"},
		{"a child's parent", Natural, true, []Consent{yes(Consent{Basis: "parent"})}, ForPublic, true, ""},
		{"this version", Natural, false, []Consent{yes(Consent{TextHash: "aa"})}, ForPublic, true, ""},
		{"another version", Natural, false, []Consent{yes(Consent{TextHash: "bb"})}, ForPublic, false, "another version"},
	} {
		f := &File{Persons: []Person{{ID: 1, Kind: c.kind, Name: "Aigul Sarsenova", Minor: c.minor}}, Consents: c.consents}
		ok, why := f.MayName(1, c.to, []string{"aa"}, now)
		if ok != c.ok || !strings.Contains(why, c.why) || strings.Contains(why, "Sarsenova") {
			t.Errorf("%s: %v %q, want %v %q", c.name, ok, why, c.ok, c.why)
		}
	}
	if ok, _ := (&File{}).MayName(1, ForPublic, nil, now); ok {
		t.Error("somebody who is not in the case may be named")
	}
	sick := Statement{ID: 3, Kind: Fact, Text: text("She is ill."), Persons: []ID{1}, Sensitive: []string{"health"}}
	f := &File{Persons: []Person{{ID: 1, Kind: Natural, Name: "A"}}, Consents: []Consent{yes(Consent{})}, Statements: []Statement{sick}}
	if ok, why := f.MayTell(sick, ForPublic, nil, now); ok || !strings.Contains(why, "health") {
		t.Errorf("a sensitive fact goes with the consent to be named: %q", why)
	}
	f.Consents = append(f.Consents, yes(Consent{Use: "fact:3"}))
	if ok, why := f.MayTell(sick, ForPublic, nil, now); !ok {
		t.Error(why)
	}
	if ok, _ := f.MayName(1, ForGovernment, nil, now); ok {
		t.Error("who agreed to be named in public is named to the government")
	}
}

func TestStandingAfterAWithdrawal(t *testing.T) {
	f := &File{
		Persons: []Person{{ID: 1, Kind: Natural, Name: "Aigul Sarsenova", Aliases: []Alias{{Text: "Айгуль Сарсенова"}}}, {ID: 2, Kind: Natural, Name: "Dana Ospan"}},
		Documents: []Document{
			{ID: 1, State: StateDraft, Audience: "public", Appeal: json.RawMessage(`{"title":"On A. Sarsenova","sections":[{"text":"no"},{"text":"see https://q.example/sarsenova-aigul"}]}`)},
			{ID: 2, State: StatePublished, Audience: "public", Appeal: json.RawMessage(`{"sections":[{"text":"об Айгуль Сарсеновой"}]}`)},
			{ID: 3, State: StatePublished, Audience: "public", Appeal: json.RawMessage(`{"title":"Dana Ospan"}`)},
		},
		Statements: []Statement{{ID: 5, Text: []Text{{"en", "{1} was heard."}, {"ru", "Слова {1|Сарсеновой}."}}}, {ID: 6, Text: text("Sarsenova again")}},
		Acts:       []Act{{ID: 7, ToWork: "Aigul Sarsenova wrote"}},
	}
	want := []Place{
		{"document 2", "sections[0].text", StatePublished, true},
		{"document 1", "title", StateDraft, false}, {"document 1", "sections[1].text", StateDraft, false},
		{Noun: "statement 5", Where: "text en, in a slot"}, {Noun: "statement 5", Where: "text ru, in a slot"},
		{Noun: "statement 6", Where: "text en"}, {Noun: "act 7", Where: "link to the work"},
	}
	if d := cmp.Diff(want, f.Standing(1)); d != "" {
		t.Error(d)
	}
	if p := f.Standing(99); p != nil {
		t.Error(p)
	}
}

func TestAttributesAreReportedSpeech(t *testing.T) {
	other := evidence.Of([]byte("another page"))
	full := Attribute{ID: 1, Account: 1, What: "is paid by the State", According: "the register", Date: day, Refs: []evidence.Ref{ref},
		Second: "a newspaper", SecondRefs: []evidence.Ref{other}, ChanceAt: day, LegalReader: "L", LegalAt: day}
	f := &File{Accounts: []Account{{ID: 1, Kind: PublicAccount}, {ID: 2, Kind: Outlet}, {ID: 3, Kind: PrivateUser, Until: Date{Day: "2031-04-19", Precision: Exact}}}}
	for _, c := range []struct {
		says   string
		change func(*Attribute)
	}{
		{"", func(a *Attribute) {}},
		{"second, independent", func(a *Attribute) { a.Second = "" }},
		{"second, independent", func(a *Attribute) { a.SecondRefs = nil }},
		{"the first one again", func(a *Attribute) { a.Second = "the register" }},
		{"the first one again", func(a *Attribute) { a.SecondRefs = a.Refs }},
		{"no chance to answer", func(a *Attribute) { a.ChanceAt = Date{} }},
		{"as a lawyer", func(a *Attribute) { a.LegalReader = "" }},
		{"private user", func(a *Attribute) { a.Account = 3 }},
		{"not in the case", func(a *Attribute) { a.Account = 9 }},
		{"cites nothing", func(a *Attribute) { a.Account, a.Refs = 2, nil }},
		{"", func(a *Attribute) { a.Account, a.Second, a.LegalReader = 2, "", "" }},
	} {
		a := full
		c.change(&a)
		fault, ok := f.Printable(a)
		if ok != (c.says == "") || !strings.Contains(fault.Message, c.says) {
			t.Errorf("%v %q, want %q", ok, fault.Message, c.says)
		}
	}
	if gone := f.Forgotten(now); len(gone) != 1 || gone[0].ID != 3 {
		t.Errorf("forgotten: %v", gone)
	}
}

func TestGates(t *testing.T) {
	open := Decision{ID: 1, Case: 1, Choice: OpenAppeal, Reason: "r", Asked: "the family", By: "b", At: now, Risks: []Risk{{Who: "the family", How: "visits"}}}
	with := func(choice string) *File {
		d := open
		d.Choice = choice
		return &File{Case: Case{ID: 1, Number: "2031-0007"}, Decisions: []Decision{d}}
	}
	for _, c := range []struct {
		f    *File
		kind string
		to   Audience
		says string
	}{
		{&File{}, "urgent_appeal", ForPublic, "nobody decided"},
		{with(OpenAppeal), "urgent_appeal", ForPublic, ""},
		{with(ClosedLetter), "letter", ForGovernment, ""},
		{with(ClosedLetter), "letter", ForPublic, "closed-letter"},
		{with(ClosedLetter), "urgent_appeal", ForPublic, "closed-letter"},
		{with(UNOnly), "letter", ForGovernment, "un-only"},
		{with(Nothing), "letter", ForDesk, "nothing"},
		{with(QuietContact), "urgent_appeal", ForPublic, "quiet-contact"},
	} {
		err := c.f.MayWrite(c.kind, c.to, now)
		if (err == nil) != (c.says == "") || err != nil && (!strings.Contains(err.Error(), c.says) || !errors.Is(err, ErrNotDecided)) {
			t.Errorf("%s for %s: %v, want %q", c.kind, c.to, err, c.says)
		}
	}
	overdue := with(OpenAppeal)
	overdue.Decisions[0].Review = Date{Day: "2031-04-19", Precision: Exact}
	if err := overdue.MayWrite("urgent_appeal", ForPublic, now); !errors.Is(err, ErrNotDecided) {
		t.Errorf("a decision that is due: %v", err)
	}
	careless := with(OpenAppeal)
	careless.Decisions[0].Risks = nil
	if err := careless.MayWrite("urgent_appeal", ForPublic, now); !errors.Is(err, ErrNotDecided) {
		t.Errorf("a decision without risks: %v", err)
	}
	later := with(OpenAppeal)
	later.Decisions = append(later.Decisions, Decision{ID: 2, Choice: Nothing, At: now.Add(time.Hour), Reason: "r", By: "b", Case: 1})
	if err := later.MayWrite("urgent_appeal", ForPublic, now); err == nil {
		t.Error("the newest decision does not hold")
	}

	d := Document{ID: 3, Case: 1, Kind: "urgent_appeal", State: StatePublished, Audience: "public", Frozen: ref, Hash: "h"}
	public := func(change func(*File, *Document)) error {
		f, d := with(OpenAppeal), d
		change(f, &d)
		return f.Public(d, now)
	}
	if err := public(func(*File, *Document) {}); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*File, *Document){
		"a closed letter": func(f *File, d *Document) { f.Decisions[0].Choice, d.Kind = ClosedLetter, "letter" },
		"a closed letter, then open": func(f *File, d *Document) {
			f.Decisions = append(with(ClosedLetter).Decisions, open)
			d.Kind = "letter"
		},
		"for the Government":    func(f *File, d *Document) { d.Audience = "government" },
		"a draft":               func(f *File, d *Document) { d.State = StateApproved },
		"withdrawn":             func(f *File, d *Document) { d.State = StateWithdrawn },
		"under embargo":         func(f *File, d *Document) { d.Embargo = Date{"2031-04-20", Exact, "14:01", "+05:00"} },
		"an embargo in no zone": func(f *File, d *Document) { d.Embargo = Date{"2031-04-20", Exact, "10:01", "Nowhere/Never"} },
		"do not publish": func(f *File, d *Document) {
			f.Holds = []Hold{{ID: 1, By: "family", Kind: "do-not-publish", Since: now}}
		},
		"stop":                        func(f *File, d *Document) { f.Holds = []Hold{{ID: 1, By: "lawyer", Kind: "stop", Since: now}} },
		"nobody decided":              func(f *File, d *Document) { f.Decisions = nil },
		"a document of another case":  func(f *File, d *Document) { d.Case = 2 },
		"published without its bytes": func(f *File, d *Document) { d.Frozen = evidence.Ref{} },
	} {
		if err := public(change); !errors.Is(err, ErrNotPublic) && !errors.Is(err, ErrHeld) {
			t.Errorf("%s reaches the public: %v", what, err)
		}
	}
	if err := public(func(f *File, d *Document) { d.Embargo = Date{"2031-04-20", Exact, "14:00", "+05:00"} }); err != nil {
		t.Errorf("an embargo that ends now: %v", err)
	}
	f := with(OpenAppeal)
	f.Holds = []Hold{{ID: 1, Kind: "stop", Since: now, Lifted: now}}
	if err := f.Held(); err != nil {
		t.Errorf("a hold that was lifted: %v", err)
	}
	f.Holds = []Hold{{ID: 1, By: "family", Kind: "do-not-publish", Since: now}}
	if f.Held() == nil || f.MayWrite("urgent_appeal", ForPublic, now) != nil {
		t.Error("“do not publish” holds publishing, not writing")
	}
	f.Holds[0].Kind = "stop"
	if err := f.MayWrite("urgent_appeal", ForPublic, now); !errors.Is(err, ErrHeld) {
		t.Errorf("“stop” does not stop: %v", err)
	}
}
