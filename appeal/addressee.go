package appeal

import (
	"strings"
	"sync"
	"unicode"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// channelLabels name the channels of an addressee, in five languages.
const channelLabels = `
fax|fax numbers?|fax|faxes|télécopie|télécopieur|факс|faks|belgegeç(?:er)?
phonefax|tel(?:ephone)?\.?\s*(?:/|&|and|et|y|и|ve)\s*fax|tél\.?\s*(?:/|&|et)\s*fax|тел\.?\s*/\s*факс|phone\s*(?:/|and|&)\s*fax|fax\.?\s*(?:/|and|&|et|y)\s*t[eé]l[.\p{L}]*|факс\s*/\s*тел\.?
phone|phones?|telephones?|tel|tels|téléphones?|tél|teléfonos?|teléf|телефоны?|тел|telefon|whatsapp|viber|signal|mobile|mob|cell|celular|móvil|portable|моб|cep
email|e-?mails?|mails?|courriels?|courrier électronique|mél|correos?(?: electrónicos?|-e)?|эл(?:ектронная|\.)?\s*почта|e-?posta|имейл|email address|e-?mail address|почта|эл\.?\s*адрес
handle|online|en ligne|en línea|в сети|желіде|çevrimiçi|twitter|x(?: \(twitter\))?|facebook|instagram|telegram|vk|твиттер|телеграм|фейсбук|threads|bluesky|mastodon
website|websites?|web|web ?site|site(?: web| internet)?|sitio web|página web|сайт|web sitesi|url|internet
address|address|adresse(?: postale)?|dirección(?: postal)?|адрес|adres|postal address
note|salutation|formule d'appel|обращение|saludo|tratamiento|hitap`

var channelForm = sync.OnceValue(func() *lazyre.Regexp {
	var alts []string
	for _, row := range strings.Split(strings.TrimSpace(channelLabels), "\n") {
		kind, forms, _ := strings.Cut(row, "|")
		alts = append(alts, `(?P<`+kind+`>`+forms+`)`)
	}
	return lazyre.New(`(?i)(?:^|[\s,;.(•\-–/])(?:` + strings.Join(alts, "|") + `)\s*\.?\s*(?:\([^()\d+]{1,20}\)\s*|no\.?\s*|n[°º]\s*|number\s*)?(?::|：|(\+)|(@)|(\(?\+?\d|[A-Za-z0-9._%+'-]{1,60}@[A-Za-z]))`)
})

var (
	phoneForm   = lazyre.New(`(?:\(\s?)?\+?\s?[(\d][\d\s().\-–/]{4,}\d(?:[\s,]*(?i:ext|extn|extensión|poste|доб|dahili|int|x)\.?\s*\d+)?`)
	emailForm   = lazyre.New(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	handleForm  = lazyre.New(`(?:^|[^\w.@])(@[A-Za-z0-9_]{2,30})`)
	webForm     = lazyre.New(`(?:https?://|www\.)[^\s<>"«»,;]+`)
	socialPage  = lazyre.New(`(?i)\b(?:twitter|x|telegram|t)\.(?:com|me)/@?([A-Za-z0-9_]{2,30})/?`)
	social      = lazyre.New(`(?i)^(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x|t|telegram)\.(?:com|me)/@?([A-Za-z0-9_]{2,30})/?$`)
	brokenEmail = lazyre.New(`(?:^|[\s;,\x01])([^\s;,@\x01]+\s?(?:@|\(at\)|\[at\])+\s?[^\s;,@\x01]+(?:@[^\s;,\x01]+)?)`)
)

// honorifics are what stands before a name, in five languages.
const honorifics = `(?:His|Her|Their|Your) Excellenc(?:y|ies)|(?:His|Her) (?:Majesty|(?:Royal |Serene )?Highness)|Sa Majesté|Su Majestad|Cheikh|` +
	`H\.\s?E\.?|HE|S\.\s?E\.\s?M\.?|S\.\s?E\.?|S\.\s?Exc\.?|Son Excellence|Su Excelencia|Excmo\.?|Excma\.?|Ilmo\.?|Его Превосходительств[оу]|` +
	`Её Превосходительств[оу]|Е\.\s?П\.|Ekselansları|Sayın|Sn\.|(?:The )?(?:Right |Rt\.? )?Hon(?:ou?rable)?\.?|Mr\.?|Mrs\.?|Ms\.?|` +
	`Miss|Messrs\.?|Mses\.?|Sir|Dame|Lord|Dr\.?|Dra\.?|Doctora?|Maestr[oa]|Mtr[oa]\.|Licenciad[oa]|Ingenier[oa]|Prof\.?|Professor|Judge|Justice|Gen\.|General|Lt\.|Lieutenant|Col\.|Colonel|` +
	`Maj\.|Major|Capt\.|Captain|Cdr\.|Brigadier|Admiral|Sheikh|Shaikh|Prince|Princess|King|Eng\.|Hajj|Me|Maître|MM\.|M\.|Mme|Mmes|` +
	`Mlle|Monsieur|Madame|Mesdames|Messieurs|Srs?\.|Sres\.|Sras?\.|Señor(?:a|es)?|Don|Doña|D\.ª|Dª|D\.|Dña\.|Lic\.|Licda\.|Ing\.|Abg\.|` +
	`Mag\.|[Гг]-н|[Гг]-жа|[Гг]-ну|[Гг]-же|[Гг]осподину?|[Гг]осподин|[Гг]оспож[аеу]|Bay|Bayan|Avukat|Av\.`

// honorificForm is one or more of them; a word must end where they end, or
// "Mehmet" would be Maître Hmet.
var honorificForm = sync.OnceValue(func() *lazyre.Regexp {
	var b strings.Builder
	depth, at := 0, 0
	put := func(form string) {
		if b.Len() > 0 {
			b.WriteByte('|')
		}
		switch {
		case strings.HasSuffix(form, `\.?`):
			b.WriteString(strings.TrimSuffix(form, `\.?`) + `(?:\.\s*|\s+|$)`)
		case strings.HasSuffix(form, `\.`):
			b.WriteString(form + `\s*`)
		default:
			b.WriteString(form + `(?:\s+|$)`)
		}
	}
	for i, r := range honorifics {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '|':
			if depth == 0 {
				put(honorifics[at:i])
				at = i + 1
			}
		}
	}
	put(honorifics[at:])
	return lazyre.New(`^((?:` + b.String() + `)+)`)
})

// officeWords show that a phrase names an office and not a person.
var officeWords = lazyre.New(`(?i)(?:^|[^\p{L}])(?:minister|ministers|ministry|president|prime|ambassador|embassy|mission|permanent|prosecutor|attorney|head|chief|director|chair(?:man|person|woman)?|secretary|office|department|committee|commission(?:er)?|court|ombuds\p{L}*|governor|mayor|police|king|sultan|emir|chancellor|council|parliament|speaker|delegation|consulate|representative|general prosecutor|` +
	`ministre|ministère|président[e]?|ambassad\p{L}*|procureur[e]?|directeur|directrice|chef|préfet|gouverneur|maire|conseil|commissaire|garde des sceaux|représentant\p{L}*|` +
	`ministr[oa]|ministerio|presidente|presidenta|embajad\p{L}*|fiscal|fiscalía|director|directora|jefe|jefa|gobernador\p{L}*|alcalde|procurador\p{L}*|defensor\p{L}*|misión|consejo|secretari[oa]|` +
	`министр\p{L}*|министерств\p{L}*|президент\p{L}*|посол|послу|посольств\p{L}*|прокурор\p{L}*|прокуратур\p{L}*|директор\p{L}*|глав[аеы]|начальник\p{L}*|председател\p{L}*|аким\p{L}*|представител\p{L}*|миссия|омбудсмен\p{L}*|уполномоченн\p{L}*|комитет\p{L}*|` +
	`bakan[ıi]?|bakanlığı|başkan[ıi]?|cumhurbaşkan[ıi]?|başbakan|büyükelçi\p{L}*|savcı\p{L}*|başsavcı\p{L}*|müdür\p{L}*|vali\p{L}*|temsilci\p{L}*|komiser\p{L}*)(?:$|[^\p{L}])`)

// readAddressee takes one addressee apart: what stands before the first
// channel is honorific, name and office; then each channel by its label.
// Whatever fits nowhere goes to Note.
func readAddressee(text string) Addressee {
	var d Addressee
	text = strings.TrimRight(strings.TrimSpace(gapWords().Replace(text)), " .;,")
	type piece struct {
		kind     string
		from, to int // of the value
		label    int // where the label begins
	}
	var ps []piece
	names := channelForm().SubexpNames()
	for _, m := range channelForm().FindAllStringSubmatchIndex(text, -1) {
		kind, from := "", m[0]
		for i, n := range names {
			if n != "" && m[2*i] >= 0 {
				kind, from = n, m[2*i]
			}
		}
		if kind == "website" && m[1] < len(text) && strings.HasPrefix(text[m[1]:], "//") {
			continue
		}
		to := m[1]
		n := len(names)
		if m[2*(n-1)] >= 0 {
			// "Fax (022) 33 44 55", "e-mail a@b.example": the value right
			// behind the word.
			if to = m[2*(n-1)]; !bareValue(kind, text[to:]) {
				continue
			}
		} else if m[2*(n-3)] >= 0 || m[2*(n-2)] >= 0 {
			to-- // "Fax +7 …", "Twitter @name": the sign belongs to the value
		}
		if len(ps) > 0 {
			ps[len(ps)-1].to = from
		}
		ps = append(ps, piece{kind, to, len(text), from})
	}
	head, tail := text, ""
	if len(ps) > 0 {
		head = text[:ps[0].label]
	}
	head, tail = cutUnlabelled(head)
	var notes []string
	if tail != "" {
		notes = append(notes, d.take("", tail)...)
	}
	for _, p := range ps {
		left := d.take(p.kind, text[p.from:p.to])
		if p.kind == "note" || len(left) > 0 {
			label := strings.TrimRight(text[p.label:p.from], " :")
			for i := range left {
				if p.kind == "note" {
					left[i] = label + ": " + left[i]
				}
			}
			notes = append(notes, left...)
		}
	}
	d.Note = strings.Join(notes, "; ")
	d.readHead(trimSeparators(head))
	d.cutAddress()
	return d
}

// gapWords takes out the words with which we print that no way to write is
// known: they are ours, and no part of an address.
var gapWords = sync.OnceValue(func() *strings.Replacer {
	var out []string
	for _, l := range labels {
		out = append(out, strings.TrimRight(l.Post, ".")+": "+l.NoFaxOrEmail, "", l.NoFaxOrEmail, "", l.NoChannel, "")
	}
	return strings.NewReplacer(out...)
})

// bareValue reports whether text begins with what a channel wants.
func bareValue(kind, text string) bool {
	form := phoneForm
	switch kind {
	case "email":
		form = emailForm
	case "phone", "fax", "phonefax":
	default:
		return false
	}
	m := form.FindStringIndex(text)
	return m != nil && m[0] == 0 && (kind == "email" || countDigits(text[:m[1]]) >= 5)
}

var (
	streetWords  = lazyre.New(`(?i)(?:^|[\s\d])(?:street|st\.|avenue|ave\.?|av\.|road|square|boulevard|blvd\.?|p\.?\s?o\.? box|rue|chemin|quai|bp\s?\d+|calle|avenida|alameda|carrera|plaza|jirón|private bag|floor|cra\.|kra\.|diagonal|transversal|piso|étage|этаж|ul\.|vul\.|str\.|ул\.|вул\.|улица|пр\.|проспект|площадь|пл\.|пер\.|sok\.|sokak|cad\.|caddesi|bulvarı|mah\.)(?:[\s,.]|$)|^(?:presidential |government |national )?palace\b|(?:palace|house|building)$|^casa presidencial$|^palacio (?:nacional|presidencial|de)|^palais (?:présidentiel|de la présidence)`)
	streetNumber = lazyre.New(`^\d{1,6}(?:[-/]?\p{L}?\b)|\s\d{1,6}(?:[-/]\d{1,4})?\p{L}?$|^[A-Z]{1,2}-?\d{4,5}\s`)
	sentencePart = lazyre.New(`\p{L}{4}\.\s+`)
)

// cutAddress moves the postal address off the end of the office: from the
// first part that holds a street or a number and names no office.
func (d *Addressee) cutAddress() {
	at := 0
	for at < len(d.Office) {
		end := len(d.Office)
		next := end
		if i := strings.Index(d.Office[at:], ", "); i >= 0 {
			end, next = at+i, at+i+2
		}
		if m := sentencePart.FindStringIndex(d.Office[at:end]); m != nil && (streetNumber.MatchString(d.Office[at+m[1]:end]) || streetWords.MatchString(d.Office[at+m[1]:end])) {
			end, next = at+m[1]-len(". "), at+m[1]
		}
		part := d.Office[at:end]
		street := streetWords.MatchString(part)
		if at > 0 && (street || streetNumber.MatchString(part)) && (street || !officeWords.MatchString(part) && !numbered.MatchString(part)) {
			d.Address = strings.TrimSuffix(d.Office[at:]+"; "+d.Address, "; ")
			d.Office = trimSeparators(d.Office[:at])
			return
		}
		at = next
	}
}

// numbered is a body that carries a number: "Police Station No. 3".
var numbered = lazyre.New(`(?i)\bno\.|№|n[°º]|\d(?:st|nd|rd|th|er|ère|º|ª|-?й)\b|\barticle`)

var plusPhone = lazyre.New(`\+\s?\(?\d[\d\s().\-–]{6,}\d`)

// cutUnlabelled cuts a head where its first e-mail, web address, handle or
// telephone number stands without a label.
func cutUnlabelled(head string) (string, string) {
	at := len(head)
	for _, re := range []*lazyre.Regexp{emailForm, webForm, handleForm, plusPhone} {
		if m := re.FindStringIndex(head); m != nil && m[0] < at {
			at = m[0]
		}
	}
	return head[:at], head[at:]
}

// take puts the values of one channel where they belong and returns what it
// did not understand.
func (d *Addressee) take(kind, value string) (left []string) {
	value = trimSeparators(value)
	if kind == "address" {
		d.Address = strings.TrimLeft(d.Address+"; "+value, "; ")
		return nil
	}
	if kind == "note" {
		return []string{value}
	}
	rest := value
	cut := func(re *lazyre.Regexp, group int, put func(string) bool) {
		for {
			m := re.FindStringSubmatchIndex(rest)
			if m == nil || !put(rest[m[2*group]:m[2*group+1]]) {
				return
			}
			rest = rest[:m[2*group]] + "\x01" + rest[m[2*group+1]:]
		}
	}
	cut(emailForm, 0, func(v string) bool { d.Email = append(d.Email, strings.TrimRight(v, ".")); return true })
	if kind == "email" { // a misprinted address is kept as printed
		cut(brokenEmail, 1, func(v string) bool { d.Email = append(d.Email, strings.TrimSpace(v)); return true })
	}
	cut(webForm, 0, func(v string) bool {
		v = v[:linkEnd(v)]
		if m := social.FindStringSubmatch(v); m != nil && kind == "handle" {
			d.Handle = append(d.Handle, "@"+m[1])
		} else {
			d.Website = append(d.Website, v)
		}
		return true
	})
	cut(socialPage, 0, func(v string) bool {
		d.Handle = append(d.Handle, "@"+socialPage.FindStringSubmatch(v)[1])
		return true
	})
	cut(handleForm, 1, func(v string) bool { d.Handle = append(d.Handle, v); return true })
	if kind != "handle" && kind != "website" {
		for _, v := range splitPhones(rest) {
			switch kind {
			case "fax":
				d.Fax = append(d.Fax, v)
			case "phonefax":
				d.Phone, d.Fax = append(d.Phone, v), append(d.Fax, v)
			default:
				d.Phone = append(d.Phone, v)
			}
		}
		rest = phoneForm.ReplaceAllString(rest, "\x01")
	}
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return r == '\x01' || r == ';' }) {
		w = trimSeparators(w)
		if strings.IndexFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 || joining[strings.ToLower(w)] {
			continue
		}
		if kind == "handle" && bareHandle.MatchString(w) {
			d.Handle = append(d.Handle, "@"+w) // "Twitter: name"
			continue
		}
		left = append(left, w)
	}
	return left
}

