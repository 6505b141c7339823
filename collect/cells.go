package collect

import (
	"strings"
	"sync"
)

// isRepostKind knows the ways to say that a row is a repost.
func isRepostKind(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "r", "rt", "retweet", "retweeted", "repost", "reblog", "share", "shared", "forward", "репост", "ретвит", "пересылка", "бөлісу", "partage":
		return true
	}
	return false
}

func isReplyKind(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "reply", "replied_to", "comment", "ответ", "комментарий", "жауап", "пікір", "reponse", "réponse", "commentaire":
		return true
	}
	return false
}

func isTrue(s string) bool {
	switch s {
	case "1", "true", "True", "TRUE", "yes", "Yes", "да", "Да", "иә", "oui", "t", "1.0":
		return true
	}
	return false
}

// lostDigits reports whether s is a number such as 1.23E+17.
func lostDigits(s string) bool {
	if s[0] == '-' {
		s = s[1:]
	}
	i := strings.IndexAny(s, "eE")
	if i < 1 || i+2 > len(s) {
		return false
	}
	m, e := s[:i], strings.TrimPrefix(s[i+1:], "+")
	m = strings.Replace(strings.Replace(m, ".", "", 1), ",", "", 1)
	// A bare 12e5 is as well a hexadecimal id; with a point or a plus it is not.
	return isDigits(e) && isDigitsLong(m) && (strings.ContainsAny(s[:i], ".,") || s[i+1] == '+')
}

func isDigitsLong(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// platformName writes a platform's name as the other readers do.
func platformName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if p, ok := platformNames()[s]; ok {
		return p
	}
	return s
}

var platformNames = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"x": "twitter", "x.com": "twitter", "twitter.com": "twitter", "твиттер": "twitter", "tg": "telegram", "телеграм": "telegram", "телеграмм": "telegram", "t.me": "telegram",
		"fb": "facebook", "фейсбук": "facebook", "facebook.com": "facebook", "ig": "instagram", "insta": "instagram", "инстаграм": "instagram", "инстаграмм": "instagram",
		"вк": "vk", "вконтакте": "vk", "vkontakte": "vk", "vk.com": "vk", "ютуб": "youtube", "ютюб": "youtube", "yt": "youtube", "youtube.com": "youtube",
		"тикток": "tiktok", "тик-ток": "tiktok", "tik tok": "tiktok",
	}
})

// languageCode returns the BCP 47 code of a language as people write it, by
// its code or its name.
func languageCode(s string) string {
	if c, ok := languages()[strings.ToLower(strings.TrimSpace(s))]; ok {
		return c
	}
	return langOf(s)
}

var languages = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"russian": "ru", "русский": "ru", "орыс": "ru", "russe": "ru", "english": "en", "английский": "en", "ағылшын": "en", "anglais": "en",
		"kazakh": "kk", "казахский": "kk", "қазақ": "kk", "қазақша": "kk", "french": "fr", "français": "fr", "французский": "fr",
		"ukrainian": "uk", "german": "de", "arabic": "ar", "turkish": "tr", "spanish": "es", "italian": "it", "uzbek": "uz", "kyrgyz": "ky", "chinese": "zh", "serbian": "sr",
		"bulgarian": "bg", "portuguese": "pt", "polish": "pl", "estonian": "et", "lithuanian": "lt", "japanese": "ja", "korean": "ko", "hebrew": "he", "farsi (persian)": "fa",
	}
})

// splitLinks appends the addresses of a cell: parted by spaces or line ends,
// by commas, semicolons or bars before the next address, or as a printed list
// ['…', '…'].
func splitLinks(dst []string, s string) []string {
	if len(s) > 1 && s[0] == '[' && s[len(s)-1] == ']' {
		s = s[1 : len(s)-1]
	}
	from := 0
	for i := 0; i <= len(s); i++ {
		switch {
		case i == len(s) || s[i] <= ' ':
		case (s[i] == ',' || s[i] == ';' || s[i] == '|') && beginsAddress(s[i+1:]):
		default:
			continue
		}
		w := s[from:i]
		for w != "" && listMark(w[0]) {
			w = w[1:]
		}
		for w != "" && listMark(w[len(w)-1]) {
			w = w[:len(w)-1]
		}
		if w != "" {
			dst = append(dst, w)
		}
		from = i + 1
	}
	return dst
}

// beginsAddress reports whether the next item of a list is an address.
func beginsAddress(s string) bool {
	for s != "" && (s[0] == '"' || s[0] == '\'') {
		s = s[1:]
	}
	return strings.HasPrefix(s, "http")
}

func listMark(c byte) bool { return c == '"' || c == '\'' || c == ',' || c == ';' || c == '|' }

// splitTags appends hashtags or handles without their mark.
func splitTags(dst []string, s, mark string) []string {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;|\n\t\r[]\"'", r) }) {
		if w = strings.TrimPrefix(w, mark); w != "" {
			dst = append(dst, w)
		}
	}
	return dst
}
