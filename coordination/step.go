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

// The highest steps whose words are switched on by default, of groups and of
// waves. docs/evaluation.md has what they rest on: on fresh seeds and with
// thresholds fixed before, no ordinary community of ten kinds was called strong,
// and redrawn data sets show a group in at most 5 % plus two standard errors at
// the default window; other windows, and any posts, have to show it for
// themselves (Calibrate) before step 3. Step 4 was not evaluated, and the second
// step of waves is reached by one ordinary link in seven.
const (
	TrustedStep     = Step3
	TrustedWaveStep = Step1b
)

// TrustedWhy says in one sentence why the ladder stops where it does.
const TrustedWhy = "Step 4, and step 2 of one message published once, are switched off: how often they are wrong on ordinary posts is not measured, or too often."
