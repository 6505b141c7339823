package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/report"
)

// annexWords are the words of an annex in one language. The report itself, its
// method and limits are in English: other languages give the figures and the
// picture, and say so.
type annexWords struct {
	title, said, compared, number                    string
	posts, accounts, texts, untimed                  string
	picture, alt, caption, method, cannot, elsewhere string
}

var annexIn = map[string]annexWords{
	"en": {"How the posts were compared", "What can be said", "What was compared", "number", "posts", "accounts", "different texts", "posts without a time",
		"In time", "Posts in steps of time, from %s on; the most in one step: %d.", "Dark: posts in a wave that the report shows. Pale: all others.", "Method", "What cannot be said", ""},
	"fr": {"Comment les publications ont été comparées", "Ce qui peut être dit", "Ce qui a été comparé", "nombre", "publications", "comptes", "textes différents", "publications sans date",
		"Dans le temps", "Publications par intervalles, à partir du %s ; au plus %d par intervalle.", "Foncé : publications d’une vague que montre le rapport. Clair : toutes les autres.", "Méthode", "Ce qui ne peut pas être dit",
		"La méthode et ses limites sont décrites en anglais dans le rapport conservé."},
	"es": {"Cómo se compararon las publicaciones", "Lo que puede decirse", "Lo que se comparó", "número", "publicaciones", "cuentas", "textos distintos", "publicaciones sin fecha",
		"En el tiempo", "Publicaciones por intervalos, a partir del %s; como máximo %d por intervalo.", "Oscuro: publicaciones de una ola que muestra el informe. Claro: todas las demás.", "Método", "Lo que no puede decirse",
		"El método y sus límites se describen en inglés en el informe conservado."},
	"ru": {"Как сравнивались публикации", "Что можно сказать", "Что сравнивалось", "число", "публикации", "аккаунты", "разные тексты", "публикации без времени",
		"Во времени", "Публикации по промежуткам времени, начиная с %s; наибольшее число в одном промежутке: %d.", "Тёмное: публикации волны, показанной в отчёте. Светлое: все остальные.", "Метод", "Чего сказать нельзя",
		"Метод и его пределы описаны на английском языке в сохранённом отчёте."},
}

// annexes returns what stands behind the findings that a statement of the case
// cites and a person kept: what may be said, the numbers, a picture, the method
// and its limits. No account is in it.
func annexes(h *vault.Home, f *casefile.File, lang string) ([]appeal.Annex, error) {
	cited := map[evidence.Ref]bool{}
	for _, s := range f.Statements {
		for _, c := range s.Cites {
			cited[c.Ref] = true
		}
	}
	var out []appeal.Annex
	for _, n := range f.Findings {
		if last, _ := f.Verdict(n.Report); last.ID != n.ID || n.Verdict != "kept" || !cited[n.Report] || !h.Vault.Has(n.Report) {
			continue
		}
		a, err := keptReport(h, n.Report)
		if err != nil {
			return nil, cannotTell("", "the report of finding %d cannot be read: %v", n.ID, err)
		}
		x, err := annexOf(a, n, lang)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// keptReport reads the report of a detection that is kept.
func keptReport(h *vault.Home, ref evidence.Ref) (*report.Analysis, error) {
	r, err := h.Vault.Open(ref)
	if err != nil {
		return nil, homeTrouble(err)
	}
	defer r.Close()
	a := new(report.Analysis)
	if err := json.NewDecoder(io.LimitReader(r, mostInput)).Decode(a); err != nil {
		return nil, err
	}
	return a, nil
}

// mostSaid is how many sentences of a finding stand in an annex; the report
// itself says no more in one place.
const mostSaid = 4

func annexOf(a *report.Analysis, n casefile.FindingNote, lang string) (appeal.Annex, error) {
	w, ok := annexIn[lang]
	if !ok {
		lang, w = "en", annexIn["en"]
	}
	ladder, err := report.LadderIn(lang)
	if err != nil {
		return appeal.Annex{}, err
	}
	says := n.Words
	if lang != "en" {
		_, in, err := a.Allows(lang)
		if err != nil {
			return appeal.Annex{}, err
		}
		says = in[:min(len(in), mostSaid)] // those of the most accounts come first
	}
	c := a.Collected
	x := appeal.Annex{Title: w.title, Report: n.Report.String(), Parts: []appeal.AnnexPart{
		{Heading: w.said, Text: strings.Join(says, "\n\n")},
		{Heading: w.compared, Table: [][]string{{"", w.number}, {w.posts, strconv.Itoa(c.Posts)}, {w.accounts, strconv.Itoa(c.Accounts)},
			{w.texts, strconv.Itoa(c.Texts)}, {w.untimed, strconv.Itoa(c.Untimed)}}}}}
	if t := a.Timeline; t != nil && len(t.Bars) > 0 {
		png, err := t.PNG()
		if err != nil {
			return x, err
		}
		most := 0
		for _, b := range t.Bars {
			most = max(most, b.Wave+b.Other)
		}
		x.Parts = append(x.Parts, appeal.AnnexPart{Heading: w.picture, PNG: png, Alt: fmt.Sprintf(w.alt, t.From.Format(time.DateOnly), most), Caption: w.caption})
	}
	if w.elsewhere != "" {
		x.Parts = append(x.Parts, appeal.AnnexPart{Heading: w.method, Text: w.elsewhere},
			appeal.AnnexPart{Heading: w.cannot, Text: strings.Join(ladder.Cannot(), "\n\n")})
		return x, nil
	}
	var method []string
	for _, p := range a.Method {
		method = append(method, p.Text)
	}
	x.Parts = append(x.Parts, appeal.AnnexPart{Heading: w.method, Text: strings.Join(method, "\n\n")},
		appeal.AnnexPart{Heading: w.cannot, Text: strings.Join(append(append([]string{}, a.Cannot...), a.Limits...), "\n\n")})
	return x, nil
}
