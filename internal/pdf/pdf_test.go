package pdf

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func words10(f Font, s string) Para {
	return Para{Lead: 13.5, Spans: []Span{{Text: s, Font: f, Size: 10}}}
}

func small(s string) Para { return Para{Lead: 10.5, Spans: []Span{{Text: s, Size: 8}}} }

func sample() *Doc {
	p := words10(Serif, "The Observatory has been informed by reliable sources about a smear campaign against Ms. Nuriya Elkesh, director of the Bureau for Open Assembly,")
	p.Spans = append(p.Spans, Span{Text: "1", Font: Sans, Size: 6.5, Rise: 4, Note: 1}, Span{Text: " and other members of its staff: ", Size: 10},
		Span{Text: "https://threerivers.example/a/very/long/address?with=parts&and=more-of-them", Size: 10, Link: "https://threerivers.example/a/"})
	return &Doc{Format: A4, Title: "Sample", Lang: "en", Blocks: []Block{
		&Text{Para: Para{Role: "H1", Lead: 24, Spans: []Span{{Text: "Urgent appeal", Font: SerifBold, Size: 20}}}},
		&Section{Heading: Para{Lead: 13.5, Spans: []Span{{Text: "Description of the situation", Font: SansBold, Size: 8.5}}}, Space: 13.5,
			Blocks: []Block{&Text{Para: p}, &Text{Para: words10(Serif, strings.Repeat("Қазақстан халқы әділет үшін күреседі. ", 8)), Space: 6.75}}},
	}, Notes: []Note{{Label: Para{Lead: 10.5, Spans: []Span{{Text: "1", Font: Sans, Size: 7}}}, Paras: []Para{small("The Bureau is an association registered in Velim in 2009.")}}}}
}

func TestSample(t *testing.T) {
	l := sample().Layout()
	var b, s bytes.Buffer
	if err := l.PDF(&b); err != nil {
		t.Fatal(err)
	}
	if err := l.SVG(&s, 1); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PDF_OUT"); dir != "" {
		os.WriteFile(dir+"/sample.pdf", b.Bytes(), 0o644)
		os.WriteFile(dir+"/sample.svg", s.Bytes(), 0o644)
	}
}
