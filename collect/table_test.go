package collect

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/arasha-org/arasha/post"
)

// result is all a Collection made of some files.
type result struct {
	posts   []post.Post
	rejects []Reject
	found   []*Found
	err     error
}

// collected reads content as a file called name.
func collected(t *testing.T, name, content string, set ...func(*Collection)) result {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return collectedFiles(t, []string{path}, set...)
}

func collectedFiles(t *testing.T, paths []string, set ...func(*Collection)) result {
	t.Helper()
	var r result
	c := &Collection{
		Post: func(p *post.Post) error {
			q := *p
			q.Links, q.Hashtags, q.Mentions, q.Media = slices.Clone(p.Links), slices.Clone(p.Hashtags), slices.Clone(p.Mentions), slices.Clone(p.Media)
			r.posts = append(r.posts, q)
			return nil
		},
		Reject: func(file string, x Reject) error {
			x.Raw = slices.Clone(x.Raw)
			r.rejects = append(r.rejects, x)
			return nil
		},
	}
	for _, s := range set {
		s(c)
	}
	for _, p := range paths {
		if _, err := c.Read(context.Background(), p); err != nil {
			r.err = errors.Join(r.err, err)
		}
	}
	r.found = c.Files
	return r
}

// said reports whether a note of the first file holds all the words.
func (r result) said(words ...string) bool {
	for _, n := range r.found[0].Notes {
		ok := true
		for _, w := range words {
			ok = ok && strings.Contains(n, w)
		}
		if ok {
			return true
		}
	}
	return false
}

func (r result) texts() []string {
	var s []string
	for _, p := range r.posts {
		s = append(s, p.Text)
	}
	return s
}

func (r result) times() []string {
	var s []string
	for _, p := range r.posts {
		s = append(s, p.Time.String())
	}
	return s
}

func columns(t *testing.T, s string) func(*Collection) {
	t.Helper()
	m, err := ParseColumns(s)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Collection) { c.Columns = m }
}

func zone(t *testing.T, s string) func(*Collection) {
	t.Helper()
	z, err := ParseZone(s)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Collection) { c.Zone = z }
}

func TestHeadings(t *testing.T) {
	for _, x := range []struct{ heading, url, when, author, text string }{
		{"English", "url", "date", "account_name", "text"},
		{"English words", "Link to post", "Publication date", "Author", "Post text"},
		{"Russian", "Ссылка", "Дата", "Автор", "Текст"},
		{"Russian words", "Ссылка на публикацию", "Дата публикации", "Автор поста", "Текст сообщения"},
		{"Kazakh", "Сілтеме", "Күні", "Аккаунт", "Мәтін"},
		{"Kazakh words", "Жазба сілтемесі", "Жарияланған күні", "Пайдаланушы", "Жазба мәтіні"},
		{"French", "Lien", "Date", "Auteur", "Texte"},
		{"Facepager", "link", "date", "from.name", "message"},
		{"French words", "Lien de la publication", "Date de publication", "Compte", "Texte du post"},
	} {
		for _, comma := range []string{",", ";", "\t", "|"} {
			in := strings.Join([]string{x.url, x.when, x.author, x.text}, comma) + "\r\n" +
				strings.Join([]string{"https://t.me/qala/1", "2020-04-28", "Qala", "Бір мәтін"}, comma) + "\r\n"
			r := collected(t, "t.csv", in)
			want := post.Post{URL: "https://t.me/qala/1", Account: post.Account{Name: "Qala"}, Text: "Бір мәтін",
				Time: post.Time{Millis: time.Date(2020, 4, 28, 0, 0, 0, 0, time.UTC).UnixMilli(), Precision: post.Day, Basis: post.Local, Zone: "UTC", Text: "2020-04-28"}}
			if r.err != nil || len(r.posts) != 1 {
				t.Fatalf("%s, %q: %d posts, error %v", x.heading, comma, len(r.posts), r.err)
			}
			want.Source = post.Source{Ref: r.found[0].Ref, Record: 1}
			if d := cmp.Diff(want, r.posts[0]); d != "" {
				t.Errorf("%s, %q: (-want +got)\n%s", x.heading, comma, d)
			}
		}
	}
}

