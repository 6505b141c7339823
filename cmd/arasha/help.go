package main

import (
	"context"
	"io"
)

const tagline = "The case desk of a human-rights observatory: from raw posts to an appeal that stands up."

// usage is what "arasha help" prints: in the order of the work, ending in an
// example and the exit codes.
func usage() string {
	return tagline + `

Usage: arasha COMMAND [options]

Posts
  collect FILE…      bring posts in from exports and sheets of links
  detect FILE…       show who published the same thing together, and when

Evidence
  init               make the home that keeps evidence, and its keys
  evidence …         add, list, show, export, delete; checkpoint, cosign, timestamp
  verify FILE        check a dossier, a home or a file, offline

Appeals
  appeal import FILE read an appeal from text, PDF, DOCX, ODT, HTML or Markdown
  appeal check FILE  say what should not go out like this
  appeal render FILE write it as PDF, HTML, DOCX, ODT, text, Markdown or e-mail
  appeal merge FILE  what an edited DOCX changed, and what lost its source
  appeal translate FILE
                     start a translation that follows its source
  appeal draft|review|read|confirm|approve|publish CASE or DOCUMENT
                     from the case file to what goes out; list, export, accept, withdraw
  appeal revise|update|close
                     correct it, add new information, end the case
  appeal new         write a commented appeal to fill in

Case file (every command: --home, --as USER, --json)
  case, person, act, event, account, authority, outcome
                     who did what to whom, and what changed; add, list, show, change
  source …           who told us, sealed to readers
  fact …             the sentences, and what each stands on
  finding keep|reject REPORT
                     make what the analysis found citable, or not
  consent, decision, hold
                     who agreed, what was decided, and "stop" by those concerned
  code …             printed codes and their register
  user …, setting …  who works here, and the rule of approval
  search WORDS       find anything, in every script
  calendar CASE, table NAME, dump, load
                     in and out: chronology, CSV, whole cases

Looking after it
  doctor             whether everything is in order, and what to do where it is not
  backup --to FILE   put the home into one encrypted file
  restore FILE --to DIR
                     bring a home back; --check only reads the backup

Besides
  demo               the main job on invented data; ends with files to look at
  version            print the version
  help [COMMAND]     this page, or the options of one command

Example: was the attack of 28 April coordinated?
  arasha collect telegram/result.json links.xlsx --out posts.jsonl
  arasha detect posts.jsonl --window 1h,48h --out finding

Exit codes, the same for every command
  0    done, or the answer is yes
  1    the answer is no
  2    could not be told or read
  64   wrong use
  130  stopped by you
`
}

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

func (c *helpCmd) Run(ctx context.Context, w *world) error {
	if len(c.Command) == 0 {
		_, err := io.WriteString(w.out, usage())
		return err
	}
	if code := run(ctx, append(c.Command, "--help"), w); code != exitDone {
		return &exitError{code: code}
	}
	return nil
}
