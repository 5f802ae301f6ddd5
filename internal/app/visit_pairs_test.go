package app_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/visit"
	"tandem/internal/visit/check"
)

// A host a short way from Euston Service Lab, which both want twenty people at least, so that 38 people see both only one
// after the other.
const nearEuston = "Key,Host,Host kind,Site,Station,Step-free,Themes,Smallest group,Largest group,Duration,Open,Lead time (working days),Asks for\n" +
	"H17,Pancras Records Hall,company,Pancras Road,London Kings Cross,yes,Tracking; Border,20,40,2 h,26 Feb 2019 14:30-18:00,5,names 5\n"

// withPair is the sample with a second host near Euston, planned: both on one day, by one group.
func (w *visits) withPair() (p *domain.VisitPlan, first, second *domain.Visit) {
	w.Helper()
	programme := ok(w.Programmes(w.as(), domain.Page{}))(w).Nodes[0].ID
	if _, wrong, err := w.ImportFile(w.as(), domain.ImportOffers, programme, "near.csv", []byte(nearEuston), false); err != nil || len(wrong) > 0 {
		w.Fatal(err, len(wrong))
	}
	p = w.planned(app.PlanVisitsInput{})
	first, second = w.at(p, "Euston Service Lab"), w.at(p, "Pancras Records Hall")
	if first == nil || second == nil || first.GroupID != second.GroupID {
		w.Fatalf("the plan holds %+v and %+v", first, second)
	}
	return p, first, second
}

func TestOneGroupSeesTwoCloseHosts(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, first, second := w.withPair()
		// Open from ten, four and a half hours, 17 minutes on the way; the other from half past two.
		if !first.StartsAt.Equal(london(2019, 2, 26, 10, 0)) || !second.StartsAt.Equal(london(2019, 2, 26, 14, 47)) || !second.EndsAt.Equal(london(2019, 2, 26, 16, 47)) {
			t.Errorf("at %s and %s to %s", first.StartsAt, second.StartsAt, second.EndsAt)
		}
		if broken := ok(w.Broken(w.as(), p))(t); len(broken) > 0 {
			t.Errorf("it breaks %s", broken[0].Text)
		}
		g := groupOf(p, first)
		in := ok(w.VisitsIn(w.as(), g))(t)
		if len(in) != 2 || in[0].ID != first.ID || in[1].ID != second.ID || len(g.MemberIDs) < 20 || len(g.MemberIDs) > 40 {
			t.Errorf("%d visits of a group of %d", len(in), len(g.MemberIDs))
		}
		// Home, first, second, home: three legs each, which add up to what the plan counts.
		whole, minutes := ok(w.PlanTravel(w.as(), p))(t), 0
		if whole.GramsCO2e != p.Score.GramsCO2e {
			t.Errorf("journeys add up to %d g, and the score says %d", whole.GramsCO2e, p.Score.GramsCO2e)
		}
		for _, v := range p.Visits {
			for _, e := range groupOf(p, v).MemberIDs {
				legs := ok(w.Legs(w.as(), v, &e, domain.Page{}))(t).Nodes
				for _, l := range legs {
					minutes += l.Minutes
					if between := ok(w.LegBetween(w.as(), l))(t); between != (v.ID == second.ID && !l.Back) || between && (l.HomeStationCode != "EUS" || l.Minutes != 17) {
						t.Errorf("%+v", l)
					}
				}
				if want := map[string]int{first.ID: 1, second.ID: 2}[v.ID]; want > 0 && len(legs) != want {
					t.Errorf("%d legs", len(legs))
				}
			}
		}
		if minutes != p.Score.Minutes {
			t.Errorf("legs take %d minutes, and the score says %d", minutes, p.Score.Minutes)
		}
		explain := ok(w.ExplainVisit(w.as(), first))(t)
		if !strings.Contains(explain.Text, "goes on to Pancras Records Hall") {
			t.Errorf("%s", explain.Text)
		}
		left := ok(w.Left(w.as(), p, nil, domain.Page{}))(t)
		for _, l := range left.Nodes {
			if o, isOffer := l.Subject.(*domain.HostOffer); isOffer && (o.ID == first.OfferID || o.ID == second.OfferID) {
				t.Errorf("%s is left out as well", l.Key)
			}
		}
		released, impact := w.release(p)
		if !slices.ContainsFunc(impact, func(i *domain.Impact) bool { return strings.Contains(i.Because, "Pancras Records Hall gets a visit") }) {
			t.Error("the second host is not told")
		}
		cohort := ok(w.Cohort(w.as(), w.cohort))(t)
		calendar := ok(w.CohortCalendar(w.as(), cohort))(t)
		for _, v := range []*domain.Visit{first, second} {
			i := slices.IndexFunc(calendar.Entries, func(e *domain.CalendarEntry) bool { return e.UID == v.UID })
			if i < 0 || !calendar.Entries[i].StartsAt.Equal(v.StartsAt) || !calendar.Entries[i].EndsAt.Equal(v.EndsAt) {
				t.Errorf("no entry at %s", v.StartsAt)
			}
			if due := ok(w.VisitDeadlines(w.as(), ok(w.Visit(w.as(), v.ID))(t), nil))(t); len(due) == 0 || due[0].Of != len(g.MemberIDs) {
				t.Errorf("deadlines: %+v", due)
			}
			m := done(w.SealManifest(w.as(), app.SealManifestInput{VisitID: v.ID, ExpectedVersion: ok(w.Visit(w.as(), v.ID))(t).Version, Command: key()}))(t)
			if m.People != len(g.MemberIDs) {
				t.Errorf("%d on the list of %d", m.People, len(g.MemberIDs))
			}
		}
		// Called off, the second leaves the first as a visit by itself: there and back.
		called := ok(w.Visit(w.as(), second.ID))(t)
		done(w.CancelVisit(w.as(), app.CancelVisitInput{VisitID: second.ID, Reason: "Closed", ExpectedVersion: called.Version, Command: key()}))(t)
		if legs := ok(w.Legs(w.as(), ok(w.Visit(w.as(), first.ID))(t), &g.MemberIDs[0], domain.Page{}))(t).Nodes; len(legs) != 2 {
			t.Errorf("%d legs once the second is called off", len(legs))
		}
		again := w.draftOf(w.plan(released.ID))
		if v := w.at(again, "Euston Service Lab"); len(ok(w.VisitsIn(w.as(), groupOf(again, v)))(t)) != 1 {
			t.Error("the next draft still sees both")
		}
	})
}

