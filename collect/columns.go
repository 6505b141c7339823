package collect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Field is what a column of a table means. Its text is what --columns
// takes on the left side.
type Field string

// The fields a column may hold. FieldTime is a whole instant; FieldDate and
// FieldClock are its halves where a sheet keeps them apart. FieldFoundBy names
// the person who found a row: it is recognised so that it is never stored in
// a post. FieldObject is any column named as the shared object of an analysis;
// it goes to Extra["object"].
const (
	FieldID          Field = "id"
	FieldAccount     Field = "account"
	FieldAccountName Field = "account_name"
	FieldAccountURL  Field = "account_url"
	FieldPlatform    Field = "platform"
	FieldTime        Field = "time"
	FieldDate        Field = "date"
	FieldClock       Field = "clock"
	FieldZone        Field = "zone"
	FieldText        Field = "text"
	FieldLang        Field = "lang"
	FieldURL         Field = "url"
	FieldLinks       Field = "links"
	FieldHashtags    Field = "hashtags"
	FieldMentions    Field = "mentions"
	FieldKind        Field = "kind"
	FieldIsRepost    Field = "is_repost"
	FieldRepostOf    Field = "repost_of"
	FieldReplyTo     Field = "reply_to"
	FieldParent      Field = "reply_or_repost_of" // the one or the other, as FieldKind says
	FieldMediaURL    Field = "media_url"
	FieldMediaHash   Field = "media_hash"
	FieldObject      Field = "object"
	FieldFoundBy     Field = "found_by"
	FieldFoundAt     Field = "found_at"
	FieldScreenshot  Field = "screenshot"
	FieldNote        Field = "note"
	FieldRow         Field = "row"
)

// columnNames are the headings that mean a field, in English, Russian, Kazakh
// and French, as fold writes them. Of several columns that fit one field the
// name that stands first here wins, so plain numbers come before printed
// times.
var columnNames = []struct {
	field Field
	names string
}{
	{FieldID, `id post_id message_id content_id tweet_id tweetid status_id id_str native_id media_id comment_id item_id
		ид id_поста id_публикации id_сообщения ид_поста жазба_id id_du_post identifiant`},
	{FieldAccount, `account_id user_id userid author_id from_id owner_id uid channel_id page_id profile_id user_screen_id id_автора id_аккаунта автор_id id_пользователя id_du_compte`},
	{FieldAccountName, `account_name username author_username screen_name user_screen_name author_name user_name handle account author user page_name channel_name channel channel_title
		page profile_name from_name name outlet media_name аккаунт автор имя_аккаунта имя_автора название_аккаунта ник никнейм пользователь канал страница группа паблик сообщество автор_поста
		автор_аккаунт акаунт пайдаланушы арна парақша тіркелгі автордың_аты аккаунт_аты жариялаған auteur auteure compte nom_du_compte utilisateur pseudo pseudonyme chaine page_ou_compte nom_de_l_auteur`},
	{FieldAccountURL, `account_url author_url profile_url profile user_url channel_url account_link profile_link ссылка_на_аккаунт ссылка_на_автора ссылка_на_профиль ссылка_на_канал профиль аккаунт_сілтемесі
		автор_сілтемесі профиль_сілтемесі lien_du_compte lien_du_profil profil url_du_compte`},
	{FieldPlatform, `platform network social_network source_platform site платформа соцсеть социальная_сеть сеть площадка сайт желі әлеуметтік_желі алаң plateforme plate_forme reseau reseau_social`},
	{FieldTime, `unix_timestamp timestamp_share unixtime unix_time date_unixtime created_utc epoch timestamp_ms timestamp time_stamp created_at creation_time create_time published_at publishedat
		datetime date_time datetime_utc timestamp_utc tweet_time tweet_created_at post_timestamp posted_at posted date_posted date_created created_date taken_at tweet_date
		uploaded_at upload_date time_utc utc_time utc unix created published publish_time post_created created_time date_published post_time дата_и_время дата_время время_публикации время_поста дата_и_время_публикации
		таймстамп күні_мен_уақыты күні_уақыты уақыты_мен_күні жарияланған_уақыты date_heure date_et_heure horodatage heure_de_publication date_et_heure_de_publication`},
	{FieldDate, `date publish_date post_date day publication_date date_utc дата день дата_публикации дата_поста число күні күн дата_жарияланған жарияланған_күні жариялану_күні жарияланған_күн date_de_publication jour date_du_post`},
	{FieldClock, `time hour clock time_of_day время час время_суток уақыты уақыт сағат сағаты heure`},
	{FieldZone, `time_zone timezone tz zone utc_offset часовой_пояс пояс зона временная_зона таймзона уақыт_белдеуі сағаттық_белдеу белдеу fuseau_horaire fuseau`},
	{FieldText, `text full_text message body content tweet post_text tweet_text post caption title description status текст сообщение пост содержание текст_поста текст_публикации текст_сообщения твит публикация подпись заголовок
		мәтін мәтіні жазба хабарлама мазмұны жазба_мәтіні жазбаның_мәтіні texte contenu message_texte texte_du_post publication legende titre`},
	{FieldLang, `lang language язык тіл тілі langue`},
	{FieldURL, `url permalink post_url link post_link href address url_post tweet_url ссылка урл линк адрес ссылка_на_пост ссылка_на_публикацию гиперссылка сілтеме сілтемесі сілтемелер мекенжай жазба_сілтемесі
		lien adresse lien_du_post url_du_post lien_url lien_de_la_publication web_address web_link uri ссылки links_to_posts`},
	{FieldLinks, `urls links expanded_urls shared_links outlinks ссылки_в_тексте ссылки_в_посте url_in_post liens`},
	{FieldHashtags, `hashtags hashtag tags хештеги хэштеги хештег хэштег хештегтер mots_diese hashtags_du_post`},
	{FieldMentions, `mentions user_mentions mentioned упоминания аталғандар`},
	{FieldKind, `kind post_type type тип вид тип_публикации түрі түр type_de_publication genre`},
	{FieldIsRepost, `is_retweet is_repost is_share retweet retweeted репост это_репост`},
	{FieldRepostOf, `repost_of repost_id retweet_id retweeted_id retweet_of retweeted_status_id reposted_id shared_post_id retweet_tweetid репост_чего репост_от repost_de`},
	{FieldReplyTo, `reply_to reply_id in_reply_to in_reply_to_id in_reply_to_status_id in_reply_to_tweetid reply_to_id parent_id isreplyto ответ_на жауап reponse_a`},
	{FieldParent, `reply_or_repost_of ответ_или_репост жауап_немесе_репост reponse_ou_partage`},
	{FieldMediaURL, `media_url image_url photo_url picture media image photo изображение фото медиа сурет image_du_post`},
	{FieldMediaHash, `media_hash image_hash phash phash_id хеш_изображения`},
	{FieldFoundBy, `found_by collected_by finder analyst reported_by submitted_by кто_нашел нашел нашла нашел_а собрал собрала сборщик прислал источник_ссылки тапқан кім_тапты жинаған trouve_par collecte_par signale_par`},
	{FieldFoundAt, `found_at collected_at collection_date collection_time captured_at date_found найдено дата_сбора дата_обнаружения время_сбора время_обнаружения табылған_күні жиналған_күні trouve_le date_de_collecte`},
	{FieldScreenshot, `screenshot_file screenshot screen скриншот скрин скриншот_файл файл_скриншота экран_суреті capture_d_ecran capture`},
	{FieldNote, `note notes comment comments remark remarks примечание примечания заметка заметки комментарий комментарии ескерту ескертпе түсініктеме remarque remarques commentaire`},
	{FieldRow, `no n nr row number line index п_п номер №_п_п № # рет_саны қатар numero ligne`},
}

