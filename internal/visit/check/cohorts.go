package check

import (
	"fmt"
	"slices"
)

// cohortsOwn holds what is said of each cohort on its own against the cohort's own problem.
func (j *judge) cohortsOwn(plan *planFile) error {
	holder := map[int]int{} // single offer: cohort
	for _, v := range plan.Visits {
		for _, o := range v.Offers {
			holder[o] = v.Cohort
		}
	}
	last := -1
	for i, own := range plan.Cohorts {
		path := fmt.Sprintf("cohorts[%d]", i)
		if own.Cohort <= last || own.Cohort >= j.cohorts || len(j.inCohort[own.Cohort]) == 0 {
			return fmt.Errorf("%s.cohort: %d does not come after %d, or has no people", path, own.Cohort, last)
		}
		last = own.Cohort
		for k, o := range own.Offers {
			if o < 0 || o >= len(j.p.Offers) || len(j.p.Offers[o].PairOf) > 0 || k > 0 && own.Offers[k-1] >= o {
				return fmt.Errorf("%s.offers[%d]: %d is no single offer, or does not come after the one before", path, k, o)
			}
		}
		for o, cohort := range holder {
			if cohort == own.Cohort && !slices.Contains(own.Offers, o) {
				return fmt.Errorf("%s.offers: the cohort visits offer %d, which is not among them", path, o)
			}
		}
		alone, visits := j.alone(own.Cohort, own.Offers, plan.Visits)
		alone.visits = visits
		alone.tally()
		if err := same("score", own.Score, alone.score); err != nil {
			return fmt.Errorf("%s.%w", path, err)
		}
		if err := alone.bounds(&planFile{Score: own.Score, Bound: own.Bound, ProvedLevels: own.ProvedLevels, Certificate: own.Certificate}); err != nil {
			return fmt.Errorf("%s.%w", path, err)
		}
	}
	return nil
}

// alone lays out a cohort's own problem: its people, the teams that have some of them, the offers that it may choose from
// with the pairs of two of those, its pins, all in their order; and its visits told in the same terms.
func (j *judge) alone(cohort int, offers []int, all []visit) (*judge, []visit) {
	own := *j.p
	own.People, own.Offers, own.TeamThemes, own.ReturnMinutes, own.GramsCO2e, own.Pins, own.Attainable = nil, nil, nil, nil, nil, nil, nil
	person, entry, team := map[int]int{}, map[int]int{}, map[int]int{}
	for e, offer := range j.p.Offers {
		if slices.ContainsFunc(j.parts(e), func(o int) bool { return !slices.Contains(offers, o) }) {
			continue
		}
		entry[e] = len(own.Offers)
		own.Offers = append(own.Offers, offer)
	}
	renamed := func(names map[int]int, list []int) []int {
		out := make([]int, len(list))
		for i, v := range list {
			out[i] = names[v]
		}
		return out
	}
	for e := range own.Offers {
		own.Offers[e].PairOf = renamed(entry, own.Offers[e].PairOf)
	}
	for t, members := range j.inTeam {
		if len(members) > 0 && j.p.People[members[0]].Cohort == cohort {
			team[t] = len(own.TeamThemes)
			own.TeamThemes = append(own.TeamThemes, j.p.TeamThemes[t])
		}
	}
	for i, p := range j.p.People {
		if p.Cohort != cohort {
			continue
		}
		person[i] = len(own.People)
		p.Cohort, p.Team = 0, team[p.Team]
		own.People, own.Attainable = append(own.People, p), append(own.Attainable, j.attain[i])
		minutes, grams := make([]int, len(own.Offers)), make([]int, len(own.Offers))
		for e, k := range entry {
			minutes[k], grams[k] = j.p.ReturnMinutes[i][e], j.p.GramsCO2e[i][e]
		}
		own.ReturnMinutes, own.GramsCO2e = append(own.ReturnMinutes, minutes), append(own.GramsCO2e, grams)
	}
	for _, pin := range j.p.Pins {
		if pin.Cohort == cohort {
			pin.Offer, pin.Cohort, pin.People = entry[pin.Offer], 0, renamed(person, pin.People)
			own.Pins = append(own.Pins, pin)
		}
	}
	var visits []visit
	for _, v := range all {
		if v.Cohort == cohort {
			visits = append(visits, visit{Day: v.Day, Offers: renamed(entry, v.Offers), People: renamed(person, v.People)})
		}
	}
	return newJudge(&own), visits
}
