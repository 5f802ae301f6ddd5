package check

import (
	"fmt"
	"slices"
	"sort"
)

// scale is what prices count in a unit of a figure; dearest is the highest price, dearestMinute that of a minute,
// dearestGrams that of 1,024 grams.
const (
	scale         = 65536
	dearest       = int64(1) << 38
	dearestMinute = int64(1) << 31
	dearestGrams  = int64(1) << 24
	// never is the cost of what cannot be; forcing, of leaving a person at home who has to go.
	never   = int64(1) << 60
	forcing = int64(1) << 52
)

// certified raises the known bound by what the certificate proves, leaf by leaf.
func (j *judge) certified(plan *planFile, known *figures) error {
	if plan.Certificate == nil {
		return nil
	}
	if !j.oneCohort() {
		return fmt.Errorf("certificate: speaks of one cohort, the problem has more")
	}
	return j.raised("certificate", plan.Certificate, j.unforced(), known, 0)
}

// raised evaluates the trees of a certificate. At the level worse, figures may pass the score, and the largest shortfall
// is asked for one more.
func (j *judge) raised(path string, c *certificate, v *verifier, known *figures, worse int) error {
	last := 0
	for i, l := range c.Levels {
		path := fmt.Sprintf("%s.levels[%d]", path, i)
		if l.Level <= last || l.Level > 5 {
			return fmt.Errorf("%s.level: %d does not come after %d, or is none", path, l.Level, last)
		}
		last = l.Level
		v.level, v.score = l.Level, j.score
		most := j.score.list()[l.Level-1]
		if l.Level == worse {
			most = 1 << 40
			if l.Level == 2 {
				v.score.MaxShortfall++
			}
		}
		least, err := v.node(path+".tree", l.Tree)
		if err != nil {
			return err
		}
		figure := min(int((least+scale-1)>>16), most) // figures are whole: up
		switch l.Level {
		case 1:
			known.Uncovered = max(known.Uncovered, figure)
		case 2:
			if figure >= 1 { // not all can stay below it
				known.MaxShortfall = v.score.MaxShortfall
			}
		case 3:
			known.SquaredShortfall = max(known.SquaredShortfall, figure)
		case 4:
			known.Minutes = max(known.Minutes, figure)
		case 5:
			known.Grams = max(known.Grams, figure)
		}
	}
	return nil
}

func (j *judge) oneCohort() bool {
	return j.cohorts == 1 && !slices.ContainsFunc(j.p.Pins, func(pin pinned) bool { return pin.Cohort != 0 })
}

func (j *judge) unforced() *verifier {
	return &verifier{j: j, days: j.openDays(-1), limits: make([][]limit, j.blocks()), offer: -1, team: -1, theme: -1}
}

