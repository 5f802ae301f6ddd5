package visit

import "slices"

// none marks an absent tour, day or person.
const none = -1

// model is a validated problem laid out for computing. A tour is an entry of Offers: a single offer, or a pair.
type model struct {
	problem                                                  *Problem
	people, tours, fortnights, days, cohorts, teams, themesN int

	team, cohort []int32
	peopleOf     [][]int32 // by cohort
	membersOf    [][]int32 // by team
	teamRank     []int32   // by team: its place among those of its cohort
	teamsMost    int       // the most teams of a cohort
	away         []bool    // [person*days+day]
	minutes      []int32   // [person*tours+tour], none where one cannot go
	grams        []int32
	attain       []int32

	lo, hi   []int32
	weight   []int32 // visits that a tour counts: 1, or 2 for a pair
	parts    [][]int // single offers it uses
	within   [][]int // tours that use a single offer
	openOn   [][]int // tours by day, excluded ones left out
	dayOpen  []bool  // [tour*days+day]
	themes   [][]int32
	wants    []bool // [team*themesN+theme]
	fort     []int32
	excluded []bool

	maxDays, maxHosts int
	floor             int32 // visits asked for everyone
	unstaffed         int   // pairs of teams without people, which nobody asks for
	spared            int   // pairs that may stay unseen without being counted
	gramsShift        uint  // brings any way's grams under 1<<gramsBits

	able []int32 // [(cohort*tours+tour)*days+day]: people of the cohort who could go, 0 where it is neither open nor pinned
	live [][]int // [cohort*fortnights+fortnight]: days on which a group could go somewhere, dominated days left out
	pins []Pin
	// pinnedDay[cohort*fortnights+fortnight] is the day a pin holds, or none.
	pinnedDay []int32
	pinOf     []int32 // by tour: index into pins, or none
}

func newModel(p *Problem) (*model, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m := &model{
		problem: p, people: len(p.People), tours: len(p.Offers), fortnights: p.Fortnights, days: p.WorkingDays,
		teams: len(p.TeamThemes), maxDays: p.VisitDaysMax, maxHosts: p.HostsPerDayMax, pins: p.Pins,
		floor: int32(p.EveryoneAtLeast),
	}
	m.fort = make([]int32, m.days)
	for d, f := range p.FortnightOfDay {
		m.fort[d] = int32(f)
	}
	for _, themes := range p.TeamThemes {
		for _, t := range themes {
			m.themesN = max(m.themesN, t+1)
		}
	}
	m.wants = make([]bool, m.teams*m.themesN)
	for team, themes := range p.TeamThemes {
		for _, t := range themes {
			m.wants[team*m.themesN+t] = true
		}
	}
	m.team, m.cohort = make([]int32, m.people), make([]int32, m.people)
	m.away = make([]bool, m.people*m.days)
	m.minutes, m.grams = make([]int32, m.people*m.tours), make([]int32, m.people*m.tours)
	for i, person := range p.People {
		m.team[i], m.cohort[i] = int32(person.Team), int32(person.Cohort)
		m.cohorts = max(m.cohorts, person.Cohort+1)
		for _, d := range person.Unavailable {
			if d < m.days {
				m.away[i*m.days+d] = true
			}
		}
		for j := range p.Offers {
			for p.ReturnMinutes[i][j] >= 0 && p.GramsCO2e[i][j]>>m.gramsShift >= 1<<gramsBits {
				m.gramsShift++
			}
			m.minutes[i*m.tours+j], m.grams[i*m.tours+j] = int32(p.ReturnMinutes[i][j]), int32(p.GramsCO2e[i][j])
			if p.ReturnMinutes[i][j] < 0 {
				m.minutes[i*m.tours+j], m.grams[i*m.tours+j] = none, 0
			}
		}
	}
	for _, pin := range p.Pins {
		m.cohorts = max(m.cohorts, pin.Cohort+1)
	}
	m.peopleOf = make([][]int32, m.cohorts)
	m.membersOf = make([][]int32, m.teams)
	for i := range p.People {
		c, t := m.cohort[i], m.team[i]
		m.peopleOf[c] = append(m.peopleOf[c], int32(i))
		m.membersOf[t] = append(m.membersOf[t], int32(i))
	}
	for team, members := range m.membersOf {
		if len(members) == 0 {
			m.unstaffed += len(p.TeamThemes[team])
		}
	}
	m.teamRank = make([]int32, m.teams)
	inCohort := make([]int, m.cohorts)
	for team, members := range m.membersOf {
		if len(members) > 0 {
			c := m.cohort[members[0]]
			m.teamRank[team] = int32(inCohort[c])
			inCohort[c]++
			m.teamsMost = max(m.teamsMost, inCohort[c])
		}
	}
	m.layTours()
	m.layDays()
	m.layAttainable()
	return m, nil
}

