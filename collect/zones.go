package collect

import (
	"fmt"
	"strings"
	"time"
)

// zoneHours are the abbreviations that mean one zone in the exports we read
// (CrowdTangle prints North American ones). Others, such as IST or BST, mean
// several zones and are refused; Go's own layout would read them as UTC.
var zoneHours = map[string]float64{
	"Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	"MSK": 3, "МСК": 3, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
}

// parseZone reads a zone: "Asia/Almaty", "+05:00", "UTC+6", "EDT".
func parseZone(s string) (*time.Location, error) {
	t := strings.TrimSpace(s)
	up := strings.ToUpper(t)
	if h, ok := zoneHours[up]; ok {
		if h == 0 {
			return time.UTC, nil
		}
		return time.FixedZone(up, int(h*3600)), nil
	}
	for _, p := range []string{"UTC", "GMT", "МСК", "MSK"} {
		rest, ok := strings.CutPrefix(up, p)
		if !ok {
			continue
		}
		if off, ok := parseOffset(strings.TrimSpace(rest)); ok {
			if p == "МСК" || p == "MSK" {
				off += 3 * 3600
			}
			return fixedZone(off), nil
		}
	}
	if off, ok := parseOffset(t); ok {
		return fixedZone(off), nil
	}
	if strings.Contains(t, "/") && !strings.Contains(t, "..") {
		if l, err := time.LoadLocation(t); err == nil {
			return l, nil
		}
	}
	return nil, &dateError{unknownZone, s}
}

// ParseZone reads the zone a person names: an IANA name such as
// "Asia/Almaty", an offset such as "+05:00", "UTC+5", or an abbreviation that
// means one zone only.
func ParseZone(s string) (*time.Location, error) {
	l, err := parseZone(s)
	if err != nil {
		return nil, fmt.Errorf("zone %q is not known; write it as Asia/Almaty or +05:00", s)
	}
	return l, nil
}

func fixedZone(seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	a, sign := seconds, '+'
	if a < 0 {
		a, sign = -a, '-'
	}
	return time.FixedZone(fmt.Sprintf("%c%02d:%02d", sign, a/3600, a%3600/60), seconds)
}

// parseOffset reads +06:00, +0600, +06, +6, -3:30 as seconds.
func parseOffset(s string) (int, bool) {
	s = strings.Replace(s, "−", "-", 1)
	if len(s) < 2 || len(s) > 6 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, m, colon := strings.Cut(s[1:], ":")
	if !colon && len(h) > 2 {
		h, m = h[:len(h)-2], h[len(h)-2:]
	}
	hh, ok1 := smallInt(h)
	mm, ok2 := smallInt(m)
	if !ok1 || m != "" && !ok2 || hh > 14 || mm > 59 {
		return 0, false
	}
	n := hh*3600 + mm*60
	if s[0] == '-' {
		n = -n
	}
	return n, true
}