var bareHandle = lazyre.New(`^[A-Za-z0-9_]{2,30}$`)

var joining = map[string]bool{"or": true, "and": true, "ou": true, "et": true, "o": true, "y": true, "и": true, "или": true, "ve": true, "veya": true}

var betweenPhones = lazyre.New(`\s*(?:[;,\x01]|\s/\s|/\s*\+|\s(?:or|and|ou|et|o|y|и|или|ve|veya)\s)\s*`)

// shortTail is what is left of a number after "/" when only its last digits
// differ.
var shortTail = lazyre.New(`^\d{1,3}(?:\s*$|\s*[;,\x01])`)

// splitPhones returns the numbers of a value: numbers part at "/", "," and
// ";", or where a new "+" begins.
func splitPhones(s string) []string {
	var out []string
	parts := betweenPhones.FindAllStringIndex(s, -1)
	at := 0
	add := func(p string) {
		for _, m := range phoneForm.FindAllString(p, -1) {
			m = trimSeparators(m)
			// A second "+" begins a second number.
			for i := strings.LastIndexByte(m, '+'); i > 4; i = strings.LastIndexByte(m, '+') {
				out, m = append(out, trimSeparators(m[i:])), trimSeparators(m[:i])
			}
			if n := countDigits(m); n >= 5 {
				if strings.Count(m, "(") < strings.Count(m, ")") {
					m = strings.TrimRight(m, ")")
				}
				out = append(out, m)
			}
		}
	}
	for _, p := range parts {
		end := p[0]
		next := p[1]
		if m := shortTail.FindString(s[next:]); m != "" && strings.Contains(s[end:next], "/") {
			continue // "22 00 12 / 13": the other number differs in its last digits
		}
		if i := strings.IndexByte(s[p[0]:p[1]], '+'); i >= 0 {
			next = p[0] + i
		}
		add(s[at:end])
		at = next
	}
	add(s[at:])
	return out
}

func countDigits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

func trimSeparators(s string) string {
	s = oneLine(s)
	for {
		t := strings.Trim(s, " ,;:/|<>\x01")
		t = strings.TrimRight(strings.TrimLeft(t, "•–-"), "-–(")
		t = strings.TrimSpace(t)
		if strings.HasSuffix(t, ".") && !abbreviated(t) {
			t = t[:len(t)-1]
		}
		if t == s {
			return s
		}
		s = t
	}
}
