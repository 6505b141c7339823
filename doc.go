// Package arasha is the tour of the house, in the order the work happens. It
// holds no code.
//
// Posts come in through [github.com/arasha-org/arasha/collect], one file per
// export format, and become values of
// [github.com/arasha-org/arasha/post]. The bytes they were read from are named
// by a Ref of [github.com/arasha-org/arasha/evidence].
// [github.com/arasha-org/arasha/coordination] then says, exactly, which posts
// are the same or nearly the same, how close in time and by which accounts,
// and report writes the finding down. Bytes that must stand up are kept by
// evidence, and handed on as a dossier that a stranger can check. What is
// said in public is an [github.com/arasha-org/arasha/appeal]: read from old
// documents or written anew, checked, and laid out as pages. The command in
// cmd/arasha wires it all.
//
// imports_test.go keeps the plan: which room may know which.
package arasha
