package report

import (
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// An Edition says for whose eyes an analysis is.
type Edition string

// The editions. Desk holds everything and is made for the people who work on
// the case; Public holds nothing by which a reader could look an account up.
const (
	Desk   Edition = "desk"
	Public Edition = "public"
)

// An Analysis is everything a report prints, as a plain value: its JSON form
// and its page hold the same. It depends on the posts, the options, the files
// given and the version alone. docs/formats/analysis.md describes the fields.
//
// Accounts are named by labels throughout. What names them stands in fields
// that [Analysis.Public] empties.
type Analysis struct {
	Schema  string  `json:"schema"` // "arasha-analysis/1"
	Version string  `json:"version"`
	Edition Edition `json:"edition"`
	Title   string  `json:"title"`
	Zone    string  `json:"zone"` // of every printed time: "UTC"

	Says       []string `json:"says"`                  // what can be said, in the words of the ladder
	Ladder     []Rung   `json:"ladder"`                // every step, and which was reached
	LadderNote string   `json:"ladder_note,omitempty"` // why some are switched off
	Cannot     []string `json:"cannot"`                // what cannot be said

	Asked     Asked     `json:"asked"`
	Collected Collected `json:"collected"`

	Events     []Event       `json:"events"`
	EventsKept string        `json:"events_kept,omitempty"` // where the list of events is logged
	Timeline   *Timeline     `json:"timeline,omitempty"`    // absent without two different times
	Languages  []LanguageRow `json:"languages,omitempty"`

	Waves      []WaveCard   `json:"waves"`
	WavesLeft  int          `json:"waves_not_shown"`
	WavesNote  []string     `json:"waves_note,omitempty"`
	Edited     []EditedCard `json:"edited_copies,omitempty"`
	EditedLeft int          `json:"edited_copies_not_shown,omitempty"`
	EditedNote []string     `json:"edited_copies_note,omitempty"`
	Families   []Family     `json:"families,omitempty"`
	Ordinary   []Ordinary   `json:"ordinary,omitempty"`
	Groups     []Group      `json:"groups"`
	GroupsLeft int          `json:"groups_not_shown"`
	GroupsNote []string     `json:"groups_note,omitempty"`
	Network    *Network     `json:"network,omitempty"`

	Narratives     []NarrativeCard `json:"narratives,omitempty"`
	NarrativesLeft int             `json:"narratives_not_shown,omitempty"`
	NarrativesNote []string        `json:"narratives_note,omitempty"`

	Accounts     []AccountRow `json:"accounts"` // every account with a label, by label
	Kinds        []KindRow    `json:"kinds,omitempty"`
	Grids        []Grid       `json:"grids,omitempty"`
	GridNote     []string     `json:"grid_note,omitempty"`
	Calibration  *Calibration `json:"calibration,omitempty"`
	NoCalibrated string       `json:"not_calibrated,omitempty"` // the sentence when it was not run

	Method    []Paragraph     `json:"method"`
	Limits    []string        `json:"limits"`
	Further   []string        `json:"further,omitempty"`   // what to collect to say more
	Checklist *ChecklistState `json:"checklist,omitempty"` // what became of that of an earlier run
	Replay    Replay          `json:"replay"`
}

// A Rung is one step of the ladder of words.
type Rung struct {
	Step    string `json:"step"` // "0", "1", "1b", "2", "3", "4"
	Words   string `json:"words"`
	Reached bool   `json:"reached"`       // this analysis stands here
	Off     bool   `json:"off,omitempty"` // switched off in this version
}

// Asked is the question: the options as used, in words.
type Asked struct {
	Parameters Parameters `json:"parameters"`
	Traces     []string   `json:"traces"` // in words
	Seed       uint64     `json:"seed"`
}

// Collected is what was read, and what is missing.
type Collected struct {
	Inputs    []AnalysisInput `json:"inputs"`
	Posts     int             `json:"posts"`
	Accounts  int             `json:"accounts"`
	Texts     int             `json:"distinct_texts"`
	Reposts   int             `json:"reposts"`
	Untimed   int             `json:"posts_without_time"`
	Unnamed   int             `json:"posts_without_account"`
	Unread    int64           `json:"records_not_read"` // of the files: no post could be made of them
	First     string          `json:"first,omitempty"`
	Last      string          `json:"last,omitempty"`
	Precision string          `json:"precision,omitempty"` // of most times
	Platforms []Counted       `json:"platforms"`
	Gaps      []Gap           `json:"not_collected,omitempty"` // stated by a person
	Missing   []string        `json:"missing,omitempty"`       // sentences
}

// An AnalysisInput is a file the posts came from.
type AnalysisInput struct {
	Number int          `json:"number"`
	Name   string       `json:"name,omitempty"` // desk only: a file name may be an account's
	Ref    evidence.Ref `json:"sha256"`
	Format string       `json:"format"`
	Posts  int64        `json:"posts"`
	Use    string       `json:"use"` // "posts", "background, called …", "families", …
}

// A Counted is a name with a number.
type Counted struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// An Event is something dated that stands beside the waves. Order is not
// cause.
type Event struct {
	Number int    `json:"number"`
	At     string `json:"at"` // no more exact than known
	Text   string `json:"text"`
	Source string `json:"source,omitempty"`    // what shows it; desk only
	Inside bool   `json:"in_period"`           // lies in the time of the posts
	Next   string `json:"next_wave,omitempty"` // the first wave after it
	After  string `json:"after,omitempty"`     // how long after, in words

	time time.Time
}

// A LanguageRow is the posts of one language over time, on the scale of all.
type LanguageRow struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Posts int    `json:"posts"`
	Waves int    `json:"in_waves"`
	Bars  []Bar  `json:"bars"`
}

