// Package page holds what web files that stand alone have in common: the
// tokens of the house's look, the layout of a document on screen and on A4,
// the policy that lets nothing else in, and the type cut down to the letters
// a file uses.
//
// A file that stands alone makes no request to anybody's host, needs no
// script and no style attribute: its one style is allowed by its hash.
package page

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"html"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"

	"github.com/arasha-org/arasha/internal/fonts"
)

// Tokens are the colours, sizes and spaces as custom properties, for light,
// dark, high contrast, forced colours and paper.
//
//go:embed tokens.css
var Tokens string

// Document is the layout of a document: margin column, text, figures, tables,
// and its A4 form. It stands on Tokens.
//
//go:embed document.css
var Document string

// StyleSource returns the source expression of the Content Security Policy
// that allows an inline style of exactly this text (W3C CSP Level 3, 2.3.1).
func StyleSource(style string) string {
	h := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
}

// Policy returns the Content Security Policy of a file that stands alone with
// this style: type and pictures only from the file itself, nothing else.
func Policy(style string) string {
	return "default-src 'none'; style-src " + StyleSource(style) + "; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
}

// Type returns the @font-face rules for the letters of HTML in Noto Serif and
// Noto Sans, regular and bold, as WOFF files in data: addresses. Letters the
// faces do not have are left to the reader's system.
func Type(markup string) (string, error) {
	used := map[rune]bool{'\u00a0': true, '…': true}
	for _, r := range html.UnescapeString(markup) {
		used[r] = true
	}
	var b strings.Builder
	for _, f := range []struct {
		family string
		weight int
		data   []byte
	}{{"Noto Serif", 400, fonts.SerifRegular}, {"Noto Serif", 700, fonts.SerifBold}, {"Noto Sans", 400, fonts.SansRegular}, {"Noto Sans", 700, fonts.SansBold}} {
		ttf, err := cut(f.data, used)
		if err != nil {
			return "", fmt.Errorf("%s %d: %w", f.family, f.weight, err)
		}
		w, err := woff(ttf)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "@font-face{font-family:%q;font-weight:%d;font-display:swap;src:url(data:font/woff;base64,%s) format(\"woff\")}\n",
			f.family, f.weight, base64.StdEncoding.EncodeToString(w))
	}
	return b.String(), nil
}

// cut returns a TrueType file of the same glyph numbers in which every glyph
// that used does not need is empty. Kerning and marks stay; substitutions go,
// since what they put in could be empty.
func cut(ttf []byte, used map[rune]bool) ([]byte, error) {
	face, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		return nil, err
	}
	ld, err := opentype.NewLoader(bytes.NewReader(ttf))
	if err != nil {
		return nil, err
	}
	table := func(tag string) []byte {
		t, e := ld.RawTable(opentype.MustNewTag(tag))
		if e != nil && err == nil {
			err = fmt.Errorf("table %s: %w", tag, e)
		}
		return t
	}
	head, loca, glyf := bytes.Clone(table("head")), table("loca"), table("glyf")
	if err != nil {
		return nil, err
	}
	at := func(g int) int { return 2 * int(binary.BigEndian.Uint16(loca[2*g:])) }
	n := len(loca)/2 - 1
	if binary.BigEndian.Uint16(head[50:]) == 1 {
		at = func(g int) int { return int(binary.BigEndian.Uint32(loca[4*g:])) }
		n = len(loca)/4 - 1
	}
	keep := make([]bool, n)
	todo := []uint16{0}
	for r := range used {
		if g, ok := face.NominalGlyph(r); ok {
			todo = append(todo, uint16(g))
		}
	}
	for len(todo) > 0 {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if int(g) >= n || keep[g] {
			continue
		}
		keep[g] = true
		err := fonts.Components(bytes.Clone(glyf[at(int(g)):at(int(g)+1)]), func(part uint16) uint16 {
			todo = append(todo, part)
			return part
		})
		if err != nil {
			return nil, err
		}
	}
	var outlines, places []byte
	for g := range n {
		places = binary.BigEndian.AppendUint32(places, uint32(len(outlines)))
		if keep[g] {
			outlines = append(outlines, glyf[at(g):at(g+1)]...)
			outlines = append(outlines, make([]byte, -len(outlines)&3)...)
		}
	}
	places = binary.BigEndian.AppendUint32(places, uint32(len(outlines)))
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	out := []opentype.Table{}
	for _, tag := range []string{"GDEF", "GPOS", "OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"} {
		t := opentype.Table{Tag: opentype.MustNewTag(tag)}
		switch tag {
		case "glyf":
			t.Content = outlines
		case "loca":
			t.Content = places
		case "head":
			t.Content = head
		default:
			t.Content = table(tag)
		}
		t.Content = append(bytes.Clone(t.Content), make([]byte, -len(t.Content)&3)...)
		out = append(out, t)
	}
	return opentype.WriteTTF(out), err
}

// woff packs a TrueType file as WOFF 1.0 (www.w3.org/TR/WOFF), each table
// compressed where that makes it shorter.
func woff(ttf []byte) ([]byte, error) {
	n := int(binary.BigEndian.Uint16(ttf[4:]))
	dir := make([]byte, 0, 20*n)
	var body []byte
	for i := range n {
		e := ttf[12+16*i : 28+16*i]
		at, size := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		content := ttf[at : at+size]
		var z bytes.Buffer
		w, err := zlib.NewWriterLevel(&z, zlib.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		packed := z.Bytes()
		if len(packed) >= len(content) {
			packed = content
		}
		dir = append(dir, e[:4]...)
		dir = binary.BigEndian.AppendUint32(dir, uint32(44+20*n+len(body)))
		dir = binary.BigEndian.AppendUint32(dir, uint32(len(packed)))
		dir = binary.BigEndian.AppendUint32(dir, size)
		dir = append(dir, e[4:8]...)
		body = append(body, packed...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	out := append([]byte("wOFF"), ttf[:4]...)
	out = binary.BigEndian.AppendUint32(out, uint32(44+len(dir)+len(body)))
	out = binary.BigEndian.AppendUint16(out, uint16(n))
	out = binary.BigEndian.AppendUint16(out, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(len(ttf)))
	out = append(out, make([]byte, 44-len(out))...)
	return append(append(out, dir...), body...), nil
}
