package door

import (
	"os"

	"golang.org/x/sys/windows"
)

// take locks a file without waiting; the lock ends with the process. It lies far behind the text, which stays readable.
func take(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{Offset: 1 << 30})
}
