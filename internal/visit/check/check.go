package check

import (
	"fmt"
	"slices"
)

// Plan returns nil when the plan breaks no rule of the problem, its score, its bound and provedLevels are right, and
// every reason in left is true and nothing is left out in silence; else the first lie, named by its path in the plan. Where
// the file tells of a clash instead, nil means that each of its proofs and plans holds.
func Plan(problemJSON, planJSON []byte) error {
	p, err := readProblem(problemJSON)
	if err != nil {
		return err
	}
	if isClash(planJSON) {
		return clashes(p, planJSON)
	}
	plan := &planFile{}
	if err := decode(planJSON, plan, true); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	j := newJudge(p)
	if err := j.rules("visits", plan.Visits); err != nil {
		return err
	}
	if err := j.granted("visits", plan.Visits, 0); err != nil {
		return err
	}
	j.visits = plan.Visits
	j.tally()
	if err := same("score", plan.Score, j.score); err != nil {
		return err
	}
	if err := j.bounds(plan); err != nil {
		return err
	}
	if err := j.cohortsOwn(plan); err != nil {
		return err
	}
	return j.reasons(plan)
}

// judge knows the problem, and after rules and tally the plan.
type judge struct {
	p        *problemFile
	cohorts  int
	inCohort [][]int // people
	inTeam   [][]int
	away     []map[int]bool
	attain   []int
	able     []map[[2]int]int // by entry: people who could go, by cohort and day

	visits []visit
	score  figures
	all    figures // what no plan can beat, as far as is proved
	// what the plan gives, by person, and by team and theme
	seen  []int
	lacks map[int]int // people by shortfall
	shown map[[2]int]int
}

func newJudge(p *problemFile) *judge {
	j := &judge{p: p, inTeam: make([][]int, len(p.TeamThemes))}
	for i, person := range p.People {
		j.cohorts = max(j.cohorts, person.Cohort+1)
		for len(j.inCohort) < j.cohorts {
			j.inCohort = append(j.inCohort, nil)
		}
		j.inCohort[person.Cohort] = append(j.inCohort[person.Cohort], i)
		j.inTeam[person.Team] = append(j.inTeam[person.Team], i)
		away := map[int]bool{}
		for _, d := range person.Unavailable {
			away[d] = true
		}
		j.away = append(j.away, away)
	}
	for e := range p.Offers {
		able := map[[2]int]int{}
		for i, person := range p.People {
			if p.ReturnMinutes[i][e] < 0 || j.out(e) {
				continue
			}
			for _, d := range j.days(person.Cohort, e) {
				if !j.away[i][d] {
					able[[2]int{person.Cohort, d}]++
				}
			}
		}
		j.able = append(j.able, able)
	}
	for i := range p.People {
		if len(p.Attainable) > 0 {
			j.attain = append(j.attain, p.Attainable[i])
			continue
		}
		could := map[int]bool{}
		for e, offer := range p.Offers {
			if p.ReturnMinutes[i][e] < 0 || j.out(e) {
				continue
			}
			for _, d := range offer.Days {
				if !j.away[i][d] {
					could[p.FortnightOfDay[d]] = true
				}
			}
		}
		j.attain = append(j.attain, min(len(could), p.VisitDaysMax))
	}
	return j
}

// parts are the single offers of an entry.
func (j *judge) parts(e int) []int {
	if pair := j.p.Offers[e].PairOf; len(pair) == 2 {
		return pair
	}
	return []int{e}
}

// out says whether the entry or a part of it is excluded.
func (j *judge) out(e int) bool {
	for _, o := range append([]int{e}, j.parts(e)...) {
		if j.p.Offers[o].Excluded != nil {
			return true
		}
	}
	return false
}

// days on which a cohort could hold an entry: those left and, for a pinned one, the pin's.
func (j *judge) days(cohort, e int) []int {
	days := j.p.Offers[e].Days
	for _, pin := range j.p.Pins {
		if pin.Offer == e && pin.Cohort == cohort && !slices.Contains(days, pin.Day) {
			return append(slices.Clone(days), pin.Day)
		}
	}
	return days
}

func (j *judge) enough(cohort, e, d int) bool {
	return j.able[e][[2]int{cohort, d}] >= j.p.Offers[e].Min
}

// entry finds what a visit's offers stand for, or -1.
func (j *judge) entry(offers []int) int {
	if len(offers) == 1 && offers[0] >= 0 && offers[0] < len(j.p.Offers) && len(j.p.Offers[offers[0]].PairOf) == 0 {
		return offers[0]
	}
	if len(offers) == 2 {
		for e, offer := range j.p.Offers {
			if len(offer.PairOf) == 2 && offer.PairOf[0] == offers[0] && offer.PairOf[1] == offers[1] {
				return e
			}
		}
	}
	return -1
}