// forced checks what is said to be proved of all plans with the thing in.
func (j *judge) forced(s subject, reason string, f facts) error {
	if f.Bound == nil {
		if reason == "WOULD_COST" || f.Level != 0 || f.Loss != 0 || f.Proof != nil {
			return fmt.Errorf("level, loss and proof do not make a proof without a bound")
		}
		return nil
	}
	known := j.all
	if f.Proof != nil {
		if !j.oneCohort() {
			return fmt.Errorf("a proof speaks of one cohort, the problem has more")
		}
		v := j.unforced()
		switch s.kind {
		case "OFFER":
			v.offer = s.offer
		case "DAY", "PERSON_DAY":
			at := j.block(s.day)
			v.days = j.openDays(s.day)
			v.limits[at] = []limit{{branch{Kind: "DAY", Fortnight: at, Day: s.day}, true}}
			if s.kind == "PERSON_DAY" {
				v.limits[at] = append(v.limits[at], limit{branch{Kind: "PLACE", Fortnight: at, Person: s.person}, true})
			}
		default:
			v.team, v.theme = s.team, s.theme
		}
		if err := j.raised("proof", f.Proof, v, &known, f.Level); err != nil {
			return err
		}
	}
	says, has, score := f.Bound.list(), known.list(), j.score.list()
	for i := range says {
		if says[i] > has[i] && (f.Level == 0 || !j.settled(f.Level, i+1)) {
			return fmt.Errorf("bound.%s: says %d, no more than %d follows", levelNames[i], says[i], has[i])
		}
	}
	if reason != "WOULD_COST" {
		if f.Level != 0 || f.Loss != 0 {
			return fmt.Errorf("a level and a loss are of what would cost")
		}
		return nil
	}
	if f.Level < 1 || f.Level > 5 || f.Loss < 1 {
		return fmt.Errorf("level, loss and proof do not make a proof")
	}
	for i := range says {
		switch {
		case j.settled(i+1, f.Level) && says[i] != score[i]:
			return fmt.Errorf("bound.%s: %d, where the plan has %d: another might be better", levelNames[i], says[i], score[i])
		case j.settled(f.Level, i+1) && says[i] != 0:
			return fmt.Errorf("bound.%s: %d, after the level that gets worse", levelNames[i], says[i])
		}
	}
	if says[f.Level-1] != score[f.Level-1]+f.Loss {
		return fmt.Errorf("loss: %d, where the bound has %d and the plan %d", f.Loss, says[f.Level-1], score[f.Level-1])
	}
	return nil
}

// openDay is a day with the entries that could be held on it.
type openDay struct {
	day     int
	entries []int
	people  []int
}

// openDays lists, by block, the days that a plan needs: a pin's day where there is one, else all but those that
// another day of the fortnight replaces; forced, unless it is -1, stands for its block whatever replaces it.
func (j *judge) openDays(forced int) [][]openDay {
	p := j.p
	pinDay := map[int]int{}
	promised := map[int]int{} // single offer: pin that uses it
	for i, pin := range p.Pins {
		pinDay[j.block(pin.Day)] = pin.Day
		for _, o := range j.parts(pin.Offer) {
			promised[o] = i
		}
	}
	offers := make([]map[int]bool, p.WorkingDays)
	for d := range offers {
		offers[d] = map[int]bool{}
		for e, offer := range p.Offers {
			if !j.out(e) && slices.Contains(offer.Days, d) {
				offers[d][e] = true
			}
		}
	}
	covers := func(a, b int) bool { // a has all that b has
		for e := range offers[b] {
			if !offers[a][e] {
				return false
			}
		}
		for _, person := range j.inCohort[0] {
			if j.away[person][a] && !j.away[person][b] {
				return false
			}
		}
		return true
	}
	all := make([][]openDay, j.blocks())
	for d := range p.WorkingDays {
		f := j.block(d)
		if day, yes := pinDay[f]; yes {
			if day != d {
				continue
			}
		} else if d != forced {
			replaced := false
			for other := range p.WorkingDays {
				if j.block(other) == f && other != d && covers(other, d) && (other < d || !covers(d, other)) {
					replaced = true
				}
			}
			if replaced {
				continue
			}
		}
		open := openDay{day: d}
		for e := range p.Offers {
			if j.out(e) || !slices.Contains(j.days(0, e), d) || !j.enough(0, e, d) {
				continue
			}
			free := true
			for _, o := range j.parts(e) {
				if i, yes := promised[o]; yes && (p.Pins[i].Offer != e || p.Pins[i].Day != d) {
					free = false
				}
			}
			if free {
				open.entries = append(open.entries, e)
			}
		}
		for _, person := range j.inCohort[0] {
			if !j.away[person][d] {
				open.people = append(open.people, person)
			}
		}
		all[f] = append(all[f], open)
	}
	return all
}

// limit is one side of a branch.
type limit struct {
	branch
	has bool
}