func TestPairsAreEditedTogetherOrApart(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, first, second := w.withPair()
		version := func() int { return w.plan(p.ID).Version }
		now := func(v *domain.Visit) *domain.Visit { return ok(w.Visit(w.as(), v.ID))(t) }
		group := func(v *domain.Visit) *domain.VisitGroup { return groupOf(w.plan(p.ID), now(v)) }

		// A day later only the first is open, and the second comes along with its rule broken.
		move := app.MoveVisitInput{VisitID: first.ID, StartsAt: london(2019, 2, 27, 10, 0), ExpectedVersion: version(), Command: key()}
		if code := refused(w.MoveVisit(w.as(), move))(t); code != domain.CodeNeedsOverride {
			t.Fatalf("a pair went to a day on which one host is closed: %q", code)
		}
		why := "The hall opens for us."
		move.OverrideReason, move.Command = &why, key()
		done(w.MoveVisit(w.as(), move))(t)
		if a, b := now(first), now(second); a.On != "2019-02-27" || b.On != a.On || a.GroupID != b.GroupID || !b.StartsAt.Equal(a.EndsAt.Add(17*time.Minute)) {
			t.Errorf("%s and %s", a.StartsAt, b.StartsAt)
		}
		done(w.MoveVisit(w.as(), app.MoveVisitInput{VisitID: second.ID, StartsAt: london(2019, 2, 26, 15, 0), ExpectedVersion: version(), Command: key()}))(t)
		if a, b := now(first), now(second); a.On != "2019-02-26" || !b.StartsAt.Equal(london(2019, 2, 26, 15, 0)) || !a.StartsAt.Equal(london(2019, 2, 26, 10, 13)) {
			t.Errorf("back at %s and %s", a.StartsAt, b.StartsAt)
		}

		// Too little time between them breaks a rule of its own.
		tight := app.MoveVisitInput{VisitID: second.ID, StartsAt: london(2019, 2, 26, 14, 50), ExpectedVersion: version(), Command: key()}
		r := ok(w.MoveVisit(w.as(), tight))(t)
		if len(r.UserErrors) != 1 || !strings.Contains(r.UserErrors[0].Message, "takes 17 min, and there is 7 min") {
			t.Errorf("%+v", r.UserErrors)
		}
		// On its own day a pair stays together.
		alone := app.MoveVisitInput{VisitID: second.ID, StartsAt: london(2019, 2, 26, 15, 10), Alone: true, ExpectedVersion: version(), Command: key()}
		if code := refused(w.MoveVisit(w.as(), alone))(t); code != domain.CodeInvalid {
			t.Errorf("it goes alone on its own day: %q", code)
		}

		// Pinned together, and kept together when planned again.
		done(w.PinVisit(w.as(), app.PinVisitInput{VisitID: second.ID, Pinned: true, ExpectedVersion: version(), Command: key()}))(t)
		if !now(first).Pinned || !now(second).Pinned {
			t.Error("one of a pair is pinned without the other")
		}
		planned := w.planned(app.PlanVisitsInput{FromPlanID: &p.ID})
		a, b := w.at(planned, "Euston Service Lab"), w.at(planned, "Pancras Records Hall")
		if a.GroupID != b.GroupID || !a.StartsAt.Equal(now(first).StartsAt) || !b.StartsAt.Equal(now(second).StartsAt) || !slices.Equal(groupOf(planned, a).MemberIDs, group(first).MemberIDs) {
			t.Errorf("planned again, the pinned pair is %+v and %+v", a, b)
		}
		done(w.PinVisit(w.as(), app.PinVisitInput{VisitID: first.ID, ExpectedVersion: version(), Command: key()}))(t)

		// A person taken off misses both; alone, the first goes to another day with the rest, and the second stays.
		somebody := group(first).MemberIDs[0]
		done(w.MoveVisitors(w.as(), app.MoveVisitorsInput{PlanID: p.ID, EnrolmentIds: []string{somebody}, On: "2019-02-26", ExpectedVersion: version(), Command: key()}))(t)
		if slices.Contains(group(second).MemberIDs, somebody) {
			t.Error("whoever is taken off the first still sees the second")
		}
		alone.VisitID, alone.StartsAt, alone.ExpectedVersion, alone.Command = first.ID, london(2019, 2, 27, 10, 0), version(), key()
		alone.OverrideReason = &why // the fortnight has two days then
		done(w.MoveVisit(w.as(), alone))(t)
		if now(first).On != "2019-02-27" || now(second).On != "2019-02-26" || now(first).GroupID == now(second).GroupID {
			t.Errorf("%+v and %+v", now(first), now(second))
		}
		done(w.RemoveVisit(w.as(), app.RemoveVisitInput{VisitID: first.ID, ExpectedVersion: version(), Command: key()}))(t)
		if n := len(ok(w.VisitsIn(w.as(), group(second)))(t)); n != 1 {
			t.Errorf("%d visits are left to the group", n)
		}

		// By hand again: the first joins the group of the second, and no third does.
		id := group(second).ID
		joined := done(w.AddVisit(w.as(), app.AddVisitInput{PlanID: p.ID, OfferID: first.OfferID, StartsAt: london(2019, 2, 26, 10, 0), GroupID: &id, ExpectedVersion: version(), Command: key()}))(t)
		if joined.Visit.GroupID != id || len(ok(w.VisitsIn(w.as(), group(second)))(t)) != 2 {
			t.Errorf("%+v", joined.Visit)
		}
		other := ok(w.Offers(w.as(), ok(w.ProgrammeOf(w.as(), p.ProgrammeID))(t), nil, domain.OffersByHost, domain.Page{}))(t).Nodes
		third := other[slices.IndexFunc(other, func(o *domain.HostOffer) bool {
			return w.plan(p.ID) != nil && !slices.ContainsFunc(w.plan(p.ID).Visits, func(v *domain.Visit) bool { return v.OfferID == o.ID })
		})]
		if code := refused(w.AddVisit(w.as(), app.AddVisitInput{PlanID: p.ID, OfferID: third.ID, StartsAt: london(2019, 2, 26, 18, 0), GroupID: &id, ExpectedVersion: version(), Command: key()}))(t); code != domain.CodeRuleBroken {
			t.Errorf("a third host of a day: %q", code)
		}
		if d := ok(w.DiffTo(w.as(), w.plan(p.ID), planned.ID))(t); len(d.Changes) == 0 {
			t.Error("no difference to the plan of before")
		}
	})
}

