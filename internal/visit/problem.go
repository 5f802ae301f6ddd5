package visit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Problem is what a planner is asked: who could go where, on which days, and under which rules. It is the
// documented file format (docs/planning.md, docs/planning.schema.json), field for field. Days are indices of the
// programme's working days from 0; people, offers, teams and themes are indices as well.
type Problem struct {
	// Name is for people; planning ignores it.
	Name string `json:"name,omitempty"`
	// DoorToDoorLimitMinutes is the longest way to a visit, one way.
	DoorToDoorLimitMinutes int `json:"doorToDoorLimitMinutes"`
	// WorkingDays is how many days there are; Fortnights into how many blocks FortnightOfDay parts them.
	WorkingDays    int   `json:"workingDays"`
	Fortnights     int   `json:"fortnights"`
	FortnightOfDay []int `json:"fortnightOfDay"`
	// VisitDaysMax is the most visit days of a cohort.
	VisitDaysMax int `json:"visitDaysMax"`
	// HostsPerDayMax is the most offers that a cohort has on one day, a pair counting two; 0 sets no limit.
	HostsPerDayMax int `json:"hostsPerDayMax,omitempty"`
	// MentorSeats is how many seats of each group are kept free.
	MentorSeats int `json:"mentorSeats,omitempty"`
	// EveryoneAtLeast is the fewest visits of each person; 0 leaves it to fairness.
	EveryoneAtLeast int `json:"everyoneAtLeast,omitempty"`
	// CoverEveryTheme asks that each team with people sees every theme of its challenge.
	CoverEveryTheme bool `json:"coverEveryTheme,omitempty"`
	// TeamThemes lists the themes of each team's challenge.
	TeamThemes [][]int  `json:"teamThemes"`
	People     []Person `json:"people"`
	Offers     []Offer  `json:"offers"`
	// ReturnMinutes[p][o] is the way of person p to offer o and back, door to door. A negative value says that p
	// cannot go: -1, or minus the minutes where the way is known and too long.
	ReturnMinutes [][]int `json:"returnMinutes,omitempty"`
	// GramsCO2e[p][o] is the footprint of that way, -1 where it is not known; where p cannot go, it is read only to say
	// what going all the same would mean.
	GramsCO2e [][]int `json:"gramsCO2e,omitempty"`
	// Pins hold visits where they are.
	Pins []Pin `json:"pins,omitempty"`
	// Attainable freezes, for each person, the number of visits that shortfalls count from. Left out, it is
	// computed: the fortnights in which the person could attend something, VisitDaysMax at most.
	Attainable []int `json:"attainable,omitempty"`
	// Seed is the seed that a plan of this problem takes when nobody gives another.
	Seed uint64 `json:"seed,omitempty"`
}

// Person is one who visits.
type Person struct {
	Team   int    `json:"team"`
	Cohort int    `json:"cohort"`
	Home   string `json:"home,omitempty"`
	// Unavailable lists the days on which the person is away; it may go on after the programme's end.
	Unavailable []int `json:"unavailable,omitempty"`
	// StepFree says that the person needs a way in without steps.
	StepFree bool `json:"stepFree,omitempty"`
}

// Offer is a visit that a host offers, once; a host that takes two groups makes two offers.
type Offer struct {
	Site   string `json:"site,omitempty"`
	Themes []int  `json:"themes"`
	// Min and Max bound the group.
	Min int `json:"min"`
	Max int `json:"max"`
	// HalfHours is how long it takes.
	HalfHours int `json:"halfHours,omitempty"`
	// Days are those left after windows, blackout, bank holidays and lead time.
	Days []int `json:"days"`
	// StepFree says that the site has a way in without steps.
	StepFree bool `json:"stepFree"`
	// PairOf names two offers that one group sees one after the other on one day; then this entry is no offer of
	// its own, and holding it uses both of those.
	PairOf []int `json:"pairOf,omitempty"`
	// Excluded says that a person took the offer out of planning.
	Excluded *Exclusion `json:"excluded,omitempty"`
	// Offered gives the days that are not left, each with the rule against it, so that a reason can say so.
	Offered []LostDay `json:"offered,omitempty"`
}

