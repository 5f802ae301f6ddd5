package visit

import "slices"

// RuleGroup is a rule in the size in which people speak of it.
type RuleGroup string

// The groups. What is none of them is never given up: offers are held once, nobody is in two places, mentors' seats, the
// most hosts on a day, excluded offers.
const (
	AllThemes    RuleGroup = "COVER_EVERY_THEME"
	AtLeast      RuleGroup = "EVERYONE_AT_LEAST"
	TravelLimit  RuleGroup = "TRAVEL_LIMIT"
	StepFreeWays RuleGroup = "STEP_FREE"
	HostWindows  RuleGroup = "WINDOWS"
	MaxGroup     RuleGroup = "MAX_GROUP"
	MinGroup     RuleGroup = "MIN_GROUP"
	DaysAway     RuleGroup = "AWAY"
	VisitDays    RuleGroup = "VISIT_DAYS"
	HeldPins     RuleGroup = "PINS"
)

// ruleGroups has the rule that is the hardest to give up first.
var ruleGroups = []RuleGroup{StepFreeWays, DaysAway, HostWindows, MaxGroup, MinGroup, HeldPins, TravelLimit, VisitDays, AllThemes, AtLeast}

// Change is a rule made easier: a number changed, or single things let go.
type Change struct {
	// From and To are the rule's number as asked and as changed: COVER_EVERY_THEME, pairs of team and theme seen at
	// least; EVERYONE_AT_LEAST, visits; TRAVEL_LIMIT, minutes one way; MAX_GROUP and MIN_GROUP, people more or fewer than
	// each host says; VISIT_DAYS, days. Of the others, how many are kept: persons' absences (AWAY, by person), offers'
	// days (WINDOWS, by entry), sites with steps (STEP_FREE, by offer), pins.
	From int `json:"from"`
	To   int `json:"to"`
	// Unspaced, for VISIT_DAYS, says that days need not lie in different fortnights.
	Unspaced bool `json:"unspaced,omitempty"`
	// Away are days on which people come all the same; Days, days on which entries are held all the same; Offers, sites
	// with a way in without steps after all; Pins, indices of those let go.
	Away   []PersonDay `json:"away,omitempty"`
	Days   []OfferDay  `json:"days,omitempty"`
	Offers []int       `json:"offers,omitempty"`
	Pins   []int       `json:"pins,omitempty"`
}

// PersonDay is a person on a day.
type PersonDay struct {
	Person int `json:"person"`
	Day    int `json:"day"`
}

// OfferDay is an entry of offers on a day.
type OfferDay struct {
	Offer int `json:"offer"`
	Day   int `json:"day"`
}

// request is a problem with what is asked of its plans; unseen pairs of team and theme are let pass.
type request struct {
	Problem
	unseen int
}

// pairs counts the pairs of a team with people and a theme of its challenge.
func (p *Problem) pairs() (n int) {
	for team, themes := range p.TeamThemes {
		if p.staffed(team) {
			n += len(themes)
		}
	}
	return n
}

func (p *Problem) staffed(team int) bool {
	return slices.ContainsFunc(p.People, func(person Person) bool { return person.Team == team })
}

// asks says whether the problem asks for more than fairness gives.
func (p *Problem) asks() bool { return p.EveryoneAtLeast > 0 || p.CoverEveryTheme }

// steps says whether entry e has steps that person i cannot take.
func (p *Problem) steps(i, e int) bool { return p.People[i].StepFree && !p.Offers[e].StepFree }

// limitFor is the least door-to-door limit at which person i could go to entry e, steps aside: 0 where the way is within
// the limit there is. Whoever cannot go, and not for steps, lives too far. ok is false where the way is not known.
func (p *Problem) limitFor(i, e int) (minutes int, ok bool) {
	if p.ReturnMinutes[i][e] >= 0 {
		return 0, true
	}
	if p.ReturnMinutes[i][e] == -1 || p.ReturnMinutes[i][e] < -minutesMax || p.GramsCO2e[i][e] < 0 {
		return 0, false
	}
	for _, o := range p.parts(e) {
		way := max(p.ReturnMinutes[i][o], -p.ReturnMinutes[i][o])
		if p.ReturnMinutes[i][o] == -1 {
			return 0, false
		}
		minutes = max(minutes, (way+1)/2)
	}
	if minutes <= p.DoorToDoorLimitMinutes && p.steps(i, e) {
		return 0, true
	}
	return max(minutes, p.DoorToDoorLimitMinutes+1), true
}