type verifier struct {
	j      *judge
	level  int
	score  figures
	days   [][]openDay
	limits [][]limit // by block
	// What the plans spoken of have, -1 for nothing: an offer, so that using it may be worth something; a theme seen by a
	// team, so that leaving it out is none of their choices.
	offer, team, theme int

	seat  [][]int64         // [person][entry]
	use   []int64           // [entry]
	place map[placeOf]int64 // what places are worth more
}

// placeOf is a person's place in a block, on a tour of so many visits.
type placeOf struct{ person, block, visits int }

// node gives the least that the plans of a subtree cost, in 1/scale.
func (v *verifier) node(path string, n *proofNode) (int64, error) {
	if n == nil {
		return 0, fmt.Errorf("%s: is not there: not all plans are covered", path)
	}
	if n.Branch == nil {
		if n.Prices == nil || n.Yes != nil || n.No != nil {
			return 0, fmt.Errorf("%s: a leaf has prices and nothing else", path)
		}
		if err := v.readable(path, n.Prices); err != nil {
			return 0, err
		}
		return v.leaf(path, n.Prices)
	}
	b := *n.Branch
	p := v.j.p
	within := func(x, end int) bool { return x >= 0 && x < end }
	if n.Prices != nil || !within(b.Fortnight, v.j.blocks()) || !within(b.Day, p.WorkingDays) || !within(b.Offer, len(p.Offers)) ||
		!within(b.Person, len(p.People)) || !slices.Contains([]string{"DAY", "OFFER", "SEAT", "PLACE"}, b.Kind) {
		return 0, fmt.Errorf("%s.branch: is none", path)
	}
	before := v.limits[b.Fortnight]
	defer func() { v.limits[b.Fortnight] = before }()
	v.limits[b.Fortnight] = append(slices.Clone(before), limit{b, true})
	yes, err := v.node(path+".yes", n.Yes)
	if err != nil {
		return 0, err
	}
	v.limits[b.Fortnight] = append(slices.Clone(before), limit{b, false})
	no, err := v.node(path+".no", n.No)
	return min(yes, no), err
}

func (v *verifier) readable(path string, pr *prices) error {
	pairs := 0
	for _, themes := range v.j.p.TeamThemes {
		pairs += len(themes)
	}
	if len(pr.Offers) != len(v.j.p.Offers) || len(pr.People) != len(v.j.p.People) || len(pr.Themes) != pairs {
		return fmt.Errorf("%s.prices: do not fit the problem", path)
	}
	offers := slices.Clone(pr.Offers)
	if v.offer >= 0 {
		offers[v.offer] = max(offers[v.offer], -offers[v.offer])
	}
	for _, list := range [][]int64{offers, pr.People, pr.Themes, {pr.Uncovered, pr.Squares, pr.Minutes, pr.Grams}} {
		for _, x := range list {
			if x < 0 || x > dearest {
				return fmt.Errorf("%s.prices: %d is not within 0 and %d", path, x, dearest)
			}
		}
	}
	if pr.Minutes > dearestMinute || pr.Grams > dearestGrams {
		return fmt.Errorf("%s.prices: %d a minute or %d for 1,024 grams is above %d or %d", path, pr.Minutes, pr.Grams, dearestMinute, dearestGrams)
	}
	last := -1
	for _, w := range pr.Places {
		at := (w.Person*v.j.blocks()+w.Fortnight)*2 + w.Visits
		if w.Person < 0 || w.Person >= len(pr.People) || w.Fortnight < 0 || w.Fortnight >= v.j.blocks() || w.Visits < 1 || w.Visits > 2 || at <= last {
			return fmt.Errorf("%s.prices.places: are not of people, fortnights and 1 or 2 visits, one after the other", path)
		}
		if last = at; w.Worth < 0 || w.Worth > dearest {
			return fmt.Errorf("%s.prices.places: %d is not within 0 and %d", path, w.Worth, dearest)
		}
	}
	return nil
}

