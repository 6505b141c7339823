// Package arasha is the tour of the house, in the order the work happens. It
// holds no code.
//
// Posts come in through [github.com/arasha-org/arasha/collect], one file per
// export format, and become values of
// [github.com/arasha-org/arasha/post]. The bytes they were read from are named
// by a Ref of [github.com/arasha-org/arasha/evidence].
// [github.com/arasha-org/arasha/coordination] then says, exactly, which posts
// are the same or nearly the same, how close in time and by which accounts.
// The command in cmd/arasha wires it all.
//
// imports_test.go keeps the plan: which room may know which.
package arasha
