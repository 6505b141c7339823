package coordination

import "fmt"

// A Status says whether a group test had anything to work on.
type Status string

// The statuses.
const (
	Tested        Status = "tested"
	NoShares      Status = "nothing shared"  // no object has two accounts
	NoRepeaters   Status = "no repetition"   // fewer than two accounts share two objects
	NoCoincidence Status = "no coincidence"  // no two accounts coincide as often as an edge needs
	AllTogether   Status = "all at one time" // every object is shared within the window by all its accounts
	Crowd         Status = "a crowd"         // every object on which two repeating accounts may coincide is left out as crowded
	NoneBackdrop  Status = "no background"   // no object has two accounts and MinBackground others
)

// Sentence says the status of a test in one sentence.
func (g *GroupTest) Sentence() string {
	o := &g.Options
	switch g.Status {
	case NoShares:
		return "No message was shared by two accounts, so there is no repetition to test."
	case NoRepeaters:
		return fmt.Sprintf("%s shared by several accounts, but no two accounts have two in common, so there is no repetition to test.", messages(g.Objects))
	case NoCoincidence:
		return fmt.Sprintf("No two accounts published %d of the same messages within %s of each other, so there is no repetition to test.", o.MinRepeats, WindowName(o.Window))
	case AllTogether:
		return fmt.Sprintf("Every message was shared by all its accounts within %s, so timing cannot tell anybody apart from the others.", WindowName(o.Window))
	case Crowd:
		return fmt.Sprintf("The same messages were shared by so many accounts within %s that two who coincide say nothing.", WindowName(o.Window))
	case NoneBackdrop:
		return fmt.Sprintf("No background: no message was shared by at least %d accounts, so there is nothing to compare a group with.", 2+MinBackground)
	}
	strong, weak := 0, 0
	for i := range g.Groups {
		switch g.Groups[i].Verdict {
		case Strong:
			strong++
		case Weak:
			weak++
		}
	}
	return fmt.Sprintf("Of the groups found, %d are strong and %d weak, judged against %d redrawn data sets.", strong, weak, o.Reference)
}

func messages(n int) string {
	if n == 1 {
		return "One message was"
	}
	return fmt.Sprintf("%d messages were", n)
}
