package pdf_test

import (
	"bytes"
	"fmt"

	"github.com/arasha-org/arasha/internal/pdf"
)

// A page with a heading in the margin, a paragraph and a drawing.
func ExampleDoc() {
	para := func(font pdf.Font, size, lead float64, text string) pdf.Para {
		return pdf.Para{Lead: lead, Spans: []pdf.Span{{Text: text, Font: font, Size: size}}}
	}
	doc := &pdf.Doc{Format: pdf.A4, Title: "Certificate", Lang: "en", Blocks: []pdf.Block{
		&pdf.Section{Heading: para(pdf.SansBold, 8.5, 13.5, "What was kept"), Blocks: []pdf.Block{
			&pdf.Text{Para: para(pdf.Serif, 10, 13.5, "One page of 5 November 2026, 48 213 bytes.")},
			&pdf.Figure{Alt: "A line from the first copy to the last", Width: 60 * pdf.MM, Height: 10 * pdf.MM, Draw: func(c *pdf.Canvas) {
				c.Line(0, 5*pdf.MM, 60*pdf.MM, 0x08414d, 1)
			}},
		}},
	}}
	laid := doc.Layout()
	var file bytes.Buffer
	if err := laid.PDF(&file); err != nil {
		fmt.Println(err)
	}
	fmt.Println(laid.Pages(), "page,", len(laid.Missing), "characters without a shape")
	fmt.Print(laid.Plain(1))
	// Output:
	// 1 page, 0 characters without a shape
	//   20.0   39.8   What was kept
	//   55.0   39.8   One page of 5 November 2026, 48 213 bytes.
}