// A WaveCard is one message, several accounts, once.
type WaveCard struct {
	Name      string    `json:"name"` // "W1"
	Kind      string    `json:"kind"` // "text", "link", "hashtags", "repost", "picture or video", …
	Trace     string    `json:"trace"`
	Window    string    `json:"window"`
	Accounts  int       `json:"accounts"`
	Posts     int       `json:"posts"`
	Reposts   int       `json:"reposts"`
	Texts     int       `json:"texts"`
	First     string    `json:"first,omitempty"`
	Last      string    `json:"last,omitempty"`
	Span      string    `json:"span,omitempty"` // in words
	Half      string    `json:"half_span,omitempty"`
	FirstBy   string    `json:"first_by"` // of the posts collected
	Platforms []string  `json:"platforms"`
	Languages []string  `json:"languages,omitempty"`
	After     []float64 `json:"first_posts_after_s"`
	Message   string    `json:"message"` // what it is, in few words
	Quotes    []Quote   `json:"quotes"`
	Equal     string    `json:"equal_words,omitempty"`
	Rules     []string  `json:"rules,omitempty"`
	More      string    `json:"more,omitempty"` // what of it is not shown
	SetApart  string    `json:"set_apart,omitempty"`
	Kinds     []Counted `json:"kinds,omitempty"` // of accounts, by sourced facts
	Step      string    `json:"step"`
	Says      []string  `json:"says"`
	Said      Said      `json:"claim,omitzero"` // what the first sentence of the highest step says, in numbers
	Test      *WaveTest `json:"test,omitempty"`

	Object string   `json:"object,omitempty"`   // desk only
	Posted []string `json:"post_ids,omitempty"` // desk only

	from, to time.Time
}

// A WaveTest is how unusual the message of a wave is, looked at over all the
// posts collected.
type WaveTest struct {
	Accounts   int      `json:"accounts"`
	Publishers int      `json:"publishers"` // families count as one
	Span       string   `json:"span,omitempty"`
	Half       string   `json:"half_span,omitempty"`
	Own        *float64 `json:"p_own_activity,omitempty"` // a filter, never a finding
	History    *float64 `json:"p_history,omitempty"`      // without nearly new accounts
	Q          float64  `json:"q"`
	New        int      `json:"nearly_new_accounts"`
	NewTail    float64  `json:"nearly_new_tail"`
	Popularity *float64 `json:"p_popularity,omitempty"` // only with a reference
	Closer     int      `json:"as_close_or_closer"`
	Compared   int      `json:"compared_with"`
	Class      string   `json:"size_class,omitempty"`
	Background string   `json:"background,omitempty"`
	Stop       string   `json:"stops_because"`
}

