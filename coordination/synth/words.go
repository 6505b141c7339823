package synth

// A language is three banks of clauses. A post is one of each, so that two
// posts are rarely alike by chance; %s is a place, %d a number.
type language struct {
	code    string
	open    []string
	middle  []string
	end     []string
	places  []string
	reply   []string // added when somebody passes an ordinary message on
	unusual []string // words that make a story its own
}

var languages = []language{
	{
		code: "ru",
		open: []string{
			"Утром на %s опять стояли в пробке минут %d", "Сегодня в %s отключили воду до вечера", "Сходили с детьми в парк на %s",
			"Купил билеты до %s, цена %d тенге", "Соседи на %s третий день делают ремонт", "Снег в %s так и не убрали",
			"Кто знает хорошего врача в районе %s", "На рынке у %s огурцы уже по %d", "Вчера гуляли по %s до полуночи",
			"Автобус %d через %s теперь ходит реже", "В школе на %s отменили занятия", "Нашли ключи возле остановки %s",
			"Концерт в %s перенесли на выходные", "Открыли новую библиотеку на %s", "Тренер в %s набирает группу, мест осталось %d",
		},
		middle: []string{
			"никто ничего не объяснил", "очередь была огромная", "погода наконец хорошая", "дочка осталась довольна",
			"пришлось идти пешком через весь двор", "продавщица посоветовала зайти завтра", "звонили в домоуправление два раза",
			"бабушка говорит, раньше было лучше", "сфотографировать не успел", "кофе там неожиданно вкусный",
			"ребята играли в футбол прямо на стоянке", "обещают закончить к пятнице", "собака испугалась и убежала к гаражам",
			"встретил одноклассника, не виделись лет десять", "мастер приехал только после обеда",
		},
		end: []string{
			"хорошего всем дня", "если кто поедет, возьмите зонт", "подскажите, как у вас", "завтра попробуем ещё раз",
			"фото будут позже", "надеюсь, больше такого не случится", "всем спасибо за советы", "а вы что думаете",
			"напишите, если видели", "в общем, рекомендую", "больше туда ни ногой", "вечером расскажу подробнее",
			"отдохнули отлично", "жаль, что так вышло", "передавайте привет",
		},
		places: []string{"Садовой", "Озёрной", "Набережной", "Степной", "Яблоневой", "Вокзальной", "Горной", "Тополиной", "Луговой", "Речной"},
		reply:  []string{"ну и новости", "читали?", "вот это да", "делюсь", "сохраню себе", "интересно", "важно"},
		unusual: []string{"маяк", "карусель", "ледник", "виноградник", "обсерватория", "трамвай", "караван", "мельница", "аквариум", "парусник",
			"хоккей", "дельтаплан", "часовня", "гончар", "яхта", "рудник", "верблюд", "планетарий", "ярмарка", "оркестр"},
	},
	{
		code: "kk",
		open: []string{
			"Бүгін %s көшесінде тағы да жарық өшті", "Таңертең %s аялдамасында %d минут күттік", "Балалармен %s саябағына бардық",
			"%s базарында алма %d теңге болыпты", "Көршілер %s жақта үй салып жатыр", "%s мектебінде сабақ кешке ауысты",
			"Кеше %s жағалауында серуендедік", "%d-автобус енді %s арқылы жүрмейді", "%s кітапханасына жаңа кітаптар келді",
			"Ауылдан %s қаласына қонақтар келді", "%s стадионында ойын тең аяқталды", "Қар еріп, %s жолы батпақ болды",
		},
		middle: []string{
			"ешкім себебін айтпады", "кезек өте ұзын екен", "ауа райы тамаша болды", "әжем бұрын бәрі басқаша еді дейді",
			"сурет түсіріп үлгермедім", "шайы өте дәмді екен", "екі рет қоңырау шалдық", "шебер түстен кейін ғана келді",
			"балалар алаңда доп ойнады", "жұмаға дейін бітіреміз деп уәде берді", "ескі досымды кездестірдім", "сатушы ертең келіңіз деді",
		},
		end: []string{
			"бәріне жақсы күн тілеймін", "сіздерде қалай", "ертең тағы барамыз", "кеңес берсеңіздер екен", "суретін кешке саламын",
			"барыңыздар, ұсынамын", "қайталанбасын деп үміттенемін", "сәлем айтыңыздар", "көрген болсаңыз жазыңыз", "рақмет бәріңізге",
			"қалған жаңалықты кешке айтамын", "тамаша демалдық",
		},
		places: []string{"Алмалы", "Көктөбе", "Сарыарқа", "Ақбұлақ", "Жетісай", "Тасөткел", "Қарасу", "Наурыз", "Бәйтерек", "Шұғыла"},
		reply:  []string{"оқыдыңыздар ма", "қызық екен", "бөлісемін", "керек болады", "міне жаңалық"},
		unusual: []string{"домбыра", "көкпар", "бүркіт", "киіз үй", "шаңғы", "мұздық", "керуен", "диірмен", "айтыс", "шахмат",
			"қымыз", "тұлпар", "көпір", "зергер", "бөбек", "тарту", "жайлау", "сүмбіле", "алаң", "тойхана"},
	},
	{
		code: "en",
		open: []string{
			"The bus from %s was %d minutes late again", "They closed the pool in %s for repairs", "Lovely walk around %s this morning",
			"Tomatoes at the %s market are %d now", "Our neighbours in %s adopted a puppy", "No hot water in %s since noon",
			"Someone left a bicycle near %s", "The library in %s has new opening hours", "Rain all day in %s",
			"The bakery on %s changed owners", "Looking for a maths tutor near %s", "The choir from %s sings on Sunday",
		},
		middle: []string{
			"nobody told us why", "the queue went round the corner", "my daughter loved it", "we ended up walking home",
			"the coffee was better than expected", "I forgot to take a picture", "they promised to finish by Friday",
			"my uncle says it was different once", "we called the office twice", "the kids played until dark",
			"I met an old classmate there", "the plumber came after lunch",
		},
		end: []string{
			"have a good evening everyone", "bring an umbrella if you go", "how is it on your side", "we will try again tomorrow",
			"pictures later", "hope it does not happen again", "thanks for all the tips", "what do you think",
			"write if you saw it", "well worth a visit", "never again", "more about it tonight",
		},
		places: []string{"Orchard Lane", "Lakeside", "Mill Hill", "Station Road", "Poplar Street", "the old port", "Harbour View", "Long Meadow"},
		reply:  []string{"have you read this", "worth a look", "sharing this", "quite a story", "saving for later"},
		unusual: []string{"lighthouse", "carousel", "glacier", "vineyard", "observatory", "tramway", "caravan", "windmill", "aquarium", "schooner",
			"hockey", "glider", "chapel", "potter", "regatta", "quarry", "camel", "planetarium", "fairground", "orchestra"},
	},
}

