package collect

import (
	"bytes"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// telegramDesktop reads the result.json of Telegram Desktop, of one chat or
// of a whole account (telegramdesktop/tdesktop,
// Telegram/SourceFiles/export/output/export_output_json.cpp). Only public
// channels and groups are read unless Options.Private; contacts, sessions,
// telephone numbers and the names behind reactions never are.
var telegramDesktop = Format{
	Name:  "telegram-desktop",
	Title: "Telegram Desktop export (result.json)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		switch {
		case hasKeys(keys, "chats.list") || hasKeys(keys, "left_chats.list"):
			return "a list of chats"
		case hasKeys(keys, "about", "personal_information"):
			return "keys about and personal_information"
		case hasKeys(keys, "messages", "type", "id") && !hasKeys(keys, "participants"):
			return "keys type, id and messages"
		case hasKeys(keys, "messages") && bytes.Contains(head, []byte(`"date_unixtime"`)):
			return "messages with date_unixtime"
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		t := &telegram{albums: albums{nest: n}}
		err := n.document(n.in.R, t.chat)
		if ferr := t.flush(); ferr != nil {
			return ferr
		}
		return err
	}),
}

// A telegramChat is what the export says of a chat beside its messages.
type telegramChat struct {
	id, name, kind string
}

// telegram is one reading of an export.
type telegram struct {
	albums
	seen      int                  // chats begun
	heads     map[int]telegramChat // by number, when a second look was needed
	gathering bool                 // this is the second look

}

// albums joins the pictures of one publication, which arrive as records of
// their own: a post waits until the next record shows that it is whole.
type albums struct {
	*nest
	album  *post.Post
	record int64  // of album
	key    string // by which its parts know each other; "" for no album
}

// add takes a post that may begin an album or go on with one. Two texts are
// never joined.
func (a *albums) add(p *post.Post, key string) error {
	if key == "" || key != a.key || p.Text != "" && a.album.Text != "" {
		if err := a.flush(); err != nil {
			return err
		}
		a.album, a.record, a.key = p, a.nest.record, key
		return nil
	}
	first := a.album
	if first.Text == "" {
		first.Text, first.Links, first.Hashtags, first.Mentions = p.Text, p.Links, p.Hashtags, p.Mentions
	}
	if len(p.ID) < len(first.ID) || len(p.ID) == len(first.ID) && p.ID < first.ID {
		first.ID, first.URL = p.ID, p.URL // newest first in the file
	}
	first.Media = append(first.Media, p.Media...)
	return a.skip("further picture of an album")
}

// flush sends the post that waited.
func (a *albums) flush() error {
	p := a.album
	if p == nil {
		return nil
	}
	a.album, a.key = nil, ""
	p.Source.Record = a.record
	return a.out.Post(p)
}

// skipped leaves the record at hand out, after what came before it.
func (a *albums) skipped(reason string) error {
	if err := a.flush(); err != nil {
		return err
	}
	return a.skip(reason)
}

// rejected rejects the record at hand, after what came before it.
func (a *albums) rejected(reason string) error {
	if err := a.flush(); err != nil {
		return err
	}
	return a.reject(reason)
}

// chat passes one chat, or the whole account, which holds lists of them.
// While gathering it only takes down what each chat is.
func (t *telegram) chat(w *walker) error {
	nth := t.seen
	t.seen++
	var c telegramChat
	err := w.object(func(key string) error {
		switch {
		case key == "chats" || key == "left_chats":
			return t.list(w)
		case key == "name" || key == "type" || key == "id":
			return c.read(w, key)
		case key == "messages" && !t.gathering:
			if c.kind == "" || c.id == "" {
				c = t.head(nth)
			}
			return t.messages(w, c)
		}
		return w.skip()
	})
	if t.gathering {
		t.heads[nth] = c
	}
	return err
}

// list passes the chats of an account.
func (t *telegram) list(w *walker) error {
	if c, err := w.inside(); err != nil || c != '{' {
		return skipAfter(w, err)
	}
	return w.object(func(key string) error {
		c, err := w.inside()
		if err != nil || key != "list" || c != '[' {
			return skipAfter(w, err)
		}
		return w.array(func() error {
			if c, err := w.inside(); err != nil || c != '{' {
				return skipAfter(w, err)
			}
			return t.chat(w)
		})
	})
}

func skipAfter(w *walker, err error) error {
	if err != nil {
		return err
	}
	return w.skip()
}

// read takes the value of key.
func (c *telegramChat) read(w *walker, key string) error {
	raw, err := w.value()
	if err != nil {
		return err
	}
	v, _, err := decode(raw)
	if err != nil {
		return nil // told apart later: a chat without a type is not read
	}
	switch key {
	case "name":
		c.name = v.str()
	case "type":
		c.kind = v.str()
	case "id":
		c.id = v.str()
	}
	return nil
}

// head finds what a file whose keys were sorted says of its nth chat only
// after the messages: the file is read once more, without them.
func (t *telegram) head(nth int) telegramChat {
	if t.heads == nil {
		t.heads = map[int]telegramChat{}
		g := &telegram{albums: albums{nest: t.nest}, gathering: true, heads: t.heads}
		if r, err := t.in.Again(); err == nil {
			defer r.Close()
			_ = g.chat(t.walker(r)) // what is broken is told by the first reading
		}
	}
	return t.heads[nth]
}

var publicChat = map[string]bool{"public_channel": true, "public_supergroup": true}

