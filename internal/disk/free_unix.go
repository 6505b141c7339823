//go:build linux || darwin

package disk

import "syscall"

// Free returns how many bytes an ordinary user may still write to the disk
// that holds dir.
func Free(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
