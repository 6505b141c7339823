//go:build unix

package faulttest

import (
	"os/signal"
	"strconv"
	"syscall"
)

// LimitFiles lets no file of this process grow beyond so many bytes, written
// in decimal: what would be beyond fails as on a full disk. "" is no limit.
func LimitFiles(bytes string) error {
	if bytes == "" {
		return nil
	}
	n, err := strconv.ParseUint(bytes, 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // it would end the process
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
}