// changed applies a change of one rule.
func (r request) changed(g RuleGroup, c Change) request {
	r.Offers = slices.Clone(r.Offers)
	switch g {
	case AllThemes:
		r.unseen = max(0, r.pairs()-c.To)
		r.CoverEveryTheme = c.To > 0
	case AtLeast:
		r.EveryoneAtLeast = c.To
	case TravelLimit:
		r.openWays(func(i, e int) bool {
			limit, known := r.limitFor(i, e)
			return known && limit <= c.To && !r.steps(i, e)
		})
		r.DoorToDoorLimitMinutes = c.To
	case StepFreeWays:
		free := make([]bool, len(r.Offers))
		for e, o := range r.Offers {
			free[e] = o.StepFree || !slices.ContainsFunc(r.parts(e), func(o int) bool {
				return !r.Offers[o].StepFree && !slices.Contains(c.Offers, o)
			})
		}
		r.openWays(func(i, e int) bool {
			limit, known := r.limitFor(i, e)
			return known && limit == 0 && free[e]
		})
		for e := range r.Offers {
			r.Offers[e].StepFree = free[e]
		}
	case HostWindows:
		for _, d := range c.Days {
			r.openOn(d.Offer, d.Day)
		}
	case MaxGroup:
		for e := range r.Offers {
			r.Offers[e].Max += c.To
		}
	case MinGroup:
		for e := range r.Offers {
			r.Offers[e].Min = max(1, r.Offers[e].Min-c.To)
		}
	case DaysAway:
		r.People = slices.Clone(r.People)
		for _, a := range c.Away {
			person := &r.People[a.Person]
			person.Unavailable = slices.DeleteFunc(slices.Clone(person.Unavailable), func(d int) bool { return d == a.Day })
		}
	case VisitDays:
		r.VisitDaysMax = c.To
		if c.Unspaced {
			r.Fortnights, r.FortnightOfDay = r.WorkingDays, make([]int, r.WorkingDays)
			for d := range r.FortnightOfDay {
				r.FortnightOfDay[d] = d
			}
		}
	case HeldPins:
		var pins []Pin
		for i, pin := range r.Pins {
			if slices.Contains(c.Pins, i) {
				r.openOn(pin.Offer, pin.Day) // it may stay where it is
			} else {
				pins = append(pins, pin)
			}
		}
		r.Pins = pins
	}
	return r
}

// openOn lets an entry be held on a day.
func (r *request) openOn(entry, day int) {
	o := &r.Offers[entry]
	if at, open := slices.BinarySearch(o.Days, day); !open {
		o.Days = slices.Insert(slices.Clone(o.Days), at, day)
	}
}

// openWays lets people go where open says so and they could not.
func (r *request) openWays(open func(person, entry int) bool) {
	ways := slices.Clone(r.ReturnMinutes)
	for i, row := range r.ReturnMinutes {
		ways[i] = slices.Clone(row)
		for e, m := range row {
			if m < 0 && open(i, e) {
				ways[i][e] = -m
			}
		}
	}
	r.ReturnMinutes = ways
}

// everything is the change that gives a rule up; ok is false where the problem does not have the rule.
func (r request) everything(g RuleGroup) (c Change, ok bool) {
	switch g {
	case AllThemes:
		return Change{From: r.pairs() - r.unseen}, r.CoverEveryTheme && r.pairs() > 0
	case AtLeast:
		return Change{From: r.EveryoneAtLeast}, r.EveryoneAtLeast > 0 && len(r.People) > 0
	case TravelLimit:
		c = Change{From: r.DoorToDoorLimitMinutes, To: r.DoorToDoorLimitMinutes}
		for i := range r.People {
			for e := range r.Offers {
				if limit, known := r.limitFor(i, e); known {
					c.To = max(c.To, limit)
				}
			}
		}
		return c, c.To > c.From
	case StepFreeWays:
		for o, offer := range r.Offers {
			if len(offer.PairOf) > 0 || offer.StepFree {
				continue
			}
			c.From++
			for i, person := range r.People {
				if _, known := r.limitFor(i, o); known && person.StepFree && r.ReturnMinutes[i][o] < 0 {
					ok = true
				}
			}
			c.Offers = append(c.Offers, o)
		}
		return c, ok
	case HostWindows:
		for e, offer := range r.Offers {
			if offer.Excluded != nil {
				continue
			}
			c.From++
			for d := range r.WorkingDays {
				if _, open := slices.BinarySearch(offer.Days, d); !open {
					c.Days = append(c.Days, OfferDay{e, d})
				}
			}
		}
		return c, len(c.Days) > 0 && len(r.People) > 0
	case MaxGroup:
		return Change{To: len(r.People)}, len(r.People) > 0 && len(r.Offers) > 0
	case MinGroup:
		for _, offer := range r.Offers {
			c.To = max(c.To, offer.Min-1)
		}
		return c, c.To > 0 && len(r.People) > 0
	case DaysAway:
		for i, person := range r.People {
			before := len(c.Away)
			for _, d := range person.Unavailable {
				if d < r.WorkingDays {
					c.Away = append(c.Away, PersonDay{i, d})
				}
			}
			if len(c.Away) > before {
				c.From++
			}
		}
		return c, c.From > 0
	case VisitDays:
		c = Change{From: r.VisitDaysMax, To: max(r.VisitDaysMax, min(r.WorkingDays, daysMost)), Unspaced: r.WorkingDays <= daysMost}
		return c, len(r.People) > 0 && (c.To > c.From || c.Unspaced && r.Fortnights < r.WorkingDays)
	case HeldPins:
		c.From = len(r.Pins)
		for i := range r.Pins {
			c.Pins = append(c.Pins, i)
		}
		return c, c.From > 0
	}
	return c, false
}

// daysMost is the most visit days, and blocks of days, that a problem may have.
const daysMost = 200
