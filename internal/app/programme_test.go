package app_test

import (
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
)

func TestAProgrammesUsualRulesAreWhatItsPlansAreAskedFor(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		if p := w.planned(app.PlanVisitsInput{}); p.Rules.VisitDaysMax != 6 || p.Rules.OneWayMinutesMax != 240 {
			t.Fatalf("control: %+v", p.Rules)
		}
		programme := ok(w.Programmes(w.as(), domain.Page{}))(t).Nodes[0]
		days, minutes := 2, 180
		in := app.UpdateProgrammeInput{ProgrammeID: programme.ID, VisitDaysMax: &days, OneWayMinutesMax: &minutes, ExpectedVersion: programme.Version, Command: key()}
		done(w.UpdateProgramme(w.as(), in))(t)
		p := w.planned(app.PlanVisitsInput{})
		if p.Rules.VisitDaysMax != 2 || p.Rules.OneWayMinutesMax != 180 {
			t.Errorf("%+v", p.Rules)
		}
		on := map[domain.Date]bool{}
		for _, v := range p.Visits {
			on[v.On] = true
		}
		if len(on) > 2 || len(on) == 0 {
			t.Errorf("visits on %d days", len(on))
		}
		none := 0
		in.VisitDaysMax, in.OneWayMinutesMax, in.ExpectedVersion, in.Command = &none, &none, programme.Version+1, key()
		if again := done(w.UpdateProgramme(w.as(), in))(t); again.VisitDaysMax != nil || again.OneWayMinutesMax != nil {
			t.Errorf("%+v", again)
		}
		days, minutes = 101, 1_441
		in.VisitDaysMax, in.OneWayMinutesMax, in.ExpectedVersion, in.Command = &days, &minutes, programme.Version+2, key()
		r, err := w.UpdateProgramme(w.as(), in)
		if err != nil || len(r.UserErrors) != 2 || r.UserErrors[0].Field[1] != "visitDaysMax" || r.UserErrors[1].Field[1] != "oneWayMinutesMax" {
			t.Errorf("%v %+v", err, r)
		}
	})
}
