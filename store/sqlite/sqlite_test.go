package sqlite_test

import (
	"testing"

	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
	"github.com/arasha-org/arasha/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Test(t, func(t *testing.T) storetest.Open {
		home := t.TempDir()
		return func(o store.Options) (*store.Store, error) { return sqlite.Open(t.Context(), home, o) }
	})
}