// A Quote is a text of a wave as published, or its description.
type Quote struct {
	By        string `json:"by"`
	At        string `json:"at,omitempty"`
	Text      string `json:"text,omitempty"`
	Marks     []Mark `json:"marks,omitempty"`     // the text with its differences; joined they are Text
	Described string `json:"described,omitempty"` // stands for a text that is not quoted
	Copies    int    `json:"accounts_word_for_word"`
	Lang      string `json:"lang,omitempty"`
	Equal     string `json:"equal_words,omitempty"` // with the leader, of an edited copy

	ID  string `json:"post_id,omitempty"` // desk only
	URL string `json:"url,omitempty"`     // desk only
}

// A Mark is a piece of a text: equal to the other text, only here, or a place
// where the other text has words and this one has none.
type Mark struct {
	Text string `json:"text"`
	Only bool   `json:"only,omitempty"`
	Gap  bool   `json:"gap,omitempty"`
}

// A Family is accounts of one publisher.
type Family struct {
	Name    string   `json:"name"`
	Labels  []string `json:"accounts"`
	Why     string   `json:"why"`
	Listed  bool     `json:"listed_by_user"`
	Applied bool     `json:"applied"` // counts as one in the tests; otherwise suggested only
}

// Ordinary is a rule that explains messages by something ordinary, and how
// much it explains.
type Ordinary struct {
	Rule     string   `json:"rule"`
	Kind     string   `json:"kind"`
	Messages int      `json:"messages"`
	Posts    int      `json:"posts"`
	Waves    []string `json:"waves,omitempty"` // of those shown
	Says     string   `json:"says"`
}

// A Group is accounts that keep meeting.
type Group struct {
	Name     string    `json:"name"` // "Group A"
	Accounts int       `json:"accounts"`
	Labels   []string  `json:"labels"`
	Edges    int       `json:"pairs_of_accounts"`
	Messages int       `json:"messages"`
	Window   string    `json:"window"`
	Trace    string    `json:"trace,omitempty"`
	Step     string    `json:"step"`
	Says     []string  `json:"says"`
	Said     Said      `json:"claim,omitzero"` // as in a WaveCard; only where the group was tested
	SetApart string    `json:"set_apart,omitempty"`
	Test     *Numbers  `json:"test,omitempty"`
	Grid     string    `json:"over_the_grid,omitempty"`
	Places   []string  `json:"places,omitempty"` // of the posts collected
	Stable   string    `json:"stability,omitempty"`
	Kinds    []Counted `json:"kinds,omitempty"`

	members []uint32
}

// Numbers are those of the group test.
type Numbers struct {
	Verdict      string  `json:"verdict,omitempty"` // only when its words are switched on
	Reason       string  `json:"reason,omitempty"`
	T            float64 `json:"t"`
	P            float64 `json:"p"`
	Effect       float64 `json:"e"`
	Ratio        float64 `json:"ratio"`
	Observed     int     `json:"observed"`
	Expected     float64 `json:"expected"`
	Possible     int     `json:"possible"`
	Objects      int     `json:"objects"`
	NoBackground int     `json:"objects_without_background"`
	Alpha        float64 `json:"alpha"`
	Redraws      int     `json:"redraws"`
	FastWithin   string  `json:"fast_within,omitempty"`
}

// A Network is what the picture of the network draws, and its table.
type Network struct {
	Picture *Picture     `json:"-"`
	Rows    []NetworkRow `json:"rows"`
	Between []NetworkTie `json:"between,omitempty"`
	Tested  bool         `json:"tested"`
	Says    string       `json:"says"`
	Left    int          `json:"accounts_not_drawn"`
	Drawn   bool         `json:"drawn"`
	Why     string       `json:"why_not_drawn,omitempty"`
}

