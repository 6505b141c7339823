// Package appeal is the urgent appeal as a document: its code, what it holds,
// and how it is read from text, PDF, DOCX, ODT, HTML and Markdown.
//
// An [Appeal] is a plain value with a stable JSON form, described field by
// field in docs/formats/appeal.md. [Import] makes one from the bytes of a
// file, and says in Warnings and Unread what it doubted or did not
// understand: nothing is corrected in silence and nothing is dropped.
//
// Running text (a section, an action, a note) is one string. Paragraphs are
// parted by an empty line. A reference to footnote 3 stands as "[^3]". Links
// behind words are kept beside the text in [Appeal.Links], so that the text
// stays what a reader sees; [Appeal.Runs] cuts a text into plain runs, links
// and footnote marks for whoever draws it.
package appeal