// messages passes the messages of c.
func (t *telegram) messages(w *walker, c telegramChat) error {
	if first, err := w.inside(); err != nil || first != '[' {
		return skipAfter(w, err)
	}
	if err := t.flush(); err != nil {
		return err
	}
	left := ""
	switch {
	case t.o.Private || publicChat[c.kind]:
	case c.kind == "":
		left = "chat of unknown kind"
	default:
		left = "private chat"
	}
	take := t.item(func(v node) error { return t.message(v, c) })
	return w.array(func() error {
		if left != "" {
			if err := w.skip(); err != nil {
				return err
			}
			t.begin(nil, w.line)
			return t.skip(left)
		}
		line := w.line
		raw, err := w.value()
		return take(raw, line, err)
	})
}

// message reads one message of c.
func (t *telegram) message(v node, c telegramChat) error {
	kind, number := v.at("type").str(), v.at("id").str()
	switch {
	case kind == "service":
		return t.skipped("service message")
	case kind == "unsupported":
		return t.skipped("message the exporter did not support")
	case v.at("contact_information").is():
		return t.skipped("contact card")
	case number == "":
		return t.rejected("it has no message id")
	}
	p := &post.Post{Platform: "telegram", ID: number, Account: post.Account{ID: v.at("from_id").str(), Name: v.at("from").str()}}
	if c.id != "" {
		p.ID = c.id + "/" + number
	} else {
		t.note("the chat has no id in this file: message numbers stand alone")
	}
	if p.Account.ID == "" && strings.HasSuffix(c.kind, "channel") && c.id != "" {
		p.Account = post.Account{ID: "channel" + c.id, Name: c.name}
	}
	if c.id != "" && (c.kind == "private_channel" || c.kind == "private_supergroup") {
		p.URL = "https://t.me/c/" + c.id + "/" + number
	}
	if p.Time = t.unix(v.at("date_unixtime")); !p.Time.Known() {
		if s := v.at("date").str(); s != "" {
			p.Time = t.local(s)
		}
	}
	t.text(p, v)
	if reply := v.at("reply_to_message_id").str(); reply != "" {
		in := c.id
		if peer := strings.TrimLeft(v.at("reply_to_peer_id").str(), "abcdefghijklmnopqrstuvwxyz"); peer != "" {
			in = peer
		}
		p.ReplyTo = reply
		if in != "" {
			p.ReplyTo = in + "/" + reply
		}
	}
	p.Repost = v.has("forwarded_from") || v.has("forwarded_from_id")
	media := t.media(p, v)
	t.extra(p)

	key := ""
	if media {
		key = strings.Join([]string{p.Account.Key(), v.first("date_unixtime", "date"), v.at("forwarded_from").str(), p.ReplyTo}, "\x00")
	}
	return t.add(p, key)
}

// text fills p's text and what is marked in it. The text is a string or a
// list of strings and entities; text_entities says the same as objects.
func (t *telegram) text(p *post.Post, v node) {
	list, isList := v.at("text").v.([]any)
	if !isList {
		p.Text = v.at("text").str()
	}
	marked := isList
	if entities, ok := v.at("text_entities").v.([]any); ok && !isList && (len(entities) > 0 || p.Text == "") {
		list, marked = entities, true
	}
	var b strings.Builder
	for _, e := range list {
		e := node{e}
		s := e.str()
		if e.isObject() {
			s = e.at("text").str()
			t.entity(p, e, s)
		}
		b.WriteString(s)
	}
	switch {
	case isList || p.Text == "":
		p.Text = b.String()
	case !marked:
		p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	}
	if q := v.at("poll", "question"); p.Text == "" && q.is() {
		lines := []string{pollText(q)}
		for a := range v.at("poll", "answers").each() {
			lines = append(lines, pollText(a.at("text")))
		}
		p.Text = strings.Join(lines, "\n")
	}
}

// pollText reads the text of a poll, which newer exports write like messages.
func pollText(v node) string {
	if s := v.str(); s != "" {
		return s
	}
	var b strings.Builder
	for e := range v.each() {
		if s := e.str(); s != "" {
			b.WriteString(s)
		} else {
			b.WriteString(e.at("text").str())
		}
	}
	return b.String()
}

func (t *telegram) entity(p *post.Post, e node, text string) {
	switch e.at("type").str() {
	case "link":
		p.Links = addOnce(p.Links, text)
	case "text_link":
		p.Links = addOnce(p.Links, e.at("href").str())
	case "hashtag":
		p.Hashtags = append(p.Hashtags, strings.TrimPrefix(text, "#"))
	case "mention":
		p.Mentions = append(p.Mentions, strings.TrimPrefix(text, "@"))
	case "mention_name":
		if id := e.at("user_id").str(); id != "" {
			p.Mentions = append(p.Mentions, "user"+strings.TrimPrefix(id, "user"))
		}
	}
}

// media fills p's media and reports whether the message has any, be it in the
// export or not: in place of a path the exporter may print a notice in
// brackets.
func (t *telegram) media(p *post.Post, v node) bool {
	any := false
	for _, k := range []string{"photo", "file"} {
		s := v.at(k).str()
		if s == "" {
			continue
		}
		any = true
		if strings.HasSuffix(s, ")") && (strings.Contains(s, "(File ") || strings.Contains(s, "(Photo ")) {
			t.note("some pictures and files are not in the export; their posts are read without them")
			continue
		}
		p.Media = append(p.Media, post.Media{URL: s})
	}
	return any
}
