package wording

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What an author may not say of a finding, in every language of the ladder and
// in the forms in which people write it.
func TestTooStrong(t *testing.T) {
	for _, c := range []struct {
		lang, reached, text string
		want                []string // "words (step)"
	}{
		// Words about accounts stand on no step.
		{"en", "4", "The same text was published by 34 fake accounts.", []string{"fake accounts ()"}},
		{"en", "1", "34 accounts, some of them paid, published the same text; bots and trolls.", []string{"bots ()", "trolls ()", "paid ()"}},
		{"en", "1", "34 “trolls” published it.", []string{"trolls ()"}},
		{"en", "1", "Bots published it.", []string{"Bots ()"}},
		{"fr", "1", "Le même texte a été publié par de faux comptes, payés pour cela.", []string{"faux comptes ()", "payés ()"}},
		{"es", "1", "El mismo texto fue publicado por 34 cuentas falsas y por troles.", []string{"cuentas falsas ()", "troles ()"}},
		{"ru", "1", "Один и тот же текст разместили боты: 34 фейковых аккаунта и тролли.", []string{"боты ()", "фейковых аккаунта ()", "тролли ()"}},
		{"ru", "1", "Текст опубликован ботам и троллям, с подставных аккаунтов и проплаченными авторами.", []string{"ботам ()", "троллям ()", "проплаченными ()", "подставных ()"}},
		{"kk", "1", "Бір мәтінді 34 жалған аккаунттан боттардың тролльдері жариялады.", []string{"жалған аккаунттан ()", "боттардың ()", "тролльдері ()"}},

		// Words of a higher step.
		{"en", "1", "The same text was published by 34 accounts in a coordinated way.", []string{"coordinated (3)"}},
		{"en", "3", "The same text was published by 34 accounts in a coordinated way.", nil},
		{"en", "0", "Published almost simultaneously, within one or two days.", []string{"simultaneously (1)", "within one or two days (1)"}},
		{"en", "1", "Published almost simultaneously, within one or two days.", nil},
		{"en", "1b", "This is unusual and cannot be a coincidence; it was orchestrated.", []string{"unusual (2)", "cannot be a coincidence (3)", "orchestrated (none)"}},
		{"en", "3", "Unlikely by chance, whatever the thresholds.", []string{"whatever the thresholds (4)"}},
		{"en", "1", "The smear campaign was a planned operation.", []string{"smear campaign (3)", "planned operation (none)"}},
		{"fr", "1", "34 comptes ont agi de concert, de façon coordonnée, dans une campagne de diffamation.", []string{"de concert (3)", "façon coordonnée (3)", "campagne de diffamation (3)"}},
		{"fr", "1", "Cela ne doit rien au hasard ; la vague est orchestrée.", []string{"orchestrée (none)"}},
		{"fr", "0", "Publié simultanément par 34 comptes.", []string{"simultanément (1)"}},
		{"es", "1b", "34 cuentas actuaron juntas, de manera coordinada; no es casualidad.", []string{"actuaron juntas (3)", "coordinada (3)", "no es casualidad (3)"}},
		{"ru", "1", "Скоординированная кампания против неё.", []string{"Скоординированная (3)", "кампания против (3)"}},
		{"ru", "1", "О скоординированности говорит согласованное размещение, синхронными волнами.", []string{"скоординированности (3)", "согласованное (3)", "синхронными (3)"}},
		{"ru", "1b", "Аккаунты действовали сообща; это необычно: не случайность.", []string{"необычно (2)", "действовали сообща (3)", "не случайность (3)"}},
		{"ru", "0", "Тексты появились почти одновременно, с разницей в несколько минут.", []string{"одновременно (1)", "с разницей в несколько минут (1)"}},
		{"ru", "4", "Это централизованная информационная операция, преднамеренная.", []string{"централизованная (none)", "информационная операция (none)", "преднамеренная (none)"}},
		{"kk", "1", "34 аккаунт мәтінді үйлестірілген түрде, келісіп жариялады.", []string{"үйлестірілген (3)", "келісіп (3)"}},
		{"kk", "1b", "Бұл кездейсоқ емес, жала жабу науқанының бөлігі, ұйымдасқан түрде.", []string{"кездейсоқ емес (3)", "жала жабу науқанының (3)", "ұйымдасқан түрде (none)"}},
		{"kk", "0", "Мәтінді олар бір мезгілде, екі күннің ішінде жариялады.", []string{"бір мезгілде (1)", "күннің ішінде (1)"}},
		{"de", "1", "in a coordinated way", []string{"coordinated (3)"}}, // English where there is no list

		// What is quoted, named or taken back.
		{"en", "1", "A text on the Law “On Countering Coordinated Fake Accounts” was published by 34 accounts.", nil},
		{"en", "1", "The Coordinated Response Group and the Fake News Act were named in the text.", nil},
		{"en", "1", "34 accounts published “she is a paid troll of a coordinated campaign”.", nil},
		{"ru", "1", "Тексты о законе «О противодействии фейкам и ботам» опубликованы в 34 аккаунтах.", nil},
		{"kk", "1", "«Жалған ақпаратқа қарсы үйлестірілген күрес туралы» заңы жайлы мәтінді 34 аккаунт жариялады.", nil},
		{"fr", "1", "La loi « Contre les faux comptes et les actions coordonnées » est citée par 34 comptes.", nil},
		{"es", "1", "La ley «Contra las cuentas falsas y coordinadas» es citada por 34 cuentas.", nil},
		{"en", "1", "This does not show that the accounts were coordinated.", nil},
		{"ru", "1", "Это не показывает, что публикации были скоординированы.", nil},
		{"kk", "1", "Бұл аккаунттардың үйлестірілгенін көрсетпейді.", nil},
		{"en", "1", "This was not only popular but coordinated.", []string{"coordinated (3)"}},
		{"ru", "1", "Это не только совпадение, но и скоординированная публикация.", []string{"не только совпадение (3)", "скоординированная (3)"}},

		// Ordinary words.
		{"en", "1", "The coordinator of Qanat paid a fine after the rally organised by the union; 34 texts followed.", nil},
		{"fr", "1", "Ses coordonnées ont été publiées par 34 comptes après le rassemblement organisé par le syndicat.", nil},
		{"es", "1", "La coordinadora de Qanat habló; el mismo texto fue publicado por 34 cuentas.", nil},
		{"ru", "1", "Координатор «Канат» и координаты её дома названы в тексте, который работает на публику.", nil},
		{"kk", "1", "Қанат үйлестірушісі туралы мәтінді 34 аккаунт жариялады.", nil},
		{"en", "", "Within two days.", []string{"Within two days (1)"}}, // a step that is not known allows nothing
		{"en", "1", "", nil},
	} {
		var got []string
		for _, x := range TooStrong(c.lang, c.text, c.reached) {
			got = append(got, fmt.Sprintf("%s (%s)", x.Words, x.Step))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("TooStrong(%s, %q, %q)\n got %q\nwant %q", c.lang, c.text, c.reached, got, c.want)
		}
	}
}

// A text of any bytes is read to its end.
func FuzzTooStrong(f *testing.F) {
	for _, s := range []string{"34 fake accounts, “a b c d”", "бот бот бот", "\xff\xfe«", "үйлестірілген " + strings.Repeat("«", 50)} {
		f.Add(s, "ru")
	}
	f.Fuzz(func(t *testing.T, s, lang string) {
		for _, x := range TooStrong(lang, s, "0") {
			if x.Words == "" || x.Step != "" && !slices.Contains(Steps, x.Step) {
				t.Errorf("%q: %+v", s, x)
			}
		}
	})
}