// leaf evaluates prices: what the rules' own sides give, what is left to each person and pair, and the cheapest days.
func (v *verifier) leaf(path string, pr *prices) (int64, error) {
	j, p := v.j, v.j.p
	total := int64(0)
	for _, x := range pr.Offers {
		total -= x
	}
	// What a unit of each figure costs: scale at the level itself, its price where it is settled, else nothing.
	unit := func(level int, price int64, figure int) int64 {
		switch {
		case level == v.level:
			return scale
		case j.settled(level, v.level):
			total -= price * int64(figure)
			return price
		}
		return 0
	}
	given := unit(1, pr.Uncovered, v.score.Uncovered) // leaving a pair uncovered
	square := unit(3, pr.Squares, v.score.SquaredShortfall)
	minute := unit(4, pr.Minutes, v.score.Minutes)
	gram := unit(5, 0, 0)
	if j.settled(5, v.level) {
		total -= (pr.Grams*int64(v.score.Grams) + 1023) / 1024
	}
	worth := map[[2]int]int64{}
	k := 0
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			worth[[2]int{team, theme}] = pr.Themes[k]
			if team == v.team && theme == v.theme {
				total += pr.Themes[k]
			} else {
				total += min(given, pr.Themes[k])
			}
			k++
		}
	}
	highest := int64(0)
	v.place = map[placeOf]int64{}
	for _, w := range pr.Places {
		v.place[placeOf{w.Person, w.Fortnight, w.Visits}] = w.Worth
		highest = max(highest, w.Worth)
	}
	for i, a := range j.attain {
		lack := func(short int) int64 {
			if j.settled(2, v.level) && short > v.score.MaxShortfall {
				return never
			}
			s := int64(short)
			c := square * s * s
			if v.level == 2 {
				c += scale * max(0, s-int64(v.score.MaxShortfall)+1)
			}
			return c
		}
		best := never
		if slices.ContainsFunc(pr.Places, func(w placeWorth) bool { return w.Person == i }) {
			if best = v.visits(i, pr.People[i], lack); best == never {
				return never, nil // in no plan of the leaf
			}
		} else {
			for short := range a + 1 {
				best = min(best, pr.People[i]*int64(a-short)+lack(short))
			}
		}
		total += best
	}
	dearestPlace := highest
	v.use, v.seat = make([]int64, len(p.Offers)), make([][]int64, len(p.People))
	for e := range p.Offers {
		for _, o := range j.parts(e) {
			v.use[e] += pr.Offers[o]
		}
	}
	for i, person := range p.People {
		v.seat[i] = make([]int64, len(p.Offers))
		for e, offer := range p.Offers {
			if p.ReturnMinutes[i][e] < 0 {
				v.seat[i][e] = never
				continue
			}
			c := -pr.People[i] * int64(len(j.parts(e)))
			for _, theme := range offer.Themes {
				c -= worth[[2]int{person.Team, theme}]
			}
			c += minute*int64(p.ReturnMinutes[i][e]) + gram*int64(p.GramsCO2e[i][e])
			if j.settled(5, v.level) {
				c += pr.Grams * int64(p.GramsCO2e[i][e]) / 1024
			}
			v.seat[i][e] = c
			highest = max(highest, c+dearestPlace, dearestPlace-c)
		}
	}
	if highest > forcing/int64(4*len(p.People)) || len(p.People) > 120 {
		return 0, fmt.Errorf("%s.prices: are too high to reckon with", path)
	}
	costs, must := make([]int64, j.blocks()), make([]bool, j.blocks())
	for f := range must {
		must[f] = slices.ContainsFunc(v.limits[f], func(l limit) bool { return l.has }) ||
			slices.ContainsFunc(p.Pins, func(pin pinned) bool { return j.block(pin.Day) == f })
	}
	for f, required := range must {
		best := int64(0)
		if required {
			best = never
		}
		order := make([]*dayPricer, 0, len(v.days[f]))
		for _, d := range v.days[f] {
			if q := v.day(f, d, required); q != nil {
				order = append(order, q)
			}
		}
		sort.SliceStable(order, func(a, b int) bool { return order[a].floor+order[a].gains[0] < order[b].floor+order[b].gains[0] })
		for _, q := range order {
			q.best = best - q.base
			q.choose(0, nil, q.floor)
			best = q.best + q.base
		}
		if costs[f] = best; best >= never/2 {
			return never, nil
		}
	}
	least, fits := j.cheapestDays(costs, must)
	if !fits {
		return never, nil
	}
	return total + least, nil
}

