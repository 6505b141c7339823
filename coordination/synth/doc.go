// Package synth makes posts that nobody published: invented people, an
// invented country, and a truth that is known. The demonstration, the tests
// and the benchmarks use it; the same seed gives the same posts.
package synth
