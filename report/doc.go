// Package report writes a finding down: for people, for spreadsheets, for
// graph programs and for the next program.
//
// Everything it writes depends on the posts, the options and the version
// alone: the same input gives the same bytes. docs/formats/finding.md is the
// page of these files.
package report
