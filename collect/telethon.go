package collect

import (
	"strings"
	"unicode/utf16"

	"github.com/arasha-org/arasha/post"
)

// telethon reads messages as Telethon and 4CAT write them, one TL object a
// line (4CAT, datasources/telegram/search_telegram.py). It is the one Telegram
// form that names the origin of a forward.
var telethon = Format{
	Name:  "telegram-ndjson",
	Title: "Telegram messages of Telethon or 4CAT (JSON Lines)",
	Sniff: sniffKeys(func(keys []string, head []byte) string {
		for _, k := range []string{"_chat", "_chat_peer", "fwd_from", "peer_id"} {
			if hasKeys(keys, k) && (hasKeys(keys, "message") || hasKeys(keys, "date")) {
				return "key " + k
			}
		}
		return ""
	}),
	Read: reading(func(n *nest) error {
		t := &telethonReader{albums{nest: n}}
		err := n.documents(n.in.R, visits{"": n.item(t.message), "messages": n.item(t.message)})
		if ferr := t.flush(); ferr != nil {
			return ferr
		}
		return err
	}),
}

type telethonReader struct{ albums }

// peer returns the kind and id of a TL peer: {"_type": "PeerChannel",
// "channel_id": 1}. Old dumps have a bare user id in its place.
func peer(v node) (kind, id string) {
	for _, k := range []string{"channel", "user", "chat"} {
		if id := v.at(k + "_id").str(); id != "" {
			return k, id
		}
	}
	if id := v.str(); id != "" {
		return "user", id
	}
	return "", ""
}

// bareChat takes off the mark -100 that bots see before a channel's id.
func bareChat(id string) string {
	if rest, ok := strings.CutPrefix(id, "-100"); ok {
		return rest
	}
	return strings.TrimPrefix(id, "-")
}

func (t *telethonReader) message(v node) error {
	number := v.at("id").str()
	switch {
	case number == "":
		return t.rejected("it has no message id")
	case v.at("action").is() || v.first("_", "_type") == "MessageService":
		return t.skipped("service message")
	}
	chat := v.at("_chat")
	kind, chatID := peer(v.at("peer_id"))
	if chatID == "" {
		kind, chatID = peer(v.at("to_id"))
	}
	if id := chat.at("id").str(); id != "" {
		chatID = bareChat(id)
	}
	handle := chat.first("username", "usernames.0.username")
	if !t.o.Private {
		switch {
		case handle != "":
		case kind == "user" || kind == "chat" || chat.is():
			return t.skipped("private chat")
		default:
			return t.skipped("chat not shown to be public")
		}
	}
	p := &post.Post{Platform: "telegram", ID: number, Text: v.first("message", "text"), Time: t.when(v.at("date"))}
	if chatID != "" {
		p.ID = chatID + "/" + number
	} else if handle != "" {
		p.ID = handle + "/" + number
	}
	if handle != "" {
		p.URL = "https://t.me/" + handle + "/" + number
	}
	p.Account = t.sender(v, chatID, kind)
	if chatID != "" && p.Account.ID == "channel"+chatID || p.Account == (post.Account{}) {
		p.Account.Name = chat.first("username", "title")
	}
	if reply := v.first("reply_to.reply_to_msg_id", "reply_to_msg_id"); reply != "" {
		in := chatID
		if _, id := peer(v.at("reply_to", "reply_to_peer_id")); id != "" {
			in = id
		}
		p.ReplyTo = strings.TrimPrefix(in+"/"+reply, "/")
	}
	t.forward(p, v.at("fwd_from"))
	t.entities(p, v)
	t.media(p, v.at("media"))
	t.extra(p)
	key := ""
	if g := v.at("grouped_id").str(); g != "" {
		key = chatID + "/" + g
	}
	return t.add(p, key)
}

// sender says who wrote the message; in channels it is the channel. Telephone
// numbers that stand beside are not read.
func (t *telethonReader) sender(v node, chatID, kind string) post.Account {
	from, id := peer(v.at("from_id"))
	s := v.at("_sender")
	if sid := s.at("id").str(); sid != "" && id == "" {
		id = bareChat(sid)
		if from = "user"; s.at("title").is() || s.first("_", "_type") == "Channel" {
			from = "channel"
		}
	}
	if id == "" {
		if kind == "" {
			kind = "channel"
		}
		if chatID == "" {
			return post.Account{}
		}
		return post.Account{ID: kind + chatID}
	}
	name := s.first("username", "usernames.0.username", "title")
	if name == "" {
		name = strings.TrimSpace(s.at("first_name").str() + " " + s.at("last_name").str())
	}
	return post.Account{ID: from + id, Name: name}
}

// forward fills where the message was forwarded from. A channel with the
// number of its post is the exact original.
func (t *telethonReader) forward(p *post.Post, f node) {
	if !f.isObject() {
		return
	}
	p.Repost = true
	kind, id := peer(f.at("from_id"))
	if c := f.at("channel_id").str(); c != "" {
		kind, id = "channel", c // before 2020
	}
	if n := f.at("channel_post").str(); n != "" && kind == "channel" {
		p.RepostOf = id + "/" + n
	}
}

// entities fills what is marked in the text. Offsets count UTF-16 units.
func (t *telethonReader) entities(p *post.Post, v node) {
	if _, ok := v.at("entities").v.([]any); !ok {
		p.Links, p.Hashtags, p.Mentions = textMarks(p.Text)
	}
	units := utf16.Encode([]rune(p.Text))
	for e := range v.at("entities").each() {
		from, ok1 := smallInt(e.at("offset").str())
		length, ok2 := smallInt(e.at("length").str())
		part := ""
		if ok1 && ok2 && from >= 0 && length >= 0 && from <= len(units) && length <= len(units)-from {
			part = string(utf16.Decode(units[from : from+length]))
		}
		switch strings.TrimPrefix(e.first("_", "_type"), "MessageEntity") {
		case "Url":
			p.Links = addOnce(p.Links, part)
		case "TextUrl":
			p.Links = addOnce(p.Links, e.at("url").str())
		case "Hashtag":
			if part != "" {
				p.Hashtags = append(p.Hashtags, strings.TrimPrefix(part, "#"))
			}
		case "Mention":
			if part != "" {
				p.Mentions = append(p.Mentions, strings.TrimPrefix(part, "@"))
			}
		case "MentionName":
			if id := e.at("user_id").str(); id != "" {
				p.Mentions = append(p.Mentions, "user"+id)
			}
		}
	}
}

// media takes the address of a previewed page when the text names none. The
// files themselves are not in this form.
func (t *telethonReader) media(p *post.Post, m node) {
	if u := m.at("webpage", "url").str(); u != "" && len(p.Links) == 0 {
		p.Links = append(p.Links, u)
	}
	if q := m.at("poll", "poll"); q.is() && p.Text == "" {
		lines := []string{pollText(q.at("question"))}
		for a := range q.at("answers").each() {
			lines = append(lines, pollText(a.at("text")))
		}
		p.Text = strings.Join(lines, "\n")
	}
	if m.at("photo").is() || m.at("document").is() {
		t.note("pictures and files are named but not held in this form; their posts are read without them")
	}
}
