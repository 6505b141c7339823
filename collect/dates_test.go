package collect

import (
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/post"
)

func TestPrintedTimes(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		// machines
		{"1588068000", "2020-04-28 10:00:00"},
		{"1588068000.0", "2020-04-28 10:00:00"},
		{"1,588,068,000", "2020-04-28 10:00:00"},
		{"1\u00a0588\u00a0068\u00a0000", "2020-04-28 10:00:00"},
		{"1588068000.5", "2020-04-28 10:00:00.500"},
		{"1588068000123", "2020-04-28 10:00:00.123"},
		{"1588068000123456", "2020-04-28 10:00:00.123"},
		{"2020-04-28T10:00:00Z", "2020-04-28 10:00:00"},
		{"2020-04-28T16:00:00+06:00", "2020-04-28 10:00:00"},
		{"2020-04-28 16:00:00 +0600", "2020-04-28 10:00:00"},
		{"2020-04-28 10:00:00.250", "2020-04-28 10:00:00.250"},
		{"2020-04-28 10:00", "2020-04-28 10:00"},
		{"2020-04-28", "2020-04-28"},
		{"20200428", "2020-04-28"},
		{"20200428100000", "2020-04-28 10:00:00"},
		{"202004281000", "2020-04-28 10:00"},
		{"2020-04-28 06:00:00 EDT", "2020-04-28 10:00:00"},
		{"2020-04-28 05:00:00 EST", "2020-04-28 10:00:00"},
		{"Wed Oct 10 20:19:24 +0000 2018", "2018-10-10 20:19:24"},
		{"Tue, 28 Apr 2020 16:00:00 +0600", "2020-04-28 10:00:00"},
		{"43949", "2020-04-28"},
		{"43949.5", "2020-04-28 12:00"},
		// people
		{"28.04.2020", "2020-04-28"},
		{"28.04.2020 10:15", "2020-04-28 10:15"},
		{"28.04.2020, 10:15:30", "2020-04-28 10:15:30"},
		{"28/4/2020", "2020-04-28"},
		{"4/28/2020", "2020-04-28"},
		{"2020/04/28", "2020-04-28"},
		{"2020.04.28 10:15", "2020-04-28 10:15"},
		{"28.04.20", "2020-04-28"},
		{"4.4.2020", "2020-04-04"},
		{"28 апреля 2020", "2020-04-28"},
		{"28 апреля 2020 г. в 10:15", "2020-04-28 10:15"},
		{"вт, 28 апр. 2020 г., 10:15", "2020-04-28 10:15"},
		{"8 мая 2020 года", "2020-05-08"},
		{"1 марта 2020", "2020-03-01"},
		{"2020 жылғы 28 сәуір", "2020-04-28"},
		{"28 сәуір 2020 ж. 10:15", "2020-04-28 10:15"},
		{"5 қаңтар 2020", "2020-01-05"},
		{"3 мамыр 2020", "2020-05-03"},
		{"3 маусым 2020", "2020-06-03"},
		{"7 тамызда 2020", "2020-08-07"},
		{"28 avril 2020", "2020-04-28"},
		{"le mardi 28 avril 2020 à 10h15", "2020-04-28 10:15"},
		{"mar. 28 avr. 2020", "2020-04-28"},
		{"1er août 2020", "2020-08-01"},
		{"3 février 2020", "2020-02-03"},
		{"4 juillet 2020", "2020-07-04"},
		{"April 28, 2020", "2020-04-28"},
		{"April 28th, 2020 at 3:05 PM", "2020-04-28 15:05"},
		{"28 Apr 2020 12:30 am", "2020-04-28 00:30"},
		{"28-Apr-2020", "2020-04-28"},
		{"28 April 2020 3pm", "2020-04-28 15h"},
		{"28.04.2020 16:00 UTC+6", "2020-04-28 10:00"},
		{"28.04.2020 13:00 МСК", "2020-04-28 10:00"},
		{"April 2020", "2020-04"},
		{"04.2020", "2020-04"},
		{"2020", "2020"},
	} {
		r := collected(t, "t.csv", "id,time\n1,\""+x.in+"\"\n")
		if r.err != nil || len(r.posts) != 1 || r.posts[0].Time.String() != x.want {
			t.Errorf("%q is read as %v, want %s (error %v, notes %q)", x.in, r.times(), x.want, r.err, r.found[0].Notes)
		}
	}
}

