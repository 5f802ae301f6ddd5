package app_test

import (
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/travel"
)

// firstLeg is the way there of the first of a visit's people.
func (w *visits) firstLeg(v *domain.Visit) *domain.Leg {
	w.Helper()
	ctx := w.as()
	return ok(w.Legs(ctx, ok(w.App.Visit(ctx, v.ID))(w), nil, domain.Page{}))(w).Nodes[0]
}

func (w *visits) enter(l *domain.Leg, in app.EnterLegInput) *domain.Leg {
	w.Helper()
	in.LegID, in.ExpectedVersion, in.Command = l.ID, l.Version, key()
	return done(w.EnterLeg(w.as(), in))(w)
}

func TestPricesAreEstimatedAndEnteredOnesWin(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		rail, _ := travel.RateOf(domain.Rail)
		l := w.firstLeg(v)
		if l.Entered || len(l.Figures) != 0 || l.Pence == nil || *l.Pence != travel.Pence(l.Metres, rail.PencePerKm) || *l.Pence < 100 {
			t.Fatalf("%+v", l)
		}
		ctx := w.as()
		before := ok(w.TravelOf(ctx, ok(w.App.Visit(ctx, v.ID))(t)))(t)
		x := before.Explain
		if before.Pence == nil || before.PenceAHead == nil || x.PricesEstimated != 2*before.Journeys || x.PricesEntered+x.PricesMissing != 0 || len(x.Rates) != 1 || x.Rates[0].Own {
			t.Fatalf("%+v %+v", before, x)
		}
		if ahead := *before.PenceAHead * before.Journeys; ahead < *before.Pence-before.Journeys || ahead > *before.Pence+before.Journeys {
			t.Errorf("%d pence a head of %d in all", *before.PenceAHead, *before.Pence)
		}

		paid := 4_250
		entered := w.enter(l, app.EnterLegInput{Mode: domain.Rail, Pence: &paid})
		if *entered.Pence != paid || entered.Minutes != l.Minutes || entered.Metres != l.Metres || entered.GramsCO2e != l.GramsCO2e || len(entered.Figures) != 1 || entered.Figures[0] != domain.LegPence {
			t.Errorf("%+v", entered)
		}
		ctx = w.as()
		after := ok(w.TravelOf(ctx, ok(w.App.Visit(ctx, v.ID))(t)))(t)
		if *after.Pence != *before.Pence-*l.Pence+paid || after.Explain.PricesEntered != 1 || after.Explain.PricesEstimated != x.PricesEstimated-1 {
			t.Errorf("the price went from %d to %d: %+v", *before.Pence, *after.Pence, after.Explain)
		}
	})
}

func TestAModeWithoutARateHasNoPrice(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		minutes := 200
		flown := w.enter(w.firstLeg(v), app.EnterLegInput{Mode: domain.Air, Minutes: &minutes})
		if flown.Pence != nil {
			t.Errorf("a flight costs %d pence by no rate", *flown.Pence)
		}
		total := func() *domain.Travel {
			ctx := w.as()
			return ok(w.TravelOf(ctx, ok(w.App.Visit(ctx, v.ID))(t)))(t)
		}
		if got := total(); got.Pence != nil || got.PenceAHead != nil || got.Explain.PricesMissing != 1 {
			t.Errorf("%+v", got)
		}

		programme := ok(w.Programme(w.as(), p.ProgrammeID))(t)
		in := app.UpdateProgrammeInput{ProgrammeID: programme.ID, ExpectedVersion: programme.Version, Command: key(),
			TravelRates: []*app.TravelRateInput{{Mode: domain.Air, PencePerKm: 11.5, Source: "Assumed by the office."}}}
		done(w.UpdateProgramme(w.as(), in))(t)
		got := total()
		if got.Pence == nil || got.Explain.PricesMissing != 0 || len(got.Explain.Rates) != 2 || !got.Explain.Rates[0].Own || got.Explain.Rates[0].Source.Name != "Assumed by the office." {
			t.Errorf("%+v %+v", got, got.Explain)
		}
		if l := w.firstLeg(v); *l.Pence != travel.Pence(l.Metres, 11.5) {
			t.Errorf("%+v", l)
		}
		if n := len(w.TravelRates(ok(w.Programme(w.as(), p.ProgrammeID))(t))); n != 4 {
			t.Errorf("%d rates", n)
		}

		in.ExpectedVersion, in.Command = programme.Version+1, key()
		in.TravelRates = []*app.TravelRateInput{{Mode: domain.Bus, PencePerKm: -1, Source: "x"}, {Mode: domain.Air, PencePerKm: 1}, {Mode: domain.Rail, PencePerKm: 1, Source: "x"}, {Mode: domain.Rail, PencePerKm: 2, Source: "x"}}
		r, err := w.UpdateProgramme(w.as(), in)
		if err != nil || len(r.UserErrors) != 3 {
			t.Fatalf("%v %+v", err, r)
		}
		for i, field := range []string{"pencePerKm", "source", "mode"} {
			if got := r.UserErrors[i].Field; got[len(got)-1] != field {
				t.Errorf("%v, want %s", got, field)
			}
		}
	})
}

