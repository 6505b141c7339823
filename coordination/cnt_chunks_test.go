package coordination

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestShortWayOfTokens: taking texts apart at spaces, and ASCII by itself,
// gives what the long way gives for the whole text.
func TestShortWayOfTokens(t *testing.T) {
	signs := []rune("  aZe9_'\"’@#.,:;-/\n\t\u001c…İΣжЖ\u00a0\u0301\u200d\u200b\u2003\u202f🇰🇿👩©カ字א\uFFFD")
	var short, long cntTokeniser
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(signs), 0, 30).Draw(t, "text"))
		got, want := short.tokens(nil, text), long.anyText(nil, text)
		if !slices.Equal(got, want) {
			t.Errorf("tokens(%q) = %x, want %x", text, got, want)
		}
	})
	// And what people write.
	for _, text := range strings.Split("I can't, won't @someone: see https://t.co/aB3_x…|3,5.7 a.b 'quoted' \"x\" don't|@one @two hello|a  b   c|x🇰@y z", "|") {
		if got, want := short.tokens(nil, text), long.anyText(nil, text); !slices.Equal(got, want) {
			t.Errorf("tokens(%q) = %x, want %x", text, got, want)
		}
	}
}

// TestASCIIBreaks: the table is what the library of UAX #29 says.
func TestASCIIBreaks(t *testing.T) {
	for c, got := range asciiBreaks {
		if want := wordBreakOf(rune(c)); got != want && !(c >= 'A' && c <= 'Z') {
			t.Errorf("asciiBreaks[%q] = %d, want %d", rune(c), got, want)
		}
	}
}

// TestMessageShortWay: appendMessage is the plain loop over runes.
func TestMessageShortWay(t *testing.T) {
	plain := func(text string) string {
		var b strings.Builder
		mention := false
		for _, r := range beforeLower(text) {
			mention = r == '@' || mention && !unicode.IsSpace(r)
			if !mention {
				b.WriteRune(unicode.ToLower(r))
			}
		}
		return strings.Join(strings.FieldsFunc(b.String(), isPythonSpace), " ")
	}
	for r := rune(0); r < 0x3000; r++ { // every sign in the middle
		text := "Аб" + string(r) + "вZ"
		if got, want := string(appendMessage(nil, text)), strings.TrimLeft(plain(text), " "); got != want {
			t.Errorf("appendMessage(%q) = %q, want %q", text, got, want)
		}
	}
	bytes := []byte("aZ @ \n\u00a0АПРЯапряЁёЏџ\xd0\xd1\x80\xff")
	rapid.Check(t, func(t *rapid.T) {
		text := "x" + string(rapid.SliceOfN(rapid.SampledFrom(bytes), 0, 20).Draw(t, "text"))
		if got, want := string(appendMessage(nil, text)), plain(text); got != want {
			t.Errorf("appendMessage(%q) = %q, want %q", text, got, want)
		}
	})
}