// rules names the first hard rule that these visits break.
func (j *judge) rules(path string, visits []visit) error {
	p := j.p
	usedBy, at, dayOf := map[int]int{}, map[[2]int]int{}, map[[2]int]int{}
	hosts, days := map[[2]int]int{}, map[int]int{}
	for i, v := range visits {
		here := fmt.Sprintf("%s[%d]", path, i)
		e := j.entry(v.Offers)
		if e < 0 {
			return fmt.Errorf("%s.offers: %v is neither an offer nor a pair", here, v.Offers)
		}
		if v.Day < 0 || v.Day >= p.WorkingDays {
			return fmt.Errorf("%s.day: %d is no working day", here, v.Day)
		}
		if !slices.Contains(j.days(v.Cohort, e), v.Day) {
			return fmt.Errorf("%s.day: offer %d is not open on day %d", here, e, v.Day)
		}
		if j.out(e) {
			return fmt.Errorf("%s.offers: %v is excluded", here, v.Offers)
		}
		for _, o := range v.Offers {
			if first, used := usedBy[o]; used {
				return fmt.Errorf("%s.offers: offer %d is used by %s[%d] already", here, o, path, first)
			}
			usedBy[o] = i
		}
		if n, most := len(v.People), p.Offers[e].Max-p.MentorSeats; n < p.Offers[e].Min || n > most {
			return fmt.Errorf("%s.people: %d people where the group is %d to %d", here, n, p.Offers[e].Min, most)
		}
		for k, person := range v.People {
			switch {
			case person < 0 || person >= len(p.People):
				return fmt.Errorf("%s.people[%d]: %d is no person", here, k, person)
			case k > 0 && v.People[k-1] >= person:
				return fmt.Errorf("%s.people[%d]: %d does not come after %d", here, k, person, v.People[k-1])
			case p.People[person].Cohort != v.Cohort:
				return fmt.Errorf("%s.people[%d]: person %d is not in cohort %d", here, k, person, v.Cohort)
			case j.away[person][v.Day]:
				return fmt.Errorf("%s.people[%d]: person %d is away on day %d", here, k, person, v.Day)
			case p.ReturnMinutes[person][e] < 0:
				return fmt.Errorf("%s.people[%d]: person %d cannot go to offer %d", here, k, person, e)
			}
			if other, twice := at[[2]int{person, v.Day}]; twice {
				return fmt.Errorf("%s.people[%d]: person %d is in %s[%d] on the same day", here, k, person, path, other)
			}
			at[[2]int{person, v.Day}] = i
		}
		slot := [2]int{v.Cohort, p.FortnightOfDay[v.Day]}
		if other, taken := dayOf[slot]; taken && other != v.Day {
			return fmt.Errorf("%s.day: %d shares a fortnight with visit day %d", here, v.Day, other)
		} else if !taken {
			if days[v.Cohort]++; days[v.Cohort] > p.VisitDaysMax {
				return fmt.Errorf("%s.day: %d visit days where visitDaysMax is %d", here, days[v.Cohort], p.VisitDaysMax)
			}
		}
		dayOf[slot] = v.Day
		on := [2]int{v.Cohort, v.Day}
		if hosts[on] += len(v.Offers); p.HostsPerDayMax > 0 && hosts[on] > p.HostsPerDayMax {
			return fmt.Errorf("%s.day: %d hosts on day %d where hostsPerDayMax is %d", here, hosts[on], v.Day, p.HostsPerDayMax)
		}
	}
	for i, pin := range p.Pins {
		kept := slices.ContainsFunc(visits, func(v visit) bool {
			return v.Day == pin.Day && v.Cohort == pin.Cohort && j.entry(v.Offers) == pin.Offer &&
				(len(pin.People) == 0 || slices.Equal(pin.People, v.People))
		})
		if !kept {
			return fmt.Errorf("%s: pins[%d] is not kept", path, i)
		}
	}
	return nil
}

// granted names the first thing asked for that these visits do not give; so many pairs of team and theme may stay unseen.
func (j *judge) granted(path string, visits []visit, unseen int) error {
	_, seen, shown := j.scoreOf(visits)
	for person, n := range seen {
		if n < j.p.EveryoneAtLeast {
			return fmt.Errorf("%s: person %d has %d visits where everyoneAtLeast is %d", path, person, n, j.p.EveryoneAtLeast)
		}
	}
	for team, themes := range j.p.TeamThemes {
		for _, theme := range themes {
			if !j.p.CoverEveryTheme || len(j.inTeam[team]) == 0 || shown[[2]int{team, theme}] > 0 {
				continue
			}
			if unseen--; unseen < 0 {
				return fmt.Errorf("%s: team %d does not see theme %d where coverEveryTheme is asked", path, team, theme)
			}
		}
	}
	return nil
}

// scoreOf counts the five figures from nothing.
func (j *judge) scoreOf(visits []visit) (f figures, seen []int, shown map[[2]int]int) {
	p := j.p
	seen, shown = make([]int, len(p.People)), map[[2]int]int{}
	for _, v := range visits {
		e := j.entry(v.Offers)
		for _, person := range v.People {
			seen[person] += len(v.Offers)
			f.Minutes += p.ReturnMinutes[person][e]
			f.Grams += p.GramsCO2e[person][e]
			for _, theme := range p.Offers[e].Themes {
				shown[[2]int{p.People[person].Team, theme}]++
			}
		}
	}
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			if shown[[2]int{team, theme}] == 0 {
				f.Uncovered++
			}
		}
	}
	for person, n := range seen {
		lack := max(0, j.attain[person]-n)
		f.MaxShortfall = max(f.MaxShortfall, lack)
		f.SquaredShortfall += lack * lack
	}
	return f, seen, shown
}

func (j *judge) tally() {
	j.score, j.seen, j.shown = j.scoreOf(j.visits)
	j.lacks = map[int]int{}
	for person, n := range j.seen {
		j.lacks[max(0, j.attain[person]-n)]++
	}
}

func same(path string, says, is figures) error {
	a, b := says.list(), is.list()
	for i := range a {
		if a[i] != b[i] {
			return fmt.Errorf("%s.%s: says %d, is %d", path, levelNames[i], a[i], b[i])
		}
	}
	return nil
}

// against names the first level at which a differs from b, from 1, and by how much a is larger; 0 where none does.
func against(a, b figures) (level, loss int) {
	x, y := a.list(), b.list()
	for i := range x {
		if x[i] != y[i] {
			return i + 1, x[i] - y[i]
		}
	}
	return 0, 0
}
