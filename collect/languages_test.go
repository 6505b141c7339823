package collect

import "testing"

// TestLanguageCode: a table and the JSON of a platform mean the same by a code.
func TestLanguageCode(t *testing.T) {
	for in, want := range map[string]string{
		"ru": "ru", "RU": "ru", " kk ": "kk", "pt_BR": "pt-BR", "zh-Hant": "zh-Hant", "iw": "he", "in": "id",
		"": "", "und": "", "zxx": "", "qme": "", "art": "", "deutsch": "", "1": "", "x-klingon": "",
	} {
		if got := langOf(in); got != want {
			t.Errorf("langOf(%q) = %q, want %q", in, got, want)
		}
		if got := languageCode(in); got != want {
			t.Errorf("languageCode(%q) = %q, want %q", in, got, want)
		}
	}
	if got := languageCode("Қазақ"); got != "kk" {
		t.Errorf("the name of a language gives %q", got)
	}
}
