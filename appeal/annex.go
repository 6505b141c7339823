package appeal

// An Annex is what stands behind an appeal: how a finding was made, its figures
// and pictures. It arrives as values, so that this package need not know how
// anything was found.
type Annex struct {
	Title  string      `json:"title"`
	Report string      `json:"report"` // Ref of the kept report it is taken from, or ""
	Parts  []AnnexPart `json:"parts"`
}

// An AnnexPart is a heading with what stands below it. What is empty is left
// out.
type AnnexPart struct {
	Heading string     `json:"heading"`
	Text    string     `json:"text"`  // paragraphs parted by an empty line
	Table   [][]string `json:"table"` // rows; the first names the columns
	Caption string     `json:"caption"`
	PNG     []byte     `json:"png"` // a figure, in base64 in JSON
	Alt     string     `json:"alt"` // the figure in words, for those who do not see it
}
