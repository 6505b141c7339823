package coordination

import "cmp"

// Common counts the members of two ascending lists that are in both.
func Common[T cmp.Ordered](a, b []T) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}

// jaccard returns the share of the members of two ascending lists that are in
// both, of all that are in one.
func jaccard[T cmp.Ordered](a, b []T) float64 {
	both := Common(a, b)
	return float64(both) / float64(max(len(a)+len(b)-both, 1))
}
