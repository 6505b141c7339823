package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/arasha-org/arasha/casefile"
)

// nounOf is the word for a kind of record.
func nounOf(v any) string {
	switch v.(type) {
	case casefile.PrintedCode:
		return "printed code"
	case casefile.Register:
		return "register entry"
	case casefile.CaseLink:
		return "link"
	case casefile.ContextEvent:
		return "event"
	case casefile.FindingNote:
		return "finding"
	case casefile.Statement:
		return "fact" // whatever its kind: the word of the command
	}
	return strings.ToLower(reflect.TypeOf(v).Name())
}

// rowOf is a record on one line: what it is, its number, and what stands for
// it. Foreign text cannot move the cursor of a terminal.
func rowOf(v any) string {
	parts := []string{fmt.Sprintf("%s %d", nounOf(v), idOf(v))}
	for _, s := range rowParts(v) {
		if s != "" {
			parts = append(parts, clipLine(s))
		}
	}
	return strings.Join(parts, "  ")
}

func clipLine(s string) string {
	s = printable(strings.Join(strings.Fields(s[:min(len(s), 2000)]), " "))
	if r := []rune(s); len(r) > 100 {
		return string(r[:100]) + "…"
	}
	return s
}

// inCase is "case 12", or nothing.
func inCase(id casefile.ID) string {
	if id == 0 {
		return ""
	}
	return fmt.Sprintf("case %d", id)
}

// rowParts is what stands for a record on a list. What is sealed or for the
// desk only is not among it.
func rowParts(v any) []string {
	switch v := v.(type) {
	case casefile.Case:
		return []string{v.Number, v.Country, v.Status, v.Title}
	case casefile.PrintedCode:
		return []string{inCase(v.Case), v.Printed, v.Why}
	case casefile.Register:
		return []string{fmt.Sprintf("%d %s %d / %s %d", v.Year, v.Country, v.Seq, v.Prefix, v.Serial), v.State, inCase(v.Case), v.Reason}
	case casefile.CaseLink:
		return []string{fmt.Sprintf("case %d to case %d", v.From, v.To), v.Kind, v.Note}
	case casefile.Person:
		return []string{v.Name, v.Kind, v.Occupation}
	case casefile.Role:
		return []string{inCase(v.Case), fmt.Sprintf("person %d", v.Person), v.Role, v.Note}
	case casefile.Act:
		return []string{inCase(v.Case), v.When.String(), v.Type, v.Place, v.Status}
	case casefile.ContextEvent:
		return []string{inCase(v.Case), v.When.String(), v.Text}
	case casefile.Inaction:
		return []string{inCase(v.Case), v.Asked.String(), v.Who, v.Followed + v.NoComplaint}
	case casefile.Step:
		return []string{inCase(v.Case), v.When.String(), v.What, v.Result}
	case casefile.Bill:
		next := ""
		if !v.Next.IsZero() {
			next = "next " + v.Next.String()
		}
		return []string{inCase(v.Case), v.Country, v.Title, next}
	case casefile.Outcome:
		return []string{inCase(v.Case), v.When.String(), v.Impact, v.What}
	case casefile.Account:
		return []string{v.Platform, v.Native, v.Name, v.Kind, inCase(v.Case)}
	case casefile.Attribute:
		return []string{fmt.Sprintf("account %d", v.Account), v.What, "according to " + v.According, v.Date.String()}
	case casefile.Authority:
		return []string{v.Country, v.Office}
	case casefile.Holder:
		return []string{fmt.Sprintf("authority %d", v.Authority), v.Title, v.Name, span(v.From, v.To)}
	case casefile.Channel:
		return []string{fmt.Sprintf("authority %d", v.Authority), v.Kind, v.Value, v.Checked.String()}
	case casefile.Source:
		return []string{inCase(v.Case), v.Label, v.Reliability, v.Formula}
	case casefile.Statement:
		s := v.Clause
		if len(v.Text) > 0 {
			s = v.Text[0].Text
		}
		return []string{inCase(v.Case), v.Kind, s}
	case casefile.Consent:
		return []string{inCase(v.Case), fmt.Sprintf("person %d", v.Person), v.Use, v.Answer, v.Basis, when(!v.WithdrawnAt.IsZero(), "withdrawn")}
	case casefile.Decision:
		return []string{inCase(v.Case), v.Choice, v.By, v.Reason}
	case casefile.Hold:
		return []string{inCase(v.Case), v.Kind, "by the " + v.By, when(!v.Lifted.IsZero(), "lifted")}
	case casefile.FindingNote:
		return []string{inCase(v.Case), v.Verdict, v.Report.Short(), v.Why}
	case casefile.Document:
		return []string{inCase(v.Case), v.Kind, v.Language, v.Code, v.State}
	case casefile.Approval:
		if v.Person+v.Impossible != "" {
			return []string{fmt.Sprintf("document %d", v.Document), "confirmed by " + v.Person, when(v.Impossible != "", "nobody could confirm it: "+v.Impossible)}
		}
		return []string{fmt.Sprintf("document %d", v.Document), fmt.Sprintf("user %d", v.User), v.Organisation, when(v.Phone != nil, "by telephone")}
	case casefile.Acceptance:
		return []string{fmt.Sprintf("document %d", v.Document), v.Rule, v.By, v.Reason}
	case casefile.User:
		return []string{v.Name, v.Organisation, strings.Join(v.Roles, ", "), when(v.Left, "left")}
	case casefile.Setting:
		return []string{v.Key, v.Value}
	}
	return nil
}

