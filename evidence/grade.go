package evidence

// A Grade says how much of what the Berkeley Protocol asks for an item has,
// in one letter and in words. It is computed, never typed.
//
// The points follow the protocol's list for online items (address, source,
// full page, embedded media and metadata, context, collection data, hash,
// original format, report). They are given in words; the paragraphs are not
// cited, because that is for people who have the book before them.
type Grade struct {
	Letter  string   `json:"grade"`
	Meaning string   `json:"meaning"`
	Present []string `json:"present"`
	Missing []string `json:"missing"`
}

// The letters of a Grade.
var gradeMeanings = map[string]string{
	"A": "captured by a browser here, whole, checked and dated by an outside authority",
	"B": "captured here, without the page as a reader saw it or without an outside date",
	"C": "captured elsewhere and hashed when it came in",
	"H": "hollow: the capture does not hold what it was made for",
	"X": "no bytes are kept, only an address",
}

// GradeOf grades i. timestamped says that an outside authority dated a
// checkpoint that holds the item.
func GradeOf(i *Item, timestamped bool) Grade {
	var g Grade
	point := func(ok bool, present, missing string) bool {
		if ok {
			g.Present = append(g.Present, present)
		} else {
			g.Missing = append(g.Missing, missing)
		}
		return ok
	}
	bytes := point(!i.Ref.IsZero(), "hash and size of the bytes, taken when they came in", "the bytes themselves")
	web := point(i.Address != nil && i.Address.Typed != "", "the address it was found at", "the address it was found at")
	if web {
		point(i.Address.Final != "", "the address after redirects", "the address after redirects")
		point(i.Address.Native != "", "the platform's own number of the post or channel", "the platform's own number of the post or channel")
	}
	source := point(i.HTTP != nil && !i.HTTP.Response.IsZero(), "the source as the server sent it", "the source as the server sent it")
	rendered := map[string]bool{}
	for _, r := range i.Rendered {
		rendered[r.What] = !r.Ref.IsZero()
	}
	dom := point(rendered[DOM], "the page's document as the browser had it", "the page's document as the browser had it")
	full := point(rendered[FullPage], "a picture of the full page", "a picture of the full page with date and time")
	point(len(i.Metadata) > 0, "embedded metadata", "embedded metadata, written out")
	point(i.Context != "", "context: why it matters, what stood around it", "context: why it matters, what stood around it")
	point(i.Sealed.Collector != nil, "who collected it (sealed)", "who collected it")
	point(i.Sealed.Address != nil, "from which network address (sealed)", "from which network address")
	point(!i.Collected.At.IsZero() && i.Collected.Clock != "", "when, and by which clock", "by which clock the time was taken")
	point(i.Tool != "", "the program and its version", "the program and its version")
	if i.Parent.IsZero() {
		point(true, "kept as it came, unchanged", "")
	} else {
		point(len(i.Changes) > 0, "what was taken from where, and every change", "how it differs from what it was taken from")
	}
	point(!i.Report.IsZero(), "a technical report of the capture", "a technical report of the capture")
	checked := point(i.Content != nil, "a check that the capture holds what it was made for", "a check that the capture holds what it was made for")
	dated := point(timestamped, "an outside authority's date", "an outside authority's date")

	switch {
	case !bytes:
		g.Letter = "X"
	case i.Content != nil && i.Content.Verdict != "holds":
		g.Letter = "H"
	case web && source && dom && full && checked && dated:
		g.Letter = "A"
	case web && source:
		g.Letter = "B"
	default:
		g.Letter = "C"
	}
	g.Meaning = gradeMeanings[g.Letter]
	return g
}
