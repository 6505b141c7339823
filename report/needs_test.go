package report

import (
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
	"github.com/google/go-cmp/cmp"
)

func TestNeeds(t *testing.T) {
	at := post.At(time.Date(2031, 5, 1, 12, 0, 0, 0, time.UTC), post.Second, post.Unix)
	var posts []post.Post
	for _, a := range []string{"alma", "=cmd()", "dala.kz"} {
		posts = append(posts, post.Post{Platform: "telegram", Account: post.Account{ID: a}, Text: "один и тот же текст на всех", Time: at})
	}
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.SameText}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := r.TestWaves(t.Context(), coordination.SameText, coordination.WaveOptions{MinAccounts: 3})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Needs(&b, r, r.Advise([]*coordination.WaveTests{w}, nil).Needs); err != nil {
		t.Fatal(err)
	}
	const why = "an account's own hours are known from its other posts"
	want := strings.Join(NeedColumns, ",") + "\n" +
		"earlier-posts,telegram,alma,https://t.me/s/alma,,,,20,0,20,2031-04-17 to 2031-05-15," + why + ",,\n" +
		"earlier-posts,telegram,\"'=cmd()\",,,,,20,0,20,2031-04-17 to 2031-05-15," + why + ",,\n" +
		"earlier-posts,telegram,dala.kz,https://t.me/s/dala.kz,,,,20,0,20,2031-04-17 to 2031-05-15," + why + ",,\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("checklist (-want +got):\n%s", d)
	}
}