// What does not say one day leaves the post without a time, with the text
// that was printed and a note; the post itself stays.
func TestTimesThatAreNotTaken(t *testing.T) {
	for _, x := range []struct{ in, note string }{
		{"03.04.2020", "ambiguous"},
		{"5/2/2020", "ambiguous"},
		{"28.04", "no year"},
		{"28 апреля", "no year"},
		{"31.04.2020", "not a date"},
		{"30 февраля 2020", "not a date"},
		{"2020-13-01", "not a date"},
		{"2 weeks ago", "not a date"},
		{"вчера", "not a date"},
		{"28.04.2020 25:00", "not a date"},
		{"2020-04-28 10:00:00 BRST", "zone"},
		{"2020-04-28 10:00:00 IST", "zone"},
		{"1.58807E+09", "lost its digits"},
		{"10:15", "without a day"},
		{"28.04.2020 decision", "not a date"},
		{"номер 28", "not a date"},
	} {
		r := collected(t, "t.csv", "id,time\n1,\""+x.in+"\"\n")
		if r.err != nil || len(r.posts) != 1 {
			t.Errorf("%q: %d posts, error %v", x.in, len(r.posts), r.err)
			continue
		}
		p := r.posts[0]
		if p.Time.Known() || p.Time.Text != x.in {
			t.Errorf("%q is read as %v with the text %q, want no time and the printed text", x.in, p.Time, p.Time.Text)
		}
		if !r.said(x.note, x.in) {
			t.Errorf("%q: notes %q, want one with %q", x.in, r.found[0].Notes, x.note)
		}
		if r.found[0].Untimed != 1 {
			t.Errorf("%q: %d posts counted without a time, want 1", x.in, r.found[0].Untimed)
		}
	}
}

func TestOrderOfDayAndMonthIsSettledByItsColumn(t *testing.T) {
	table := func(dates ...string) string { return "id,date\n1," + strings.Join(dates, "\n2,") + "\n" }
	every := func(c *Collection) { c.EveryRecord = true }
	for _, x := range []struct {
		name, in string
		set      func(*Collection)
		want     []string
		note     string
	}{
		{"a day above 12 further down", table("03.04.2020", "05.06.2020", "28.04.2020"), every, []string{"2020-04-03", "2020-06-05", "2020-04-28"}, "day first, as line 4: 28.04.2020"},
		{"a month-first column", table("03/04/2020", "04/28/2020"), every, []string{"2020-03-04", "2020-04-28"}, "month first, as line 3: 04/28/2020"},
		{"no witness", table("03.04.2020", "05.06.2020"), every, []string{"not known", "not known"}, "2 × ambiguous dates"},
		{"another hand's separator is no witness", table("28.04.2020", "5/2/2020"), every, []string{"2020-04-28", "not known"}, "ambiguous"},
		{"witnesses contradict", table("28/04/2020", "04/28/2020", "5/2/2020"), every, []string{"2020-04-28", "2020-04-28", "not known"}, "mixes day first"},
		{"--day-first", table("03.04.2020", "5/2/2020"), func(c *Collection) { c.DayFirst = 1 }, []string{"2020-04-03", "2020-02-05"}, ""},
		{"--month-first", table("03.04.2020", "5/2/2020"), func(c *Collection) { c.DayFirst = -1 }, []string{"2020-03-04", "2020-05-02"}, ""},
		{"--year and a witness", table("28.04", "5.2", "5/2"), func(c *Collection) { c.Year = 2020; c.EveryRecord = true }, []string{"2020-04-28", "2020-02-05", "not known"}, "2020 was taken as you said"},
	} {
		r := collected(t, "t.csv", x.in, x.set)
		if got := strings.Join(r.times(), ", "); got != strings.Join(x.want, ", ") {
			t.Errorf("%s: %s, want %v (notes %q)", x.name, got, x.want, r.found[0].Notes)
		}
		if x.note != "" && !r.said(x.note) {
			t.Errorf("%s: notes %q, want %q", x.name, r.found[0].Notes, x.note)
		}
	}
}