func (m *model) layTours() {
	p := m.problem
	m.lo, m.hi, m.weight = make([]int32, m.tours), make([]int32, m.tours), make([]int32, m.tours)
	m.parts, m.within = make([][]int, m.tours), make([][]int, m.tours)
	m.themes, m.excluded = make([][]int32, m.tours), make([]bool, m.tours)
	m.dayOpen, m.openOn = make([]bool, m.tours*m.days), make([][]int, m.days)
	m.pinOf = make([]int32, m.tours)
	for j, offer := range p.Offers {
		m.lo[j], m.hi[j] = int32(offer.Min), int32(offer.Max-p.MentorSeats)
		m.parts[j] = p.parts(j)
		m.weight[j] = int32(len(m.parts[j]))
		m.pinOf[j] = none
		for _, o := range m.parts[j] {
			m.within[o] = append(m.within[o], j)
			m.excluded[j] = m.excluded[j] || p.Offers[o].Excluded != nil
		}
		m.excluded[j] = m.excluded[j] || offer.Excluded != nil
		for _, t := range offer.Themes {
			if t < m.themesN {
				m.themes[j] = append(m.themes[j], int32(t))
			}
		}
		if m.excluded[j] {
			continue
		}
		for _, d := range offer.Days {
			m.dayOpen[j*m.days+d] = true
			m.openOn[d] = append(m.openOn[d], j)
		}
	}
	m.pinnedDay = make([]int32, m.cohorts*m.fortnights)
	for i := range m.pinnedDay {
		m.pinnedDay[i] = none
	}
	for i, pin := range p.Pins {
		m.pinOf[pin.Offer] = int32(i)
		m.pinnedDay[m.slot(pin.Cohort, int(m.fort[pin.Day]))] = int32(pin.Day)
	}
}

func (m *model) layDays() {
	m.able = make([]int32, m.cohorts*m.tours*m.days)
	for i := range m.people {
		for j := range m.tours {
			if !m.canGo(i, j) || m.excluded[j] {
				continue
			}
			at := (int(m.cohort[i])*m.tours + j) * m.days
			for _, d := range m.daysFor(int(m.cohort[i]), j) {
				if !m.away[i*m.days+d] {
					m.able[at+d]++
				}
			}
		}
	}
	m.live = make([][]int, m.cohorts*m.fortnights)
	for c := range m.cohorts {
		for d := range m.days {
			for _, j := range m.openOn[d] {
				if m.couldHold(c, j, d) {
					s := m.slot(c, int(m.fort[d]))
					m.live[s] = append(m.live[s], d)
					break
				}
			}
		}
		for f := range m.fortnights {
			m.live[m.slot(c, f)] = m.undominated(c, m.live[m.slot(c, f)])
		}
	}
}

