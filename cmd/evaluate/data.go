package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/post"
)

// An env holds the real data, each part read once.
type env struct {
	mu     sync.Mutex
	events map[string]*coordination.Events
	posts  map[string][]post.Post
}

// dataFile returns the path of a file of the folder with the real data.
func dataFile(name string) string {
	dir := os.Getenv("ARASHA_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	return filepath.Join(dir, "coordination", name)
}

// read returns the posts of a file of the real data, every record of it.
func (e *env) read(file string, o collect.Options) ([]post.Post, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := fmt.Sprint(file, o.Columns, o.Keep)
	if p, ok := e.posts[key]; ok {
		return p, nil
	}
	var out []post.Post
	c := collect.Collection{Options: o, EveryRecord: true, Post: func(p *post.Post) error {
		q := *p
		q.Links, q.Hashtags, q.Mentions = clone(p.Links), clone(p.Hashtags), clone(p.Mentions)
		if p.Extra != nil {
			q.Extra = map[string]string{}
			for k, v := range p.Extra {
				q.Extra[k] = v
			}
		}
		out = append(out, q)
		return nil
	}}
	if _, err := c.Read(context.Background(), dataFile(file)); err != nil {
		return nil, err
	}
	if e.posts == nil {
		e.posts = map[string][]post.Post{}
	}
	e.posts[key] = out
	return out, nil
}

func clone(s []string) []string { return append([]string(nil), s...) }

// A background is a trace of real posts.
type background struct {
	file    string
	columns map[string]string
	keep    string // the column of objects
	only    string // accounts whose id begins so
}

var backgrounds = map[string]background{
	"russian reposts": {file: "russian_coord_tweets.input.csv.gz",
		columns: map[string]string{"account": "account_id", "id": "content_id", "time": "timestamp_share"}, keep: "object_id"},
	"German URLs":     german("url_id", "fb_"),
	"German hashtags": german("hashtag_id", ""),
}

func german(object, only string) background {
	return background{file: "german_elections.input.csv.gz",
		columns: map[string]string{"account": "account_id", "id": "post_id", "time": "timestamp"}, keep: object, only: only}
}

// background returns the events of one of the backgrounds, or of the posts of
// "arasha demo" by a trace: "demonstration link".
func (e *env) background(name string) (*coordination.Events, error) {
	e.mu.Lock()
	ev := e.events[name]
	e.mu.Unlock()
	if ev != nil {
		return ev, nil
	}
	var posts []post.Post
	var err error
	b, ok := backgrounds[name]
	trace := coordination.Trace("column:" + b.keep)
	if of, demo := strings.CutPrefix(name, "demonstration "); demo {
		posts, trace = synth.NewDemo(1).Posts, coordination.Trace(of)
	} else if !ok {
		return nil, fmt.Errorf("there is no background %q", name)
	} else if posts, err = e.read(b.file, collect.Options{Columns: b.columns, Keep: []string{b.keep}}); err != nil {
		return nil, err
	}
	c, err := coordination.NewCorpus(coordination.Options{Traces: []coordination.Trace{trace}, Windows: []time.Duration{time.Minute}})
	if err != nil {
		return nil, err
	}
	for i := range posts {
		if strings.HasPrefix(posts[i].Account.Key(), b.only) {
			c.Add(&posts[i])
		}
	}
	r, err := c.Find(context.Background())
	if err != nil {
		return nil, err
	}
	ev, err = r.Events(trace, time.Minute)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.events == nil {
		e.events = map[string]*coordination.Events{}
	}
	e.events[name] = ev
	return ev, nil
}
