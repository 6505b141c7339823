// Package arasha is the tour of the house, in the order the work happens. It
// holds no code.
//
// Posts come in through [github.com/arasha-org/arasha/collect], one file per
// export format, and become values of
// [github.com/arasha-org/arasha/post]. The bytes they were read from are named
// by a Ref of [github.com/arasha-org/arasha/evidence], kept, logged and handed
// on as a dossier that a stranger can check.
// [github.com/arasha-org/arasha/coordination] then says, exactly, which posts
// are the same or nearly the same, how close in time, by which accounts, and
// how surely; report writes the finding for people, in words that climb a
// fixed ladder. A person keeps it or rejects it.
//
// [github.com/arasha-org/arasha/casefile] holds who did what to whom, what
// shows it, who told us, who agreed to be named and what was decided; store
// keeps it. From there an [github.com/arasha-org/arasha/appeal] is drafted,
// which refuses a sentence without its ground, checked, laid out as pages,
// approved by people and published by the command in cmd/arasha, which wires
// it all. The Example shows posts in and an appeal out on one screen.
//
// imports_test.go keeps the plan: which room may know which.
package arasha