// visits is the least that a person's visits cost over all blocks, at so much each and what their places are worth more, with
// the shortfall that is left; in a block they have none, or one tour of some day that is open to them.
func (v *verifier) visits(person int, price int64, lack func(short int) int64) int64 {
	j := v.j
	open := make([][3]bool, j.blocks())
	for b, days := range v.days {
		for _, d := range days {
			for _, e := range d.entries {
				if slices.Contains(d.people, person) && j.p.ReturnMinutes[person][e] >= 0 {
					open[b][len(j.parts(e))] = true
				}
			}
		}
	}
	type place struct{ end, days, had int } // the blocks before end are left, and so many days; visits had after them
	known := map[place]int64{}
	var best func(at place) int64
	best = func(at place) int64 {
		if at.end == 0 {
			return lack(max(0, j.attain[person]-at.had))
		}
		if c, yes := known[at]; yes {
			return c
		}
		b := at.end - 1
		least := best(place{b, at.days, at.had})
		for n := 1; n <= 2 && at.days > 0; n++ {
			if !open[b][n] {
				continue
			}
			if c := best(place{j.clear(b), at.days - 1, min(j.attain[person], at.had+n)}); c < never {
				least = min(least, c+price*int64(n)+v.place[placeOf{person, b, n}])
			}
		}
		known[at] = least
		return least
	}
	return best(place{j.blocks(), j.p.VisitDaysMax, 0})
}

// day lays out a day for its cheapest plan; nil where there is none.
func (v *verifier) day(f int, d openDay, required bool) *dayPricer {
	j, p := v.j, v.j.p
	needed := map[int]bool{}
	seatOf := map[int]int{} // person: the only entry they may see
	placed, home := map[int]bool{}, map[int]bool{}
	group := map[int][]int{}
	for _, pin := range p.Pins {
		if pin.Day == d.day {
			needed[pin.Offer] = true
			if len(pin.People) > 0 {
				group[pin.Offer] = pin.People
			}
			for _, person := range pin.People {
				seatOf[person] = pin.Offer
			}
		}
	}
	barred, notHere := map[int]bool{}, map[[2]int]bool{}
	for _, l := range v.limits[f] {
		switch {
		case l.Kind == "DAY" && l.has != (l.Day == d.day):
			return nil
		case l.Kind == "OFFER" && l.has:
			needed[l.Offer] = true
		case l.Kind == "OFFER":
			barred[l.Offer] = true
		case l.Kind == "SEAT" && l.has:
			if other, two := seatOf[l.Person]; two && other != l.Offer {
				return nil
			}
			needed[l.Offer], seatOf[l.Person] = true, l.Offer
		case l.Kind == "SEAT":
			notHere[[2]int{l.Person, l.Offer}] = true
		case l.Kind == "PLACE" && l.has:
			placed[l.Person] = true
		case l.Kind == "PLACE":
			home[l.Person] = true
		}
	}
	for person := range seatOf {
		placed[person] = true
	}
	for person := range placed {
		if !slices.Contains(d.people, person) || home[person] {
			return nil
		}
	}
	q := &dayPricer{people: d.people, forced: make([]bool, len(d.people)), hostsMax: p.HostsPerDayMax}
	for i, person := range d.people {
		q.forced[i] = placed[person]
	}
	found := 0
	var idle *tourPrice
	for _, e := range d.entries {
		if barred[e] {
			continue
		}
		t := tourPrice{entry: e, parts: j.parts(e), use: v.use[e], low: p.Offers[e].Min, high: p.Offers[e].Max - p.MentorSeats, needed: needed[e]}
		for i, person := range d.people {
			c := v.seat[person][e] - v.place[placeOf{person, f, len(t.parts)}]
			only, bound := seatOf[person]
			if bound && only != e || group[e] != nil && !slices.Contains(group[e], person) || home[person] || notHere[[2]int{person, e}] {
				c = never
			}
			if q.forced[i] && c < never {
				c -= forcing
			}
			t.cost = append(t.cost, c)
		}
		t.alone = t.use + t.bestGroup(nil)
		if t.alone >= never/2 {
			continue // no whole group
		}
		if needed[e] {
			found++
		} else if p.HostsPerDayMax > 0 && len(t.parts) > p.HostsPerDayMax {
			continue
		} else if t.alone >= 0 { // whoever goes there might as well stay at home, if not all do
			if idle == nil || t.alone < idle.alone {
				idle = &t
			}
			continue
		}
		q.tours = append(q.tours, t)
	}
	if required && idle != nil {
		q.tours = append(q.tours, *idle)
	}
	if found < len(needed) {
		return nil
	}
	sort.SliceStable(q.tours, func(a, b int) bool {
		if q.tours[a].needed != q.tours[b].needed {
			return q.tours[a].needed
		}
		return q.tours[a].alone < q.tours[b].alone
	})
	for _, f := range q.forced {
		if f {
			q.base += forcing
		}
	}
	q.prepare()
	return q
}

