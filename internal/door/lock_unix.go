//go:build unix

package door

import (
	"os"
	"syscall"
)

// take locks a file without waiting; the lock ends with the process.
func take(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
