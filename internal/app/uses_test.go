package app

import (
	"testing"
	"time"
)

func TestAUseIsNotedOnceAMinute(t *testing.T) {
	var u uses
	minute := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var got []bool
	for _, use := range []struct {
		token string
		at    time.Time
	}{{"one", minute}, {"one", minute}, {"two", minute}, {"one", minute.Add(time.Minute)}, {"one", minute}} {
		got = append(got, u.first(use.token, use.at))
	}
	for i, want := range []bool{true, false, true, true, false} {
		if got[i] != want {
			t.Errorf("use %d is noted: %t", i+1, got[i])
		}
	}
}