type tourPrice struct {
	entry     int
	parts     []int
	use       int64
	low, high int
	needed    bool
	cost      []int64 // by person of the day
	alone     int64   // the least it costs, other tours aside
}

// bestGroup is the cheapest group that the tour could have, where people's places cost extra.
func (t *tourPrice) bestGroup(extra []int64) (sum int64) {
	costs := slices.Clone(t.cost)
	for i, c := range extra {
		costs[i] += c
	}
	slices.Sort(costs)
	for n, c := range costs {
		if n >= t.low && (c >= 0 || n >= t.high) {
			return sum
		}
		if c >= never/2 {
			return never
		}
		sum += c
	}
	if len(costs) < t.low {
		return never
	}
	return sum
}

// dayPricer tries the sets of a day's tours.
type dayPricer struct {
	people   []int
	forced   []bool
	tours    []tourPrice
	hostsMax int
	best     int64
	base     int64
	floor    int64     // what prices of people's time take off before any tour is taken
	after    [][]int64 // [tour][person]: the cheapest seat from that tour on, 0 at home
	brings   []int64   // [tour]: what using tours from that one on brings at most
	gains    []int64   // [tour]: what tours from that one on gain at most
}

// prepare bounds what tours gain. One by one they would count a person in several groups; a price on everyone's time,
// some share of what their second best place is worth, gives a bound as well, and often a better one.
func (q *dayPricer) prepare() {
	n := len(q.tours)
	second := make([]int64, len(q.people))
	for i := range q.people {
		first := int64(0)
		for _, t := range q.tours {
			switch c := t.cost[i]; {
			case q.forced[i] || c >= 0:
			case c < first:
				first, second[i] = c, first
			default:
				second[i] = min(second[i], c)
			}
		}
	}
	most := never
	for share := range int64(9) {
		floor, extra, alone := int64(0), make([]int64, len(q.people)), make([]int64, n)
		for i, c := range second {
			extra[i] = -c / 8 * share
			floor -= extra[i]
		}
		total := floor
		for k := range q.tours {
			alone[k] = q.tours[k].use + q.tours[k].bestGroup(extra)
			total += min(0, alone[k])
		}
		if share == 0 || total > most {
			most, q.floor = total, floor
			for k := range q.tours {
				q.tours[k].alone = alone[k]
			}
		}
	}
	q.after, q.gains, q.brings = make([][]int64, n+1), make([]int64, n+1), make([]int64, n+1)
	q.after[n] = make([]int64, len(q.people))
	for k := n - 1; k >= 0; k-- {
		q.gains[k] = q.gains[k+1] + min(0, q.tours[k].alone)
		q.brings[k] = q.brings[k+1] + min(0, q.tours[k].use)
		for i := range q.people {
			q.after[k] = append(q.after[k], min(q.after[k+1][i], q.tours[k].cost[i]))
		}
	}
}

