package coordination_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

type event struct {
	Account, Object, Post uint32
	At                    int64
}

func list(e *coordination.Events) []event {
	var out []event
	e.Each(func(a, o, p uint32, at int64) { out = append(out, event{a, o, p, at}) })
	return out
}

func TestNewEvents(t *testing.T) {
	e, err := coordination.NewEvents(
		[]uint32{7, 3, 7, 9, 3, 5},
		[]uint32{1, 1, 1, 2, 4, 4},
		[]int64{50, 20, 10, 0, 5, 5})
	if err != nil {
		t.Fatal(err)
	}
	// Object 2 has one account; account 7 counts once on object 1, with its
	// earlier row; at one time the earlier row stands first.
	want := []event{{7, 1, 2, 10}, {3, 1, 1, 20}, {3, 4, 4, 5}, {5, 4, 5, 5}}
	if d := cmp.Diff(want, list(e)); d != "" {
		t.Error(d)
	}
	if e.Len() != 4 || e.Accounts() != 3 || e.Objects() != 2 || e.Name(1) != "" {
		t.Errorf("Len %d, Accounts %d, Objects %d, Name %q", e.Len(), e.Accounts(), e.Objects(), e.Name(1))
	}
	if _, err := coordination.NewEvents([]uint32{1}, nil, nil); err == nil {
		t.Error("slices of different lengths were taken")
	}
}

func TestResultEvents(t *testing.T) {
	at := func(min int, p post.Precision) post.Time {
		return post.Time{Millis: int64(min) * 60_000, Precision: p, Basis: post.Unix}
	}
	var posts []post.Post
	add := func(id, account, of string, tm post.Time) {
		posts = append(posts, post.Post{ID: id, Platform: "vk", Account: post.Account{ID: account}, RepostOf: of, Time: tm})
	}
	add("o1", "a", "o1", at(0, post.Second)) // the object itself
	add("1", "b", "o1", at(3, post.Second))
	add("2", "c", "o1", at(1, post.Second))
	add("3", "c", "o1", at(2, post.Second)) // again
	add("4", "d", "o1", at(0, post.Day))    // not known well enough
	add("5", "e", "o2", at(1, post.Second)) // alone
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.Repost}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Events(coordination.Repost, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	got := list(e)
	want := []event{{2, 0, 2, 60_000}, {1, 0, 1, 180_000}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if e.Untimed != 1 || e.Own != 1 || e.Name(0) != "vk/o1" {
		t.Errorf("Untimed %d, Own %d, Name %q", e.Untimed, e.Own, e.Name(0))
	}
	if _, err := r.Events(coordination.Link, time.Minute); err == nil {
		t.Error("events of a trace that was not analysed")
	}
}
