package visit

import (
	"cmp"
	"math/bits"
	"slices"
)

// unit is what one of a level's units is in prices and proofs: prices are whole numbers of 1/unit.
const unit = 1 << 16

// priceMax keeps every sum of prices far from the end of 64 bits.
const priceMax = int64(1) << 38

// minutePriceMax and gramPriceMax do so for the prices that are multiplied by minutes and by grams.
const (
	minutePriceMax = int64(1) << 31
	gramPriceMax   = int64(1) << 24
)

// Prices put a price on each rule that binds fortnights together. Whatever they are, what a plan costs at least
// follows from them (Lagrange): see docs/planning.md. All are whole numbers of 1/65536, 0 to 2^38; Minutes to 2^31,
// Grams, which is for 1,024 of them, to 2^24.
type Prices struct {
	// Offers is the price of using each offer; 0 for pairs.
	Offers []int64 `json:"offers"`
	// People is what a visit of each person is worth.
	People []int64 `json:"people"`
	// Themes is what covering each pair of team and theme is worth, in the order of teamThemes.
	Themes []int64 `json:"themes"`
	// Uncovered, Squares, Minutes and Grams price the figures of levels before.
	Uncovered int64 `json:"uncovered"`
	Squares   int64 `json:"squares"`
	Minutes   int64 `json:"minutes"`
	Grams     int64 `json:"grams,omitempty"`
	// Places are worth more than their visits, to some people: by person, fortnight and visits.
	Places []Place `json:"places,omitempty"`
}

// split is a side of a branch: something that a fortnight's day plan must have, or must not.
type split struct {
	Branch
	must bool
}

// dayView is a day on which a visit could be.
type dayView struct {
	day    int
	tours  []int32
	must   uint64
	clash  []uint64
	people []int32
	price  []int64 // by person: what a place was last found to be worth to them, see relax
}

// pricer finds the cheapest day plan of a fortnight under prices, of a problem with one cohort.
type pricer struct {
	m     *model
	hold  *hold
	days  [][]dayView // by fortnight
	level Level
	work  int

	seat  []int64   // [person*tours+tour]
	tour  []int64   // price of using it
	order [][]int32 // [tour]: people by seat, cheapest first
	theme []int64   // [team*themesN+theme]

	could  []uint8   // [person*fortnights+fortnight]: visits a person could make, see layVisits
	places [][]Place // by fortnight
	valued []bool    // by person: whether places are worth something
	toll   []int64   // by place, of a person
	table  []int64   // of cheapest
	steps  int       // of cheapest, not yet in work

	view   *dayView
	used   []int32 // tours of the view that could pay
	usedIn []uint64
	mustIn uint64
	alone  []int64 // what each of them gains at most
	cost   []int64 // [person*len(used)+tour]
	suffix []int64 // [depth*people+person]: cheapest of the tours from depth on
	paid   []int64 // [depth]: what using the tours from depth on brings at most
	chosen []int64 // [depth*people+person]: cheapest of the tours taken, 0 at home
	best   dayPlan
	looks  int

	by    [][]int32 // [tour of used]: people who can go, by cost less price
	count []int32
	worth []int64 // alone under the best prices

	transport transport
}

// ToursMax bounds the tours of a day that the exact method looks at.
const ToursMax = 40

func newPricer(m *model, h *hold) *pricer {
	pr := &pricer{m: m, hold: h, days: make([][]dayView, m.fortnights), order: make([][]int32, m.tours)}
	if m.cohorts != 1 {
		return pr
	}
	for f := range m.fortnights {
		days := m.live[f]
		if d := h.day[f]; d != none {
			days = []int{int(d)}
		}
		for _, d := range days {
			v := dayView{day: d}
			if h.day[f] != none {
				v.tours = append(v.tours, h.musts[f]...)
				v.must = 1<<len(v.tours) - 1
			}
			for _, j := range m.openOn[d] {
				if m.couldHold(0, j, d) && !slices.ContainsFunc(m.parts[j], func(o int) bool { return h.promised[o] }) {
					v.tours = append(v.tours, int32(j))
				}
			}
			for _, p := range m.peopleOf[0] {
				if !m.away[int(p)*m.days+d] {
					v.people = append(v.people, p)
				}
			}
			v.clash = make([]uint64, len(v.tours))
			for i, a := range v.tours {
				for k, b := range v.tours {
					if i != k && i < 64 && k < 64 && m.share(int(a), int(b)) {
						v.clash[i] |= 1 << k
					}
				}
			}
			if len(v.tours) > 0 {
				pr.days[f] = append(pr.days[f], v)
			}
		}
	}
	pr.layVisits()
	return pr
}