func when(yes bool, word string) string {
	if yes {
		return word
	}
	return ""
}

func span(from, to casefile.Date) string {
	if from.IsZero() && to.IsZero() {
		return ""
	}
	return from.String() + "–" + to.String()
}

// printNoun prints every field of a record that says something, in the words
// of its JSON.
func printNoun(out io.Writer, v any) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	r := reflect.ValueOf(v)
	for i := range r.NumField() {
		f, tag := r.Field(i), r.Type().Field(i).Tag.Get("json")
		if f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0 {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		name = strings.ReplaceAll(name, "_", " ")
		switch x := f.Interface().(type) {
		case []byte:
			fmt.Fprintf(t, "%s\tsealed, %s\n", name, count(int64(len(x)), "byte"))
		case json.RawMessage:
			fmt.Fprintf(t, "%s\t%s of JSON\n", name, count(int64(len(x)), "byte"))
		default:
			if f.Kind() == reflect.Slice {
				for k := range f.Len() {
					fmt.Fprintf(t, "%s\t%s\n", name, printable(oneValue(f.Index(k).Interface())))
				}
				continue
			}
			fmt.Fprintf(t, "%s\t%s\n", name, printable(oneValue(x)))
		}
	}
	return t.Flush()
}

// oneValue is a field for a person: a record within a record as
// "name value, name value".
func oneValue(v any) string {
	r := reflect.Indirect(reflect.ValueOf(v))
	if s, ok := v.(fmt.Stringer); ok || r.Kind() != reflect.Struct {
		if ok {
			return s.String()
		}
		return strings.Join(strings.Fields(fmt.Sprint(r.Interface())), " ")
	}
	var parts []string
	for i := range r.NumField() {
		if f := r.Field(i); !f.IsZero() {
			name, _, _ := strings.Cut(r.Type().Field(i).Tag.Get("json"), ",")
			parts = append(parts, name+" "+oneValue(f.Interface()))
		}
	}
	return strings.Join(parts, ", ")
}

// badJSON names the line of the record that is not JSON; at is where the
// record before it ended.
func badJSON(file string, data []byte, at int64, err error) error {
	rest := bytes.TrimLeft(data[at:], " \t\r\n")
	line := 1 + bytes.Count(data[:len(data)-len(rest)], []byte("\n"))
	return wrongUse("", "%s: line %d: %s", file, line, plainJSON(err))
}

func plainJSON(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends in the middle of a record"
	}
	return plainWords(errors.New(strings.TrimPrefix(err.Error(), "json: ")))
}
