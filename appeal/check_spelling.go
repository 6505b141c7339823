package appeal

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/spell"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// houseWords are words of the work that general dictionaries lack.
var houseWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`doxing doxxing doxxed livestream livestreams livestreamed livestreaming cyberattack cyberattacks cyberbullying cyberstalking
		disinformation misinformation deplatforming deplatformed hashtag hashtags repost reposts reposted reposting retweet retweets retweeted blogger bloggers vlogger vloggers
		podcast podcasts podcaster webinar webinars website websites geolocation geolocated rapporteur rapporteurs akim akimat maslikhat majilis mazhilis oblast rayon
		extrajudicial extrajudicially incommunicado refoulement campesino campesina campesinos paramilitary paramilitaries feminicide femicide transphobic transphobia
		interrogee torturers prosecutable smartphone smartphones spyware malware crowdfunding whistleblower whistleblowers whistleblowing lockdown lockdowns coronavirus
		intersex cisgender hijab niqab madrasa imam ayatollah gendarmerie gendarmes procès habeas corpus amparo tutela colectivo fidh omct online offline email emails
		defamatory criminalisation criminalization criminalise criminalised criminalize criminalized delegitimise delegitimised delegitimize delegitimized securitisation
		stigmatisation stigmatization stigmatise stigmatised stigmatize stigmatized judicialisation multistakeholder
		правозащитник правозащитница правозащитники правозащитников правозащитникам правозащитницы онлайн офлайн блогер блогеры блогера блогеров репост репоста репосты аккаунт аккаунты аккаунтов
		аккаунта фейковый фейковые фейковых хештег мажилис маслихат акимат акимата аким видеоролик видеороликов интернет интернета интернете соцсети соцсетях соцсетей коронавирус коронавируса
		пандемия пандемии неправительственная неправительственной неправительственных активистка активистки активистку`) {
		m[w] = true
	}
	return m
})

// notWords are addresses, handles and file names.
var notWords = lazyRegexp(`(?i)(?:https?://|www\.)\S+|\S+@\S+|@\w+|#[\p{L}\p{N}_]+|\b[\w-]+\.(?:[a-z]{2,4})(?:/\S*)?\b`)

// quoted finds what stands between quotation marks.
var quoted = lazyRegexp(`“[^“”]{1,300}”|«[^«»]{1,300}»|"[^"]{1,300}"|‘[^‘’]{3,300}’|„[^„“”]{1,300}[“”]`)

var wordForm = lazyre.New(`[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*`)

// maxMisspelt bounds what one appeal may hold: more is no longer a slip but
// another language or a broken file.
const maxMisspelt = 20

// checkSpelling applies spelling: words in lower case that the language does
// not know and that are one slip away from a word it does know. Names, codes,
// addresses and quotations in other languages are left alone.
func (c *checker) checkSpelling() {
	list := spell.For(c.a.Language)
	if list == nil {
		return
	}
	known := map[string]bool{}
	ask := func(w string) bool {
		if k, ok := known[w]; ok {
			return k
		}
		k := houseWords()[w] || list.Known(w)
		if !k && strings.Contains(w, "ё") {
			k = list.Known(strings.ReplaceAll(w, "ё", "е"))
		}
		known[w] = k
		return k
	}
	reported := map[string]bool{}
	var wrong, right []string
	first := ""
	for _, p := range c.texts {
		for _, s := range p.sents {
			text := notWords().ReplaceAllString(WithoutMarks(s.text), " ")
			text = quoted().ReplaceAllStringFunc(text, func(q string) string {
				if strange, all := c.strange(list, q, ask); all > 0 && strange*3 >= all && (all > 1 || strange == all) {
					return " "
				}
				return q
			})
			if strange, all := c.strange(list, text, ask); all >= 4 && strange*10 >= all*4 {
				continue // another language
			}
			for _, w := range plainWords(text) {
				if reported[w] || !list.IsWord(w) || c.partsKnown(w, ask) {
					continue
				}
				better := list.Suggest(w, 3)
				if len(better) == 0 || len(reported) >= maxMisspelt {
					continue
				}
				reported[w] = true
				for i := range better {
					better[i] = "“" + better[i] + "”"
				}
				if first == "" {
					first = p.where
				}
				wrong = append(wrong, "“"+w+"” ("+p.where+")")
				right = append(right, strings.Join(better, " or "))
			}
		}
	}
	if len(wrong) > 0 {
		verb := "is not a word"
		if len(wrong) > 1 {
			verb = "are not words"
		}
		c.report("spelling", SeverityWarning, first, listed(wrong)+" "+verb+" that the dictionary knows", "write "+strings.Join(right, "; "))
	}
}

// strange counts the words of a text that the language does not know.
func (c *checker) strange(list *spell.List, text string, ask func(string) bool) (strange, all int) {
	for _, w := range plainWords(text) {
		all++
		if !list.IsWord(w) || !c.partsKnown(w, ask) {
			strange++
		}
	}
	return strange, all
}

// partsKnown asks for a word and, when it has hyphens, for its parts.
func (c *checker) partsKnown(w string, ask func(string) bool) bool {
	if ask(w) {
		return true
	}
	if base, ok := strings.CutSuffix(w, "'s"); ok && ask(base) {
		return true
	}
	if !strings.Contains(w, "-") {
		return false
	}
	for _, part := range strings.Split(w, "-") {
		if utf8.RuneCountInString(part) > 4 && !ask(part) {
			return false
		}
	}
	return true
}

// plainWords returns the words of a text that are in lower case and have at
// least five letters: shorter ones are too often parts of foreign names.
func plainWords(text string) []string {
	var out []string
	for _, m := range wordForm.FindAllStringIndex(text, -1) {
		w := strings.ReplaceAll(text[m[0]:m[1]], "’", "'")
		if utf8.RuneCountInString(w) < 5 || strings.IndexFunc(w, unicode.IsUpper) >= 0 {
			continue
		}
		// A number beside it makes it a code or a mark.
		if m[0] > 0 && isDigit(text[m[0]-1]) || m[1] < len(text) && isDigit(text[m[1]]) {
			continue
		}
		out = append(out, w)
	}
	return out
}
