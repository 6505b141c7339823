package main

import (
	"html"
	"html/template"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/arasha-org/arasha/internal/page"
)

// TestDemoPage renders the page of the demonstration from invented values: it
// asks nobody for anything, and its policy allows its style.
func TestDemoPage(t *testing.T) {
	p := &demoPage{Title: "Sixteen accounts say the same thing about one organisation. What happens next.",
		Posts: []demoPost{{"09:04", "ru", "Қанат снова защищает чужих"}, {"09:05", "ru", "Қанат <mark>опять</mark> защищает чужих"}, {"09:16", "kk", "Қанат шетелдің сөзін сөйлеп отыр"}},
		Read:  "5,577 posts from four exports.", Kept: []demoRef{{"telegram", "9f2c 41aa 07d3 … b81e"}},
		Timeline: `<svg viewBox="0 0 10 10" width="300" height="200"></svg>`, Waves: "w", Network: `<svg viewBox="0 0 10 10" width="300" height="200"></svg>`, Groups: "g", Verdict: "v",
		Fact: "Posts appeared.", Source: "Source A", Open: "Who wrote the first text:", Case: "6 people.",
		Pages: []template.HTML{`<svg viewBox="0 0 210 297"></svg>`}, Signed: "Two people signed.", Code: "XSR 001 / 0531 / OBS 001",
		Documents: []demoLink{{"appeal.en.pdf", "English", "en"}, {"appeal.ru.pdf", "Русский", "ru"}},
		Proof:     []demoLine{{"log", "whole"}}, Check: "arasha verify dossier.zip"}
	b, err := p.render()
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(text)
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if style == nil || policy == nil {
		t.Fatal("no style or no policy")
	}
	if want := page.StyleSource(style[1]); !strings.Contains(html.UnescapeString(policy[1]), want) {
		t.Errorf("the policy %s does not allow the style, %s", policy[1], want)
	}
	for _, bad := range []string{"http://", "https://", "<script", " style=", "ZgotmplZ"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	for _, want := range []string{"<mark>опять</mark>", `href="appeal.ru.pdf" lang="ru"`, "XSR 001 / 0531 / OBS 001"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if file := os.Getenv("ARASHA_TEST_PAGE"); file != "" {
		os.WriteFile(file, b, 0o644)
	}
}
