package appeal

import (
	"fmt"
	"strings"
	"testing"
)

// A variant is how one invented appeal is printed; TestVariants crosses the
// habits seen in print and checks that every field comes back.
type variantText struct {
	lang, masthead, update, opening, openingUpdate, country, heading, news, background, actions, lead, addresses, mission, signOff, reply string
	types                                                                                                                                 []string
	date                                                                                                                                  []string // forms of 9 March 2018
	body                                                                                                                                  []string // with {1} {2} for references
	notes                                                                                                                                 []string
	requests                                                                                                                              []string
	addressees                                                                                                                            []string
	names                                                                                                                                 []string
}

var variantTexts = []variantText{
	{"en", "URGENT APPEAL - THE OBSERVATORY", "New information",
		"The Observatory for the Protection of Human Rights Defenders, a partnership of FIDH and the World Organisation Against Torture (OMCT), requests your urgent intervention in the following situation in Saryn.",
		"The Observatory for the Protection of Human Rights Defenders has received new information and requests your urgent intervention in the following situation in Saryn.",
		"Saryn", "Brief description of the situation", "New information", "Background information", "Actions requested", "Please write to the authorities of Saryn asking them to:", "Addresses",
		"Please also write to the diplomatic mission or embassy of Saryn located in your country.", "Paris-Geneva, March 9, 2018", "Kindly inform us of any action undertaken quoting the code of this appeal in your reply.",
		[]string{"Judicial harassment", "Smear campaign", "Restrictions to freedom of assembly"}, []string{"March 9, 2018", "9 March 2018", "9th March 2018", "March9, 2018"},
		[]string{"The Observatory has been informed by reliable sources about the trial of Ms. Lira Okan, head of the Steppe Centre{1}, and of Mr. Daler Ruvin, a lawyer.", "According to the information received, on March 5, 2018, the court of Velim opened the case under Article 174.2(1) of the Criminal Code.{2} The COVID-19 rules were not invoked, and the hearing of 10.30 am was put off to the following month without a reason."},
		[]string{"The Steppe Centre is a member of the network.", "See https://steppe.example/en/news/2018/03/05/the-trial-in-velim?part=2"},
		[]string{"Drop the charges against Ms. Lira Okan and Mr. Daler Ruvin, since they only punish work for human rights;", "Put an end to all forms of harassment against them;", "Respect the Declaration, in particular its Articles 1 and 12."},
		[]string{"H.E. Orman Velk, President of Saryn, Fax: +999 55 010 001; Twitter: @OrmanVelk", "Mr. Tolan Arv, Minister of Justice, Phone: +999 55 010 014, Email: kanc@justice.saryn.example", "H.E. Ms. Ada Melk, Ambassador, Permanent Representative of Saryn to the United Nations Office in Geneva, Switzerland, Phone: +41 22 788 00 00, Fax: +41 22 788 00 02"},
		[]string{"Orman Velk", "Tolan Arv", "Ada Melk"}},
	{"fr", "APPEL URGENT – L’OBSERVATOIRE", "Nouvelles informations",
		"L’Observatoire pour la protection des défenseurs des droits de l’Homme, partenariat de la FIDH et de l’OMCT, vous prie d’intervenir de toute urgence sur la situation suivante en Orlanie.",
		"L’Observatoire a reçu de nouvelles informations et vous prie d’intervenir de toute urgence à propos de la situation suivante en Orlanie.",
		"Orlanie", "Description de la situation", "Nouvelles informations", "Rappel des faits", "Actions demandées", "Merci d’écrire aux autorités d’Orlanie et de leur demander de :", "Adresses",
		"Merci d’écrire également aux représentations diplomatiques d’Orlanie dans vos pays respectifs.", "Genève-Paris, le 9 mars 2018", "Merci de nous informer de toutes actions entreprises en indiquant le code de cet appel.",
		[]string{"Détention arbitraire", "Mauvais traitements", "Libérations"}, []string{"9 mars 2018", "Le 9 mars 2018", "9 Mars 2018"},
		[]string{"L’Observatoire a été informé par des sources fiables de l’arrestation de M. Karo Deline, président de la Ligue{1}, et de Mme Anise Orval.", "Selon les informations reçues, le 5 mars 2018, vers 6h30, la police de Velim a fouillé les bureaux de la Ligue{2}, au titre de l’article 174 du Code pénal, sans présenter de mandat ni en laisser copie."},
		[]string{"La Ligue est membre du réseau.", "Voir https://ligue.example/fr/actualites/2018/03/la-fouille"},
		[]string{"Libérer immédiatement M. Karo Deline ;", "Mettre un terme à toute forme de harcèlement à son encontre ;", "Se conformer à la Déclaration, en particulier ses articles 1 et 12."},
		[]string{"S.E. M. Paul Orsec, Président de la République, Fax : +999 22 44 10 09 ; Twitter : @PaulOrsec", "Mme Ines Karbo, Ministre de la Justice, Tél. : +999 22 44 11 00, Courriel : cabinet@justice.example", "S.E. Mme Lia Dorel, Ambassadrice, Représentante permanente auprès des Nations unies à Genève, Suisse, Tél : +41 22 700 00 00, Fax : +41 22 700 00 01"},
		[]string{"Paul Orsec", "Ines Karbo", "Lia Dorel"}},
	{"es", "LLAMADO URGENTE – EL OBSERVATORIO", "Nueva información",
		"El Observatorio para la Protección de los Defensores de Derechos Humanos, programa conjunto de la OMCT y de la FIDH, solicita su intervención URGENTE ante la siguiente situación en Orlania.",
		"El Observatorio ha recibido nuevas informaciones y solicita su intervención urgente ante la siguiente situación en Orlania.",
		"Orlania", "Descripción de la situación", "Nueva información", "Antecedentes", "Acciones solicitadas", "Por favor, escriban a las autoridades de Orlania pidiéndoles:", "Direcciones",
		"Por favor, escriban también a las embajadas de Orlania en sus respectivos países.", "Ginebra-París, 9 de marzo de 2018", "Por favor, infórmennos de cualquier acción emprendida citando el código de este llamado en su respuesta.",
		[]string{"Amenazas de muerte", "Hostigamiento", "Campaña de desprestigio"}, []string{"9 de marzo de 2018", "9 de marzo del 2018", "9 marzo 2018"},
		[]string{"El Observatorio ha recibido con seria preocupación información de fuentes fidedignas sobre amenazas contra el Sr. Lázaro Quintal, director de la Casa{1}, y la Sra. Elva Rioja.", "Según las informaciones recibidas, el 5 de marzo de 2018 dos desconocidos entraron en la sede de la Casa{2} y dejaron una nota dirigida a su director, sin llevarse nada de valor."},
		[]string{"La Casa es miembro de la red.", "Véase https://casa.example/es/noticias/2018/03/amenazas"},
		[]string{"Garantizar la integridad física del Sr. Lázaro Quintal;", "Poner fin a toda forma de hostigamiento en su contra;", "Cumplir la Declaración, en particular sus artículos 1 y 12."},
		[]string{"Excmo. Sr. Belisario Ocampo, Presidente de la República, Fax: +999 22 44 10 09; Twitter: @BOcampo", "Sra. Rosa Pardo, Fiscal General, Tel: +999 22 44 11 00, Correo electrónico: fiscal@mp.example", "S.E. Sr. Joel Nieva, Embajador, Representante Permanente ante las Naciones Unidas en Ginebra, Suiza, Tel: +41 22 700 00 00, Fax: +41 22 700 00 01"},
		[]string{"Belisario Ocampo", "Rosa Pardo", "Joel Nieva"}},
	{"ru", "СРОЧНОЕ ОБРАЩЕНИЕ — ОБСЕРВАТОРИЯ", "Новая информация",
		"Обсерватория по защите правозащитников, партнёрство FIDH и Всемирной организации против пыток (OMCT), просит вашего срочного вмешательства в следующую ситуацию в Сарыни.",
		"Обсерватория получила новую информацию и просит вашего срочного вмешательства в следующую ситуацию в Сарыни.",
		"Сарынь", "Описание ситуации", "Новая информация", "Справочная информация", "Требуемые действия", "Просим написать властям Сарыни с просьбой:", "Адреса",
		"Просим также написать в дипломатическое представительство Сарыни в вашей стране.", "Париж-Женева, 9 марта 2018 г.", "Просим сообщить нам о любых предпринятых действиях, указав в ответе код этого обращения.",
		[]string{"Атаки", "Домогательство", "Клеветническая кампания"}, []string{"9 марта 2018 г.", "9 марта 2018", "9 марта 2018 года"},
		[]string{"Обсерватория была проинформирована из достоверных источников о преследовании г-жи Лиры Окан, директора Степного центра{1}, и г-на Далера Рувина.", "Согласно полученной информации, 5 марта 2018 г. суд города Велима начал рассмотрение дела по статье 174 Уголовного кодекса{2}, не объяснив ни защите, ни обвиняемым, почему оно не было закрыто."},
		[]string{"Степной центр входит в сеть.", "См.: https://steppe.example/ru/novosti/2018/03/sud"},
		[]string{"Прекратить преследование г-жи Лиры Окан;", "Провести независимое расследование;", "Соблюдать Декларацию, в частности её статьи 1 и 12."},
		[]string{"Его Превосходительство г-н Орман Велк, Президент Сарыни, факс: +999 55 010 001; Твиттер: @OrmanVelk", "Г-н Толан Арв, министр юстиции, тел.: +999 55 010 014, эл. почта: kanc@justice.example", "Г-жа Ада Мелк, Посол, Постоянный представитель при ООН в Женеве, Швейцария, тел.: +41 22 788 00 00, факс: +41 22 788 00 02"},
		[]string{"Орман Велк", "Толан Арв", "Ада Мелк"}},
	{"tr", "ACİL ÇAĞRI – GÖZLEMEVİ", "Yeni bilgi",
		"İnsan Hakları Savunucularının Korunması için Gözlemevi Saryn’deki aşağıda belirtilen durum konusunda müdahalenizi talep etmektedir.",
		"Gözlemevi yeni bilgi almıştır ve Saryn’deki aşağıda belirtilen durum konusunda müdahalenizi talep etmektedir.",
		"Saryn", "Durumun kısa açıklaması", "Yeni bilgi", "Arka plan bilgisi", "Talep edilen eylemler", "Lütfen Saryn yetkililerine yazarak aşağıdakileri isteyin:", "Adresler",
		"Ayrıca ülkenizdeki Saryn Büyükelçiliğine yazın.", "Paris-Cenevre, 9 Mart 2018", "Lütfen bu çağrının kodunu belirterek yaptığınız girişimleri bize bildiriniz.",
		[]string{"Keyfi tutuklama", "Seyahat yasakları", "Adli taciz"}, []string{"9 Mart 2018"},
		[]string{"Gözlemevi, güvenilir kaynaklardan Bozkır Merkezi{1} başkanı Lira Okan hakkındaki davayı öğrenmiştir.", "Elde edilen bilgilere göre, 5 Mart 2018 tarihinde Velim mahkemesi davayı Ceza Kanununun 174. maddesi uyarınca açmıştır{2} ve duruşmayı gelecek aya ertelemiştir."},
		[]string{"Bozkır Merkezi ağın üyesidir.", "Bkz. https://bozkir.example/tr/haberler/2018/03/dava"},
		[]string{"Lira Okan hakkındaki suçlamaları düşürmeleri;", "Her türlü tacize son vermeleri;", "Bildirge’ye, özellikle 1. ve 12. maddelerine uymaları."},
		[]string{"Sayın Orhan Velk, Cumhurbaşkanı, Faks: +90 312 000 00 01; Twitter: @OrhanVelk", "Sayın Tolga Arv, Adalet Bakanı, Telefon: +90 312 000 00 02, E-posta: ozel@adalet.example", "Sayın Ada Melk, Büyükelçi, Daimi Temsilci, Cenevre, İsviçre, Tel: +41 22 788 00 00, Faks: +41 22 788 00 02"},
		[]string{"Orhan Velk", "Tolga Arv", "Ada Melk"}},
}

