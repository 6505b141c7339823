// Package evidence holds exact bytes, where they came from, and proof that
// they did not change.
//
// Everything kept is named by its [Ref], the SHA-256 of its original bytes,
// so that anybody can check a kept file with sha256sum and no program of ours.
package evidence
