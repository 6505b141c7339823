// Package collect brings posts in: one file for each export format, all
// behind one table, so that a new format is one file and one line.
//
// A reader never guesses silently and never drops a record: what it cannot
// read goes to the sink as a [Reject] with file, record, line and reason; what
// it leaves out on purpose (private chats, advertisements) is counted by
// reason. A post without a time keeps the zero [post.Time].
//
// A [Collection] is the way in: it opens a file of any form, hashes and unpacks
// it within bounds, recognises it by one of [Formats], hands each post on once
// and keeps the account.
package collect