// columnIndex is columnNames by folded name: the field and how early the name
// stands.
var columnIndex = sync.OnceValue(func() map[string]ranked {
	m := map[string]ranked{}
	for _, c := range columnNames {
		for i, n := range strings.Fields(c.names) {
			if _, ok := m[n]; !ok {
				m[n] = ranked{c.field, i}
			}
		}
	}
	return m
})

type ranked struct {
	field Field
	rank  int
}

// fold writes a heading as columnNames does: lower case, ё as е, French
// accents off, everything that is no letter or digit as one underscore, and
// without what stands in brackets.
func fold(s string) string {
	s, _, _ = strings.Cut(s, "(")
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) {
		switch {
		case r == '\ufeff' || r == '\u200b':
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '№' || r == '#':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			if p, ok := plainLetters[r]; ok {
				r = p
			}
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

var plainLetters = map[rune]rune{'ё': 'е', 'é': 'e', 'è': 'e', 'ê': 'e', 'à': 'a', 'â': 'a', 'ç': 'c', 'î': 'i', 'ô': 'o', 'û': 'u', 'ù': 'u'}

// fieldOf says what a heading means, "" when it is not known. Headings of
// several words are known by one of them ("ссылка на публикацию"), unless a
// word shows that something else is meant ("url_id", "дата сбора").
func fieldOf(heading string) (Field, int) {
	h := fold(heading)
	if h == "" {
		return "", 0
	}
	if r, ok := columnIndex()[h]; ok {
		return r.field, r.rank
	}
	parts := strings.Split(h, "_")
	if len(parts) < 2 || len(parts) > 6 {
		return "", 0
	}
	if aboutOtherThings(heading) {
		return "", 0
	}
	// A name of several words inside a longer heading, then single words.
	for n := len(parts) - 1; n >= 1; n-- {
		for i := 0; i+n <= len(parts); i++ {
			w := strings.Join(parts[i:i+n], "_")
			if n == 1 && !headWords()[w] {
				continue
			}
			if r, ok := columnIndex()[w]; ok {
				return belongsTo(r.field, parts), 1000 + r.rank
			}
		}
	}
	return "", 0
}

// belongsTo corrects what one word of a heading says by the others: the link
// of an author is no link of a post, and the date of an account no date of a
// post.
func belongsTo(f Field, parts []string) Field {
	for _, p := range parts {
		switch {
		case screenshots()[p] && f != FieldNote:
			return FieldScreenshot
		case accounts()[p] && f == FieldURL:
			return FieldAccountURL
		case accounts()[p] && (f == FieldDate || f == FieldTime || f == FieldClock || f == FieldText):
			return ""
		}
	}
	return f
}

var screenshots = words("screenshot screenshots screen скриншот скриншота скрин скрины capture экран")

var accounts = words(`account user profile author page channel owner аккаунт аккаунта автор автора профиль профиля страница страницу страницы канал канала пользователя
	compte auteur profil page chaine автордың аккаунттың парақша парақшасы`)

// headWords may decide a heading of several words by themselves.
var headWords = words(`url link ссылка сілтеме сілтемесі lien date дата күні время уақыты heure text текст мәтін мәтіні texte автор author auteur аккаунт compte account платформа platform plateforme
	timestamp канал арна скриншот screenshot примечание ескерту remarque`)

// otherThings in a heading say that it is not about the post itself.
var otherThings = words(`id count score type category likes views followers created_by page_created first last updated edited modified retrieved access deleted parent original video
	archive archived wayback creation join joined registration birth архив архива архивная
	сбора обнаружения регистрации создания изменения количество число_лайков кол тіркелген consultation modification inscription nombre`)

// aboutOtherThings reports whether a word of a heading says so.
func aboutOtherThings(heading string) bool {
	for _, p := range strings.Split(fold(heading), "_") {
		if otherThings()[p] {
			return true
		}
	}
	return false
}

// A ColumnError says that --columns or --keep names a column the table does
// not have, or that no column was recognised.
type ColumnError struct {
	Text   string
	Header []string
}

// Error names the column and the columns that there are.
func (e *ColumnError) Error() string {
	return fmt.Sprintf("%s; the columns are: %s", e.Text, strings.Join(e.Header, ", "))
}

// findColumn returns the index of the column called name, exactly or but for
// case and spaces; a number names a column by its place from 1.
func findColumn(header []string, name string) (int, bool) {
	for i, h := range header {
		if h == name {
			return i, true
		}
	}
	for i, h := range header {
		if fold(h) == fold(name) && fold(name) != "" {
			return i, true
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(header) {
		return n - 1, true
	}
	return 0, false
}

// fieldNamed reads the left side of --columns.
func fieldNamed(name string) (Field, error) {
	switch name {
	case "post":
		return FieldID, nil
	case "account_id", "user":
		return FieldAccount, nil
	case "timestamp":
		return FieldTime, nil
	case "urls":
		return FieldLinks, nil
	case "time_zone":
		return FieldZone, nil
	}
	var known []string
	for _, c := range columnNames {
		if name == string(c.field) {
			return c.field, nil
		}
		known = append(known, string(c.field))
	}
	if name == string(FieldObject) {
		return FieldObject, nil
	}
	slices.Sort(known)
	return "", fmt.Errorf("%q is not a field; the fields are: %s, object", name, strings.Join(known, ", "))
}

// ParseColumns reads "field=name,field=name", the form of --columns. A name
// with a comma in it cannot be written so; columns are also named by their
// place from 1.
func ParseColumns(s string) (map[string]string, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	m := map[string]string{}
	for _, part := range strings.Split(s, ",") {
		f, name, ok := strings.Cut(part, "=")
		f, name = strings.TrimSpace(f), strings.TrimSpace(name)
		if !ok || f == "" || name == "" {
			return nil, fmt.Errorf("%q is not field=column", part)
		}
		field, err := fieldNamed(f)
		if err != nil {
			return nil, err
		}
		if _, ok := m[string(field)]; ok {
			return nil, fmt.Errorf("the field %s is given twice", field)
		}
		m[string(field)] = name
	}
	return m, nil
}

// recognise says for each column what it means. layout may name columns of
// its own; o.Columns overrides both.
func recognise(header []string, f *layout, o *Options) ([]Field, error) {
	fields := make([]Field, len(header))
	type best struct{ col, rank int }
	taken := map[Field]best{}
	for i, h := range header {
		field, rank := fieldOf(h)
		if f != nil && !f.generic {
			field = ""
		}
		if f != nil {
			if r, ok := f.field(h); ok {
				field, rank = r.field, r.rank-1000
			}
		}
		if field == "" {
			continue
		}
		if b, ok := taken[field]; ok {
			if b.rank <= rank {
				continue
			}
			fields[b.col] = ""
		}
		taken[field], fields[i] = best{i, rank}, field
	}
	for name, col := range o.Columns {
		field, err := fieldNamed(name)
		if err != nil {
			return nil, err
		}
		i, ok := findColumn(header, col)
		if !ok {
			return nil, &ColumnError{fmt.Sprintf("there is no column %q for %s", col, name), header}
		}
		if b, ok := taken[field]; ok && fields[b.col] == field {
			fields[b.col] = ""
		}
		fields[i], taken[field] = field, best{col: i}
	}
	return fields, nil
}