// A NetworkRow is one group of the picture.
type NetworkRow struct {
	Name     string `json:"name"`
	Accounts int    `json:"accounts"`
	Inside   int    `json:"ties_inside"`
	SetApart string `json:"set_apart,omitempty"`
}

// A NetworkTie is the ties between two groups.
type NetworkTie struct {
	A    string `json:"a"`
	B    string `json:"b"`
	Ties int    `json:"ties"`
}

// A NarrativeCard is texts near one another: the same claim in other words,
// perhaps. Never more than step 0.
type NarrativeCard struct {
	Name      string   `json:"name"`
	Named     bool     `json:"named_by_analyst"`
	Terms     []string `json:"terms"`
	Texts     int      `json:"texts"`
	Posts     int      `json:"posts"`
	Accounts  int      `json:"accounts"`
	First     string   `json:"first,omitempty"`
	Last      string   `json:"last,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Waves     []string `json:"waves,omitempty"` // with a text of it
	Letter    int      `json:"posts_same_letter"`
	Spirit    int      `json:"posts_same_spirit"`
	Examples  []Quote  `json:"examples,omitempty"`
}

// An AccountRow is an account with a label.
type AccountRow struct {
	Label string   `json:"label"`
	Posts int      `json:"posts"`
	Waves int      `json:"waves"`
	In    []string `json:"in,omitempty"`    // groups and families
	Kinds []string `json:"kinds,omitempty"` // by sourced facts

	ID       string   `json:"id,omitempty"`       // desk only
	Name     string   `json:"name,omitempty"`     // desk only
	Platform string   `json:"platform,omitempty"` // desk only
	Facts    []string `json:"facts,omitempty"`    // desk only
}

// A KindRow is the accounts of a kind, by sourced facts.
type KindRow struct {
	Kind     string `json:"kind"`
	Accounts int    `json:"accounts"`
	Groups   int    `json:"in_groups"`
	Sources  int    `json:"sources"`
}

// A Grid is the same test under other settings: windows down, thresholds
// across. The threshold is the least similarity where texts are compared as
// similar, else the least number of messages in common.
type Grid struct {
	Trace     string    `json:"trace"`
	Threshold string    `json:"threshold"`        // "similarity" or "messages in common"
	Columns   []string  `json:"columns"`          // thresholds
	Rows      []GridRow `json:"rows"`             // windows
	Redraws   int       `json:"redraws"`          // that each cell is compared with
	Counts    string    `json:"counts"`           // what a cell counts
	Stable    string    `json:"stable,omitempty"` // one sentence on the first group of the trace
}

// A GridRow is one window.
type GridRow struct {
	Window string     `json:"window"`
	Cells  []GridCell `json:"cells"`
}

// A GridCell is one setting.
type GridCell struct {
	Accounts int    `json:"accounts"`
	Used     bool   `json:"used,omitempty"`
	Why      string `json:"not_tested,omitempty"`
	Tone     int    `json:"-"` // 0 to 3
}

// A Calibration is how often the method finds something where there is
// nothing, on these posts.
type Calibration struct {
	Runs    int          `json:"runs"`
	Found   int          `json:"found"` // at Level
	Level   float64      `json:"level"`
	Allowed int          `json:"allowed"` // level plus two standard errors
	Kept    bool         `json:"promise_kept"`
	Points  []LevelPoint `json:"points"`
	Says    []string     `json:"says"`
	Seed    uint64       `json:"seed"`
	Trace   string       `json:"trace,omitempty"`
}

// A Paragraph of the method, with what it rests on.
type Paragraph struct {
	Title string   `json:"title"`
	Text  string   `json:"text"`
	Cites []string `json:"cites,omitempty"`
}

// Replay is how to get the same bytes again.
type Replay struct {
	Command string `json:"command"`
	Note    string `json:"note"`

	public string // the command without the names of files
}