func TestHeadingsThatMeanSomethingElse(t *testing.T) {
	for _, h := range []string{"url_id", "hashtag_id", "account_category", "Дата сбора", "text_length_count", "likes", "Количество лайков"} {
		if f, _ := fieldOf(h); f != "" && f != FieldFoundAt {
			t.Errorf("fieldOf(%q) = %s, want nothing", h, f)
		}
	}
	for h, want := range map[string]Field{
		"account_creation_date": "", "Дата создания аккаунта": "", "Ссылка на страницу автора": FieldAccountURL, "Link to author": FieldAccountURL, "Ссылка на скриншот": FieldScreenshot,
		"Ссылка на архив": "", "Время (UTC+6)": FieldClock, "tweet_time": FieldTime, "Дата и время": FieldTime, "Кто нашёл": FieldFoundBy, "№ п/п": FieldRow, "Lien de l'auteur": FieldAccountURL,
	} {
		if f, _ := fieldOf(h); f != want {
			t.Errorf("fieldOf(%q) = %q, want %q", h, f, want)
		}
	}
	r := collected(t, "t.csv", "id,text,likes,mood\n1,a,5,x\n")
	if !r.said("columns that were not read: likes, mood") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	if r := collected(t, "t.csv", "id,timestamp\n1,9999999999\n"); !r.said("after 2100") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
}

func TestFoundByIsInNoPost(t *testing.T) {
	r := collected(t, "t.csv", "url,date,text,found_by,note\nhttps://t.me/q/1,2020-04-28,слово,Айгуль Секретная,важно\n")
	if line := post.Append(nil, &r.posts[0]); strings.Contains(string(line), "Секретная") {
		t.Errorf("the name of the finder is in the post: %s", line)
	}
	if !r.said("found_by", "kept apart") {
		t.Errorf("nothing says that found_by was kept apart: %q", r.found[0].Notes)
	}
}

func TestQuotesAndLines(t *testing.T) {
	in := "id,text,url\r\n" +
		"1,\"line one\nline two, \"\"quoted\"\"\",https://a.example/1\r\n" +
		"\r\n" +
		"2,plain \"bare\" quote,https://a.example/2\r\n" +
		"3,too,many,cells,here\r\n" +
		"4,last,https://a.example/4"
	r := collected(t, "t.csv", in)
	if want := []string{"line one\nline two, \"quoted\"", `plain "bare" quote`, "last"}; !slices.Equal(r.texts(), want) {
		t.Errorf("texts %q, want %q", r.texts(), want)
	}
	if len(r.rejects) != 1 || r.rejects[0].Line != 6 || r.rejects[0].Record != 3 || string(r.rejects[0].Raw) != "3,too,many,cells,here" {
		t.Fatalf("rejects %+v, want the row of line 6", r.rejects)
	}
	if got := r.posts[2].Source.Record; got != 4 {
		t.Errorf("the last row is record %d, want 4", got)
	}
}

func TestUnclosedQuoteLosesOneLine(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,text\n1,\"never closed\n")
	for range 1000 {
		b.WriteString("2,ordinary\n")
	}
	r := collected(t, "t.csv", b.String(), func(c *Collection) { c.EveryRecord = true })
	if len(r.posts) != 1000 || len(r.rejects) != 1 || r.rejects[0].Line != 2 {
		t.Errorf("%d posts and rejects %+v, want 1000 posts and line 2 rejected", len(r.posts), r.rejects)
	}
}

func TestManyUnclosedQuotes(t *testing.T) {
	in := "id,text\n" + strings.Repeat("1,\"open\n2,fine\n", 101)
	r := collected(t, "t.csv", in, func(c *Collection) { c.EveryRecord = true })
	if got := len(r.posts) + len(r.rejects); got < 150 {
		t.Errorf("%d records, want every line accounted for", got)
	}
}

func TestLongLineIsRejectedAndReadingGoesOn(t *testing.T) {
	in := "id,text\n1,before\n2," + strings.Repeat("x", 50<<20) + "\n3,after\n"
	r := collected(t, "t.csv", in)
	if !slices.Equal(r.texts(), []string{"before", "after"}) {
		t.Errorf("texts %q, want before and after", r.texts())
	}
	if len(r.rejects) != 1 || r.rejects[0].Line != 3 || !strings.Contains(r.rejects[0].Reason, "52428802 bytes") || len(r.rejects[0].Raw) > maxRaw {
		t.Errorf("rejects %d, line %d, reason %q", len(r.rejects), r.rejects[0].Line, r.rejects[0].Reason)
	}
}