// Two hosts of a day that planning would not have put together count as such from the edit that joins them: the next edit,
// which changes no place, finds the same score.
func TestHostsJoinedByHandAreScoredTogether(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _, _ := w.withPair()
		first, name := w.at(p, "Tyne Care Hub"), "Cam Field Lab"
		if first == nil || w.at(p, name) != nil {
			t.Fatal("the plan is not what this is about")
		}
		far := ok(w.Offers(w.as(), ok(w.ProgrammeOf(w.as(), p.ProgrammeID))(t), &domain.HostOfferFilter{Host: &name}, domain.OffersByHost, domain.Page{}))(t).Nodes[0]
		why := "The night train."
		joined := done(w.AddVisit(w.as(), app.AddVisitInput{PlanID: p.ID, OfferID: far.ID, StartsAt: first.EndsAt.Add(time.Hour), GroupID: &first.GroupID, OverrideReason: &why, ExpectedVersion: p.Version, Command: key()}))(t)
		pinned := done(w.PinVisit(w.as(), app.PinVisitInput{VisitID: joined.Visit.ID, Pinned: true, ExpectedVersion: joined.Plan.Version, Command: key()}))(t)
		if again := w.plan(p.ID).Score; !pinned.Pinned || again != joined.Plan.Score {
			t.Errorf("joined, the plan scores %+v; scored again %+v", joined.Plan.Score, again)
		}
	})
}