// wrapText breaks text at a width, as a typesetter does; 0 leaves it.
func wrapText(text string, width int) string {
	if width == 0 {
		return text
	}
	var out []string
	cur := ""
	for _, w := range strings.Fields(text) {
		if cur != "" && len([]rune(cur))+1+len([]rune(w)) > width {
			out, cur = append(out, cur), ""
		}
		cur = strings.TrimSpace(cur + " " + w)
	}
	return strings.Join(append(out, cur), "\n")
}

// print writes the appeal in variant v.
func (x variantText) print(v int) (text string, update bool, date, code string) {
	pick := func(n int) int { c := v % n; v /= n; return c }
	update = pick(2) == 1
	width := []int{0, 72, 90}[pick(3)]
	markers := [][]string{{"i.", "ii.", "iii."}, {"1.", "2.", "3."}, {"a)", "b)", "c)"}, {"•", "•", "•"}}[pick(4)]
	bulletSign := []string{"•", "-", "*", "·"}[pick(4)]
	noteStyle := pick(3) // 0 bare at the page foot, 1 bracketed at the end, 2 bare at the end
	types := pick(3)
	withCountry := pick(2) == 0
	gap := []string{"\n\n", "\n \n"}[pick(2)]
	code = []string{"ORL 003 / 0318 / OBS 041", "ORL 003/0318/OBS 041", "ORL003 / 0318 / OBS 041"}[pick(3)]
	if update {
		code += ".2"
	}
	date = x.date[pick(len(x.date))]
	colon := []string{":", " :", ""}[pick(3)]
	ref := func(s string) string {
		for n := 1; n <= 2; n++ {
			r := fmt.Sprint(n)
			if noteStyle == 1 {
				r = "[" + r + "]"
			}
			s = strings.ReplaceAll(s, "{"+fmt.Sprint(n)+"}", r)
		}
		return wrapText(s, width)
	}
	notes := ""
	for i, n := range x.notes {
		if noteStyle == 1 {
			notes += wrapText(fmt.Sprintf("[%d] %s", i+1, n), width) + "\n"
		} else {
			notes += wrapText(fmt.Sprintf("%d %s", i+1, n), width) + "\n"
		}
	}
	ps := []string{x.masthead}
	head := code + "\n"
	if update {
		head = x.update + "\n" + head
	}
	switch types {
	case 0:
		head += strings.Join(x.types, " / ") + "\n"
	case 1:
		head += strings.Join(x.types, " /\n\n") + "\n"
	case 2:
		head += strings.Join(x.types, "\n/ ") + "\n"
	}
	if withCountry {
		head += x.country + "\n"
	}
	head += "\n" + date
	ps = append(ps, head)
	if update {
		ps = append(ps, wrapText(x.openingUpdate, width), x.news+colon)
	} else {
		ps = append(ps, wrapText(x.opening, width), x.heading+colon)
	}
	for _, p := range x.body {
		ps = append(ps, ref(p))
	}
	if noteStyle == 0 {
		ps = append(ps, strings.TrimSpace(notes))
	}
	ps = append(ps, x.background+colon, wrapText(ref(strings.ReplaceAll(strings.ReplaceAll(x.body[0], "{1}", ""), "{2}", "")), width))
	ps = append(ps, x.actions+colon, wrapText(x.lead, width))
	for i, r := range x.requests {
		ps = append(ps, wrapText(markers[i]+" "+r, width))
	}
	ps = append(ps, x.addresses+colon)
	for _, d := range x.addressees {
		ps = append(ps, wrapText(bulletSign+" "+d, width))
	}
	ps = append(ps, wrapText(x.mission, width), "***", x.signOff, wrapText(x.reply, width))
	if noteStyle != 0 {
		ps = append(ps, strings.TrimSpace(notes))
	}
	return strings.Join(ps, gap) + "\n", update, date, code
}

