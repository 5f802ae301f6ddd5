package sample

import (
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// TestRehearse: through the product's doors the runs say what was built into them, and a second time nothing happens.
func TestRehearse(t *testing.T) {
	w := loaded(t)
	_, c := w.programme(t)
	for range 2 {
		if err := Rehearse(w, w.app, c); err != nil {
			t.Fatal(err)
		}
	}
	all := Rehearsals()
	teams := must[*domain.Paged[domain.Team]](t)(w.app.Teams(w, c, domain.Page{}))
	for _, team := range teams.Nodes {
		p := must[*domain.Pitch](t)(w.app.PitchOf(w, team))
		if p == nil {
			continue
		}
		runs := must[*domain.Paged[domain.Rehearsal]](t)(w.app.Rehearsals(w, p, domain.Page{}))
		if len(runs.Nodes) != 3 {
			t.Fatalf("%d runs", len(runs.Nodes))
		}
		for i, r := range runs.Nodes {
			truth := all[2-i]
			times := must[[]*domain.SectionTime](t)(w.app.SectionTimes(w, r))
			sum := 0
			for _, s := range times {
				sum += s.Milliseconds
			}
			if end := truth.Events[len(truth.Events)-1].At - truth.AskedMS; sum != end || len(times) != len(Parts) {
				t.Errorf("run %d: %d sections take %d ms, not %d", r.Number, len(times), sum, end)
			}
			fix := must[*domain.FixNext](t)(w.app.FixNext(w, r))
			if fix.Explain.Section.Title != "Idea" {
				t.Errorf("run %d: %s", r.Number, fix.Text)
			}
		}
		return
	}
	t.Error("no team has a pitch")
}

// TestRecord: the deck is there, the runs sound, and what is heard in them is what was built in.
func TestRecord(t *testing.T) {
	spoken(t)
	w := loaded(t)
	_, c := w.programme(t)
	for range 2 {
		w.Context = app.As(w.Context, domain.LocalOwner())
		if err := Rehearse(w, w.app, c); err != nil {
			t.Fatal(err)
		}
		w.Context = app.As(w.Context, domain.LocalOwner())
		if err := Record(w, w.app, c); err != nil {
			t.Fatal(err)
		}
	}
	w.Context = app.As(w.Context, domain.LocalOwner())
	p := must[*domain.Pitch](t)(w.app.PitchOf(w, must[*domain.Team](t)(team(w, w.app, c))))
	if p.Deck == nil || p.Deck.Slides != 8 {
		t.Errorf("%+v", p.Deck)
	}
	runs := must[*domain.Paged[domain.Rehearsal]](t)(w.app.Rehearsals(w, p, domain.Page{}))
	for i, r := range runs.Nodes {
		truth := Rehearsals()[2-i]
		if x := must[*domain.VoiceAnalysis](t)(w.app.Analysis(w, r)); x == nil || x.State != domain.JobDone {
			t.Fatalf("run %d: %+v", r.Number, x)
		}
		for k, h := range must[[]*domain.Handover](t)(w.app.Handovers(w, r)) {
			if h.GapMilliseconds == nil || off(*h.GapMilliseconds, truth.Gaps[k]) > 120 {
				t.Errorf("run %d: hand-over %d is %v, built in were %d ms", r.Number, k+1, h.GapMilliseconds, truth.Gaps[k])
			}
		}
	}
}
