package coordination

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A Gap is a stretch of time of which posts were not collected, as a person
// states it. Silence is no gap: none is ever taken from the posts.
type Gap struct {
	Line     int
	From, To time.Time // To is the first instant that was collected again
	Why      string    // may be empty
}

// ReadGaps reads a CSV file with the columns from, to and why. Both ends are
// written as dated events are: with a day, a month or a year at its end, a gap
// lasts through it; with a time of day it ends there. A day without a zone is
// one of zone, or of UTC where none is given; a time of day without one is
// refused then. The gaps come by their beginning. Errors name the file and the
// line.
func ReadGaps(in io.Reader, name string, zone *time.Location) ([]Gap, error) {
	var out []Gap
	err := readUserFile(in, name, []string{"from", "to", "why"}, 2, func(line int, c []string) error {
		var ends [2]time.Time
		for i, s := range c[:2] {
			t, err := parseDate(s, zone)
			if err != nil {
				return err
			}
			if t.Basis == post.Local && zone == nil && t.Precision < post.Day {
				return fmt.Errorf("%q has no zone; write it with one, such as %q", s, s+" +05:00")
			}
			from, to := t.Extent()
			if ends[i] = from; i == 1 && t.Precision >= post.Day {
				ends[i] = to
			}
		}
		if !ends[1].After(ends[0]) {
			return fmt.Errorf("the gap ends (%s) before it begins (%s)", c[1], c[0])
		}
		out = append(out, Gap{line, ends[0].UTC(), ends[1].UTC(), c[2]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b Gap) int { return a.From.Compare(b.From) })
	return out, nil
}