func TestVariants(t *testing.T) {
	const all = 2 * 3 * 4 * 4 * 3 * 3 * 2 * 2 * 3 * 4 * 3
	const step = 1361 // a prime, so that the sample crosses all habits
	bad := 0
	for _, x := range variantTexts {
		for v := 0; v < all; v += step {
			text, update, date, code := x.print(v)
			a, err := Import("a.txt", []byte(text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var faults []string
			tell := func(name string, ok bool) {
				if !ok {
					faults = append(faults, name)
				}
			}
			tell("code", a.Code != nil && a.Code.Printed == code)
			tell("kind", (a.Kind == NewInformation) == update && (a.Kind == UrgentAppeal) == !update)
			tell("language", a.Language == x.lang)
			tell("date", a.Date == "2018-03-09")
			_ = date
			var labels []string
			for _, v := range a.Violations {
				labels = append(labels, v.Label)
			}
			tell("violations", strings.Join(labels, "|") == strings.Join(x.types, "|"))
			tell("place", a.Place == x.country || a.Place != "" && stem(nameKey(a.Place)) == stem(nameKey(x.country)))
			tell("actions", len(a.Actions) == 3)
			for i := range a.Actions {
				tell("action text", i < 3 && a.Actions[i].Text == x.requests[i])
			}
			tell("addressees", len(a.Addressees) == 3)
			for i, d := range a.Addressees {
				tell("addressee name", i < 3 && d.Name == x.names[i])
				tell("channels", len(d.Phone)+len(d.Fax)+len(d.Email)+len(d.Handle) == 2 && d.Note == "")
			}
			tell("footnotes", len(a.Footnotes) == 2)
			for i, f := range a.Footnotes {
				tell("footnote text", i < 2 && f.Text == x.notes[i])
			}
			body := ""
			for _, s := range a.Sections {
				body += s.Text + "\n\n"
			}
			want := strings.NewReplacer("{1}", "[^1]", "{2}", "[^2]").Replace(strings.Join(x.body, "\n\n"))
			tell("text", strings.Contains(body, want))
			tell("background", a.Section(SectionBackground) != nil)
			tell("mission", a.Section(SectionAddresses) != nil && a.Section(SectionAddresses).Text == x.mission)
			tell("sign-off", a.SignOff.Date == "2018-03-09")
			tell("reply", a.ReplyLine == x.reply)
			tell("unread", len(a.Unread) == 0)
			if len(faults) > 0 {
				if bad++; bad <= 3 {
					j, _ := a.Encode()
					t.Errorf("%s variant %d: wrong: %v\n--- text\n%s\n--- read\n%s", x.lang, v, faults, text, j)
				} else if bad < 40 {
					t.Errorf("%s variant %d: wrong: %v", x.lang, v, faults)
				}
			}
		}
	}
	t.Logf("%d variants wrong", bad)
}