// Exclusion is who took an offer out, when and why.
type Exclusion struct {
	By  string `json:"by,omitempty"`
	On  string `json:"on,omitempty"`
	Why string `json:"why,omitempty"`
}

// LostDay is an offered day that cannot be used, and the rule against it: OUTSIDE_PROGRAMME, BLACKOUT,
// BANK_HOLIDAY, LEAD_TIME or WINDOW_TOO_SHORT.
type LostDay struct {
	Date string `json:"date"`
	// Day is the index, or -1 where the date is no working day of the programme.
	Day     int    `json:"day"`
	Rule    Rule   `json:"rule"`
	Holiday string `json:"holiday,omitempty"`
	Nation  string `json:"nation,omitempty"`
	NamesBy string `json:"namesBy,omitempty"`
	// WindowMinutes and NeededMinutes go with WINDOW_TOO_SHORT.
	WindowMinutes int `json:"windowMinutes,omitempty"`
	NeededMinutes int `json:"neededMinutes,omitempty"`
}

// Pin holds an offer on a day. With People, the group is these people exactly; without, the planner chooses it.
// The day need not be one of the offer's days left: what is confirmed stays.
type Pin struct {
	Offer  int   `json:"offer"`
	Day    int   `json:"day"`
	Cohort int   `json:"cohort,omitempty"`
	People []int `json:"people,omitempty"`
}

// ErrNoTravel says that a problem has neither returnMinutes nor gramsCO2e yet: see Fill.
var ErrNoTravel = errors.New("returnMinutes missing: the problem has stations only; fill in the ways first")

const (
	sizeMax    = 100_000
	minutesMax = 4_000
	gramsMax   = 10_000_000
)

// Read reads a problem in the documented JSON form and validates it. A problem without travel matrices is
// accepted; Plan and Check refuse it with ErrNoTravel until Fill has run.
func Read(r io.Reader) (Problem, error) {
	var file struct {
		Schema string `json:"$schema"`
		Problem
	}
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return Problem{}, fmt.Errorf("problem: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Problem{}, errors.New("problem: something follows the JSON object")
	}
	if err := file.Problem.Validate(); err != nil && !errors.Is(err, ErrNoTravel) {
		return Problem{}, err
	}
	return file.Problem, nil
}

// Fill computes both matrices from one-way figures between two places (a home and a site, or two sites of a pair):
// minutes door to door and milligrams CO2e, ok false where no way is known. A return is twice the way; a pair is
// home, first, second, home. Whoever is over the limit, or needs step-free access and does not find it, cannot go;
// their way stays known.
func (p *Problem) Fill(way func(from, to string) (minutes, milligrams int, ok bool)) error {
	p.ReturnMinutes = make([][]int, len(p.People))
	p.GramsCO2e = make([][]int, len(p.People))
	for i, person := range p.People {
		minutes, grams := make([]int, len(p.Offers)), make([]int, len(p.Offers))
		for j, offer := range p.Offers {
			stops := []string{offer.Site}
			stepFree := offer.StepFree
			if len(offer.PairOf) == 2 {
				first, second := p.Offers[offer.PairOf[0]], p.Offers[offer.PairOf[1]]
				stops = []string{first.Site, second.Site}
				stepFree = first.StepFree && second.StepFree
			}
			total, milligrams, far := 0, 0, false
			for k, stop := range stops {
				m, _, ok := way(person.Home, stop)
				if !ok {
					return fmt.Errorf("people[%d].home %q, offers[%d].site %q: no way known", i, person.Home, j, stop)
				}
				far = far || m > p.DoorToDoorLimitMinutes
				if k == 1 {
					m, mg, ok := way(stops[0], stop)
					if !ok {
						return fmt.Errorf("offers[%d].pairOf: no way known from %q to %q", j, stops[0], stop)
					}
					total, milligrams = total+m, milligrams+mg
				}
			}
			for _, stop := range []string{stops[0], stops[len(stops)-1]} {
				m, mg, _ := way(person.Home, stop)
				total, milligrams = total+m, milligrams+mg
			}
			minutes[j], grams[j] = total, (milligrams+500)/1000
			if far || person.StepFree && !stepFree {
				minutes[j] = min(-total, -1)
			}
		}
		p.ReturnMinutes[i], p.GramsCO2e[i] = minutes, grams
	}
	return p.Validate()
}

