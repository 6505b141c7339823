package disk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// LockFor is Lock that waits up to a time and says, in a line of the file, who
// holds it. When the wait is in vain the error is ErrLocked, with that line;
// where the system lets nobody read a locked file it does without.
func LockFor(ctx context.Context, path, holder string, wait time.Duration) (unlock func() error, err error) {
	deadline := time.Now().Add(wait)
	for {
		f, err := lockFile(path)
		if err == nil {
			// The line is a courtesy: a full disk must not keep a writer out.
			if f.Truncate(0) == nil {
				f.WriteAt([]byte(holder+"\n"), 0)
			}
			return func() error { return unlockFile(f) }, nil
		}
		if !errors.Is(err, ErrLocked) {
			return nil, err
		}
		if time.Now().After(deadline) {
			b, _ := os.ReadFile(path)
			if line, _, _ := strings.Cut(string(b), "\n"); line != "" {
				return nil, fmt.Errorf("%w: %s", ErrLocked, line)
			}
			return nil, ErrLocked
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
