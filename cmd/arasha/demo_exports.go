package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// writeDemoExports writes the posts as a researcher would have them: an
// export of Telegram's desktop program, pages of VK's and of X's interface,
// and a table kept by hand for the rest. It returns the files.
func writeDemoExports(dir string, posts []post.Post) ([]string, error) {
	by := map[string][]*post.Post{}
	for i := range posts {
		p := &posts[i]
		by[p.Platform] = append(by[p.Platform], p)
	}
	var files []string
	for _, f := range []struct {
		platform, name string
		write          func([]*post.Post) ([]byte, error)
	}{
		{"telegram", filepath.Join("telegram", "result.json"), demoTelegram},
		{"vk", filepath.Join("vk", "wall.json"), demoVK},
		{"twitter", filepath.Join("x", "tweets.jsonl"), demoX},
		{"facebook", "facebook.csv", demoTable},
	} {
		b, err := f.write(by[f.platform])
		if err != nil {
			return nil, err
		}
		name := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			return nil, err
		}
		files = append(files, name)
	}
	return files, nil
}

// demoNumber is the number a platform gives an account or post of that name.
func demoNumber(name string) int64 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return 1_000_000 + int64(h.Sum32()>>1)
}

// firstChannel is the number of the first channel of the export.
const firstChannel = 1700000001

// demoChannel is how the n-th channel is named where it published.
func demoChannel(n int) string { return "channel" + strconv.FormatInt(firstChannel+int64(n), 10) }

// demoTelegram is result.json of a whole account: only the public channels.
func demoTelegram(posts []*post.Post) ([]byte, error) {
	type message struct {
		ID       int64  `json:"id"`
		Type     string `json:"type"`
		Date     string `json:"date"`
		DateUnix string `json:"date_unixtime"`
		From     string `json:"from"`
		FromID   string `json:"from_id"`
		Text     []any  `json:"text"`
	}
	type chat struct {
		Name     string    `json:"name"`
		Type     string    `json:"type"`
		ID       int64     `json:"id"`
		Messages []message `json:"messages"`
	}
	var chats []*chat
	for _, p := range posts {
		at := slices.IndexFunc(chats, func(c *chat) bool { return c.Name == p.Account.Name })
		if at < 0 {
			at = len(chats)
			chats = append(chats, &chat{Name: p.Account.Name, Type: "public_channel", ID: firstChannel + int64(at)})
		}
		c := chats[at]
		text := []any{p.Text + " "}
		for _, l := range p.Links {
			text = append(text, map[string]string{"type": "link", "text": l})
		}
		c.Messages = append(c.Messages, message{ID: int64(len(c.Messages) + 1), Type: "message", Date: p.Time.UTC().Format("2006-01-02T15:04:05"),
			DateUnix: strconv.FormatInt(p.Time.Millis/1000, 10), From: p.Account.Name, FromID: "channel" + strconv.FormatInt(c.ID, 10), Text: text})
	}
	return json.MarshalIndent(map[string]any{"about": "An invented export.", "chats": map[string]any{"about": "", "list": chats}}, "", " ")
}

// demoVK is one answer of newsfeed.search, with the profiles of its authors.
func demoVK(posts []*post.Post) ([]byte, error) {
	type item struct {
		ID      int64  `json:"id"`
		OwnerID int64  `json:"owner_id"`
		FromID  int64  `json:"from_id"`
		Date    int64  `json:"date"`
		Type    string `json:"post_type"`
		Text    string `json:"text"`
	}
	type profile struct {
		ID         int64  `json:"id"`
		ScreenName string `json:"screen_name"`
	}
	var items []item
	var profiles []profile
	for i, p := range posts {
		owner := demoNumber(p.Account.Name)
		if !slices.ContainsFunc(profiles, func(q profile) bool { return q.ID == owner }) {
			profiles = append(profiles, profile{owner, p.Account.Name})
		}
		items = append(items, item{ID: int64(100 + i), OwnerID: owner, FromID: owner, Date: p.Time.Millis / 1000, Type: "post",
			Text: strings.Join(append([]string{p.Text}, p.Links...), " ")})
	}
	return json.MarshalIndent(map[string]any{"response": map[string]any{"count": len(items), "items": items, "profiles": profiles}}, "", " ")
}

// demoX is the answer pages of X's interface, one page a line.
func demoX(posts []*post.Post) ([]byte, error) {
	type link struct {
		URL      string `json:"url"`
		Expanded string `json:"expanded_url"`
	}
	type entities struct {
		URLs []link `json:"urls"`
	}
	type tweet struct {
		ID       string    `json:"id"`
		Text     string    `json:"text"`
		Author   string    `json:"author_id"`
		Created  string    `json:"created_at"`
		Lang     string    `json:"lang,omitempty"`
		Entities *entities `json:"entities,omitempty"`
	}
	type user struct {
		ID       string `json:"id"`
		Username string `json:"username"`
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for page := range slices.Chunk(posts, 100) {
		var data []tweet
		var users []user
		for _, p := range page {
			author := strconv.FormatInt(demoNumber(p.Account.Name), 10)
			if !slices.ContainsFunc(users, func(u user) bool { return u.ID == author }) {
				users = append(users, user{author, p.Account.Name})
			}
			t := tweet{ID: p.ID, Text: p.Text, Author: author, Created: p.Time.UTC().Format("2006-01-02T15:04:05.000Z"), Lang: p.Lang}
			for n, l := range p.Links {
				short := "https://t.co/" + strconv.FormatInt(demoNumber(p.ID+l), 36) + strconv.Itoa(n)
				t.Text += " " + short
				if t.Entities == nil {
					t.Entities = &entities{}
				}
				t.Entities.URLs = append(t.Entities.URLs, link{short, l})
			}
			data = append(data, t)
		}
		if err := e.Encode(map[string]any{"data": data, "includes": map[string]any{"users": users}}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// demoTable is what a researcher copied by hand.
func demoTable(posts []*post.Post) ([]byte, error) {
	var b bytes.Buffer
	t := csv.NewWriter(&b)
	t.Write([]string{"platform", "post_id", "account", "time", "text", "links", "language"})
	for _, p := range posts {
		t.Write([]string{p.Platform, p.ID, p.Account.ID, p.Time.UTC().Format(time.RFC3339), p.Text, strings.Join(p.Links, " "), p.Lang})
	}
	t.Flush()
	return b.Bytes(), t.Error()
}
