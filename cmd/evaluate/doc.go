// Evaluate measures how far the analysis can be trusted and keeps the
// results. It is a tool of development: "make evaluate" runs it, the product
// does not need it.
//
//	evaluate -for 20m                     do what is missing, for so long
//	evaluate -chapters planted -seeds 5   five seeds of each cell of one chapter
//	evaluate -seeds 0                     measure nothing, write the tables anew
//
// A chapter is one part of the protocol, a cell is one row of its table, and
// one run of a cell has one seed. Each run is appended as a line of JSON to
// docs/evaluation/<chapter>.jsonl under its chapter, cell, seed and version
// of the algorithm; what is there is not done again, so the program may be
// stopped at any time. Tables are made from these lines alone and written
// between the markers <!-- evaluate:NAME --> and <!-- end --> of
// docs/evaluation.md. Lines of another version stay and are not counted.
//
// To add a chapter, write one file with a function that returns a chapter
// (name, version, cells, run, table) and name it in the list in chapters.go.
// run gets the cell and the seed and returns numbers by name; all randomness
// comes from the seed; real data comes from env (data.go), which reads it once
// through package collect from the folder that ARASHA_DATA names. A chapter
// that measures once and draws nothing at random has one seed (once: true).
package main
