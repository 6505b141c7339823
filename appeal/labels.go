package appeal

import (
	"strconv"
	"strings"
	"time"
)

// Labels are the words of the form itself in one language: what stands
// around an appeal whoever wrote it. Every renderer takes them from here.
type Labels struct {
	Lang string
	RTL  bool

	Urgent, News, Press, Letter              string // the kinds of document
	Code, Done, Where                        string // rows of the code block
	Description, Background, NewInformation  string // headings
	Actions, Addresses                       string
	Page                                     string // with two %s: page and pages
	Phone, Fax, Email, Handle, Website, Post string // channels of an addressee
	NoChannel, NoFaxOrEmail                  string
	Checked                                  string // with %s: a date
	CheckCopy                                string // stands before an address
	Reminder                                 string // without the code and without a full stop
	UnusedNotes                              string // heading of notes that no mark refers to
	Draft, Placeholder, Stale                string // state of a translation, in the foot of the page
	months                                   string
	date                                     string // with {d}, {m} and {y}
	digits                                   string // figures of prose, "" for 0-9
	comma                                    string
}

var labels = map[string]*Labels{
	"en": {Urgent: "Urgent appeal", News: "New information", Press: "Press release", Letter: "Letter",
		Code: "Code", Done: "What was done", Where: "Where and when",
		Description: "Description of the situation", Background: "Background information", NewInformation: "New information",
		Actions: "Actions requested", Addresses: "Addresses", Page: "Page %s of %s",
		Phone: "Tel.", Fax: "Fax", Email: "E-mail", Handle: "Online", Website: "Website", Post: "By post",
		NoChannel: "no way to write is known", NoFaxOrEmail: "no e-mail or fax is known",
		Checked: "Checked on %s", CheckCopy: "Check this copy:",
		Reminder:    "Kindly inform us of any action undertaken quoting the code of this appeal in your reply",
		UnusedNotes: "Notes without a mark in the text", Draft: "Draft translation", Placeholder: "Not translated yet", Stale: "Translation out of date",
		months: "January February March April May June July August September October November December", date: "{d} {m} {y}"},
	"fr": {Urgent: "Appel urgent", News: "Nouvelles informations", Press: "Communiqué de presse", Letter: "Lettre",
		Code: "Code", Done: "Faits", Where: "Lieu et date",
		Description: "Description de la situation", Background: "Rappel des faits", NewInformation: "Nouvelles informations",
		Actions: "Actions demandées", Addresses: "Adresses", Page: "Page %s sur %s",
		Phone: "Tél.", Fax: "Fax", Email: "Courriel", Handle: "En ligne", Website: "Site", Post: "Par courrier",
		NoChannel: "aucun moyen d’écrire n’est connu", NoFaxOrEmail: "ni courriel ni fax connus",
		Checked: "Vérifiées le %s", CheckCopy: "Vérifier cet exemplaire :",
		Reminder:    "Merci de nous informer de toute action entreprise en citant le code de cet appel",
		UnusedNotes: "Notes sans appel dans le texte", Draft: "Traduction provisoire", Placeholder: "Pas encore traduit", Stale: "Traduction périmée",
		months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", date: "{d} {m} {y}"},
	"es": {Urgent: "Llamado urgente", News: "Nueva información", Press: "Comunicado de prensa", Letter: "Carta",
		Code: "Código", Done: "Hechos", Where: "Lugar y fecha",
		Description: "Descripción de la situación", Background: "Antecedentes", NewInformation: "Nueva información",
		Actions: "Acciones solicitadas", Addresses: "Direcciones", Page: "Página %s de %s",
		Phone: "Tel.", Fax: "Fax", Email: "Correo", Handle: "En línea", Website: "Sitio", Post: "Por correo",
		NoChannel: "no se conoce cómo escribirle", NoFaxOrEmail: "no se conoce correo electrónico ni fax",
		Checked: "Comprobadas el %s", CheckCopy: "Comprobar esta copia:",
		Reminder:    "Le rogamos nos informe de toda acción realizada citando el código de este llamado en su respuesta",
		UnusedNotes: "Notas sin llamada en el texto", Draft: "Traducción provisional", Placeholder: "Aún sin traducir", Stale: "Traducción desactualizada",
		months: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", date: "{d} de {m} de {y}"},
	"ru": {Urgent: "Срочное обращение", News: "Новая информация", Press: "Пресс-релиз", Letter: "Письмо",
		Code: "Код", Done: "Что произошло", Where: "Где и когда",
		Description: "Описание ситуации", Background: "Справочная информация", NewInformation: "Новая информация",
		Actions: "Требуемые действия", Addresses: "Адреса", Page: "Страница %s из %s",
		Phone: "Тел.", Fax: "Факс", Email: "Эл. почта", Handle: "В сети", Website: "Сайт", Post: "Почтой",
		NoChannel: "способ написать неизвестен", NoFaxOrEmail: "эл. почта и факс неизвестны",
		Checked: "Проверено %s", CheckCopy: "Проверить эту копию:",
		Reminder:    "Просим сообщать нам о любых предпринятых действиях, указывая в ответе код этого обращения",
		UnusedNotes: "Примечания без ссылки в тексте", Draft: "Черновой перевод", Placeholder: "Ещё не переведено", Stale: "Перевод устарел",
		months: "января февраля марта апреля мая июня июля августа сентября октября ноября декабря", date: "{d} {m} {y} г."},
	"kk": {Urgent: "Шұғыл үндеу", News: "Жаңа ақпарат", Press: "Баспасөз хабарламасы", Letter: "Хат",
		Code: "Код", Done: "Не болды", Where: "Қайда және қашан",
		Description: "Жағдайдың сипаттамасы", Background: "Қосымша мәлімет", NewInformation: "Жаңа ақпарат",
		Actions: "Сұралатын әрекеттер", Addresses: "Мекенжайлар", Page: "%s-бет, барлығы %s",
		Phone: "Тел.", Fax: "Факс", Email: "Эл. пошта", Handle: "Желіде", Website: "Сайт", Post: "Поштамен",
		NoChannel: "жазу жолы белгісіз", NoFaxOrEmail: "эл. пошта мен факс белгісіз",
		Checked: "Тексерілді: %s", CheckCopy: "Осы көшірмені тексеру:",
		Reminder:    "Жасалған әрекеттер туралы хабарлағанда осы үндеудің кодын көрсетуіңізді сұраймыз",
		UnusedNotes: "Мәтінде белгісі жоқ ескертпелер", Draft: "Аударма жобасы", Placeholder: "Әлі аударылмаған", Stale: "Аударма ескірген",
		months: "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан", date: "{y} жылғы {d} {m}"},
	"tr": {Urgent: "Acil çağrı", News: "Yeni bilgi", Press: "Basın açıklaması", Letter: "Mektup",
		Code: "Kod", Done: "Ne oldu", Where: "Yer ve tarih",
		Description: "Durumun açıklaması", Background: "Arka plan bilgisi", NewInformation: "Yeni bilgi",
		Actions: "İstenen eylemler", Addresses: "Adresler", Page: "Sayfa %s / %s",
		Phone: "Tel.", Fax: "Faks", Email: "E-posta", Handle: "Çevrimiçi", Website: "Site", Post: "Posta ile",
		NoChannel: "yazma yolu bilinmiyor", NoFaxOrEmail: "e-posta ve faks bilinmiyor",
		Checked: "%s tarihinde denetlendi", CheckCopy: "Bu nüshayı denetleyin:",
		Reminder:    "Atılan her adımı, yanıtınızda bu çağrının kodunu belirterek bize bildirmenizi rica ederiz",
		UnusedNotes: "Metinde işareti olmayan notlar", Draft: "Taslak çeviri", Placeholder: "Henüz çevrilmedi", Stale: "Çeviri güncel değil",
		months: "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık", date: "{d} {m} {y}"},
	"ar": {RTL: true, Urgent: "نداء عاجل", News: "معلومات جديدة", Press: "بيان صحفي", Letter: "رسالة",
		Code: "الرمز", Done: "ما الذي وقع", Where: "المكان والتاريخ",
		Description: "وصف الوضع", Background: "معلومات أساسية", NewInformation: "معلومات جديدة",
		Actions: "الإجراءات المطلوبة", Addresses: "العناوين", Page: "صفحة %s من %s",
		Phone: "الهاتف", Fax: "الفاكس", Email: "البريد", Handle: "الحساب", Website: "الموقع", Post: "بالبريد",
		NoChannel: "لا تُعرف وسيلة للمراسلة", NoFaxOrEmail: "لا يُعرف بريد إلكتروني ولا فاكس",
		Checked: "جرى التحقق في %s", CheckCopy: "للتحقق من هذه النسخة:",
		Reminder:    "يرجى إبلاغنا بأي إجراء يُتخذ مع ذكر رمز هذا النداء في ردكم",
		UnusedNotes: "حواشٍ بلا إشارة في النص", Draft: "ترجمة أولية", Placeholder: "لم يُترجم بعد", Stale: "ترجمة متقادمة",
		months: "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", date: "{d} {m} {y}",
		digits: "٠١٢٣٤٥٦٧٨٩", comma: "،"},
}

// LabelsFor returns the labels of a language (BCP 47), English ones when we
// have none. ok says whether we have them. The Kazakh, Turkish and Arabic
// labels are our own wording and wait for a native reader.
func LabelsFor(lang string) (l *Labels, ok bool) {
	p, _, _ := strings.Cut(strings.ToLower(lang), "-")
	l, ok = labels[p]
	if !ok {
		p, l = "en", labels["en"]
	}
	c := *l
	c.Lang = p
	return &c, ok
}

// Kind returns the title of a kind of document; "" for [Other].
func (l *Labels) Kind(kind string) string {
	switch kind {
	case UrgentAppeal, NewInformation:
		return l.Urgent
	case PressRelease:
		return l.Press
	case Letter:
		return l.Letter
	}
	return ""
}

// Heading returns the heading of a kind of section that was printed without
// one; "" when such a section needs none.
func (l *Labels) Heading(kind string) string {
	switch kind {
	case SectionDescription:
		return l.Description
	case SectionNews:
		return l.NewInformation
	case SectionBackground:
		return l.Background
	case SectionActions:
		return l.Actions
	case SectionAddresses:
		return l.Addresses
	}
	return ""
}

// Date writes an ISO date in words: "11 May 2020". What is not an ISO date
// comes back as it is.
func (l *Labels) Date(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	r := strings.NewReplacer("{d}", strconv.Itoa(t.Day()), "{m}", strings.Fields(l.months)[t.Month()-1], "{y}", strconv.Itoa(t.Year()))
	return l.Number(r.Replace(l.date))
}

// Number writes the figures of s as the prose of the language does.
func (l *Labels) Number(s string) string {
	if l.digits == "" {
		return s
	}
	d := []rune(l.digits)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return d[r-'0']
		}
		return r
	}, s)
}

// Join puts a comma of the language between the parts that are not empty.
func (l *Labels) Join(parts ...string) string {
	c := l.comma
	if c == "" {
		c = ","
	}
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, c+" ")
}
