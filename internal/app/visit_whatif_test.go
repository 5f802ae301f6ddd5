package app_test

import (
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
)

var greenest = []domain.PlanLevel{domain.LevelUncovered, domain.LevelMaxShortfall, domain.LevelSquaredShortfall, domain.LevelGramsCO2e, domain.LevelMinutes}

// What is asked for is kept by the plan, by plans that start from it, and by drafts of it; a part left out stays.
func TestPlanKeepsWhatIsAsked(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		usual := w.planned(app.PlanVisitsInput{})
		asked := app.PlanRulesInput{VisitDaysMax: ptr(4), DaysBetweenMin: ptr(17), HostsPerDayMax: ptr(1), MentorSeats: ptr(1), Levels: greenest}
		p := w.planned(app.PlanVisitsInput{Rules: &asked})
		if p.Rules.VisitDaysMax != 4 || *p.Rules.DaysBetweenMin != 17 || p.Rules.HostsPerDayMax != 1 || p.Rules.MentorSeats != 1 ||
			!slices.Equal(p.Rules.Levels(), greenest) || p.Rules.OneWayMinutesMax != usual.Rules.OneWayMinutesMax {
			t.Fatalf("asked for %+v", p.Rules)
		}
		if broken := ok(w.Broken(w.as(), p))(t); len(broken) > 0 {
			t.Errorf("it breaks %s", broken[0].Text)
		}
		days := map[domain.Date]int{}
		for _, v := range p.Visits {
			days[v.On]++
			if o := ok(w.OfferOf(w.as(), v.OfferID))(t); len(groupOf(p, v).MemberIDs) > o.MaxGroup-1 {
				t.Errorf("no seat is free on %s", v.On)
			}
		}
		var order []domain.Date
		for on, hosts := range days {
			order = append(order, on)
			if hosts > 1 {
				t.Errorf("%d hosts on %s", hosts, on)
			}
		}
		slices.Sort(order)
		if len(order) < 2 || len(order) > 4 {
			t.Errorf("%d visit days", len(order))
		}
		for i := 1; i < len(order); i++ {
			if n := order[i-1].DaysUntil(order[i]); n < 17 {
				t.Errorf("%s comes %d days after %s", order[i], n, order[i-1])
			}
		}
		// Controls: the usual plan keeps none of that.
		nearest, most := 1_000, 0
		clear(days)
		order = nil
		for _, v := range usual.Visits {
			if days[v.On]++; days[v.On] == 1 {
				order = append(order, v.On)
			}
			most = max(most, days[v.On])
		}
		slices.Sort(order)
		for i := 1; i < len(order); i++ {
			nearest = min(nearest, order[i-1].DaysUntil(order[i]))
		}
		if nearest >= 17 || most < 2 || len(order) < 5 {
			t.Errorf("control: the usual plan has %d days, %d apart at least, with %d hosts: the rules change nothing", len(order), nearest, most)
		}

		again := w.planned(app.PlanVisitsInput{FromPlanID: &p.ID, Rules: &app.PlanRulesInput{HostsPerDayMax: ptr(2)}})
		if *again.Rules.DaysBetweenMin != 17 || again.Rules.HostsPerDayMax != 2 || again.Rules.MentorSeats != 1 || !slices.Equal(again.Rules.Levels(), greenest) {
			t.Errorf("planned again with %+v", again.Rules)
		}
		back := w.planned(app.PlanVisitsInput{FromPlanID: &p.ID, Rules: &app.PlanRulesInput{DaysBetweenMin: ptr(0), HostsPerDayMax: ptr(0), Levels: domain.Levels}})
		if back.Rules.DaysBetweenMin != nil || back.Rules.HostsPerDayMax != 0 || !slices.Equal(back.Rules.Levels(), domain.Levels) {
			t.Errorf("planned again with %+v", back.Rules)
		}
		if draft := w.draftOf(p); *draft.Rules.DaysBetweenMin != 17 || draft.ProvedLevels != p.ProvedLevels {
			t.Errorf("a draft of it with %+v, %d levels proved", draft.Rules, draft.ProvedLevels)
		}
		bound := w.PlanBound(p)
		if bound == nil || p.ProvedLevels < 5 && (bound.FirstUnproved == nil || *bound.FirstUnproved != greenest[p.ProvedLevels]) {
			t.Errorf("%d levels proved, the first that is not: %+v", p.ProvedLevels, bound)
		}
		// Why a day is none of its visit days is told by what was asked.
		near := false
		for _, l := range ok(w.Left(w.as(), p, nil, domain.Page{}))(t).Nodes {
			if l.Reason.Why().Code == domain.TooNear {
				near = true
				if text := l.Reason.Why().Text; !strings.Contains(text, "17 days apart") {
					t.Errorf("%s", text)
				}
			}
		}
		if !near {
			t.Error("no day is too near another")
		}
	})
}

