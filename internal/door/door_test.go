package door

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestTheClockStartsAtADay(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	machine := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC) // half past midnight in London
	now := clock("2019-02-07", func() time.Time { return machine })
	if got := now().In(london).Format("2006-01-02 15:04"); got != "2019-02-07 00:30" {
		t.Errorf("it starts at %s", got)
	}
	machine = machine.Add(26 * time.Hour)
	if got := now().In(london).Format("2006-01-02 15:04"); got != "2019-02-08 02:30" {
		t.Errorf("after 26 hours it is %s", got)
	}
	if got := clock("", func() time.Time { return machine })(); !got.Equal(machine) {
		t.Errorf("without a day it is %v, not the machine's", got)
	}
}

// TestALockEndsWithItsProcess takes a lock in another process, is refused, and is let in once that process was killed.
func TestALockEndsWithItsProcess(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "house")
	if os.Getenv("TANDEM_HOLD") != "" {
		if _, err := lock(os.Getenv("TANDEM_HOLD")); err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString("held\n")
		select {}
	}
	holder := exec.Command(os.Args[0], "-test.run=^TestALockEndsWithItsProcess$")
	holder.Env = append(os.Environ(), "TANDEM_HOLD="+folder)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := lock(folder); !errors.Is(err, ErrInUse) {
		t.Errorf("a held folder: %v", err)
	}
	holder.Process.Kill()
	holder.Wait()
	release, err := lock(folder)
	if err != nil {
		t.Fatalf("the holder is dead: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if release, err = lock(folder); err != nil {
		t.Errorf("released: %v", err)
	} else {
		release()
	}
}
