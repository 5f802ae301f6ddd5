package door

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/sample"
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

// TestExpiredIdentitiesAreDeletedWhileRunning keeps a house open past the last day on which a document may be kept, by a
// clock that runs as fast as nothing is to be done.
func TestExpiredIdentitiesAreDeletedWhileRunning(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h, err := Open(t.Context(), Where{Data: folder, Alone: true, Today: SampleToday})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		owner := func() context.Context { return app.As(t.Context(), domain.LocalOwner()) }
		if err := sample.Load(owner(), h.App); err != nil {
			t.Fatal(err)
		}
		programme, err := h.App.ProgrammeKeyed(owner(), sample.ProgrammeKey)
		if err != nil {
			t.Fatal(err)
		}
		cohorts, err := h.App.Cohorts(owner(), programme, domain.Page{})
		if err != nil {
			t.Fatal(err)
		}
		people, err := h.App.Enrolments(owner(), cohorts.Nodes[0], nil, domain.EnrolmentsByName, domain.Page{})
		if err != nil {
			t.Fatal(err)
		}
		made, err := h.App.RecordIdentity(owner(), app.RecordIdentityInput{EnrolmentID: people.Nodes[0].ID, Kind: domain.Passport, Number: "533000017", Consented: true,
			Command: domain.Command{IdempotencyKey: "once"}})
		if err != nil || len(made.UserErrors) > 0 {
			t.Fatalf("%v %+v", err, made)
		}
		kept := func() bool {
			ids, err := h.store.Read().IdentitiesKept(t.Context(), []string{cohorts.Nodes[0].ID})
			if err != nil {
				t.Fatal(err)
			}
			return len(ids) > 0
		}
		const day = 24 * time.Hour
		<-time.After(91 * day) // Thu 9 May, seven working days after the programme's end
		if !kept() {
			t.Error("control: it is gone on the last day on which it may be kept")
		}
		<-time.After(day + forgetEvery)
		synctest.Wait()
		if kept() {
			t.Error("it may not be kept any longer, and is")
		}
	})
}

// TestALockEndsWithItsProcess takes a lock in another process, is refused, and is let in once that process was killed.
func TestALockEndsWithItsProcess(t *testing.T) {
	if os.Getenv("TANDEM_HOLD") != "" { // it is killed, and could clear no folder of its own away
		if _, err := lock(os.Getenv("TANDEM_HOLD")); err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString("held\n")
		select {}
	}
	folder := filepath.Join(t.TempDir(), "house")
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
