// Package post says what a publication is: one text by one account at one
// time, with what it links to and the bytes it was read from.
//
// A [Post] is a value. It keeps what the platform gave and adds nothing: text
// as received, ids as strings, a time with its precision and with how its
// zone is known. A post whose time is not known has the zero [Time] and is
// never dated by guess.
//
// Posts are exchanged as JSON Lines, one post a line; docs/formats/posts.md
// is the page of that format. [Append] and [Parse] are exact inverses.
package post