// An offer without room for the mentors is out, and says so.
func TestMentorsTakeSeats(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{Rules: &app.PlanRulesInput{MentorSeats: ptr(14)}})
		out := 0
		for _, l := range ok(w.Left(w.as(), p, nil, domain.Page{}))(t).Nodes {
			if x, yes := l.Reason.(*domain.ExcludedReason); yes {
				out++
				if !strings.Contains(x.Text, "14 seats kept free") || x.Exclusion.By != "" {
					t.Errorf("%+v", x)
				}
			}
		}
		if out == 0 {
			t.Error("every offer has room for 14 mentors: the test does not reach what it is for")
		}
		for _, v := range p.Visits {
			if o := ok(w.OfferOf(w.as(), v.OfferID))(t); len(groupOf(p, v).MemberIDs) > o.MaxGroup-14 {
				t.Errorf("%d people where %d are taken", len(groupOf(p, v).MemberIDs), o.MaxGroup)
			}
		}
	})
}

// With minutes first, nobody goes anywhere; that is proved, and is what was asked.
func TestMinutesFirstPlanNothing(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		order := []domain.PlanLevel{domain.LevelMinutes, domain.LevelUncovered, domain.LevelMaxShortfall, domain.LevelSquaredShortfall, domain.LevelGramsCO2e}
		p := w.planned(app.PlanVisitsInput{Rules: &app.PlanRulesInput{Levels: order}})
		if len(p.Visits) > 0 || p.ProvedLevels != 5 {
			t.Errorf("%d visits, %d levels proved", len(p.Visits), p.ProvedLevels)
		}
	})
}

func TestRulesAreRefusedByName(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		for field, rules := range map[string]app.PlanRulesInput{
			"rules.visitDaysMax":     {VisitDaysMax: ptr(0)},
			"rules.daysBetweenMin":   {DaysBetweenMin: ptr(101)},
			"rules.hostsPerDayMax":   {HostsPerDayMax: ptr(-1)},
			"rules.oneWayMinutesMax": {OneWayMinutesMax: ptr(0)},
			"rules.mentorSeats":      {MentorSeats: ptr(101)},
			"rules.levels":           {Levels: greenest[:4]},
		} {
			r, err := w.PlanVisits(w.as(), app.PlanVisitsInput{CohortIds: []string{w.cohort}, SecondsMax: 1, Rules: &rules, Command: dry()})
			if err != nil || len(r.UserErrors) == 0 || !strings.HasSuffix(strings.Join(r.UserErrors[0].Field, "."), field) || r.UserErrors[0].Fix == nil {
				t.Errorf("%s: %v %+v", field, err, r)
			}
		}
		twice := app.PlanRulesInput{Levels: append(slices.Clone(greenest[:4]), greenest[0])}
		if code := refused(w.PlanVisits(w.as(), app.PlanVisitsInput{CohortIds: []string{w.cohort}, SecondsMax: 1, Rules: &twice, Command: dry()}))(t); code != domain.CodeInvalid {
			t.Errorf("a level twice is answered %q", code)
		}
		if code := refused(w.PlanVisits(w.as(), app.PlanVisitsInput{CohortIds: []string{w.cohort}, SecondsMax: 1, Rules: &app.PlanRulesInput{Levels: greenest}, Command: dry()}))(t); code != "" {
			t.Errorf("control: an order of all five is answered %q", code)
		}
	})
}

