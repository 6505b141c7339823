package main

import (
	"context"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// settingCmd is "arasha setting": the rules of the house.
type settingCmd struct {
	Set  settingSetCmd  `cmd:"" help:"Set one."`
	List settingListCmd `cmd:"" help:"List what is set."`
}

func (settingCmd) Help() string {
	return `The rule of approval says how many people approve each language version, and of which organisations
one at least. Without it two people do.

Example: a joint programme
  arasha setting set approval '{"people":2,"organisations":["Observatory","Federation"]}' --as "Inna Invented"

Exit codes: 0 done, 2 not readable, 64 wrong use`
}

type settingSetCmd struct {
	Key   string `arg:"" help:"The name of the setting: approval."`
	Value string `arg:"" help:"Its value, as JSON."`
	deskFlags
}

func (c *settingSetCmd) Run(ctx context.Context, w *world) error {
	// What nobody reads is refused: a misspelt rule must not seem to hold.
	if c.Key != casefile.SettingApproval {
		return wrongUse("There is: approval.", "there is no setting %q", c.Key)
	}
	if _, err := casefile.ParseApprovalRule(c.Value); err != nil {
		return wrongUse("For example: {\"people\":2}", "%s", plainWords(err))
	}
	var v casefile.Setting
	err := c.write(ctx, w, "setting set", func(tx *store.Tx, _ casefile.User) (err error) {
		if v, err = setting(tx, c.Key); err != nil {
			return err
		}
		v.Value = c.Value
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}

type settingListCmd struct{ deskFlags }

// Run lists what people set; what the program remembers, such as the salts of
// the roster, is nobody's to read.
func (c *settingListCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		v, err := setting(tx, casefile.SettingApproval)
		if err != nil || v.ID == 0 {
			return err
		}
		return c.line(w, v)
	})
}

// setting returns a setting; one that was not set has no value and no number.
func setting(tx *store.Tx, key string) (casefile.Setting, error) {
	all, err := store.List[casefile.Setting](tx, store.Filter{Where: `"key" = ?`, Args: []any{key}, Limit: 1})
	if err != nil || len(all) == 0 {
		return casefile.Setting{Key: key}, err
	}
	return all[0], nil
}
