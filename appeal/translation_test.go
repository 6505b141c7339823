package appeal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestTranslation follows a translation from the empty copy to the text that
// has gone stale.
func TestTranslation(t *testing.T) {
	en := readPage(t, "saryn.en")
	fr, err := en.StartTranslation("fr")
	if err != nil {
		t.Fatal(err)
	}
	if fr.Translation.State != Placeholder || fr.Language != "fr" || en.Translation != nil || fr.Sections[1].Heading != "Description de la situation" || en.Sections[1].Heading != "Description of the situation" {
		t.Errorf("the copy: %+v %q", fr.Translation, fr.Sections[1].Heading)
	}
	for _, f := range formats {
		if _, err := f.render(fr, Form{}); !errors.Is(err, ErrPlaceholder) {
			t.Errorf("a placeholder as %s: %v, want ErrPlaceholder", f.ext, err)
		}
	}
	fr.Sections[0].Text, fr.Translation.Translator, fr.Translation.State = "L’Observatoire vous prie d’intervenir.", "T. Traduc", Translated
	marked(t, "draft", fr, "Traduction provisoire")
	fr.Translation.State = Read
	for _, reader := range []string{"", " ", "t. traduc"} {
		fr.Translation.Reader = reader
		if _, err := fr.HTML(Form{}); !errors.Is(err, ErrUnread) {
			t.Errorf("read by %q: %v, want ErrUnread", reader, err)
		}
	}
	fr.Translation.Reader = "R. Lecteur"
	b, err := fr.Text(Form{})
	if err != nil || strings.Contains(string(b), "TRADUCTION") {
		t.Errorf("a translation that was read: %v\n%.200s", err, b)
	}
	if fr.Follow(en) || fr.Translation.State != Read {
		t.Error("stale against the source it was made from")
	}
	en.Warnings = append(en.Warnings, Warning{"x", "y", "z"}) // what the importer thinks is no content
	if fr.Follow(en) {
		t.Error("a warning made the translation stale")
	}
	en.Actions[0].Text = "Close every inquiry;"
	if !fr.Follow(en) || fr.Translation.State != Stale {
		t.Errorf("state %q after the source changed, want stale", fr.Translation.State)
	}
	marked(t, "stale", fr, "Traduction périmée")
	if _, err := fr.StartTranslation("es"); err == nil {
		t.Error("a translation was translated again")
	}
	if _, err := en.StartTranslation("en"); err == nil {
		t.Error("translated into its own language")
	}
	if _, err := en.StartTranslation("xx"); err == nil {
		t.Error("translated into a language without labels")
	}
}

// marked checks that the word for a state stands in every format that shows it.
func marked(t *testing.T, state string, a *Appeal, word string) {
	t.Helper()
	for _, f := range formats {
		b, err := f.render(a, Form{})
		if err != nil {
			t.Errorf("%s as %s: %v", state, f.ext, err)
			continue
		}
		s := string(b)
		switch f.ext {
		case "md", "pdf": // the front matter says it; the foot of the page is drawn
			continue
		case "docx":
			s = partOf(t, b, "word/document.xml")
		case "odt":
			s = partOf(t, b, "content.xml")
		case "eml":
			word := strings.ReplaceAll(strings.ToUpper(word), "É", "=C3=89")
			if !strings.Contains(s, word) {
				t.Errorf("%s as eml: no %q", state, word)
			}
			continue
		}
		if !strings.Contains(strings.ToLower(s), strings.ToLower(word)) {
			t.Errorf("%s as %s: no %q", state, f.ext, word)
		}
	}
}

// TestLabels: every flowing format has every word in every language.
func TestLabels(t *testing.T) {
	for lang := range labels {
		w, ok := formWords[lang]
		if !ok || w.Skip == "" || w.Notes == "" || w.Note == "" || w.Back == "" {
			t.Errorf("%s: %+v", lang, w)
		}
	}
	a := readPage(t, "saryn.en")
	b, err := a.HTML(Form{Lang: "ar"})
	if err != nil {
		t.Fatal(err)
	}
	// Labels in one language, the text in its own.
	for _, want := range []string{`<html lang="en" dir="ltr">`, `<dt data-form lang="ar" dir="rtl">الرمز</dt>`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
}

func TestOrganisation(t *testing.T) {
	logo := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x20\x00\x00\x00\x10")
	open := func(name string) ([]byte, error) {
		if name != "mark.png" {
			return []byte("no picture"), nil
		}
		return logo, nil
	}
	o, err := ReadOrganisation([]byte("name: Three Rivers Observatory\nline: a line\naddress: [one, two]\nlogo: mark.png\ncheck_copy: rivers.example/v\nlanguages:\n  ru:\n    name: Обсерватория трёх рек\n"), open)
	if err != nil {
		t.Fatal(err)
	}
	l := o.Letterhead("ru-KZ")
	if l.Name != "Обсерватория трёх рек" || l.Line != "a line" || len(l.Address) != 2 || !bytes.Equal(l.Logo, logo) || o.Letterhead("en").Name != "Three Rivers Observatory" || o.Check("ru") != "rivers.example/v" {
		t.Errorf("letterhead %+v", l)
	}
	if w, h := pngSize(logo); w != 32 || h != 16 {
		t.Errorf("logo %d by %d, want 32 by 16", w, h)
	}
	for _, bad := range []string{"", "nme: x", "line: x", "name: x\nlogo: ../mark.png", "name: x\nlogo: other.png", "name: [x", "name: x\nlanguages: {ru: {logo: mark.png}}"} {
		if _, err := ReadOrganisation([]byte(bad), open); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
