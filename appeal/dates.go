package appeal

import "time"

// isISODate reports whether s is a day as 2020-05-11.
func isISODate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