// When one of the two hosts falls away or takes fewer, the other, agreed, stays on its day.
func TestRepairsOfPairs(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, first, second := w.withPair()
		w.release(p)
		for _, v := range []*domain.Visit{first, second} {
			done(w.ConfirmVisit(w.as(), app.ConfirmVisitInput{VisitID: v.ID, ExpectedVersion: ok(w.Visit(w.as(), v.ID))(t).Version, Command: key()}))(t)
		}
		now := w.plan(p.ID)
		gone := second.ID
		for _, c := range []struct {
			name  string
			cause app.RepairCause
			both  bool
		}{
			{"the second cancels", app.RepairCause{VisitCancelled: &gone}, false},
			{"the second takes fewer", app.RepairCause{VisitShrunk: &app.VisitShrunk{VisitID: gone, MaxGroup: 22}}, true},
			{"the second takes too few for the first", app.RepairCause{VisitShrunk: &app.VisitShrunk{VisitID: gone, MaxGroup: 12}}, false},
			{"somebody leaves", app.RepairCause{PersonLeft: &groupOf(p, first).MemberIDs[0]}, true},
		} {
			ways := ok(w.Repairs(w.as(), now, c.cause, nil))(t)
			if len(ways) == 0 {
				t.Errorf("%s: no way out", c.name)
				continue
			}
			draft := done(w.DraftRepair(w.as(), app.DraftRepairInput{RepairID: ways[0].ID, Command: key()}))(t)
			a, b := w.at(draft, "Euston Service Lab"), w.at(draft, "Pancras Records Hall")
			if a == nil || a.On != first.On || !a.StartsAt.Equal(first.StartsAt) {
				t.Errorf("%s: the first went to %+v", c.name, a)
				continue
			}
			if together := b != nil && b.GroupID == a.GroupID; together != c.both {
				t.Errorf("%s: the second is %+v", c.name, b)
			}
			if diff := ok(w.DiffTo(w.as(), draft, now.ID))(t); len(diff.Changes) != len(ways[0].Changes) {
				t.Errorf("%s: announced %d changes, made %d", c.name, len(ways[0].Changes), len(diff.Changes))
			}
			for _, r := range ok(w.Broken(w.as(), draft))(t) {
				t.Errorf("%s: it breaks %s", c.name, r.Text)
			}
		}
	})
}

// The problem that is exported has the pairs, and its plan holds before a checker that shares no code with the planner.
func TestPairsGoOutAndComeBack(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		w.withPair()
		problem := ok(w.PlanningProblem(w.as(), ok(w.Cohort(w.as(), w.cohort))(t)))(t)
		file := ok(json.Marshal(problem))(t)
		read := ok(visit.Read(bytes.NewReader(file)))(t)
		pairs := 0
		for _, o := range read.Offers {
			if len(o.PairOf) == 2 {
				pairs++
			}
		}
		if pairs != 1 {
			t.Fatalf("%d pairs in the problem", pairs)
		}
		result := ok(visit.Plan(t.Context(), read, visit.Options{Seed: 1}))(t)
		made := ok(json.Marshal(result))(t)
		if err := check.Plan(file, made); err != nil {
			t.Error(err)
		}
		held := false
		for i, v := range result.Visits {
			if len(v.Offers) != 2 {
				continue
			}
			held = true
			// The control: a pair the other way round is none.
			slices.Reverse(result.Visits[i].Offers)
			if err := check.Plan(file, ok(json.Marshal(result))(t)); err == nil {
				t.Error("a pair in the wrong order passes")
			}
			slices.Reverse(result.Visits[i].Offers)
		}
		if !held || result.ProvedLevels < 4 {
			t.Errorf("a pair is held: %v; %d levels proved", held, result.ProvedLevels)
		}
	})
}
