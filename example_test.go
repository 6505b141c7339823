package arasha_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/post"
)

// Posts in, appeal out: what was published together becomes kept bytes, the
// bytes the ground of a sentence, the sentence an urgent appeal.
func Example() {
	// 1. Posts, of an invented country, and who published the same together.
	at := time.Date(2031, 4, 28, 9, 4, 0, 0, time.UTC)
	var posts []post.Post
	for i, account := range []string{"anna", "bolat", "cem"} {
		posts = append(posts, post.Post{Account: post.Account{ID: account}, Text: "Who pays for the Qanat society, and why?",
			Time: post.At(at.Add(time.Duration(i)*20*time.Second), post.Second, post.Unix)})
	}
	r, err := coordination.Find(posts, coordination.Options{
		Traces: []coordination.Trace{coordination.SameText}, Windows: []time.Duration{time.Minute}})
	must(err)
	w := r.Views[0].Waves[0]

	// 2. A person keeps the finding: bytes, named by their hash.
	finding, err := json.Marshal(map[string]any{"text": r.Post(w.First).Text, "accounts": w.Accounts, "window": "1m"})
	must(err)
	report := evidence.Of(finding)

	// 3. The case: each sentence with its ground, and the decision to act.
	says := func(kind, section, text string) casefile.Statement {
		return casefile.Statement{Case: 1, Kind: kind, Section: section, Text: []casefile.Text{{Lang: "en", Text: text}}}
	}
	fact := says(casefile.Fact, "description", fmt.Sprintf("The same text was published by %d accounts within a minute of each other.", w.Accounts))
	fact.ID = 1
	request := says(casefile.Request, "actions", "Put an end to the harassment of human rights defenders;")
	request.ID = 2
	f := &casefile.File{Case: casefile.Case{ID: 1, Title: "Smear campaign", Country: "XSR", Languages: []string{"en"}},
		Decisions: []casefile.Decision{{ID: 1, Case: 1, Choice: "open-appeal", Reason: "the person asks for a public answer", Asked: "Qanat", By: "Dana", At: at,
			Risks: []casefile.Risk{{Who: "members of Qanat", How: "more posts", LoweredBy: "no private account is named"}}, Review: casefile.Date{Day: "2031-06-30", Precision: casefile.Exact}}},
		Statements: []casefile.Statement{fact, request}}
	o := appeal.DraftOptions{Language: "en", Audience: casefile.ForPublic, Now: at.AddDate(0, 0, 9),
		Country: appeal.CountryWords{Name: "Sarytau", In: "in Sarytau", Of: "of Sarytau"}}

	// 4. A sentence without its ground is refused, by name.
	_, err = appeal.Draft(f, o)
	fmt.Println(err)

	// 5. With it, the appeal.
	f.Statements[0].Cites = []casefile.Cite{{Ref: report}}
	d, err := appeal.Draft(f, o)
	must(err)
	fmt.Println(d.Appeal.Section(appeal.SectionDescription).Text)
	fmt.Println(d.Appeal.Actions[0].Marker, d.Appeal.Actions[0].Text)
	// Output:
	// appeal: the draft is refused:
	// statement 1: the sentence “The same text was published by 3 accounts within a minute of…” is told as a fact and cites nothing
	// The same text was published by 3 accounts within a minute of each other.[^1]
	// i. Put an end to the harassment of human rights defenders;
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
