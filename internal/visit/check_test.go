package visit

import (
	"slices"
	"testing"

	"tandem/internal/visit/check"
)

// small is two fortnights, two teams of three, a pair, and a plan that breaks nothing.
func small() (Problem, Assignment) {
	p := Problem{
		DoorToDoorLimitMinutes: 120, WorkingDays: 4, Fortnights: 2, FortnightOfDay: []int{0, 0, 1, 1}, VisitDaysMax: 2,
		HostsPerDayMax: 3, TeamThemes: [][]int{{0, 1}, {0}},
		Offers: []Offer{
			{Themes: []int{0}, Min: 1, Max: 3, Days: []int{0, 1, 2}, StepFree: true},
			{Themes: []int{1}, Min: 2, Max: 3, Days: []int{0, 2, 3}},
			{Themes: []int{0}, Min: 1, Max: 2, Days: []int{0, 3}, StepFree: true},
			{Themes: []int{0, 1}, Min: 2, Max: 3, Days: []int{2}, PairOf: []int{0, 1}},
			{Themes: []int{0}, Min: 1, Max: 4, Days: []int{0, 1}, StepFree: true, Excluded: &Exclusion{By: "A. Coordinator"}},
		},
	}
	for i := range 6 {
		p.People = append(p.People, Person{Team: i % 2, StepFree: i == 5})
		p.ReturnMinutes = append(p.ReturnMinutes, []int{60, 80, 100, 120, 60})
		p.GramsCO2e = append(p.GramsCO2e, []int{500, 600, 700, 800, 500})
	}
	p.People[4].Unavailable = []int{0}
	p.ReturnMinutes[5][1], p.ReturnMinutes[5][3] = -1, -1
	p.ReturnMinutes[3][2] = -300
	return p, Assignment{
		{Day: 0, Offers: []int{0}, People: []int{0, 1, 5}},
		{Day: 3, Offers: []int{1}, People: []int{0, 1, 4}},
	}
}

func TestCheckNamesEachRule(t *testing.T) {
	cases := []struct {
		name   string
		want   Rule
		change func(*Problem, Assignment) Assignment
	}{
		{"nothing", "", func(_ *Problem, a Assignment) Assignment { return a }},
		{"a day that is not offered", NoWindow, func(_ *Problem, a Assignment) Assignment { a[1].Day = 1; a[0].Day = 2; return a[1:] }},
		{"a bank holiday", BankHoliday, func(p *Problem, a Assignment) Assignment {
			p.Offers[1].Offered = []LostDay{{Date: "2019-04-19", Day: 1, Rule: BankHoliday, Holiday: "Good Friday"}}
			a[1].Day = 1
			return a[1:]
		}},
		{"too few", GroupTooSmall, func(_ *Problem, a Assignment) Assignment { a[1].People = []int{0}; return a }},
		{"too many", GroupTooLarge, func(_ *Problem, a Assignment) Assignment { a[1].People = []int{0, 1, 2, 4}; return a }},
		{"too many with a mentor", GroupTooLarge, func(p *Problem, a Assignment) Assignment { p.MentorSeats = 1; p.Offers[3].Max = 4; return a }},
		{"two places", TwoPlaces, func(_ *Problem, a Assignment) Assignment {
			return append(a, Visit{Day: 0, Offers: []int{2}, People: []int{0}})
		}},
		{"away", Away, func(_ *Problem, a Assignment) Assignment { a[0].People = []int{0, 1, 4}; return a }},
		{"too far", TooFar, func(_ *Problem, a Assignment) Assignment {
			return append(a, Visit{Day: 3, Offers: []int{2}, People: []int{3}})
		}},
		{"not step-free", NotStepFree, func(_ *Problem, a Assignment) Assignment { a[1].People = []int{0, 1, 5}; return a }},
		{"one fortnight", TooClose, func(_ *Problem, a Assignment) Assignment { a[1].Day = 2; a[0].Day = 2; a[1].Day = 3; return a }},
		{"too many days", TooManyDays, func(p *Problem, a Assignment) Assignment { p.VisitDaysMax = 1; return a }},
		{"too many hosts", TooManyHosts, func(p *Problem, a Assignment) Assignment {
			p.HostsPerDayMax = 1
			return append(a, Visit{Day: 0, Offers: []int{2}, People: []int{2}})
		}},
		{"an offer twice", OfferUsed, func(_ *Problem, a Assignment) Assignment {
			return append(a, Visit{Day: 2, Offers: []int{0}, People: []int{2}})[2:]
		}},
		{"an offer twice, once in a pair", OfferUsed, func(_ *Problem, a Assignment) Assignment {
			return append(a[:1], Visit{Day: 2, Offers: []int{0, 1}, People: []int{2, 3}})
		}},
		{"an excluded offer", Excluded, func(_ *Problem, a Assignment) Assignment {
			a[0].Offers = []int{4}
			return a
		}},
		{"a pin moved", Pinned, func(p *Problem, a Assignment) Assignment {
			p.Pins = []Pin{{Offer: 0, Day: 1}}
			return a
		}},
		{"a pinned group changed", Pinned, func(p *Problem, a Assignment) Assignment {
			p.Pins = []Pin{{Offer: 0, Day: 0, People: []int{0, 1}}}
			return a
		}},
		{"cohorts mixed", OtherCohort, func(p *Problem, a Assignment) Assignment {
			for _, i := range []int{1, 3, 5} {
				p.People[i].Cohort = 1
			}
			return a
		}},
		{"offers that are no pair", Unknown, func(_ *Problem, a Assignment) Assignment { a[0].Offers = []int{0, 2}; return a }},
		{"nobody known", Unknown, func(_ *Problem, a Assignment) Assignment { a[0].People = []int{0, 1, 9}; return a }},
		{"somebody doubled", Unknown, func(_ *Problem, a Assignment) Assignment { a[0].People = []int{0, 0, 1}; return a }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, a := small()
			a = c.change(&p, a)
			if c.name == "an offer twice" {
				a = append(a, Visit{Day: 0, Offers: []int{0}, People: []int{1}})
			}
			broken := Check(p, a)
			if c.want == "" {
				if len(broken) > 0 {
					t.Fatalf("breaks %+v", broken)
				}
				return
			}
			if !slices.ContainsFunc(broken, func(v Violation) bool { return v.Rule == c.want }) {
				t.Errorf("breaks %+v, wants %s", broken, c.want)
			}
			// The independent checker refuses it as well, before it looks at anything else.
			if err := check.Plan(asJSON(t, p), asJSON(t, Result{Visits: a})); err == nil {
				t.Error("the independent checker takes it")
			}
		})
	}
}