// The campaign of the demonstration: against "Qanat", an invented
// legal-aid group in the invented country of Sarytau.
var smear = []struct{ lang, text, link string }{
	{"ru", "Правозащитники из «Қанат» снова защищают чужих, а не своих граждан Сарытау, кому это выгодно", "https://pravda-sarytau.example/qanat-chuzhie"},
	{"ru", "Сколько платят «Қанат» из-за границы за каждый митинг в Сарытау, пусть покажут отчёты", "https://sarytau-segodnya.example/otchety-qanat"},
	{"kk", "«Қанат» ұйымы Сарытау халқының емес, шетелдің сөзін сөйлеп отыр, мұны бәрі білуі керек", "https://sarytau-uni.example/qanat-shetel"},
	{"ru", "Закон о собраниях мешает только тем, кто живёт на гранты, «Қанат» первым поднял шум", "https://pravda-sarytau.example/zakon-granty"},
	{"en", "Qanat defends the right of foreigners to march in Sarytau while our own families wait for help", "https://sarytau-voice.example/qanat-march"},
	{"kk", "Грантқа өмір сүретін «Қанат» заңға қарсы шықты, Сарытауда тыныштықты кім қаламайды", "https://sarytau-uni.example/grant-zang"},
	{"ru", "Руководитель «Қанат» ни разу не ответил, откуда деньги, зато учит жить весь Сарытау", "https://sarytau-segodnya.example/otkuda-dengi"},
	{"ru", "Пока врачи Сарытау спасают людей, «Қанат» пишет жалобы за границу на собственную страну", "https://pravda-sarytau.example/zhaloby"},
}

// A petition: many people, one text, openly.
const petitionText = "Я подписал обращение за безопасный переход у школы на Садовой, подпишите и вы, осталось собрать немного"
const petitionLink = "https://petition.example/sarytau/perehod"

// Two claims of the campaign in other words each time, in two alphabets: alike
// in spirit, not in letter.
var reworded = [][]string{
	{
		"Иностранные гранты оплачивают уличные шествия, а «Қанат» только подписывает расписки",
		"За каждым уличным шествием стоит иностранный грант, спросите у юристов «Қанат»",
		"Юристы «Қанат» получили грант, и на другой день началось шествие, совпадение иностранное",
		"Kanat: yuristy na grant, shestviya ulichnye, dengi inostrannye, voprosov net",
		"Кто оплачивает юристов «Қанат»? Иностранный фонд, и шествия входят в смету гранта",
		"Ulichnye shestviya nuzhny tomu, kto platit yuristam Kanat inostrannyi grant",
		"Не бывает бесплатных шествий: грант иностранный, улица наша, «Қанат» посередине",
		"Смета гранта простая: юристы, плакаты, уличные шествия, всё иностранное у этого «Қанат»",
	},
	{
		"Балалардың келешегін шетел қорына сатып жатқан заңгерлерге сенбеңіздер",
		"Шетел қоры заңгерлерге ақша береді, ал балалардың келешегі кімге керек",
		"Zañgerler şetel qorynan aqşa alady, balalardyñ keleşegi oilandyrmaidy",
		"Заңгерлердің шетел қорымен келісімі бар, балалар мен келешек туралы сөз жоқ",
		"Şetel qory men zañgerler bizdiñ balalardyñ keleşegine kirisip jatyr",
		"Келешек балалардікі, шетел қорының заңгерлері араласпасын деп сұраймыз",
		"Balalar keleşegi saudaǵa tüsti: şetel qory, zañgerler, aqşa",
	},
}
