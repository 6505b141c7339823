package redraw

import "math"

// LogTail returns ln Pr[Poisson(mean) ≥ k]. It neither underflows nor ties
// where the tail itself would be below the smallest number. It is 0 for k ≤ 0
// and −Inf only for a mean of 0.
//
// Above the mean it sums the tail from k on in units of its first term, below
// it takes one less the head, summed downwards from k−1.
func LogTail(mean float64, k int) float64 {
	if k <= 0 {
		return 0
	}
	if mean <= 0 {
		return math.Inf(-1)
	}
	first := func(i float64) float64 {
		g, _ := math.Lgamma(i + 1)
		return i*math.Log(mean) - mean - g
	}
	if float64(k) > mean {
		sum, term := 1.0, 1.0
		for i := float64(k) + 1; term > 1e-17*sum; i++ {
			term *= mean / i
			sum += term
		}
		return min(0, first(float64(k))+math.Log(sum))
	}
	sum, term := 1.0, 1.0
	for i := float64(k) - 1; i > 0 && term > 1e-17*sum; i-- {
		term *= i / mean
		sum += term
	}
	head := math.Exp(first(float64(k)-1) + math.Log(sum))
	return math.Log1p(-min(head, 1-1e-16))
}