// dense says whether some day has more tours than can be looked through.
func (pr *pricer) dense() bool {
	for _, days := range pr.days {
		for _, v := range days {
			if len(v.tours) > ToursMax {
				return true
			}
		}
	}
	return false
}

// set takes prices for a level.
func (pr *pricer) set(level Level, p *Prices) {
	m := pr.m
	pr.level = level
	pr.seat, pr.tour = sized(pr.seat, m.people*m.tours), sized(pr.tour, m.tours)
	pr.theme = sized(pr.theme, m.teams*m.themesN)
	clear(pr.theme)
	pr.value(p.Places)
	k := 0
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			pr.theme[team*m.themesN+theme] = p.Themes[k]
			k++
		}
	}
	for j := range m.tours {
		pr.tour[j] = 0
		for _, o := range m.parts[j] {
			pr.tour[j] += p.Offers[o]
		}
		pr.order[j] = pr.order[j][:0]
		for i := range m.people {
			if !m.canGo(i, j) || m.excluded[j] {
				continue
			}
			c := -p.People[i] * int64(m.weight[j])
			at := i*m.tours + j
			switch {
			case level == LevelMinutes:
				c += int64(m.minutes[at]) * unit
			case m.order.before(LevelMinutes, level):
				c += int64(m.minutes[at]) * p.Minutes
			}
			switch {
			case level == LevelGrams:
				c += int64(m.grams[at]) * unit
			case m.order.before(LevelGrams, level):
				c += int64(m.grams[at]) * p.Grams >> 10
			}
			for _, theme := range m.themes[j] {
				c -= pr.theme[int(m.team[i])*m.themesN+int(theme)]
			}
			pr.seat[at] = c
			pr.order[j] = append(pr.order[j], int32(i))
		}
		slices.SortFunc(pr.order[j], func(a, b int32) int { return pr.cheaper(j, a, b) })
	}
}

// allows says whether the splits leave person p a seat on tour j.
func allows(splits []split, p, j int) bool {
	for _, s := range splits {
		if s.Person != p {
			continue
		}
		if s.Kind == BranchSeat && s.must != (s.Offer == j) || s.Kind == BranchPlace && !s.must {
			return false
		}
	}
	return true
}

// sits says whether the splits want a place for a person who is meant, whichever place or one of them.
func sits(splits []split, meant func(p int) bool) bool {
	return slices.ContainsFunc(splits, func(s split) bool {
		return s.must && (s.Kind == BranchSeat || s.Kind == BranchPlace) && meant(s.Person)
	})
}

// required says whether the fortnight must have a visit day.
func (pr *pricer) required(f int, splits []split) bool {
	return pr.hold.day[f] != none || slices.ContainsFunc(splits, func(s split) bool { return s.must })
}

// requirements says which fortnights must have a visit day.
func (pr *pricer) requirements(splits [][]split) []bool {
	required := make([]bool, pr.m.fortnights)
	for f := range required {
		required[f] = pr.required(f, splits[f])
	}
	return required
}

// ruledOut says whether a block is too near another that must have a visit day.
func (m *model) ruledOut(f int, required []bool) bool {
	for g := m.near[f][0]; g < m.near[f][1]; g++ {
		if g != f && required[g] {
			return true
		}
	}
	return false
}

