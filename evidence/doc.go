// Package evidence holds exact bytes, where they came from, and proof that
// they did not change.
//
// Everything kept is named by its [Ref], the SHA-256 of its original bytes,
// so that anybody can check a kept file with sha256sum and no program of ours.
//
// An [Item] says where bytes came from, an [Event] what happened to them since.
// Each is a [Record]; what enters the [Log] is only a [Leaf], a salted
// commitment to it, so the log may be public and names nobody. Destroying the
// salt is the lawful deletion. A [Checkpoint] is a signed state of the log:
// whoever keeps one can tell later whether anything was changed or taken out.
//
// A [Bundle] writes chosen items with their proofs into a dossier, and [Verify]
// checks one offline. The formats are in docs/formats/dossier.md and home.md.
//
// The package knows no encryption and no network; the files of an
// organisation are in evidence/vault, outside dates in evidence/timestamp.
package evidence
