package appeal_test

import (
	"fmt"

	"github.com/arasha-org/arasha/appeal"
)

// An old appeal read from text, and what a careful colleague would say of it.
func ExampleImport() {
	old := `URGENT APPEAL - THE OBSERVATORY

XSR 003 / 0120 / OBS 041

Smear campaign
Sarytau

May 11, 2031

The Observatory requests your urgent intervention in the following situation in Sarytau.

Description of the situation:

The Observatory has been informed by reliable sources about a smear campaign against Qanat.
`
	a, err := appeal.Import("old.txt", []byte(old), appeal.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Kind, a.Code.Key(), a.Date, a.Violations[0].Label)
	for _, f := range appeal.Check(a, appeal.CheckOptions{})[:2] {
		fmt.Println(f.Severity, f.Rule)
	}
	// Output:
	// urgent_appeal XSR-003-0120-OBS-041 2031-05-11 Smear campaign
	// error action-missing
	// warning code-date
}

// A reply that quotes the code badly still finds its case.
func ExampleFindCodes() {
	for _, c := range appeal.FindCodes("Re: your letter xsr-3/0431/obs 41.1 of May") {
		fmt.Println(c.Key(), "update", c.UpdateNumber())
	}
	// Output:
	// XSR-003-0431-OBS-041 update 1
}
