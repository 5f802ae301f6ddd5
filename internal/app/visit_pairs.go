package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tandem/internal/domain"
	"tandem/internal/visit"
)

// The planner may send one group to two hosts of a nation on one day, one after the other, where the way between them takes
// no longer than betweenMinutesMax. Of a day's pairs it gets the closest few, and on a
// day with many hosts none: proving a plan gets dearer with everything that a day can hold.
const (
	betweenMinutesMax = 45
	pairsADayMost     = 6
	withHostsMost     = 12 // pairs and hosts of a day together
)

// hostsOf is the offers behind an entry of the problem: one, or a pair in order.
func (s *setting) hostsOf(entry int) []*domain.HostOffer {
	if entry < len(s.hosts) {
		return s.hosts[entry : entry+1]
	}
	pair := s.pairs[entry-len(s.hosts)]
	return []*domain.HostOffer{s.hosts[pair[0]], s.hosts[pair[1]]}
}

// entryOf is the entry of the problem that a laid visit holds.
func (s *setting) entryOf(v visit.Visit) int {
	if len(v.Offers) == 2 {
		return s.pairOf[[2]int(v.Offers)]
	}
	return v.Offers[0]
}

// offersOf is the offers behind entries of the problem, each once.
func (s *setting) offersOf(entries []int) []*domain.HostOffer {
	var out []*domain.HostOffer
	for _, entry := range entries {
		for _, o := range s.hostsOf(entry) {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// names is the enrolments of people by the engine's numbers.
func (s *setting) names(people []int) []string {
	out := make([]string, len(people))
	for i, n := range people {
		out[i] = s.persons[n].ID
	}
	return out
}

// hostsWith is the offers that the group of a visit sees that day, in order; only its own where it was called off, nil where
// one of them is no more.
func (s *setting) hostsWith(p *domain.VisitPlan, v *domain.Visit) []*domain.HostOffer {
	var hosts []*domain.HostOffer
	for _, x := range together(p, v) {
		host, ok := s.hostOf[x.OfferID]
		if !ok {
			return nil
		}
		hosts = append(hosts, s.hosts[host])
	}
	return hosts
}

// together is the visits of a visit's group on its day, itself among them, in order. One that was called off stands alone.
func together(p *domain.VisitPlan, v *domain.Visit) []*domain.Visit {
	out := []*domain.Visit{v}
	if v.Stored == domain.VisitCancelled {
		return out
	}
	for _, x := range p.Visits {
		if x.ID != v.ID && x.GroupID == v.GroupID && x.On == v.On && x.Stored != domain.VisitCancelled {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, inTurn)
	return out
}

// inTurn orders the visits of a group by their start.
func inTurn(x, y *domain.Visit) int {
	return cmp.Or(x.StartsAt.Compare(y.StartsAt), strings.Compare(x.ID, y.ID))
}

// between is the way from one host to another, in minutes.
func (s *setting) between(first, second *domain.HostOffer) int {
	return s.estimate(s.sites[first.SiteID].StationCode, s.sites[second.SiteID].StationCode).leg.Minutes
}

// timetable is when a group is at the two hosts of a pair.
type timetable struct {
	first, second time.Time
	length        time.Duration // from the first's beginning to the second's end
}

// inOneDay fits two hosts' windows of a day, one after the other with the way between them, into the shortest day; false
// where they do not fit.
func (s *setting) inOneDay(first, second *domain.HostOffer, a, b *domain.OfferWindow) (timetable, bool) {
	stay, then := minutes(first.DurationMinutes), minutes(second.DurationMinutes)
	way := minutes(s.between(first, second))
	t := timetable{first: a.StartsAt, second: a.StartsAt.Add(stay + way)}
	if t.second.Before(b.StartsAt) {
		t.second = b.StartsAt
		if t.first = t.second.Add(-stay - way); t.first.Add(stay).After(a.EndsAt) {
			t.first = a.EndsAt.Add(-stay)
		}
	}
	end := t.second.Add(then)
	t.length = end.Sub(t.first)
	return t, !end.After(b.EndsAt) && !t.first.Before(a.StartsAt) && !t.first.Add(stay).After(a.EndsAt)
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// timesOn is when a group is at two hosts on a day; false where their windows do not let it see both.
func (s *setting) timesOn(first, second *domain.HostOffer, on domain.Date) (timetable, bool) {
	a, b := s.windowOn(first, on), s.windowOn(second, on)
	if a == nil || b == nil {
		return timetable{}, false
	}
	return s.inOneDay(first, second, a, b)
}

// windowOn is a host's longest window of a day; nil where it has none.
func (s *setting) windowOn(o *domain.HostOffer, on domain.Date) *domain.OfferWindow {
	for _, d := range s.openings(o) {
		if d.on == on {
			return d.window
		}
	}
	return nil
}

// candidate is a pair that a group could see on a day.
type candidate struct {
	pair   [2]int
	way    int // minutes between its hosts
	length time.Duration
}

// layPairs gives the planner the pairs of close hosts, day by day, each in the order that makes the shorter day, and those
// that a plan holds already, in whatever order. A pair takes the people that both its hosts take.
func (s *setting) layPairs(used []*domain.Visit) {
	if s.problem.HostsPerDayMax != 1 {
		s.layClosePairs()
	}
	for i, v := range used {
		for _, x := range used[:i] {
			a, known := s.hostOf[x.OfferID]
			b, also := s.hostOf[v.OfferID]
			if known && also && a != b && x.GroupID == v.GroupID && x.On == v.On && x.Stored != domain.VisitCancelled && v.Stored != domain.VisitCancelled {
				s.addPair([2]int{a, b})
				s.addPair([2]int{b, a})
			}
		}
	}
}

func (s *setting) layClosePairs() {
	open := make([][]int, len(s.days)) // hosts by day
	windows := make([]map[domain.Date]*domain.OfferWindow, len(s.hosts))
	for host, o := range s.hosts {
		windows[host] = map[domain.Date]*domain.OfferWindow{}
		for _, d := range s.openings(o) {
			windows[host][d.on] = d.window
		}
		for _, day := range s.problem.Offers[host].Days {
			open[day] = append(open[day], host)
		}
	}
	for day, hosts := range open {
		on, room := s.days[day], min(pairsADayMost, withHostsMost-len(hosts))
		if room <= 0 {
			continue
		}
		var close []candidate
		for i, b := range hosts {
			for _, a := range hosts[:i] {
				first, second := s.hosts[a], s.hosts[b]
				if s.nationOf(first) != s.nationOf(second) || s.between(first, second) > betweenMinutesMax || !s.suits(a, b) {
					continue
				}
				there, ok := s.inOneDay(first, second, windows[a][on], windows[b][on])
				back, also := s.inOneDay(second, first, windows[b][on], windows[a][on])
				switch {
				case also && (!ok || back.length < there.length):
					close = append(close, candidate{[2]int{b, a}, s.between(first, second), back.length})
				case ok:
					close = append(close, candidate{[2]int{a, b}, s.between(first, second), there.length})
				}
			}
		}
		slices.SortFunc(close, func(x, y candidate) int {
			return cmp.Or(cmp.Compare(x.way, y.way), cmp.Compare(x.length, y.length), slices.Compare(x.pair[:], y.pair[:]))
		})
		for _, c := range close[:min(len(close), room)] {
			entry := s.addPair(c.pair)
			s.problem.Offers[entry].Days = append(s.problem.Offers[entry].Days, day)
		}
	}
}

// suits reports whether some number of people suits both hosts.
func (s *setting) suits(a, b int) bool {
	x, y := s.problem.Offers[a], s.problem.Offers[b]
	return max(x.Min, y.Min) <= min(x.Max, y.Max)-s.problem.MentorSeats
}

// addPair adds an entry for two hosts in order, without a day yet, or finds it.
func (s *setting) addPair(pair [2]int) int {
	if entry, ok := s.pairOf[pair]; ok {
		return entry
	}
	p := &s.problem
	a, b := p.Offers[pair[0]], p.Offers[pair[1]]
	entry := len(p.Offers)
	themes := append(slices.Clone(a.Themes), b.Themes...)
	slices.Sort(themes)
	most := min(a.Max, b.Max)
	p.Offers = append(p.Offers, visit.Offer{Themes: slices.Compact(themes), Min: max(1, min(max(a.Min, b.Min), most-p.MentorSeats)), Max: most,
		HalfHours: min(48, a.HalfHours+b.HalfHours), Days: []int{}, StepFree: a.StepFree && b.StepFree, PairOf: pair[:]})
	s.pairs, s.pairOf[pair] = append(s.pairs, pair), entry
	return entry
}

// hold puts a planned visit, or the two of a pair, into a plan with its group. A visit to the same offer in the plan before
// stays the same visit, on the same day at the same time; where it stays put, it is as it was, whatever rule was overridden.
func (s *setting) hold(p, before *domain.VisitPlan, x visit.Visit, stays func(*domain.Visit) bool) {
	on, hosts := s.days[x.Day], s.hostsOf(s.entryOf(x))
	starts := s.startsOn(hosts, on)
	var visits []*domain.Visit
	var g *domain.VisitGroup
	for i, o := range hosts {
		k := slices.IndexFunc(before.Visits, func(v *domain.Visit) bool { return v.OfferID == o.ID })
		if k < 0 {
			visits = append(visits, s.visitTo(p, o, starts[i]))
			continue
		}
		v := before.Visits[k]
		if stays(v) {
			p.Visits, p.Groups = append(p.Visits, together(before, v)...), append(p.Groups, groupOf(before, v.GroupID))
			return
		}
		if g == nil && groupOf(p, v.GroupID) == nil {
			g = groupOf(before, v.GroupID)
		}
		visits = append(visits, v)
	}
	if g == nil {
		g = &domain.VisitGroup{ID: newID("group"), PlanID: p.ID}
	}
	asBefore := len(hosts) == 1 || visits[0].GroupID == visits[1].GroupID && inTurn(visits[0], visits[1]) < 0
	for i, v := range visits {
		if v.On != on || !asBefore {
			v.On, v.StartsAt = on, starts[i].UTC()
			v.EndsAt = v.StartsAt.Add(minutes(hosts[i].DurationMinutes))
		}
		v.GroupID = g.ID
	}
	g.On, g.MemberIDs = on, s.names(x.People)
	if taken := lettersOn(p, on, g.ID); g.Name == "" || slices.Contains(taken, g.Name) {
		g.Name = letter(taken)
	}
	p.Visits, p.Groups = append(p.Visits, visits...), append(p.Groups, g)
}

// startsOn is when a group begins at its hosts on a day: with the window, or as two windows let it see both in turn.
func (s *setting) startsOn(hosts []*domain.HostOffer, on domain.Date) []time.Time {
	if len(hosts) == 2 {
		if t, ok := s.timesOn(hosts[0], hosts[1], on); ok {
			return []time.Time{t.first, t.second}
		}
	}
	starts := make([]time.Time, len(hosts))
	for i, o := range hosts {
		starts[i] = s.opens(o, on)
	}
	return starts
}