func TestZones(t *testing.T) {
	// Nothing states a zone: UTC, and said.
	r := collected(t, "t.csv", "id,time\n1,2020-04-28 16:00\n")
	if p := r.posts[0]; p.Time.Basis != post.Local || p.Time.Zone != "UTC" || p.Time.Text != "2020-04-28 16:00" || !r.said("UTC was assumed", "--zone") {
		t.Errorf("time %+v, notes %q", p.Time, r.found[0].Notes)
	}
	// The person states it. Almaty was at +06 until 2024-03-01.
	r = collected(t, "t.csv", "id,time\n1,2020-04-28 16:00\n2,2024-04-28 15:00\n", zone(t, "Asia/Almaty"))
	if got := strings.Join(r.times(), ", "); got != "2020-04-28 10:00, 2024-04-28 10:00" || r.posts[0].Time.Zone != "Asia/Almaty" || !r.said("Asia/Almaty was assumed") {
		t.Errorf("times %s, zone %q, notes %q", got, r.posts[0].Time.Zone, r.found[0].Notes)
	}
	// A day begins at midnight of the zone.
	r = collected(t, "t.csv", "id,date\n1,2020-04-28\n", zone(t, "+06:00"))
	if got := r.posts[0].Time.UTC(); !got.Equal(time.Date(2020, 4, 27, 18, 0, 0, 0, time.UTC)) || r.posts[0].Time.Precision != post.Day {
		t.Errorf("the day begins at %v with precision %v", got, r.posts[0].Time.Precision)
	}
	// A column states it, row by row; an unknown one is refused.
	r = collected(t, "t.csv", "id,date,time,time_zone\n1,28.04.2020,16:00,Asia/Almaty\n2,28.04.2020,13:00,UTC+3\n3,28.04.2020,10:00,Нигде\n4,28.04.2020,,UTC\n")
	if got := strings.Join(r.times(), ", "); got != "2020-04-28 10:00, 2020-04-28 10:00, not known, 2020-04-28" || r.posts[0].Time.Basis != post.Zoned || !r.said("zone is not known", "Нигде") {
		t.Errorf("times %s, notes %q", got, r.found[0].Notes)
	}
	// A time of day as people write it; one that never was.
	r = collected(t, "t.csv", "id,date,time\n1,28.04.2020,10.15\n2,29.03.2020,02:30\n", zone(t, "Europe/Berlin"))
	if r.times()[0] != "2020-04-28 08:15" || !r.said("went forward", "02:30") {
		t.Errorf("times %v, notes %q", r.times(), r.found[0].Notes)
	}
	// The heading states it.
	for _, h := range []string{"datetime_utc", "Дата и время (UTC)"} {
		r = collected(t, "t.csv", "id,"+h+"\n1,2020-04-28 10:00:00\n")
		if p := r.posts[0]; p.Time.Basis != post.Zoned || len(r.found[0].Notes) != 0 {
			t.Errorf("%s: time %+v, notes %q", h, p.Time, r.found[0].Notes)
		}
	}
	if _, err := ParseZone("Asia/Nowhere"); err == nil {
		t.Error("ParseZone of a place that is not gave no error")
	}
}

func TestTimeInMillisecondsIsSaid(t *testing.T) {
	r := collected(t, "t.csv", "id,timestamp\n1,1588068000123\n2,0\n3,\n4,N/A\n")
	if r.times()[0] != "2020-04-28 10:00:00.123" || !r.said("milliseconds since 1970") {
		t.Errorf("times %v, notes %q", r.times(), r.found[0].Notes)
	}
	for _, p := range r.posts[1:] {
		if p.Time.Known() {
			t.Errorf("an empty time became %v", p.Time)
		}
	}
	if r.found[0].Untimed != 3 {
		t.Errorf("%d without a time, want 3", r.found[0].Untimed)
	}
}

func FuzzPrintedTime(f *testing.F) {
	for _, s := range []string{"28.04.2020 10:15", "5/2", "1588068000123", "28 апреля 2020 г. в 10:15", "Wed Oct 10 20:19:24 +0000 2018", "1e9", "10:15pm", "-", "12.12.12.12", "28-Apr-2020", "0-Apr-", "Oct 0001", "+06:00", "z:z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMoment(s, true, false)
		if err != nil || m.basis == post.Unix || m.clockOnly || m.splitDay() {
			return
		}
		if m.precision == post.None {
			t.Fatalf("%q is read with no precision: %+v", s, m)
		}
		if !m.validDay() || m.hour > 23 || m.minute > 59 || m.sec > 59 || m.hour < 0 {
			t.Fatalf("%q is read as an impossible time: %+v", s, m)
		}
	})
}
