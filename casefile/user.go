package casefile

// A User is somebody who works at the desk. The private halves of both keys
// are in a file under the user's own passphrase, never in the store.
type User struct {
	ID           ID       `json:"id"`
	Name         string   `json:"name"`
	Organisation string   `json:"organisation"`
	Roles        []string `json:"roles"`     // what they may do: write, review, approve, read-sources, admin
	SignKey      string   `json:"sign_key"`  // public Ed25519 key in the form of golang.org/x/mod/sumdb/note
	Recipient    string   `json:"recipient"` // age recipient: what is sealed to them
	Left         bool     `json:"left"`      // works here no more; what they signed stands
}

// Check returns what is wrong with u.
func (u User) Check() error {
	return check("user", u.ID, is(u.Name != "", "a name is missing"), is(u.Organisation != "", "the organisation is missing"))
}

// A Setting is one choice of the desk: who must approve, in which languages
// it publishes, the prefix of its codes.
type Setting struct {
	ID    ID     `json:"id"`
	Key   string `json:"key"`
	Value string `json:"value"` // JSON
}

// Check returns what is wrong with s.
func (s Setting) Check() error {
	return check("setting", s.ID, is(s.Key != "", "the name of the setting is missing"))
}
