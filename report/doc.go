// Package report writes a finding down: for people, for spreadsheets, for
// graph programs and for the next program.
//
// Everything it writes depends on the posts, the options and the version
// alone: the same input gives the same bytes. docs/formats/finding.md is the
// page of these files.
//
// [Analyse] gathers everything a report prints in one value, [Analysis]; its
// HTML and JSON hold the same. [Analysis.Public] makes the edition for
// everybody from that of the desk. docs/formats/analysis.md is its page, and
// docs/guide/report.md says how to read it.
package report