// fortnight looks for day plans of fortnight f that cost less than limit; of each day, the cheapest is given to found.
// The least of limit and all of them is returned: no day plan costs less.
func (pr *pricer) fortnight(f int, splits []split, limit int64, found func(*dayPlan)) int64 {
	least := limit
	if len(pr.places[f]) > 0 {
		pr.enter(f, 1)
		defer pr.enter(f, -1)
	}
	for i := range pr.days[f] {
		v := &pr.days[f][i]
		if slices.ContainsFunc(splits, func(s split) bool { return s.Kind == BranchDay && s.must != (s.Day == v.day) }) {
			continue
		}
		bound := limit
		if found == nil {
			bound = least
		}
		pr.best.day, pr.best.cost = none, bound
		pr.weigh(f, v, splits)
		if pr.best.day != none {
			least = min(least, pr.best.cost)
			if found != nil {
				found(&pr.best)
			}
		}
	}
	return least
}

// weigh looks for the cheapest plan of a day that beats what is kept.
func (pr *pricer) weigh(f int, v *dayView, splits []split) {
	m := pr.m
	pr.view = v
	pr.used, pr.alone = pr.used[:0], pr.alone[:0]
	pr.mustIn = 0
	gain := int64(0)
	type paying struct {
		tour  int32
		alone int64
		must  bool
	}
	var list [64]paying
	n := 0
	// Where there must be a visit day and no tour is named, one that does not pay can be the cheapest.
	unpaid := paying{none, noPlan, false}
	for i, tour := range v.tours {
		j := int(tour)
		must, barred := v.must>>i&1 == 1, false
		for _, s := range splits {
			switch {
			case s.Kind == BranchOffer && s.Offer == j:
				must, barred = must || s.must, barred || !s.must
			case s.Kind == BranchSeat && s.must && s.Offer == j:
				must = true
			}
		}
		if barred {
			if must {
				return
			}
			continue
		}
		alone, group := pr.tour[j], int32(0)
		for _, p := range pr.order[j] {
			c := pr.seat[int(p)*m.tours+j]
			if group >= m.lo[j] && (c >= 0 || group >= m.hi[j]) {
				break
			}
			if m.away[int(p)*m.days+v.day] || !pr.mayGo(f, splits, int(p), j) {
				continue
			}
			alone += c
			group++
		}
		if group < m.lo[j] {
			if must {
				return
			}
			continue
		}
		if m.maxHosts > 0 && int(m.weight[j]) > m.maxHosts {
			if must {
				return
			}
			continue
		}
		if alone >= 0 && !must && !sits(splits, func(p int) bool { return m.canGo(p, j) && pr.mayGo(f, splits, p, j) }) {
			// those who go there might as well stay at home
			if alone < unpaid.alone {
				unpaid = paying{tour, alone, false}
			}
			continue
		}
		list[n] = paying{tour, alone, must}
		n++
		gain += min(0, alone)
	}
	if unpaid.tour != none && pr.required(f, splits) && n < len(list) {
		list[n] = unpaid
		n++
	}
	for _, s := range splits {
		if s.must && (s.Kind == BranchSeat || s.Kind == BranchPlace) && m.away[s.Person*m.days+v.day] {
			return
		}
		if s.must && (s.Kind == BranchOffer || s.Kind == BranchSeat) && !slices.ContainsFunc(list[:n], func(l paying) bool { return int(l.tour) == s.Offer }) {
			return
		}
	}
	if n == 0 || gain >= pr.best.cost {
		return
	}
	slices.SortStableFunc(list[:n], func(a, b paying) int {
		if a.must != b.must {
			if a.must {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.alone, b.alone)
	})
	for i, l := range list[:n] {
		pr.used, pr.alone = append(pr.used, l.tour), append(pr.alone, l.alone)
		if l.must {
			pr.mustIn |= 1 << i
		}
	}
	pr.usedIn = sized(pr.usedIn, n)
	for i, a := range pr.used {
		pr.usedIn[i] = 0
		for k, b := range pr.used {
			if i != k && v.clash[slices.Index(v.tours, a)]>>slices.Index(v.tours, b)&1 == 1 {
				pr.usedIn[i] |= 1 << k
			}
		}
	}
	people := len(v.people)
	pr.cost = sized(pr.cost, people*n)
	pr.suffix, pr.chosen = sized(pr.suffix, (n+1)*people), sized(pr.chosen, (n+1)*people)
	pr.paid = sized(pr.paid, n+1)
	pr.paid[n] = 0
	for k := n - 1; k >= 0; k-- {
		pr.paid[k] = pr.paid[k+1] + min(0, pr.tour[pr.used[k]])
	}
	for i, person := range v.people {
		p := int(person)
		for k, j := range pr.used {
			c := forbidden
			if m.canGo(p, int(j)) && pr.mayGo(f, splits, p, int(j)) {
				c = pr.seat[p*m.tours+int(j)]
			}
			pr.cost[i*n+k] = c
		}
		pr.suffix[n*people+i] = 0
		pr.chosen[i] = 0
		for k := n - 1; k >= 0; k-- {
			pr.suffix[k*people+i] = min(pr.suffix[(k+1)*people+i], pr.cost[i*n+k])
		}
	}
	if n >= relaxLeast && pr.best.cost <= 0 {
		var least int64
		if least, gain = pr.relax(v); least >= pr.best.cost {
			return
		}
	}
	pr.looks = 0
	pr.explore(f, splits, 0, 0, 0, gain, 0)
}

// relaxLeast is how many tours make it pay to look for prices of places; relaxMost, how often they are changed.
const (
	relaxLeast = 4
	relaxMost  = 16
)

// relax lets people be in several groups at once, for a price each (Lagrange; subgradient steps of Polyak 1969 towards
// the cost that has to be beaten). It returns the least that a day plan costs, and sets alone to what each tour gains
// at most under the best prices; gain is what all that gain do.
func (pr *pricer) relax(v *dayView) (best, gain int64) {
	n, people := len(pr.used), len(v.people)
	for len(pr.by) < n {
		pr.by = append(pr.by, nil)
	}
	for k := range n {
		pr.by[k] = pr.by[k][:0]
		for i := range people {
			if pr.cost[i*n+k] < forbidden {
				pr.by[k] = append(pr.by[k], int32(i))
			}
		}
	}
	if v.price == nil {
		v.price = make([]int64, people)
	}
	price := v.price
	pr.count, pr.worth = sized(pr.count, people), sized(pr.worth, n)
	best = -noPlan
	idle, part := 0, int64(1)
	for range relaxMost {
		total, owed := int64(0), int64(0)
		for i, u := range price {
			total -= u
			pr.count[i] = 0
		}
		for k, tour := range pr.used {
			by := pr.by[k]
			value := func(i int32) int64 { return pr.cost[int(i)*n+k] + price[i] }
			for a := 1; a < len(by); a++ { // nearly in order from the step before
				who := by[a]
				c := value(who)
				b := a
				for ; b > 0 && value(by[b-1]) > c; b-- {
					by[b] = by[b-1]
				}
				by[b] = who
			}
			sum, group := pr.tour[tour], 0
			for _, i := range by {
				if c := value(i); group < int(pr.m.lo[tour]) || c < 0 && group < int(pr.m.hi[tour]) {
					sum += c
					group++
					continue
				}
				break
			}
			pr.worth[k] = sum
			if sum > 0 && pr.mustIn>>k&1 == 1 {
				owed += sum // counted once the tour is taken
			}
			if sum < 0 || pr.mustIn>>k&1 == 1 {
				total += sum
				for _, i := range by[:group] {
					pr.count[i]++
				}
			}
		}
		if idle++; total > best {
			best, gain, idle = total, total-owed, 0
			copy(pr.alone, pr.worth)
			if best >= pr.best.cost {
				break
			}
		} else if idle == 2 {
			part, idle = part*2, 0
		}
		norm := int64(0)
		for i, c := range pr.count {
			if d := int64(c) - 1; d > 0 || d < 0 && price[i] > 0 {
				norm += d * d
			}
		}
		if norm == 0 {
			break
		}
		step := (pr.best.cost-total)/(norm*part) + 1
		for i, c := range pr.count {
			price[i] = max(0, price[i]+step*(int64(c)-1))
		}
	}
	pr.work += 2 + n/2
	return best, gain
}

// mayGo says whether pins and splits let p sit on tour j in fortnight f.
func (pr *pricer) mayGo(f int, splits []split, p, j int) bool {
	sit := pr.hold.sitAt[p*pr.m.fortnights+f]
	if sit >= 0 && int(sit) != j || pr.hold.only[j] && int(sit) != j {
		return false
	}
	return allows(splits, p, j)
}

// explore takes or leaves the tours of the view one by one; gain is what all tours taken or open gain at most, spent
// the price of those taken.
func (pr *pricer) explore(f int, splits []split, depth int, mask uint64, hosts int32, gain, spent int64) {
	n, people := len(pr.used), len(pr.view.people)
	if gain >= pr.best.cost {
		return
	}
	sum := spent + pr.paid[depth]
	chosen, open := pr.chosen[depth*people:(depth+1)*people], pr.suffix[depth*people:(depth+1)*people]
	for i, c := range chosen {
		sum += min(c, open[i])
	}
	if sum >= pr.best.cost {
		return
	}
	pr.looks++
	if pr.looks&15 == 0 {
		pr.work++
	}
	if depth == n {
		if mask != 0 {
			pr.settle(f, splits, mask)
		}
		return
	}
	j := int(pr.used[depth])
	next := pr.chosen[(depth+1)*people : (depth+2)*people]
	if pr.usedIn[depth]&mask == 0 && (pr.m.maxHosts == 0 || hosts+pr.m.weight[j] <= int32(pr.m.maxHosts)) {
		for i, c := range chosen {
			next[i] = min(c, pr.cost[i*n+depth])
		}
		pr.explore(f, splits, depth+1, mask|1<<depth, hosts+pr.m.weight[j], gain+max(0, pr.alone[depth]), spent+pr.tour[j])
	}
	if pr.mustIn>>depth&1 == 0 {
		copy(next, chosen)
		pr.explore(f, splits, depth+1, mask, hosts, gain-min(0, pr.alone[depth]), spent)
	}
}

// settle seats people at the tours of mask, and keeps the day plan if it is the cheapest.
func (pr *pricer) settle(f int, splits []split, mask uint64) {
	t, n := &pr.transport, len(pr.used)
	pr.work++
	t.reset(len(pr.view.people), bits.OnesCount64(mask))
	node, price := 0, int64(0)
	for rest := mask; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros64(rest)
		j := pr.used[k]
		t.lo[node], t.hi[node] = pr.m.lo[j], pr.m.hi[j]
		price += pr.tour[j]
		for i := range pr.view.people {
			t.cost[i*t.nodes+node] = pr.cost[i*n+k]
		}
		node++
	}
	for i, p := range pr.view.people {
		t.cost[i*t.nodes+node] = 0
		if pr.hold.sitAt[int(p)*pr.m.fortnights+f] != none ||
			sits(splits, func(q int) bool { return q == int(p) }) {
			t.cost[i*t.nodes+node] = mustSit
		}
	}
	total, ok := t.solve()
	if total += price; !ok || total >= pr.best.cost {
		return
	}
	b := &pr.best
	b.day, b.cost, b.tours = pr.view.day, total, b.tours[:0]
	for rest := mask; rest != 0; rest &= rest - 1 {
		b.tours = append(b.tours, pr.used[bits.TrailingZeros64(rest)])
	}
	b.people = append(b.people[:0], pr.view.people...)
	b.places = sized(b.places, len(b.people))
	for i := range b.people {
		b.places[i] = none
		if at := int(t.at[i]); at < len(b.tours) {
			b.places[i] = b.tours[at]
		}
	}
}
