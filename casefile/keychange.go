package casefile

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// A KeyChange says that the keys of a user are replaced, or are not to be used
// any more.
type KeyChange struct {
	Why    string    // rotated, lost or stolen
	Since  time.Time // stolen: from when on a signature counts for nothing
	Reason string    // in words
	By     string    // who says so
	At     time.Time // now
}

// ChangeKey returns u after a change: the keys become former ones, and those
// of next, "" for none, take their place. The signers put their names under
// the statement of it: the old key, when it hands over, and the next one. The
// record is for the evidence log and names nobody.
//
// A theft reaches back: it marks every key that was the user's at Since or
// later.
func (u User) ChangeKey(c KeyChange, next User, signers ...*UserKeys) (User, *evidence.UserKey, error) {
	switch n := len(u.Former); {
	case n > 0 && c.At.Before(u.Former[n-1].Until):
		return u, nil, errors.New("casefile: this clock stands before the last change of the key; set it and try again")
	case c.Why == KeyStolen && (c.Since.IsZero() || c.Since.After(c.At)):
		return u, nil, errors.New("casefile: since when a stolen key is not to be trusted is missing, or still to come")
	case c.Reason == "":
		return u, nil, errors.New("casefile: the reason is missing")
	}
	text := keyStatement(u, c, next)
	for i, k := range signers {
		line, err := k.sign(keyStatement(u, c, next))
		if err != nil {
			return u, nil, err
		}
		if i == 0 {
			text += "\n"
		}
		text += line + "\n"
	}
	said := KeyStatement{text, evidence.NewSalt()}

	u.Former = slices.Clone(u.Former)
	first := len(u.Former)
	if u.SignKey != "" {
		u.Former = append(u.Former, FormerKey{SignKey: u.SignKey, Recipient: u.Recipient, Until: c.At, Why: c.Why})
	}
	for c.Why == KeyStolen && first > 0 && !u.Former[first-1].Until.Before(c.Since) {
		first--
	}
	if first == len(u.Former) {
		return u, nil, errors.New("casefile: there was no key then that could be " + c.Why)
	}
	for i := first; i < len(u.Former); i++ {
		k := &u.Former[i]
		k.Statements = append(slices.Clone(k.Statements), said)
		if c.Why == KeyStolen {
			if k.Why = KeyStolen; k.Since.IsZero() || c.Since.Before(k.Since) {
				k.Since = c.Since // a second look never makes a key more trusted
			}
		}
	}
	u.SignKey, u.Recipient = next.SignKey, next.Recipient
	return u, &evidence.UserKey{V: 1, Kind: evidence.KindUserKey, At: evidence.Moment(c.At, ""), Why: c.Why,
		Statement: evidence.Commit(said.Salt, []byte(said.Text))}, nil
}

// keyStatement is the text of a change: docs/formats/approval.md. The words at
// the head keep a signature from meaning anything else.
func keyStatement(u User, c KeyChange, next User) string {
	or := func(s string) string {
		if s = line(s); s == "" {
			return "-"
		}
		return s
	}
	since := ""
	if !c.Since.IsZero() {
		since = c.Since.UTC().Format(time.RFC3339)
	}
	return "arasha-user-key/1\nuser " + strconv.FormatInt(int64(u.ID), 10) + "\nwhy " + c.Why + "\nsince " + or(since) +
		"\nold " + or(u.SignKey) + "\nnext " + or(next.SignKey) + "\nrecipient " + or(next.Recipient) +
		"\nby " + or(c.By) + "\nreason " + or(c.Reason) + "\nat " + c.At.UTC().Format(time.RFC3339) + "\n"
}
