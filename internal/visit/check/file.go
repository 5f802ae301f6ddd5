package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// The files as this package reads them: docs/planning.schema.json and docs/plan.schema.json.

type problemFile struct {
	DoorToDoorLimitMinutes int
	WorkingDays            int
	Fortnights             int
	FortnightOfDay         []int
	DaysBetweenMin         int
	CalendarDays           []int
	VisitDaysMax           int
	HostsPerDayMax         int
	MentorSeats            int
	Levels                 []int
	EveryoneAtLeast        int
	CoverEveryTheme        bool
	TeamThemes             [][]int
	People                 []personFile
	Offers                 []offerFile
	ReturnMinutes          [][]int
	GramsCO2e              [][]int
	Pins                   []pinned
	Attainable             []int
}

type personFile struct {
	Team, Cohort int
	Unavailable  []int
	StepFree     bool
}

type offerFile struct {
	Themes   []int
	Min, Max int
	Days     []int
	StepFree bool
	PairOf   []int
	Excluded *exclusion
	Offered  []lostDay
}

type pinned struct {
	Offer, Day, Cohort int
	People             []int
}

type exclusion struct{ By, On, Why string }

type lostDay struct {
	Date                         string
	Day                          int
	Rule                         string
	Holiday, Nation, NamesBy     string
	WindowMinutes, NeededMinutes int
}

type planFile struct {
	Score, Bound figures
	ProvedLevels int
	Visits       []visit
	Left         []left
	Seed         uint64
	Work         int
	Cancelled    bool
	Certificate  *certificate
	Cohorts      []cohortOwn
}

type cohortOwn struct {
	Cohort       int
	Offers       []int
	Score, Bound figures
	ProvedLevels int
	Certificate  *certificate
}

type certificate struct {
	Levels []levelProof
}

type levelProof struct {
	Level int
	Tree  *proofNode
}

type proofNode struct {
	Branch  *branch
	Yes, No *proofNode
	Prices  *prices
}

type branch struct {
	Kind                          string
	Fortnight, Day, Offer, Person int
}

type prices struct {
	Offers, People, Themes      []int64
	Uncovered, Squares, Minutes int64
	Grams                       int64
	Places                      []placeWorth
}

type placeWorth struct {
	Person, Fortnight, Visits int
	Worth                     int64
}

type figures struct{ Uncovered, MaxShortfall, SquaredShortfall, Minutes, Grams int }

var levelNames = [5]string{"uncovered", "maxShortfall", "squaredShortfall", "minutes", "grams"}

func (f figures) list() [5]int {
	return [5]int{f.Uncovered, f.MaxShortfall, f.SquaredShortfall, f.Minutes, f.Grams}
}

type visit struct {
	Day    int
	Offers []int
	People []int
	Cohort int
}

type left struct {
	Subject struct {
		Kind                                    string
		Offer, Person, Cohort, Day, Team, Theme *int
	}
	Reason string
	Facts  facts
}

type facts struct {
	Days         []lostDay
	Exclusion    *exclusion
	Counts       []count
	HeldBy       []held
	VisitDaysMax int

	DaysBetweenMin int
	Dominating     *int
	Offers         []int
	LeastMinutes   int
	LimitMinutes   int
	Members        []int
	Groups         []int
	Swaps          []swap
	Swap           string
	Witness        *witness
	Level, Loss    int
	Bound          *figures
	Proof          *certificate
	Work           int
}

type count struct{ Offer, Day, Cohort, Free, StepFree, WithinLimit, Min int }

type held struct {
	Cohort, Day, HeldBy int
	Offer               *int
	Pinned              bool
}

type swap struct {
	Person, Level, Loss int
	Pinned, Short       bool
}

type witness struct {
	Score   figures
	Without []int
	With    []visit
}

func readProblem(data []byte) (*problemFile, error) {
	p := &problemFile{}
	if err := decode(data, p, false); err != nil {
		return nil, fmt.Errorf("problem: %w", err)
	}
	switch {
	case p.WorkingDays < 0 || len(p.FortnightOfDay) != p.WorkingDays:
		return nil, fmt.Errorf("problem: fortnightOfDay does not have workingDays entries")
	case len(p.ReturnMinutes) != len(p.People) || len(p.GramsCO2e) != len(p.People):
		return nil, fmt.Errorf("problem: returnMinutes or gramsCO2e does not have a row for each person")
	case len(p.Attainable) != 0 && len(p.Attainable) != len(p.People):
		return nil, fmt.Errorf("problem: attainable does not have an entry for each person")
	}
	if p.DaysBetweenMin < 0 || p.DaysBetweenMin > 0 && len(p.CalendarDays) != p.WorkingDays {
		return nil, fmt.Errorf("problem: calendarDays does not have workingDays entries")
	}
	for d, v := range p.CalendarDays {
		if d > 0 && v <= p.CalendarDays[d-1] {
			return nil, fmt.Errorf("problem: calendarDays[%d] does not rise", d)
		}
	}
	if p.Levels == nil {
		p.Levels = []int{1, 2, 3, 4, 5}
	}
	if sorted := slices.Sorted(slices.Values(p.Levels)); !slices.Equal(sorted, []int{1, 2, 3, 4, 5}) {
		return nil, fmt.Errorf("problem: levels %v are not each of 1 to 5 once", p.Levels)
	}
	if p.CoverEveryTheme { // what must be comes first
		p.Levels = append([]int{1}, slices.DeleteFunc(slices.Clone(p.Levels), func(l int) bool { return l == 1 })...)
	}
	within := func(v, end int) bool { return v >= 0 && v < end }
	for d, f := range p.FortnightOfDay {
		if !within(f, p.Fortnights) {
			return nil, fmt.Errorf("problem: fortnightOfDay[%d] is no fortnight", d)
		}
	}
	for i, person := range p.People {
		if !within(person.Team, len(p.TeamThemes)) || person.Cohort < 0 ||
			len(p.ReturnMinutes[i]) != len(p.Offers) || len(p.GramsCO2e[i]) != len(p.Offers) {
			return nil, fmt.Errorf("problem: people[%d] or their rows do not fit", i)
		}
	}
	for j, offer := range p.Offers {
		for _, d := range offer.Days {
			if !within(d, p.WorkingDays) {
				return nil, fmt.Errorf("problem: offers[%d].days holds %d", j, d)
			}
		}
		if n := len(offer.PairOf); n != 0 && (n != 2 || !within(offer.PairOf[0], len(p.Offers)) || !within(offer.PairOf[1], len(p.Offers))) {
			return nil, fmt.Errorf("problem: offers[%d].pairOf is no pair", j)
		}
	}
	for i, pin := range p.Pins {
		if !within(pin.Offer, len(p.Offers)) || !within(pin.Day, p.WorkingDays) || pin.Cohort < 0 {
			return nil, fmt.Errorf("problem: pins[%d] does not fit", i)
		}
	}
	return p, nil
}

// decode reads one JSON value; in a strict one, unknown fields are a fault.
func decode(data []byte, into any, strict bool) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("something follows the JSON value")
	}
	return nil
}
