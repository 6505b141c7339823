package synth

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A Demo is the corpus of the demonstration and what is true of it.
type Demo struct {
	Posts []post.Post // in order of time
	// Campaign, Sisters and Petition are the account ids that took part in
	// the planted campaign, the two outlets that mirror each other, and the
	// people who signed the petition.
	Campaign, Sisters, Petition []string
	// Waves are the planted dense waves: where each begins and how long.
	Waves []Span
	// Events are what happened before, for the timeline.
	Events []Event
}

// A Span is a stretch of time.
type Span struct {
	From time.Time
	For  time.Duration
}

// An Event is something dated that the posts may have followed.
type Event struct {
	At   time.Time
	Text string
}

// Start is the first day of the demonstration.
var Start = time.Date(2031, 4, 20, 0, 0, 0, 0, time.UTC)

const (
	days       = 14
	people     = 260
	campaigner = 16
	signers    = 24
	stories    = 150
)

type maker struct {
	rng   *rand.Rand
	posts []post.Post
}

// NewDemo makes the corpus of the demonstration from a seed: two weeks of
// everyday posts in Russian, Kazakh and English by a few hundred people; a
// hundred and fifty ordinary messages that people pass on in their own time;
// two outlets that mirror each other; a petition; and a smear campaign of
// sixteen accounts in two dense waves with copies, edited copies and links,
// each link passed on by a few people before and each text taken up by
// bystanders over the following days.
func NewDemo(seed uint64) *Demo {
	m := &maker{rng: rand.New(rand.NewPCG(seed, 0xA7A5))}
	d := &Demo{}
	m.everyday()
	m.stories()
	d.Sisters = m.sisters()
	d.Petition = m.petition()
	d.Campaign, d.Waves = m.campaign()
	d.Events = []Event{
		{Start.Add(3*24*time.Hour + 10*time.Hour), "Qanat publishes its statement on the draft law on assemblies"},
		{Start.Add(6*24*time.Hour + 15*time.Hour), "Qanat publishes a translation of the recommendations of a UN expert"},
	}
	slices.SortStableFunc(m.posts, func(a, b post.Post) int { return cmp.Compare(a.Time.Millis, b.Time.Millis) })
	for i := range m.posts {
		p := &m.posts[i]
		p.ID = fmt.Sprint(700000 + 13*i)
		if p.Platform == "telegram" {
			p.ID = fmt.Sprintf("%s/%d", p.Account.ID, 100+i)
		}
		p.Source.Record = 0
	}
	d.Posts = m.posts
	return d
}

func (m *maker) add(account, platform, lang, text string, at time.Time, links ...string) {
	m.posts = append(m.posts, post.Post{Account: post.Account{ID: account, Name: account}, Platform: platform, Lang: lang, Text: text,
		Time: post.At(at.Truncate(time.Second), post.Second, post.Unix), Links: links})
}

func person(i int) (account, platform string) {
	platform = []string{"twitter", "vk", "twitter", "facebook"}[i%4]
	return fmt.Sprintf("%s_%03d", []string{"aigerim", "bolat", "dana", "erlan", "gulnar", "ivan", "kamila", "marat", "olga", "timur"}[i%10], i), platform
}

// waking moves an hour of the day into the hours people are up, each person
// with their own.
func (m *maker) waking(i int) time.Duration {
	centre := 12 + float64(i%9)
	h := centre + m.rng.NormFloat64()*3
	h = min(max(h, 6.5), 23.9)
	return time.Duration(h * float64(time.Hour))
}

func (m *maker) sentence(l *language) string {
	pick := func(bank []string) string {
		s := bank[m.rng.IntN(len(bank))]
		s = strings.Replace(s, "%s", l.places[m.rng.IntN(len(l.places))], 1)
		return strings.Replace(s, "%d", fmt.Sprint(10*(1+m.rng.IntN(60))), 1)
	}
	return pick(l.open) + ", " + pick(l.middle) + ", " + pick(l.end)
}

// everyday is what people write on ordinary days.
func (m *maker) everyday() {
	for i := range people {
		account, platform := person(i)
		l := &languages[[]int{0, 0, 1, 0, 2, 1}[i%6]]
		for day := range days {
			for range m.rng.IntN(3) {
				m.add(account, platform, l.code, m.sentence(l), Start.AddDate(0, 0, day).Add(m.waking(i)))
			}
		}
	}
}

// stories are ordinary messages that people pass on, each in their own time:
// the delay is log-normal with a median of two hours.
func (m *maker) stories() {
	for s := range stories {
		l := &languages[s%3]
		w := l.unusual[s%len(l.unusual)]
		text := fmt.Sprintf("%s: %s, %s №%d", strings.ToUpper(w), m.sentence(l), w, s+1)
		link := fmt.Sprintf("https://novosti-%d.example/%s/%d", s%7, l.code, 1000+s)
		at := Start.AddDate(0, 0, m.rng.IntN(days-2)).Add(m.waking(s))
		n := 5 + m.rng.IntN(9)
		for _, i := range m.rng.Perm(people)[:n] {
			account, platform := person(i)
			delay := time.Duration(2 * float64(time.Hour) * exp(1.2*m.rng.NormFloat64()))
			t := text
			if m.rng.IntN(3) == 0 {
				t = l.reply[m.rng.IntN(len(l.reply))] + " " + text
			}
			m.add(account, platform, l.code, t, at.Add(delay), link)
		}
	}
}