// Ways out keep what was asked for everyone, or say who has less.
func TestRepairsKeepWhatIsAskedOrSayWhoLacksIt(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{Rules: &app.PlanRulesInput{EveryoneAtLeast: ptr(4), Levels: greenest}})
		kept, told := 0, 0
		for _, v := range p.Visits {
			for _, way := range ok(w.Repairs(w.as(), p, app.RepairCause{VisitCancelled: &v.ID}, nil))(t) {
				draft := done(w.DraftRepair(w.as(), app.DraftRepairInput{RepairID: way.ID, Command: key()}))(t)
				if draft.Rules.EveryoneAtLeast != 4 || !slices.Equal(draft.Rules.Levels(), greenest) {
					t.Errorf("the draft asks for %+v", draft.Rules)
				}
				fewer := []string{}
				for _, e := range ok(w.Exposures(w.as(), draft, domain.Page{}))(t).Nodes {
					if e.Visits < 4 {
						fewer = append(fewer, e.EnrolmentID)
					}
				}
				said := []string{}
				for _, i := range way.Impact {
					if strings.Contains(i.Because, "Everyone was to have at least 4 visits") {
						said = i.SubjectIDs
					}
				}
				slices.Sort(fewer)
				slices.Sort(said)
				if !slices.Equal(fewer, said) {
					t.Errorf("%d have fewer visits than asked, and %d are said to", len(fewer), len(said))
				}
				if len(fewer) == 0 {
					kept++
				} else {
					told++
				}
			}
		}
		if kept == 0 || told == 0 {
			t.Errorf("%d ways keep what is asked, %d do not: the test sees too little", kept, told)
		}
	})
}

// A day that was lost stays lost in the draft that mends it and in what is planned from that, until it is given back.
func TestALostDayStaysLost(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		day := w.at(p, "Usk Robotics").On
		on := func(p *domain.VisitPlan) (n int) {
			for _, v := range p.Visits {
				if v.On == day {
					n++
				}
			}
			return n
		}
		ways := ok(w.Repairs(w.as(), p, app.RepairCause{DayLost: &day}, nil))(t)
		if len(ways) == 0 {
			t.Fatal("there is no way out")
		}
		if !slices.ContainsFunc(ways[0].Impact, func(i *domain.Impact) bool { return strings.Contains(i.Because, "Nothing is planned on "+day.String()) }) {
			t.Errorf("that the day is lost is not announced: %+v", ways[0].Impact)
		}
		draft := done(w.DraftRepair(w.as(), app.DraftRepairInput{RepairID: ways[0].ID, Command: key()}))(t)
		if !slices.Equal(draft.Rules.LostDays, []domain.Date{day}) || on(draft) != 0 || on(p) == 0 {
			t.Fatalf("lost: %v, with %d visits", draft.Rules.LostDays, on(draft))
		}
		if before := w.plan(p.ID); len(before.Rules.LostDays) > 0 {
			t.Error("the plan in force is changed before anything is released")
		}
		again := w.planned(app.PlanVisitsInput{FromPlanID: &draft.ID})
		if on(again) != 0 || !slices.Equal(again.Rules.LostDays, []domain.Date{day}) {
			t.Errorf("planned again with %d visits on the lost day, %v lost", on(again), again.Rules.LostDays)
		}
		v := w.at(draft, "Usk Robotics")
		if v == nil {
			o := w.at(p, "Usk Robotics").OfferID
			code := refused(w.AddVisit(w.as(), app.AddVisitInput{PlanID: draft.ID, OfferID: o, StartsAt: w.at(p, "Usk Robotics").StartsAt, ExpectedVersion: draft.Version, Command: key()}))(t)
			if code != domain.CodeNeedsOverride {
				t.Errorf("a visit on a lost day is answered %q", code)
			}
		}
		back := w.planned(app.PlanVisitsInput{FromPlanID: &draft.ID, Rules: &app.PlanRulesInput{LostDays: []domain.Date{}}})
		if len(back.Rules.LostDays) != 0 {
			t.Errorf("given back, and %v is lost", back.Rules.LostDays)
		}
	})
}
