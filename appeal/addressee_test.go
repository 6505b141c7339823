package appeal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestReadAddressee(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Addressee
	}{
		{"H.E. Orman Velk, President of Saryn, Fax: +999 71 72 74 56 31; Twitter: @OrmanVelk",
			Addressee{Honorific: "H.E.", Name: "Orman Velk", Office: "President of Saryn", Fax: []string{"+999 71 72 74 56 31"}, Handle: []string{"@OrmanVelk"}}},
		{"Mr. Tolan Arv, Minister of Justice, Phone: +999 71 72 74 07 97, Email: kanc@justice.saryn.example",
			Addressee{Honorific: "Mr.", Name: "Tolan Arv", Office: "Minister of Justice", Phone: []string{"+999 71 72 74 07 97"}, Email: []string{"kanc@justice.saryn.example"}}},
		{"H.E. Ms. Ada Melk, Ambassador Extraordinary, Permanent Representative of Saryn to the United Nations Office in Geneva, Switzerland, Phone: +41 22 788 00 00, Fax: +41 22 788 00 02, Email: mission@saryn.example",
			Addressee{Honorific: "H.E. Ms.", Name: "Ada Melk", Office: "Ambassador Extraordinary, Permanent Representative of Saryn to the United Nations Office in Geneva, Switzerland",
				Phone: []string{"+41 22 788 00 00"}, Fax: []string{"+41 22 788 00 02"}, Email: []string{"mission@saryn.example"}}},
		{"S.E. M. Jean Kolb, Président de la République du Velim, Palais de la Nation. Fax : + 243 88 02 120 ; Courriel : cab@velim.example, info@velim.example",
			Addressee{Honorific: "S.E. M.", Name: "Jean Kolb", Office: "Président de la République du Velim, Palais de la Nation", Fax: []string{"+ 243 88 02 120"}, Email: []string{"cab@velim.example", "info@velim.example"}}},
		{"Sr. Luis Quant, Fiscal General, Tel: (+502) 2411 9191 / +502 2411 9124, Correo electrónico: fiscal@mp.example",
			Addressee{Honorific: "Sr.", Name: "Luis Quant", Office: "Fiscal General", Phone: []string{"(+502) 2411 9191", "+502 2411 9124"}, Email: []string{"fiscal@mp.example"}}},
		{"Г-н Марат Велк, министр юстиции, тел.: +7 7172 74 07 97, факс: +7 7172 74 09 54, эл. почта: kanc@example.kz",
			Addressee{Honorific: "Г-н", Name: "Марат Велк", Office: "министр юстиции", Phone: []string{"+7 7172 74 07 97"}, Fax: []string{"+7 7172 74 09 54"}, Email: []string{"kanc@example.kz"}}},
		{"Sayın Orhan Velk, Adalet Bakanı, Faks: +90 312 419 33 70, E-posta: ozel@adalet.example",
			Addressee{Honorific: "Sayın", Name: "Orhan Velk", Office: "Adalet Bakanı", Fax: []string{"+90 312 419 33 70"}, Email: []string{"ozel@adalet.example"}}},
		{"Minister of Justice, 2 Chancery Square, Velim, E-mail: a@justice.example", Addressee{Office: "Minister of Justice", Address: "2 Chancery Square, Velim", Email: []string{"a@justice.example"}}},
		{"Permanent Mission of Saryn to the United Nations in Geneva, +41 22 000 11 22, mission@saryn.example",
			Addressee{Office: "Permanent Mission of Saryn to the United Nations in Geneva", Phone: []string{"+41 22 000 11 22"}, Email: []string{"mission@saryn.example"}}},
		{"Minister of the Interior, Mr. Tolan Arv; Fax +999 2 11 22 33; twitter.com/TolanArv",
			Addressee{Honorific: "Mr.", Name: "Tolan Arv", Office: "Minister of the Interior", Fax: []string{"+999 2 11 22 33"}, Handle: []string{"@TolanArv"}}},
		{"H.E. the President of Saryn, Fax: +999 55 010 001; Salutation: Excellency",
			Addressee{Honorific: "H.E.", Office: "the President of Saryn", Fax: []string{"+999 55 010 001"}, Note: "Salutation: Excellency"}},
		{"Mr. Tolan Arv, Minister, Tel/Fax: +999 1 22 33 44", Addressee{Honorific: "Mr.", Name: "Tolan Arv", Office: "Minister", Phone: []string{"+999 1 22 33 44"}, Fax: []string{"+999 1 22 33 44"}}},
		{"Embassy of Saryn in Brussels, Belgium, Phone: (+32) 2 555 49 562, Fax: (+32) 2 555 50 91, Email: a@swing.example",
			Addressee{Office: "Embassy of Saryn in Brussels, Belgium", Phone: []string{"(+32) 2 555 49 562"}, Fax: []string{"(+32) 2 555 50 91"}, Email: []string{"a@swing.example"}}},
	} {
		got := readAddressee(c.in)
		if d := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("readAddressee(%q):\n%s", c.in, d)
		}
	}
}
