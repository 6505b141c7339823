// Package casefile holds who did what to whom, what shows it, who told us,
// who agreed to be named, and what was decided: the nouns of the desk.
//
// Promise: nothing here is said without its ground. A fact or an allegation
// cites kept bytes or a sealed source, an assessment names the facts it rests
// on, a request names its clause or is free; silence is never consent; and
// who told us is held only as ciphertext.
//
// Every noun is a plain value with an [ID] given by the store and a method
// Check, which returns one sentence naming what is wrong. Fields that refer to
// another noun hold its ID, and the tag "of" names its table; 0 means none.
// Texts are as people wrote them, in any script; what has a fixed set of
// answers uses its words, which data/terms.csv and [Vocabulary] label in several
// languages. Moments are UTC; what was told as a date is a [Date] with its
// precision.
//
// A [File] is one case with everything that belongs to it. The rules are pure
// functions of it: what grounds a statement ([File.Ground]), who may be named
// to whom ([File.MayName]), where a name still stands ([File.Standing]), what
// may be written ([File.MayWrite]), what everybody may read ([File.Public]),
// and which approvals count ([File.Approved]). Clocks are arguments. The
// package stores nothing: store keeps the values, appeal writes them as a
// document.
package casefile
