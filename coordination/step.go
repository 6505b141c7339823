package coordination

// A Step is a place on the ladder of words: what a finding's numbers allow to
// be said. The words themselves belong to the report.
type Step uint8

// The steps of the ladder.
const (
	Step0  Step = iota // counts: the same thing was published by n accounts
	Step1              // within t of each other
	Step1b             // not independent of each other, as any popular message is
	Step2              // closer than comparable messages, or a weak group
	Step3              // unlikely by chance: a strong group, calibration printed
	Step4              // step 3, and stable over the grid of windows and thresholds
)

// String returns "0", "1", "1b", "2", "3" or "4".
func (s Step) String() string {
	if names := [...]string{"0", "1", "1b", "2", "3", "4"}; int(s) < len(names) {
		return names[s]
	}
	return "?"
}

// TrustedStep is the highest step whose words are switched on by default.
// Higher ones wait until docs/evaluation.md confirms, on fresh seeds and with
// thresholds fixed before, that ordinary communities are called strong in at
// most 5 % of runs and that redrawn data sets show a group in at most 5 %.
const TrustedStep = Step1b

// TrustedWhy says in one sentence why the ladder stops at TrustedStep.
const TrustedWhy = "The evaluation of the group test on fresh simulated communities is not complete, so no stronger words are used by default."