func TestAWayGoesBackToTheEstimate(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		l := w.firstLeg(v)
		metres, minutes := 1_000, 5
		entered := w.enter(l, app.EnterLegInput{Mode: domain.Rail, Metres: &metres, Minutes: &minutes})
		if got := w.plan(p.ID).Score.Minutes; got != p.Score.Minutes-(l.Minutes-minutes) {
			t.Errorf("the plan's minutes went from %d to %d", p.Score.Minutes, got)
		}
		if code := refused(w.EnterLeg(w.as(), app.EnterLegInput{LegID: l.ID, Mode: domain.Rail, ExpectedVersion: l.Version, Command: key()}))(t); code != domain.CodeStale {
			t.Errorf("an edit of an earlier version is answered %q", code)
		}
		back := w.enter(entered, app.EnterLegInput{Mode: domain.Rail})
		if back.Entered || len(back.Figures) != 0 || back.Minutes != l.Minutes || back.Metres != l.Metres || *back.Pence != *l.Pence {
			t.Errorf("%+v", back)
		}
		if got := w.plan(p.ID).Score; got != p.Score {
			t.Errorf("the plan's score is %+v, it was %+v", got, p.Score)
		}
		again := w.enter(w.firstLeg(v), app.EnterLegInput{Mode: domain.Rail, Minutes: &minutes})
		if again.Minutes != minutes || again.Version != 3 {
			t.Errorf("%+v", again)
		}

		// A later plan knows the way, and an edit in it builds on the same version.
		draft := done(w.DraftVisitPlan(w.as(), app.DraftVisitPlanInput{CohortID: w.cohort, FromPlanID: &p.ID, Command: key()}))(t)
		there := w.firstLeg(w.at(w.plan(draft.ID), "Usk Robotics"))
		if there.ID == l.ID || there.Version != 3 || there.Minutes != minutes {
			t.Errorf("%+v", there)
		}
		if got := w.enter(there, app.EnterLegInput{Mode: domain.Rail}); got.Entered || got.Version != 4 {
			t.Errorf("%+v", got)
		}
		if l := w.firstLeg(v); l.Entered || l.Version != 4 {
			t.Errorf("the way in the earlier plan: %+v", l)
		}
	})
}

func TestBothWaysAreEnteredTogetherOrNotAtAll(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		ways := func() []*domain.Leg {
			ctx := w.as()
			return ok(w.Legs(ctx, ok(w.App.Visit(ctx, v.ID))(t), nil, domain.Page{}))(t).Nodes[:2]
		}
		minutes, other := 33, 0
		w.enter(ways()[0], app.EnterLegInput{Mode: domain.Rail, Minutes: &minutes, OtherWayVersion: &other})
		for _, l := range ways() {
			if l.Minutes != minutes || l.Version != 1 {
				t.Errorf("%+v", l)
			}
		}
		minutes = 44
		l := ways()[0]
		if code := refused(w.EnterLeg(w.as(), app.EnterLegInput{LegID: l.ID, Mode: domain.Rail, Minutes: &minutes, ExpectedVersion: 1, OtherWayVersion: &other, Command: key()}))(t); code != domain.CodeStale {
			t.Errorf("an old version of the other way is answered %q", code)
		}
		if l := ways()[0]; l.Minutes != 33 {
			t.Errorf("half of it was kept: %+v", l)
		}
	})
}

func TestPlanningCountsEnteredMinutes(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		ctx := w.as()
		legs := ok(w.Legs(ctx, ok(w.App.Visit(ctx, v.ID))(t), nil, domain.Page{}))(t).Nodes
		minutes := p.Rules.OneWayMinutesMax + 1
		who := legs[0].EnrolmentID
		for _, l := range legs[:2] {
			w.enter(l, app.EnterLegInput{Mode: domain.Coach, Minutes: &minutes})
		}
		again := w.planned(app.PlanVisitsInput{})
		for _, x := range again.Visits {
			if x.OfferID != v.OfferID {
				continue
			}
			for _, id := range groupOf(again, x).MemberIDs {
				if id == who {
					t.Error("who needs longer than the limit by what was entered is planned all the same")
				}
			}
		}
		// Control: by the estimate they could go, and did.
		if legs[0].Minutes > p.Rules.OneWayMinutesMax {
			t.Error("the estimate is over the limit as well: nothing was tried")
		}
	})
}
