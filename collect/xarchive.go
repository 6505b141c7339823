package collect

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// xArchive reads the tweets of somebody's own archive of X or Twitter. Of the
// zip only the tweets, the deleted tweets and the name of the account are
// opened; direct messages, contacts, telephone and e-mail never are.
var xArchive = Format{
	Name:  "x-archive",
	Title: "X (Twitter) archive",
	Sniff: func(in *Input) (string, bool) {
		for _, m := range members(in.Zip, xTweets) {
			return "zip with " + MemberName(m), true
		}
		for _, m := range members(in.Zip, xAccount) {
			return "zip with " + MemberName(m), true
		}
		if in.Zip == nil && xTweetsAlone.Match(in.Head) { // taken out of its archive
			return "window.YTD.tweets", true
		}
		return "", false
	},
	Read: reading(readXArchive),
}

var (
	xTweets      = lazyre.New(`(^|/)data/(tweets?|deleted-tweets?)(-part\d+)?\.js$`)
	xTweetsAlone = lazyre.New(`^\s*window\.YTD\.(tweets?|deleted_tweets?)\.part\d+\s*=\s*`)
	xAccount     = lazyre.New(`(^|/)data/account\.js$`)
	// Members are JavaScript: an assignment before the JSON. It is taken off,
	// nothing is ever evaluated.
	xAssign = lazyre.New(`^\s*window\.YTD\.\w+\.part\d+\s*=\s*`)
)

// members returns the members of z whose name matches, in the order of their
// names with numbers in the order of numbers.
func members(z *zip.Reader, name *lazyre.Regexp) []*zip.File {
	if z == nil {
		return nil
	}
	var found []*zip.File
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, "/") && name.MatchString(MemberName(f)) {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b *zip.File) int {
		x, y := MemberName(a), MemberName(b)
		if d, e := strings.TrimRight(path.Dir(x), "/"), strings.TrimRight(path.Dir(y), "/"); d != e {
			return strings.Compare(d, e)
		}
		if len(x) != len(y) && digitsOff(x) == digitsOff(y) {
			return len(x) - len(y)
		}
		return strings.Compare(x, y)
	})
	return found
}

func digitsOff(s string) string { return strings.Map(dropDigit, s) }

func dropDigit(r rune) rune {
	if '0' <= r && r <= '9' {
		return -1
	}
	return r
}

// eachMember reads the members of the archive whose names match. Of a damaged
// one what stood before the damage is kept, and the others are read all the
// same.
func (n *nest) eachMember(name *lazyre.Regexp, read func(r io.Reader) error) error {
	var broken error
	for _, m := range members(n.in.Zip, name) {
		n.member = MemberName(m)
		err := n.oneMember(m, read)
		n.member = ""
		if err == nil {
			continue
		}
		if !isBroken(err) {
			return err
		}
		if broken == nil {
			broken = fmt.Errorf("%s: %w", MemberName(m), err)
		}
	}
	return broken
}

func (n *nest) oneMember(m *zip.File, read func(r io.Reader) error) error {
	r, err := n.in.OpenMember(m)
	if err != nil {
		return err
	}
	defer r.Close()
	return read(r)
}

// afterAssign returns r without the assignment it begins with.
func afterAssign(r io.Reader) io.Reader {
	br := bufio.NewReaderSize(skipBOM(r), 4096)
	head, _ := br.Peek(512) // an error comes again when r is read
	_, _ = br.Discard(len(xAssign.Find(head)))
	return br
}

func readXArchive(n *nest) error {
	var account post.Account
	err := n.eachMember(xAccount, func(r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(afterAssign(r), 1<<20))
		if err != nil {
			return err
		}
		v, _, err := decode(bytes.TrimRight(b, "; \r\n"))
		if err != nil {
			n.note("data/account.js cannot be read: " + err.Error())
			return nil
		}
		a := v.at("0", "account")
		account = post.Account{ID: a.at("accountId").str(), Name: a.at("username").str()}
		return nil
	})
	if err != nil && !isBroken(err) {
		return err
	}
	if account == (post.Account{}) {
		n.note("the archive does not say whose it is (data/account.js): posts have no account")
	}
	deleted := false
	take := n.item(func(v node) error {
		if t := v.at("tweet"); t.isObject() {
			v, n.cur = t, t
		}
		var p post.Post
		n.tweet(&p, v)
		if p.Account.ID == "" && p.Account.Name == "" {
			p.Account = account
			p.URL = tweetURL(p.Account.Name, p.ID)
		}
		if deleted {
			n.note("tweets that the author deleted are among the posts (data/deleted-tweets.js)")
		}
		return n.post(&p)
	})
	if n.in.Zip == nil {
		return n.documents(afterAssign(n.in.R), visits{"": take})
	}
	broken := err
	err = n.eachMember(xTweets, func(r io.Reader) error {
		deleted = strings.Contains(path.Base(n.member), "deleted")
		return n.documents(afterAssign(r), visits{"": take})
	})
	if err == nil {
		err = broken
	}
	return err
}