// choose takes or leaves tour k and those after it; alone is what those taken cost at least.
func (q *dayPricer) choose(k int, taken []int, alone int64) {
	if alone+q.gains[k] >= q.best {
		return
	}
	least := q.brings[k]
	for _, t := range taken {
		least += q.tours[t].use
	}
	for i := range q.people {
		c := q.after[k][i]
		for _, t := range taken {
			c = min(c, q.tours[t].cost[i])
		}
		least += c
	}
	if least >= q.best {
		return
	}
	if k == len(q.tours) {
		if len(taken) > 0 {
			q.best = min(q.best, q.seat(taken))
		}
		return
	}
	hosts, clash := len(q.tours[k].parts), false
	for _, t := range taken {
		hosts += len(q.tours[t].parts)
		for _, o := range q.tours[t].parts {
			clash = clash || slices.Contains(q.tours[k].parts, o)
		}
	}
	if !clash && (q.hostsMax == 0 || hosts <= q.hostsMax) {
		q.choose(k+1, append(slices.Clone(taken), k), alone+q.tours[k].alone)
	}
	if !q.tours[k].needed {
		q.choose(k+1, taken, alone)
	}
}

// seat gives tours their people at least cost: seat by seat, each by the cheapest chain of people who move up, first
// until every group has its least size, then as long as it gains (successive shortest paths from the side of the seats).
func (q *dayPricer) seat(taken []int) (total int64) {
	k := len(taken)
	at := make([]int, len(q.people)) // k: at home
	size := make([]int, k)
	for i := range at {
		at[i] = k
	}
	for _, t := range taken {
		total += q.tours[t].use
	}
	cost := func(i, t int) int64 {
		if t == k {
			return 0
		}
		return q.tours[taken[t]].cost[i]
	}
	move, mover := make([]int64, (k+1)*k), make([]int, (k+1)*k)
	reach, from := make([]int64, k), make([]int, k)
	for {
		for a := range move {
			move[a] = never
		}
		for i, a := range at {
			here := cost(i, a)
			for b := range k {
				if c := cost(i, b); b != a && c < never/2 && c-here < move[a*k+b] {
					move[a*k+b], mover[a*k+b] = c-here, i
				}
			}
		}
		for b := range k {
			reach[b], from[b] = move[k*k+b], k
		}
		for again := true; again; {
			again = false
			for a := range k {
				for b := range k {
					if reach[a] < never/2 && move[a*k+b] < never/2 && reach[a]+move[a*k+b] < reach[b] {
						reach[b], from[b], again = reach[a]+move[a*k+b], a, true
					}
				}
			}
		}
		next := -1
		for t := range k {
			if size[t] < q.tours[taken[t]].low {
				next = t
				break
			}
		}
		if next < 0 {
			for t := range k {
				if size[t] < q.tours[taken[t]].high && reach[t] < 0 && (next < 0 || reach[t] < reach[next]) {
					next = t
				}
			}
			if next < 0 {
				break
			}
		}
		if reach[next] >= never/2 {
			return never
		}
		total += reach[next]
		size[next]++
		for t := next; t < k; {
			a := from[t]
			at[mover[a*k+t]] = t
			t = a
		}
	}
	for i, yes := range q.forced {
		if yes && at[i] == k {
			return never
		}
	}
	return total
}