// faults gathers what is wrong, each with the field's path.
type faults []string

func (f *faults) add(format string, args ...any) {
	if len(*f) < 20 {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return errors.New("problem: " + strings.Join(f, "; "))
}

// Validate says what is wrong with the problem, field by field (the first twenty faults), or ErrNoTravel where
// only the matrices are missing, or nil.
func (p *Problem) Validate() error {
	var f faults
	inRange := func(path string, v, low, high int) bool {
		if v < low || v > high {
			f.add("%s: %d is not within %d and %d", path, v, low, high)
			return false
		}
		return true
	}
	inRange("doorToDoorLimitMinutes", p.DoorToDoorLimitMinutes, 0, minutesMax)
	inRange("workingDays", p.WorkingDays, 1, 2_000)
	inRange("fortnights", p.Fortnights, 1, 200)
	inRange("visitDaysMax", p.VisitDaysMax, 0, 200)
	inRange("hostsPerDayMax", p.HostsPerDayMax, 0, sizeMax)
	inRange("mentorSeats", p.MentorSeats, 0, sizeMax)
	inRange("everyoneAtLeast", p.EveryoneAtLeast, 0, 200)
	inRange("people", len(p.People), 0, sizeMax)
	inRange("offers", len(p.Offers), 0, 10_000)
	inRange("teamThemes", len(p.TeamThemes), 0, sizeMax)
	if len(p.FortnightOfDay) != p.WorkingDays {
		f.add("fortnightOfDay: has %d entries for %d workingDays", len(p.FortnightOfDay), p.WorkingDays)
	}
	if f.err() != nil {
		return f.err() // indices below lean on these
	}
	for d, v := range p.FortnightOfDay {
		if inRange(fmt.Sprintf("fortnightOfDay[%d]", d), v, 0, p.Fortnights-1) && d > 0 && v < p.FortnightOfDay[d-1] {
			f.add("fortnightOfDay[%d]: goes back from %d to %d", d, p.FortnightOfDay[d-1], v)
		}
	}
	for t, themes := range p.TeamThemes {
		checkSet(&f, fmt.Sprintf("teamThemes[%d]", t), themes, themesMax)
	}
	teamCohort := make([]int, len(p.TeamThemes))
	for i, person := range p.People {
		path := fmt.Sprintf("people[%d]", i)
		inRange(path+".cohort", person.Cohort, 0, 9_999)
		if inRange(path+".team", person.Team, 0, len(p.TeamThemes)-1) {
			if seen := teamCohort[person.Team]; seen != 0 && seen != person.Cohort+1 {
				f.add("%s: team %d is in cohorts %d and %d", path, person.Team, seen-1, person.Cohort)
			}
			teamCohort[person.Team] = person.Cohort + 1
		}
		checkSet(&f, path+".unavailable", person.Unavailable, 10*sizeMax)
	}
	pairs := map[[2]int]int{}
	for j, offer := range p.Offers {
		path := fmt.Sprintf("offers[%d]", j)
		checkSet(&f, path+".themes", offer.Themes, themesMax)
		checkSet(&f, path+".days", offer.Days, p.WorkingDays)
		if inRange(path+".min", offer.Min, 1, sizeMax) && inRange(path+".max", offer.Max, offer.Min, sizeMax) &&
			offer.Max-p.MentorSeats < offer.Min && offer.Excluded == nil {
			f.add("%s.max: %d less mentorSeats %d leaves fewer than min %d; exclude the offer", path, offer.Max, p.MentorSeats, offer.Min)
		}
		inRange(path+".halfHours", offer.HalfHours, 0, 48)
		for k, lost := range offer.Offered {
			inRange(fmt.Sprintf("%s.offered[%d].day", path, k), lost.Day, -1, p.WorkingDays-1)
			switch lost.Rule {
			case OutsideProgramme, Blackout, BankHoliday, LeadTime, WindowTooShort:
			default:
				f.add("%s.offered[%d].rule: %q is none of OUTSIDE_PROGRAMME, BLACKOUT, BANK_HOLIDAY, LEAD_TIME, WINDOW_TOO_SHORT", path, k, lost.Rule)
			}
		}
		if len(offer.PairOf) == 0 {
			continue
		}
		if len(offer.PairOf) != 2 {
			f.add("%s.pairOf: wants two offers, has %d", path, len(offer.PairOf))
			continue
		}
		a, b := offer.PairOf[0], offer.PairOf[1]
		if !inRange(path+".pairOf[0]", a, 0, len(p.Offers)-1) || !inRange(path+".pairOf[1]", b, 0, len(p.Offers)-1) {
			continue
		}
		if a == b || len(p.Offers[a].PairOf) > 0 || len(p.Offers[b].PairOf) > 0 {
			f.add("%s.pairOf: [%d,%d] are not two different single offers", path, a, b)
		}
		if first, twice := pairs[[2]int{a, b}]; twice {
			f.add("%s.pairOf: [%d,%d] is offers[%d] already", path, a, b, first)
		}
		pairs[[2]int{a, b}] = j
	}
	if len(p.Attainable) > 0 {
		if len(p.Attainable) != len(p.People) {
			f.add("attainable: has %d entries for %d people", len(p.Attainable), len(p.People))
		}
		for i, v := range p.Attainable {
			inRange(fmt.Sprintf("attainable[%d]", i), v, 0, 200)
		}
	}
	if f.err() != nil {
		return f.err()
	}
	if p.ReturnMinutes == nil && p.GramsCO2e == nil && len(p.People) > 0 {
		p.validatePins(&f)
		if f.err() != nil {
			return f.err()
		}
		return ErrNoTravel
	}
	checkMatrix(&f, "returnMinutes", p.ReturnMinutes, len(p.People), len(p.Offers), -100*minutesMax, minutesMax)
	checkMatrix(&f, "gramsCO2e", p.GramsCO2e, len(p.People), len(p.Offers), -1, gramsMax)
	if f.err() == nil {
		for i := range p.People {
			for j := range p.Offers {
				if p.ReturnMinutes[i][j] >= 0 && p.GramsCO2e[i][j] < 0 {
					f.add("gramsCO2e[%d][%d]: missing where returnMinutes has %d", i, j, p.ReturnMinutes[i][j])
				}
			}
		}
		p.validatePins(&f)
	}
	return f.err()
}

// themesMax bounds the number of a theme.
const themesMax = 1_000

func checkSet(f *faults, path string, set []int, end int) {
	for i, v := range set {
		if v < 0 || v >= end {
			f.add("%s[%d]: %d is not within 0 and %d", path, i, v, end-1)
		}
		if i > 0 && set[i-1] >= v {
			f.add("%s[%d]: %d does not come after %d", path, i, v, set[i-1])
		}
	}
}

func checkMatrix(f *faults, path string, m [][]int, rows, columns, low, high int) {
	if len(m) != rows {
		f.add("%s: has %d rows for %d people", path, len(m), rows)
		return
	}
	for i, row := range m {
		if len(row) != columns {
			f.add("%s[%d]: has %d entries for %d offers", path, i, len(row), columns)
			continue
		}
		for j, v := range row {
			if v < low || v > high {
				f.add("%s[%d][%d]: %d is not within %d and %d", path, i, j, v, low, high)
			}
		}
	}
}

// validatePins refuses pins that no plan could keep on their own; that all of them together can be kept is
// known only when a plan is made.
func (p *Problem) validatePins(f *faults) {
	type slot struct{ cohort, fortnight int }
	type place struct{ person, day int }
	type date struct{ cohort, day int }
	held, days, placed, used, hosts := map[slot]int{}, map[int]int{}, map[place]bool{}, map[int]bool{}, map[date]int{}
	for i, pin := range p.Pins {
		path := fmt.Sprintf("pins[%d]", i)
		if pin.Offer < 0 || pin.Offer >= len(p.Offers) {
			f.add("%s.offer: %d is no offer", path, pin.Offer)
			continue
		}
		if pin.Day < 0 || pin.Day >= p.WorkingDays {
			f.add("%s.day: %d is no working day", path, pin.Day)
			continue
		}
		offer := p.Offers[pin.Offer]
		for _, o := range p.parts(pin.Offer) {
			if used[o] {
				f.add("%s.offer: %d is pinned twice", path, o)
			}
			used[o] = true
			if p.Offers[o].Excluded != nil {
				f.add("%s.offer: %d is excluded", path, o)
			}
		}
		on := date{pin.Cohort, pin.Day}
		if hosts[on] += len(p.parts(pin.Offer)); p.HostsPerDayMax > 0 && hosts[on] > p.HostsPerDayMax {
			f.add("%s.day: more hosts pinned on day %d than hostsPerDayMax %d", path, pin.Day, p.HostsPerDayMax)
		}
		at := slot{pin.Cohort, p.FortnightOfDay[pin.Day]}
		if day, taken := held[at]; taken && day != pin.Day {
			f.add("%s.day: %d and the pinned day %d share a fortnight", path, pin.Day, day)
		} else if !taken {
			held[at] = pin.Day
			if days[pin.Cohort]++; days[pin.Cohort] > p.VisitDaysMax {
				f.add("%s.day: more pinned days than visitDaysMax %d", path, p.VisitDaysMax)
			}
		}
		if n := len(pin.People); n > 0 && (n < offer.Min || n > offer.Max-p.MentorSeats) {
			f.add("%s.people: %d people where the group is %d to %d", path, n, offer.Min, offer.Max-p.MentorSeats)
		}
		for k, person := range pin.People {
			where := fmt.Sprintf("%s.people[%d]", path, k)
			if person < 0 || person >= len(p.People) {
				f.add("%s: %d is no person", where, person)
				continue
			}
			if k > 0 && pin.People[k-1] >= person {
				f.add("%s: %d does not come after %d", where, person, pin.People[k-1])
			}
			if p.People[person].Cohort != pin.Cohort {
				f.add("%s: person %d is not in cohort %d", where, person, pin.Cohort)
			}
			for _, d := range p.People[person].Unavailable {
				if d == pin.Day {
					f.add("%s: person %d is away on day %d", where, person, d)
				}
			}
			if p.ReturnMinutes != nil && p.ReturnMinutes[person][pin.Offer] < 0 {
				f.add("%s: person %d cannot go to offer %d", where, person, pin.Offer)
			}
			if placed[place{person, pin.Day}] {
				f.add("%s: person %d is pinned twice on day %d", where, person, pin.Day)
			}
			placed[place{person, pin.Day}] = true
		}
	}
}

// parts are the single offers that holding entry o uses.
func (p *Problem) parts(o int) []int {
	if len(p.Offers[o].PairOf) == 2 {
		return p.Offers[o].PairOf
	}
	return []int{o}
}