func TestShortRows(t *testing.T) {
	r := collected(t, "t.csv", "url,date,text\nhttps://t.me/a/1\nhttps://t.me/a/2,2020-04-28\nрассыпанный остаток строки\n;\n", func(c *Collection) { c.Format = "table" })
	if len(r.posts) != 2 || !r.said("shorter than the heading", "line 2") {
		t.Errorf("%d posts, notes %q", len(r.posts), r.found[0].Notes)
	}
	if len(r.rejects) != 2 || r.rejects[0].Line != 4 {
		t.Errorf("rejects %+v, want lines 4 and 5", r.rejects)
	}
}

func TestEncodings(t *testing.T) {
	table := "Ссылка;Дата;Текст\r\nhttps://t.me/q/1;2020-04-28;Обычная новость дня\r\nhttps://t.me/q/2;2020-04-29;Тағы бір\r\n"
	russian := strings.ReplaceAll(table, "Тағы бір", "Ещё одна")
	encode := func(s string, e interface{ String(string) (string, error) }) string {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, x := range []struct{ name, bytes, want, note string }{
		{"UTF-8", table, "Тағы бір", ""},
		{"UTF-8 with mark", "\xef\xbb\xbf" + table, "Тағы бір", ""},
		{"windows-1251", encode(russian, charmap.Windows1251.NewEncoder()), "Ещё одна", "windows-1251"},
		{"koi8-r", encode(russian, charmap.KOI8R.NewEncoder()), "Ещё одна", "koi8-r"},
		{"ibm866", encode(russian, charmap.CodePage866.NewEncoder()), "Ещё одна", "ibm866"},
		{"UTF-16LE with mark", encode(table, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()), "Тағы бір", "utf-16le"},
		{"UTF-16BE with mark", encode(table, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()), "Тағы бір", "utf-16be"},
		{"UTF-16LE", encode(table, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()), "Тағы бір", "utf-16le"},
		{"UTF-16BE", encode(table, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()), "Тағы бір", "utf-16be"},
	} {
		r := collected(t, "t.csv", x.bytes)
		if r.err != nil || len(r.posts) != 2 || r.posts[1].Text != x.want || r.posts[0].URL != "https://t.me/q/1" {
			t.Errorf("%s: texts %q, error %v, want %q last", x.name, r.texts(), r.err, x.want)
			continue
		}
		if x.note != "" && !r.said(x.note) {
			t.Errorf("%s: notes %q do not name the encoding", x.name, r.found[0].Notes)
		}
	}
	// French in windows-1252, and the option that settles it.
	french := encode("Lien;Date;Texte\r\nhttps://t.me/q/1;2020-04-28;La dérive a été dénoncée\r\n", charmap.Windows1252.NewEncoder())
	if r := collected(t, "t.csv", french); !slices.Equal(r.texts(), []string{"La dérive a été dénoncée"}) || !r.said("windows-1252") {
		t.Errorf("windows-1252: %q, notes %q", r.texts(), r.found[0].Notes)
	}
	if r := collected(t, "t.csv", french, func(c *Collection) { c.Encoding = "windows-1251" }); !strings.Contains(r.texts()[0], "й") {
		t.Errorf("--encoding windows-1251 was not obeyed: %q", r.texts())
	}
}

func TestEncodingThatShowsLate(t *testing.T) {
	late, err := charmap.Windows1251.NewEncoder().String("9999,Обычная новость\n")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("id,text\n")
	for b.Len() < 2*HeadSize {
		b.WriteString("1,plain letters only\n")
	}
	r := collected(t, "t.csv", b.String()+late, func(c *Collection) { c.EveryRecord = true })
	if got := r.posts[len(r.posts)-1].Text; got != "Обычная новость" || !r.said("windows-1251", "from line") {
		t.Errorf("last text %q, notes %q", got, r.found[0].Notes)
	}
}

func TestStrayBytes(t *testing.T) {
	r := collected(t, "t.csv", "id,text\n1,хорошая строка\n2,сло\xffво\n3,с\x00нулём\n4,"+strings.Repeat("\x00", 40)+"\n5,конец\n")
	if want := []string{"хорошая строка", "сло\uFFFDво", "снулём", "конец"}; !slices.Equal(r.texts(), want) {
		t.Errorf("texts %q, want %q", r.texts(), want)
	}
	if !r.said("1 rows", "not UTF-8", "line 3") || !r.said("zero bytes", "line 4") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	if len(r.rejects) != 1 || r.rejects[0].Line != 5 || !strings.Contains(r.rejects[0].Reason, "hole of 40 zero bytes") {
		t.Errorf("rejects %+v", r.rejects)
	}
}

func TestColumnsOption(t *testing.T) {
	in := "a,b,c,d\n77,https://x.example/1,1588068000,слова\n"
	if r := collected(t, "t.csv", in); r.err == nil {
		// Addresses in the first row would make it data; here the heading
		// says nothing, so it must be asked for.
		t.Errorf("a heading of a,b,c,d was accepted: %+v", r.posts)
	} else if !strings.Contains(r.err.Error(), "--columns") || !strings.Contains(r.err.Error(), "a, b, c, d") {
		t.Errorf("error %q does not name the columns and the way out", r.err)
	}
	r := collected(t, "t.csv", in, columns(t, "id=a,url=b,time=c,text=4"))
	if r.err != nil || len(r.posts) != 1 || r.posts[0].ID != "77" || r.posts[0].Text != "слова" || r.posts[0].Time.String() != "2020-04-28 10:00:00" {
		t.Errorf("posts %+v, error %v", r.posts, r.err)
	}
	if r := collected(t, "t.csv", in, columns(t, "id=nosuch")); r.err == nil || !strings.Contains(r.err.Error(), `"nosuch"`) {
		t.Errorf("an unknown column gave %v", r.err)
	}
	for _, bad := range []string{"x", "nofield=a", "id=", "id=a,id=b"} {
		if _, err := ParseColumns(bad); err == nil {
			t.Errorf("ParseColumns(%q) gave no error", bad)
		}
	}
	r = collected(t, "t.csv", in, columns(t, "id=a"), func(c *Collection) { c.Keep = []string{"d"} })
	if r.err != nil || r.posts[0].Extra["d"] != "слова" {
		t.Errorf("kept %v, error %v", r.posts, r.err)
	}
	if r := collected(t, "t.csv", in, columns(t, "id=a"), func(c *Collection) { c.Keep = []string{"zz"} }); r.err == nil {
		t.Error("--keep of a column that is not there gave no error")
	}
}

func TestNoHeading(t *testing.T) {
	r := collected(t, "t.csv", "https://t.me/a/1,2020-04-28,Это довольно длинный текст публикации\nhttps://t.me/a/2,2020-04-29,И ещё один такой же длинный текст\n")
	if len(r.posts) != 2 || r.posts[0].URL != "https://t.me/a/1" || r.posts[0].Time.String() != "2020-04-28" || !strings.HasPrefix(r.posts[0].Text, "Это") {
		t.Errorf("posts %+v, error %v", r.posts, r.err)
	}
	if !r.said("no heading", "column 1 was read as url") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	r = collected(t, "links.txt", "https://t.me/a/1\nhttps://t.me/a/2\n\nhttps://vk.com/wall-1_2\n")
	if len(r.posts) != 3 || r.posts[2].URL != "https://vk.com/wall-1_2" || r.posts[2].Source.Record != 3 {
		t.Errorf("a bare list of links gave %+v, error %v", r.posts, r.err)
	}
}

func TestIDsAndFlags(t *testing.T) {
	r := collected(t, "t.csv", "tweet_id,user,text,is_retweet,post_type,language,urls,hashtags\n"+
		"1.23457E+17,qala,раз,1,,Russian,https://a.example/1 https://b.example/2,#один #два\n"+
		"1253456789012345678,qala,два,0,,kk,\"['https://a.example/1', 'https://c.example/?a=1,2']\",\n"+
		"7,qala,три,0,Q,xx-unknown-zz,,\n")
	if k := collected(t, "t.csv", "id,kind\n1,Репост\n2,пост\n"); !k.posts[0].Repost || k.posts[1].Repost {
		t.Errorf("kinds репост and пост are reposts %v and %v", k.posts[0].Repost, k.posts[1].Repost)
	}
	if r.posts[0].ID != "" || !r.said("lost their digits", "1.23457E+17", "cannot be recovered") {
		t.Errorf("id %q, notes %q", r.posts[0].ID, r.found[0].Notes)
	}
	if r.posts[1].ID != "1253456789012345678" || r.posts[1].Lang != "kk" || r.posts[0].Lang != "ru" {
		t.Errorf("posts %+v", r.posts)
	}
	if !r.posts[0].Repost || r.posts[1].Repost || r.posts[2].Repost {
		t.Errorf("reposts %v %v %v, want only the first", r.posts[0].Repost, r.posts[1].Repost, r.posts[2].Repost)
	}
	if want := []string{"https://a.example/1", "https://b.example/2"}; !slices.Equal(r.posts[0].Links, want) {
		t.Errorf("links %q, want %q", r.posts[0].Links, want)
	}
	if want := []string{"https://a.example/1", "https://c.example/?a=1,2"}; !slices.Equal(r.posts[1].Links, want) {
		t.Errorf("links %q, want %q", r.posts[1].Links, want)
	}
	if want := []string{"один", "два"}; !slices.Equal(r.posts[0].Hashtags, want) {
		t.Errorf("hashtags %q, want %q", r.posts[0].Hashtags, want)
	}
}

func TestRepetitions(t *testing.T) {
	in := "platform,id,account,text\nvk,-1_2,q,раз\nvk,-1_2,q,раз\nvk,-1_2,q,раз исправлено\nvk,-1_2,q,раз исправлено\nok,-1_2,q,раз\n"
	r := collected(t, "t.csv", in)
	f := r.found[0]
	if len(r.posts) != 3 || f.Duplicates != 2 || f.Altered != 1 || f.Rows != 5 {
		t.Errorf("%d posts, %d duplicates, %d altered, %d rows; want 3, 2, 1, 5", len(r.posts), f.Duplicates, f.Altered, f.Rows)
	}
	// The same file again is no new post.
	path := filepath.Join(t.TempDir(), "a.csv")
	os.WriteFile(path, []byte(in), 0o600)
	if r := collectedFiles(t, []string{path, path}); len(r.posts) != 3 || r.found[1].Posts != 0 || r.found[1].Duplicates != 5 {
		t.Errorf("read twice: %d posts, second time %d posts and %d duplicates", len(r.posts), r.found[1].Posts, r.found[1].Duplicates)
	}
	// Row numbers under the name "id" are no identity across accounts.
	r = collected(t, "t.csv", "id,account,url\n1,a,https://a.example/1\n1,b,https://b.example/1\n")
	if len(r.posts) != 2 || r.found[0].Duplicates != 0 {
		t.Errorf("%d posts, want 2", len(r.posts))
	}
}

func TestUnknownFilesSayWhatTheyAre(t *testing.T) {
	for _, x := range []struct{ name, content, want string }{
		{"a.csv", "", "empty"},
		{"a.pdf", "%PDF-1.7\n%\xe2\xe3", "PDF"},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"},
		{"a.html", "<!DOCTYPE html><html><body>", "HTML"},
		{"a.json", `{"unknown": 1}`, "not recognised"},
		{"a.txt", "just some words\nand more words\n", "not recognised"},
	} {
		r := collected(t, x.name, x.content)
		if r.err == nil || !strings.Contains(r.err.Error(), x.want) || !strings.Contains(r.err.Error(), x.name) {
			t.Errorf("%s: error %v, want %q in it", x.name, r.err, x.want)
		}
	}
}

func TestHeadingBelowATitle(t *testing.T) {
	r := collected(t, "t.csv", "Список публикаций за апрель;;\n;;\nСсылка;Дата;Текст\nhttps://t.me/q/1;28.04.2020;слово\n")
	if r.err != nil || len(r.posts) != 1 || r.posts[0].Text != "слово" || r.posts[0].Source.Record != 1 {
		t.Errorf("posts %+v, error %v", r.posts, r.err)
	}
}

func TestColumnsByPlaceWithoutHeading(t *testing.T) {
	r := collected(t, "t.csv", "a1,qala,слово\na2,qala,ещё\n", columns(t, "id=1,account=2,text=3"))
	if len(r.posts) != 2 || r.posts[0].ID != "a1" || !r.said("no heading") {
		t.Errorf("posts %+v, error %v", r.posts, r.err)
	}
	r = collected(t, "t.csv", "code,when,words\na1,2020-04-28,слово\n", columns(t, "id=1,time=2,text=3"))
	if len(r.posts) != 1 || r.posts[0].ID != "a1" {
		t.Errorf("with a heading: posts %+v, error %v", r.posts, r.err)
	}
}

func TestTextWithoutQuotesInTheLastColumn(t *testing.T) {
	r := collected(t, "t.csv", "url,date,text\nhttps://t.me/q/1,2020-04-28,Раз, два, три\n")
	if !slices.Equal(r.texts(), []string{"Раз, два, три"}) || !r.said("without quotes", "line 2") {
		t.Errorf("texts %q, notes %q", r.texts(), r.found[0].Notes)
	}
}

func TestWordsForNothing(t *testing.T) {
	r := collected(t, "t.csv", "id,text,repost_id,reply_id,urls\n1,a,nan,None,NaN\n2,b,0,-1,\n3,c,77,,https://a.example/\n")
	for i, want := range []post.Post{{ID: "1", Text: "a"}, {ID: "2", Text: "b"}, {ID: "3", Text: "c", RepostOf: "77", Repost: true, Links: []string{"https://a.example/"}}} {
		got := r.posts[i]
		got.Source = post.Source{}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	}
}

func TestReplyOrRepostColumn(t *testing.T) {
	r := collected(t, "t.csv", "url,kind,reply_or_repost_of\nhttps://t.me/q/1,repost,77\nhttps://t.me/q/2,reply,78\nhttps://t.me/q/3,post,\n")
	if p := r.posts; p[0].RepostOf != "77" || !p[0].Repost || p[1].ReplyTo != "78" || p[1].Repost || p[2].Repost {
		t.Errorf("posts %+v", p)
	}
}

func TestPostsAreKnownBehindADamagedLine(t *testing.T) {
	r := collected(t, "p.jsonl", "{\"id\":\"0\",\"te\n{\"id\":\"1\",\"text\":\"a\"}\n")
	if len(r.posts) != 1 || len(r.rejects) != 1 || r.rejects[0].Line != 1 || r.found[0].Format != "posts" {
		t.Errorf("posts %+v, rejects %+v, error %v", r.posts, r.rejects, r.err)
	}
	long := "{\"id\":\"1\",\"text\":\"" + strings.Repeat("слово ", 20000) + "\"}\n"
	if r := collected(t, "p.jsonl", long); len(r.posts) != 1 || r.found[0].Format != "posts" {
		t.Errorf("a long first line gave %d posts, error %v", len(r.posts), r.err)
	}
	r = collected(t, "p.jsonl", "{\"id\":\"1\"}\n{\"id\":\""+strings.Repeat("x", 50<<20)+"\n{\"id\":\"2\"}\n")
	if len(r.posts) != 2 || len(r.rejects) != 1 || r.rejects[0].Line != 2 || !strings.Contains(r.rejects[0].Reason, "longer than") {
		t.Errorf("a 50 MB line gave %d posts and %d rejects, error %v", len(r.posts), len(r.rejects), r.err)
	}
}

func TestTimeKnownByItsContent(t *testing.T) {
	r := collected(t, "t.csv", "id,text,moment_x,account_creation_date\n1,a,2020-04-28 10:00:00,2019-01-01\n2,b,2020-04-28 10:01:00,2019-01-01\n")
	if r.times()[1] != "2020-04-28 10:01:00" || !r.said("moment_x", "taken for the time") {
		t.Errorf("times %v, notes %q", r.times(), r.found[0].Notes)
	}
	r = collected(t, "t.csv", "id,text,m1,m2\n1,a,2020-04-28,2020-04-29\n")
	if r.posts[0].Time.Known() || !r.said("not read: m1, m2") {
		t.Errorf("of two such columns one was taken: %v, notes %q", r.times(), r.found[0].Notes)
	}
}

func TestRowsInAnotherEncoding(t *testing.T) {
	r := collected(t, "t.csv", "id,text\n1,привет\n2,\xcf\xf0\xe8\xe2\xe5\xf2\n3,привет\n")
	if !slices.Equal(r.texts(), []string{"привет", "Привет", "привет"}) || !r.said("another encoding", "line 3", "windows-1251") {
		t.Errorf("texts %q, notes %q", r.texts(), r.found[0].Notes)
	}
}
