package appeal

// A Letterhead is what the settings say about the organisation, printed
// above an appeal.
type Letterhead struct {
	Name    string   `json:"name"`
	Line    string   `json:"line"`    // a line below the name: what the organisation is
	Address []string `json:"address"` // lines, at the far side of the page
	Logo    []byte   `json:"-"`       // PNG, 12 mm high on paper; nil for none
}
