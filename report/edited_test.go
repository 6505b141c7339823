package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// edits are one text by three accounts word for word, edited copies of it, and
// reposts of another text that a platform cut.
func edits() []post.Post {
	at := time.Date(2031, 4, 28, 9, 0, 0, 0, time.UTC)
	var posts []post.Post
	add := func(account, text string, repost bool) {
		posts = append(posts, post.Post{ID: fmt.Sprint("p", len(posts)), Platform: "x", Account: post.Account{ID: account}, Text: text, Repost: repost,
			Time: post.At(at.Add(time.Duration(len(posts))*time.Minute), post.Second, post.Unix)})
	}
	for i := range 3 {
		add(fmt.Sprintf("alpha%d", i), "Пусть Қанат наконец покажет людям свои отчёты и скажет откуда взялись эти большие деньги", false)
	}
	add("beta", "Пусть Қанат уже завтра покажет людям отчёты и скажет откуда взялись эти деньги", false)
	add("gamma", "Пусть Қанат наконец откроет народу свои отчёты и скажет откуда пришли эти большие деньги", false)
	for i, cut := range []string{"Сегодня на площади собрались сторонники закона и говорили до самого вечера о школе", "Сегодня на площади собрались сторонники закона и говорили до самого вечера о",
		"Сегодня на площади собрались сторонники закона и говорили до самого вечера"} {
		add(fmt.Sprintf("delta%d", i), cut, true)
	}
	return posts
}

// TestEdited: the report lists edited copies with what differs, counts what
// reposts alone make, and its public edition quotes what three accounts
// published and describes the rest.
func TestEdited(t *testing.T) {
	posts := edits()
	s := studyOf(t, posts)
	tested(t, s)
	a := Analyse(s)
	if len(a.Edited) != 1 {
		t.Fatalf("%d lists of edited copies, want the one that is no repost: %+v", len(a.Edited), a.Edited)
	}
	e := a.Edited[0]
	if e.Name != "E1" || e.Accounts != 5 || e.Texts != 3 || e.Reposts != 0 || len(e.Copies) != 2 || e.Step != "1" || len(e.Posted) != 5 {
		t.Errorf("the list: %+v", e)
	}
	if !strings.Contains(strings.Join(a.EditedNote, " "), "made by reposts alone: 1 list more") {
		t.Errorf("the reposts are not counted: %q", a.EditedNote)
	}
	for _, q := range e.Copies {
		var text, only strings.Builder
		for _, m := range q.Marks {
			text.WriteString(m.Text)
			if m.Only {
				only.WriteString(m.Text)
			}
		}
		if strings.Join(strings.Fields(text.String()), " ") != q.Text || only.Len() == 0 || q.Equal == "" {
			t.Errorf("the marks of %q are %+v (%s)", q.Text, q.Marks, q.Equal)
		}
	}
	p := a.Public(s.Result)
	e = p.Edited[0]
	if e.Leader.Text == "" || e.Leader.Copies != 3 || e.Posted != nil {
		t.Errorf("the text of three accounts is not quoted: %+v", e.Leader)
	}
	for _, q := range e.Copies {
		if q.Text != "" || q.Marks != nil || !strings.Contains(q.Described, "in Cyrillic letters") || q.Equal == "" || q.ID != "" {
			t.Errorf("a text of one account in public: %+v", q)
		}
	}
	b, err := p.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("откроет")) || !bytes.Contains(b, []byte("described, not quoted")) || !bytes.Contains(b, []byte("Equal words: ")) {
		t.Error("the public page quotes a text of one account, or does not describe it")
	}
}

// TestChosen: of many texts those are shown that most accounts published, and
// those most and least like the leader.
func TestChosen(t *testing.T) {
	var texts []*coordination.EditedText
	for i := range 9 {
		texts = append(texts, &coordination.EditedText{Post: uint32(i), Accounts: 1})
	}
	texts[6].Accounts = 4
	for _, c := range []struct {
		texts []*coordination.EditedText
		want  []uint32
	}{{texts, []uint32{0, 6, 8}}, {texts[:2], []uint32{0, 1}}, {texts[6:], []uint32{6, 7, 8}}, {texts[:5], []uint32{0, 2, 4}}, {nil, nil}} {
		var got []uint32
		for _, x := range chosen(c.texts) {
			got = append(got, x.Post)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("of %d texts %v are shown, want %v", len(c.texts), got, c.want)
		}
	}
}
