// Package coordination says who published the same thing together, and how
// close in time: exactly, and without saying why.
//
// [Find] takes posts and options and returns what it found; [Corpus] is the
// same for posts that come one by one. Both are pure: no clock, no disk, no
// network, no randomness. The same posts and options give the same result,
// whatever the number of processors.
//
// The words: a [Trace] is what two posts can have in common (the same text, a
// similar text, a link, …). A [Wave] is one message published by several
// accounts, none of its posts farther than the window from the one before. A
// [Pair] is two posts of one wave by different accounts within the window. An
// [Edge] is two accounts and all their pairs; a [Group] is accounts connected
// by edges of several messages.
//
// [Result.TestWaves] and [TestGroups] say how unusual a message or a group is,
// [Result.Publishers] and [Rules] set apart what is ordinary, and
// [Result.Advise] says what to collect where they stop. Their randomness is a
// seed among the options.
//
// Coordination is not inauthenticity. Activists, newsrooms and petitions
// leave the same traces, and nothing here says that an account is false or
// paid for.
package coordination