// undominated drops each day that another one replaces whatever the plan: at least its offers, at most its absences.
func (m *model) undominated(c int, days []int) []int {
	var kept []int
	for i, d := range days {
		dominated := false
		for k, e := range days {
			if i != k && m.dominates(c, e, d) && (k < i || !m.dominates(c, d, e)) {
				dominated = true
				break
			}
		}
		if !dominated {
			kept = append(kept, d)
		}
	}
	return kept
}

// dominates says whether day e of the same fortnight has all that day d has for cohort c.
func (m *model) dominates(c, e, d int) bool {
	for _, j := range m.openOn[d] {
		if !m.dayOpen[j*m.days+e] {
			return false
		}
	}
	for _, p := range m.peopleOf[c] {
		if m.away[int(p)*m.days+e] && !m.away[int(p)*m.days+d] {
			return false
		}
	}
	return true
}

func (m *model) layAttainable() {
	m.attain = make([]int32, m.people)
	for i := range m.attain {
		if len(m.problem.Attainable) > 0 {
			m.attain[i] = int32(m.problem.Attainable[i])
			continue
		}
		could := make([]bool, m.fortnights)
		for d := range m.days {
			if m.away[i*m.days+d] {
				continue
			}
			could[m.fort[d]] = could[m.fort[d]] || slices.ContainsFunc(m.openOn[d], func(j int) bool { return m.canGo(i, j) })
		}
		for _, yes := range could {
			if yes {
				m.attain[i]++
			}
		}
		m.attain[i] = min(m.attain[i], int32(m.maxDays))
	}
}

func (m *model) slot(cohort, fortnight int) int { return cohort*m.fortnights + fortnight }

func (m *model) canGo(p, tour int) bool { return m.minutes[p*m.tours+tour] >= 0 }

// daysFor are the days on which cohort c could hold tour j: those left, and the day of its pin.
func (m *model) daysFor(c, j int) []int {
	days := m.problem.Offers[j].Days
	if k := m.pinOf[j]; k != none && m.pins[k].Cohort == c && !m.dayOpen[j*m.days+m.pins[k].Day] {
		return append(slices.Clone(days), m.pins[k].Day)
	}
	return days
}

// couldHold says whether tour j is open on day d and enough people of cohort c could go.
func (m *model) couldHold(c, j, d int) bool {
	return m.dayOpen[j*m.days+d] && m.able[(c*m.tours+j)*m.days+d] >= m.lo[j]
}

// holdable is couldHold, or pinned there with enough people.
func (m *model) holdable(c, j, d int) bool { return m.able[(c*m.tours+j)*m.days+d] >= m.lo[j] }

// couldSee says whether a member of the team could see the theme in some plan, other visits aside.
func (m *model) couldSee(team, theme int) bool {
	for j := range m.tours {
		if !m.excluded[j] && slices.Contains(m.themes[j], int32(theme)) && m.couldVisit(team, j) {
			return true
		}
	}
	return false
}

func (m *model) couldVisit(team, j int) bool {
	for _, p := range m.membersOf[team] {
		c := int(m.cohort[p])
		for _, d := range m.daysFor(c, j) {
			if m.canGo(int(p), j) && !m.away[int(p)*m.days+d] && m.holdable(c, j, d) {
				return true
			}
		}
	}
	return false
}

// tourOf finds the entry that stands for a visit's offers: itself, or the pair in this order; none if there is none.
func (m *model) tourOf(offers []int) int {
	switch {
	case len(offers) == 1 && offers[0] >= 0 && offers[0] < m.tours && len(m.problem.Offers[offers[0]].PairOf) == 0:
		return offers[0]
	case len(offers) == 2 && offers[0] >= 0 && offers[0] < m.tours:
		for _, j := range m.within[offers[0]] {
			if slices.Equal(m.parts[j], offers) {
				return j
			}
		}
	}
	return none
}

// grants says whether a plan of this score has all that the problem asks for besides its rules.
func (m *model) grants(s Score) bool {
	return s.missing == 0 && (!m.problem.CoverEveryTheme || s.Uncovered <= m.unstaffed)
}