// sisters are two outlets of one publisher: one repeats the other within a
// minute or two, all day, every day.
func (m *maker) sisters() []string {
	names := []string{"stepnoy_vestnik", "stepnoy_vestnik_24"}
	l := &languages[0]
	for day := range days {
		for n := range 9 {
			at := Start.AddDate(0, 0, day).Add(7*time.Hour + time.Duration(n)*105*time.Minute + time.Duration(m.rng.IntN(1800))*time.Second)
			text := fmt.Sprintf("Вестник, %d апреля, выпуск %d: %s", 20+day, n+1, m.sentence(l))
			link := fmt.Sprintf("https://stepnoy-vestnik.example/%d/%d", day, n)
			m.add(names[0], "telegram", "ru", text, at, link)
			m.add(names[1], "telegram", "ru", text, at.Add(time.Duration(20+m.rng.IntN(90))*time.Second), link)
		}
	}
	return names
}

// petition is one text by many people over a week, most of them on the first
// evening.
func (m *maker) petition() []string {
	var out []string
	at := Start.AddDate(0, 0, 4).Add(18 * time.Hour)
	for _, i := range m.rng.Perm(people)[:signers] {
		account, platform := person(i)
		out = append(out, account)
		delay := time.Duration(5 * float64(time.Hour) * exp(1.3*m.rng.NormFloat64()))
		m.add(account, platform, "ru", petitionText, at.Add(min(delay, 7*24*time.Hour)), petitionLink)
	}
	slices.Sort(out)
	return out
}

// campaign plants the smear: accounts with a thin everyday life of their own
// that publish the same eight texts and links in two dense waves; half of the
// copies are edited. Six to nine bystanders take each text up over the next
// days, in their own time.
func (m *maker) campaign() ([]string, []Span) {
	var accounts []string
	for i := range campaigner {
		accounts = append(accounts, fmt.Sprintf("%s%d", []string{"patriot_", "golos_", "narod_", "sary_"}[i%4], 1970+7*i))
	}
	platform := func(i int) string { return []string{"twitter", "vk"}[i%2] }
	for i, a := range accounts {
		l := &languages[[]int{0, 0, 1}[i%3]]
		for day := range days {
			if m.rng.IntN(2) == 0 {
				m.add(a, platform(i), l.code, m.sentence(l), Start.AddDate(0, 0, day).Add(m.waking(i)))
			}
		}
	}
	waves := []Span{
		{Start.AddDate(0, 0, 8).Add(9*time.Hour + 4*time.Minute), 50 * time.Minute},
		{Start.AddDate(0, 0, 9).Add(17*time.Hour + 31*time.Minute), 50 * time.Minute},
	}
	for t, s := range smear {
		wave := waves[t%2]
		burst := wave.From.Add(time.Duration(t/2) * 12 * time.Minute)
		l := &languages[slices.IndexFunc(languages, func(l language) bool { return l.code == s.lang })]
		for i, a := range accounts {
			if m.rng.Float64() > .8 {
				continue
			}
			text := s.text
			if m.rng.IntN(2) == 0 {
				text = m.edit(text)
			}
			m.add(a, platform(i), s.lang, text, burst.Add(time.Duration(m.rng.IntN(75))*time.Second), s.link)
		}
		for _, i := range m.rng.Perm(people)[:6+m.rng.IntN(4)] {
			account, platform := person(i)
			delay := time.Duration(14 * float64(time.Hour) * exp(.9*m.rng.NormFloat64()))
			m.add(account, platform, s.lang, l.reply[m.rng.IntN(len(l.reply))]+" "+s.text, burst.Add(2*time.Hour+min(delay, 4*24*time.Hour)), s.link)
		}
	}
	// Two claims go round in other words, an account each time, over a day. A
	// generator of their own keeps the other posts as they are.
	own := rand.New(rand.NewPCG(19, 70))
	for c, wordings := range reworded {
		for k, text := range wordings {
			i := (5*k + c) % campaigner
			m.add(accounts[i], platform(i), []string{"ru", "kk"}[c], text, waves[c].From.Add(3*time.Hour+time.Duration(k)*150*time.Minute+time.Duration(own.IntN(3600))*time.Second))
		}
	}
	// The articles were there before the campaign took them up: three people
	// had passed each on in their own words.
	for t, s := range smear {
		burst := waves[t%2].From.Add(time.Duration(t/2) * 12 * time.Minute)
		l := &languages[slices.IndexFunc(languages, func(l language) bool { return l.code == s.lang })]
		for _, i := range m.rng.Perm(people)[:3] {
			account, platform := person(i)
			before := time.Duration(9 * float64(time.Hour) * exp(.9*m.rng.NormFloat64()))
			m.add(account, platform, s.lang, m.sentence(l), burst.Add(-20*time.Minute-min(before, 3*24*time.Hour)), s.link)
		}
	}
	slices.Sort(accounts)
	return accounts, waves
}

// edit changes a copy the way people do who were asked not to paste: a word
// dropped, one added, capitals, an emoji, ё for е.
func (m *maker) edit(text string) string {
	words := strings.Fields(text)
	switch m.rng.IntN(4) {
	case 0:
		i := 1 + m.rng.IntN(len(words)-1)
		words = slices.Delete(words, i, i+1)
	case 1:
		words = slices.Insert(words, m.rng.IntN(len(words)), []string{"опять", "просто", "вот"}[m.rng.IntN(3)])
	case 2:
		words[0] = strings.ToUpper(words[0])
		words = append(words, "❗❗")
	case 3:
		words = append(words, "🔥", "#Сарытау")
	}
	return strings.Join(words, " ")
}
