package visit

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"tandem/internal/visit/check"
)

// upset is something that went wrong with a plan: the problem as it is now, and the plan before without those who left.
type upset struct {
	what   string
	now    Problem
	before Assignment
	Upset
}

// upsets draws what can go wrong with a plan, one of each kind that it has.
func upsets(p Problem, a Assignment, seed uint64) (all []upset) {
	r := rand.New(rand.NewPCG(seed, 3))
	m, _ := newModel(&p)
	fresh := func(what string) upset {
		now := p
		now.Offers, now.People, now.Pins = slices.Clone(p.Offers), slices.Clone(p.People), slices.Clone(p.Pins)
		now.Attainable = make([]int, len(p.People))
		for i, n := range m.attain {
			now.Attainable[i] = int(n)
		}
		u := upset{what: what, now: now, before: slices.Clone(a)}
		for i, v := range u.before {
			u.before[i].People = slices.Clone(v.People)
		}
		lateFrom := r.IntN(p.WorkingDays)
		u.Missed = func(offer, day int) int { return max(0, min(2, lateFrom-day)) * (offer % 2) }
		return u
	}
	free := func(u *upset, gone func(Pin) bool) { u.now.Pins = slices.DeleteFunc(u.now.Pins, gone) }
	if len(a) > 0 {
		v := a[r.IntN(len(a))]
		u := fresh("the host cancels")
		for _, o := range v.Offers {
			u.now.Offers[o].Excluded = &Exclusion{Why: "the host cancels"}
		}
		free(&u, func(pin Pin) bool {
			return slices.Contains(v.Offers, pin.Offer) || slices.Equal(p.parts(pin.Offer), v.Offers)
		})
		u.Cohort = v.Cohort
		all = append(all, u)

		v = a[r.IntN(len(a))]
		if o := m.tourOf(v.Offers); len(v.People) > p.Offers[o].Min {
			u := fresh("the host takes fewer")
			u.now.Offers[o].Max = len(v.People) - 1 + p.MentorSeats
			free(&u, func(pin Pin) bool { return pin.Offer == o })
			u.Cohort = v.Cohort
			all = append(all, u)
		}

		v = a[r.IntN(len(a))]
		u = fresh("a day is lost")
		for o := range u.now.Offers {
			u.now.Offers[o].Days = slices.DeleteFunc(slices.Clone(u.now.Offers[o].Days), func(d int) bool { return d == v.Day })
		}
		free(&u, func(pin Pin) bool { return pin.Day == v.Day })
		u.Cohort = v.Cohort
		if !slices.ContainsFunc(a, func(w Visit) bool { return w.Day == v.Day && w.Cohort != v.Cohort }) {
			all = append(all, u)
		}

		u = fresh("somebody leaves")
		who := r.IntN(len(p.People))
		u.Cohort, u.Left = p.People[who].Cohort, []int{who}
		u.now.People[who].Unavailable = nil
		for d := range p.WorkingDays {
			u.now.People[who].Unavailable = append(u.now.People[who].Unavailable, d)
		}
		u.now.Attainable[who] = 0
		for i, v := range u.before {
			if slices.Contains(v.People, who) {
				u.before[i].People = slices.DeleteFunc(u.before[i].People, func(q int) bool { return q == who })
				u.Fortnights = append(u.Fortnights, p.FortnightOfDay[v.Day])
			}
		}
		if len(u.Fortnights) > 0 {
			all = append(all, u)
		}
	}
	return all
}

// accuse holds repairs against the rules, against each other and against what they say of themselves.
func (u upset) accuse(t *testing.T, repairs []Repair) (wrong []string) {
	t.Helper()
	say := func(format string, args ...any) {
		wrong = append(wrong, u.what+": "+fmt.Sprintf(format, args...))
	}
	hit := map[int]bool{}
	for _, f := range u.Fortnights {
		hit[f] = true
	}
	for _, b := range Check(u.now, u.before) {
		if b.Visit >= 0 {
			hit[u.now.FortnightOfDay[u.before[b.Visit].Day]] = true
		}
	}
	m, _ := newModel(&u.now)
	granted := slices.ContainsFunc(repairs, func(r Repair) bool { return u.short(r.Visits) == 0 })
	whole := u.now // as a plan that is held against its rules alone: what is asked for may not be possible any more
	whole.EveryoneAtLeast, whole.CoverEveryTheme = 0, false
	for i, r := range repairs {
		if granted && u.short(r.Visits) > 0 {
			say("repair %d does not grant what is asked, and another does", i)
		}
		if broken := Check(u.now, r.Visits); len(broken) > 0 {
			say("repair %d breaks %+v", i, broken[0])
		}
		score, err := ScoreOf(u.now, r.Visits)
		if err != nil || score != r.Score {
			say("repair %d has %v, says %v (%v)", i, score, r.Score, err)
		}
		// The independent checker speaks of whole plans: one with nothing proved is a plan all the same.
		plan, err := Plan(context.Background(), frozenAt(whole, r.Visits), Options{Work: 1, ReasonWork: -1, ProofWork: -1})
		if err != nil {
			say("repair %d cannot be kept: %v", i, err)
		} else if err := check.Plan(asJSON(t, frozenAt(whole, r.Visits)), asJSON(t, plan)); err != nil || !slices.EqualFunc(plan.Visits, r.Visits, sameVisit) {
			say("the checker refuses repair %d: %v", i, err)
		}
		changed, elsewhere := u.changed(r.Visits, hit)
		if changed != r.PlacesChanged {
			say("repair %d changes %d places, says %d", i, changed, r.PlacesChanged)
		}
		if ring := 1 + min(2, elsewhere); ring != r.Ring {
			say("repair %d is of ring %d, says %d", i, ring, r.Ring)
		}
		if missed := u.missedBy(r.Visits); missed != r.Missed {
			say("repair %d misses %d deadlines, says %d", i, missed, r.Missed)
		}
		for k, o := range repairs {
			if i != k && m.order.covers(o, r) {
				say("repair %d is no better than %d in anything", i, k)
			}
		}
		if i > 0 && r.PlacesChanged < repairs[i-1].PlacesChanged {
			say("repair %d changes fewer places than the one before", i)
		}
	}
	if len(repairs) > repairsMost {
		say("%d repairs", len(repairs))
	}
	return wrong
}

// frozenAt pins every visit where it is and leaves nothing to choose.
func frozenAt(p Problem, a Assignment) Problem {
	m, _ := newModel(&p)
	p.Pins = nil
	used := make([]bool, len(p.Offers))
	for _, v := range a {
		p.Pins = append(p.Pins, Pin{Offer: m.tourOf(v.Offers), Day: v.Day, Cohort: v.Cohort, People: v.People})
		used[m.tourOf(v.Offers)] = true
	}
	p.Offers = slices.Clone(p.Offers)
	for o := range p.Offers {
		if !used[o] {
			p.Offers[o].Days = []int{}
		}
	}
	return p
}

// placesOf is where everyone is on each day.
func placesOf(a Assignment) map[[2]int]string {
	at := map[[2]int]string{}
	for _, v := range a {
		for _, q := range v.People {
			at[[2]int{q, v.Day}] = fmt.Sprint(v.Offers)
		}
	}
	return at
}

func (u upset) changed(after Assignment, hit map[int]bool) (n, elsewhere int) {
	was, is := placesOf(u.before), placesOf(after)
	days := maps.Clone(was)
	maps.Copy(days, is)
	others := map[int]bool{}
	for k := range days {
		if was[k] != is[k] {
			n++
			if f := u.now.FortnightOfDay[k[1]]; !hit[f] {
				others[f] = true
			}
		}
	}
	return n, len(others)
}

// short is how many visits and themes lack to what is asked for.
func (u upset) short(after Assignment) (n int) {
	m, _ := newModel(&u.now)
	for q := range u.now.People {
		visits := 0
		for _, v := range after {
			if slices.Contains(v.People, q) {
				visits += len(v.Offers)
			}
		}
		if !slices.Contains(u.Left, q) {
			n += max(0, u.now.EveryoneAtLeast-visits)
		}
	}
	for team, themes := range u.now.TeamThemes {
		of := func(q int) bool { return u.now.People[q].Team == team }
		staffed := false
		for q := range u.now.People {
			staffed = staffed || of(q)
		}
		for _, theme := range themes {
			seen := slices.ContainsFunc(after, func(v Visit) bool {
				return slices.Contains(u.now.Offers[m.tourOf(v.Offers)].Themes, theme) && slices.ContainsFunc(v.People, of)
			})
			if u.now.CoverEveryTheme && staffed && !seen {
				n++
			}
		}
	}
	return n
}

// asking has what is asked of a plan differ from the usual, by seed: the order of the levels, or fewest visits and all
// themes, or both.
func (u upset) asking(seed uint64) upset {
	if seed%4 > 1 {
		all := orders()
		u.now = inOrder(u.now, all[int(seed*7)%len(all)])
	}
	if seed%2 == 1 {
		u.now.EveryoneAtLeast, u.now.CoverEveryTheme = 1+int(seed/4%2), seed/8%2 == 1
	}
	return u
}

func (u upset) missedBy(after Assignment) (n int) {
	for _, v := range after {
		i := slices.IndexFunc(u.before, func(w Visit) bool { return w.Day == v.Day && slices.Equal(w.Offers, v.Offers) })
		if i >= 0 && !slices.ContainsFunc(v.People, func(q int) bool { return !slices.Contains(u.before[i].People, q) }) || v.Cohort != u.Cohort {
			continue
		}
		for _, o := range v.Offers {
			n += u.Missed(o, v.Day)
		}
	}
	return n
}

func TestRepairsBreakNothingAndAreRanked(t *testing.T) {
	total, many := 0, 0
	for seed := range uint64(150) {
		p := programme(seed+20_000, shape{people: 14, teams: 3, cohorts: 1 + int(seed%2), offers: 9, days: 16, fortnights: 4, themes: 5})
		if seed%3 == 2 {
			p = apart(p, 3+int(seed)%9)
		}
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 400, ReasonWork: -1, ProofWork: -1})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range upsets(p, r.Visits, seed) {
			u = u.asking(seed)
			repairs, err := Repairs(u.now, u.before, u.Upset)
			if err != nil {
				t.Fatalf("programme %d, %s: %v", seed, u.what, err)
			}
			for _, wrong := range u.accuse(t, repairs) {
				t.Errorf("programme %d, %s", seed, wrong)
			}
			total += len(repairs)
			if len(repairs) > 1 {
				many++
			}
			if len(repairs) == 0 {
				continue
			}
			// Controls: repairs that lie, one way each.
			for name, doctor := range map[string]func(*Repair){
				"score":  func(r *Repair) { r.Score.Minutes++ },
				"places": func(r *Repair) { r.PlacesChanged++ },
				"ring":   func(r *Repair) { r.Ring = r.Ring%3 + 1 },
				"missed": func(r *Repair) { r.Missed++ },
				"visit": func(r *Repair) {
					r.Visits = append(slices.Clone(r.Visits), Visit{Day: 0, Offers: []int{0}, People: []int{0}})
				},
			} {
				lie := slices.Clone(repairs)
				doctor(&lie[0])
				if len(u.accuse(t, lie)) == 0 {
					t.Fatalf("control: a repair with a doctored %s is believed", name)
				}
			}
			if twice := append(slices.Clone(repairs), repairs[len(repairs)-1]); len(u.accuse(t, twice)) == 0 {
				t.Fatal("control: the same repair twice is believed")
			}
		}
	}
	t.Logf("%d repairs, %d times more than one", total, many)
	if total < 400 || many < 50 {
		t.Errorf("%d repairs, %d times more than one: the test sees too little", total, many)
	}
}

// everyPlan finds, by trying everything, the best repair of fortnight f, and with it that of f and one other. Ways that
// use the same offers, give everyone as many visits and show the same themes differ in what adds up alone: the least of
// each is kept.
func (u upset) everyPlan(f int) (near, wider Repair) {
	p := u.now
	type outcome struct {
		used   uint32
		themes uint32
		visits uint64
		days   int
		pins   uint32
	}
	type cost struct{ places, missed, minutes, grams int }
	m, _ := newModel(&p)
	o := m.order
	less := func(a, b cost) bool {
		of := func(c cost) Repair {
			return Repair{PlacesChanged: c.places, Missed: c.missed, Score: Score{Minutes: c.minutes, Grams: c.grams}}
		}
		return o.compareRepairs(of(a), of(b)) < 0
	}
	pairs := map[[2]int]uint32{}
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			pairs[[2]int{team, theme}] = 1 << len(pairs)
		}
	}
	was := placesOf(u.before)
	add := func(all map[outcome]cost, o outcome, c cost) {
		if old, known := all[o]; !known || less(c, old) {
			all[o] = c
		}
	}
	inFortnight := func(a Assignment, f int) Assignment {
		return slices.DeleteFunc(slices.Clone(a), func(v Visit) bool { return p.FortnightOfDay[v.Day] != f })
	}
	weigh := func(f int, visits Assignment) (outcome, cost) {
		var o outcome
		var c cost
		is := placesOf(visits)
		days := maps.Clone(is)
		for k, v := range was {
			if p.FortnightOfDay[k[1]] == f {
				days[k] = v
			}
		}
		for k := range days {
			if was[k] != is[k] {
				c.places++
			}
		}
		c.missed = u.missedBy(visits)
		for _, v := range visits {
			o.days = 1
			j := m.tourOf(v.Offers)
			for _, part := range v.Offers {
				o.used |= 1 << part
			}
			for k, pin := range p.Pins {
				if pin.Offer == j && pin.Day == v.Day {
					o.pins |= 1 << k
				}
			}
			for _, q := range v.People {
				o.visits += uint64(len(v.Offers)) << (4 * q)
				c.minutes += p.ReturnMinutes[q][j]
				c.grams += p.GramsCO2e[q][j]
				for _, theme := range p.Offers[j].Themes {
					o.themes |= pairs[[2]int{p.People[q].Team, theme}]
				}
			}
		}
		return o, c
	}
	all := func(f int) map[outcome]cost {
		found := map[outcome]cost{}
		o, c := weigh(f, nil)
		add(found, o, c)
		for d := range p.WorkingDays {
			if p.FortnightOfDay[d] != f {
				continue
			}
			for set := 1; set < 1<<len(p.Offers); set++ {
				var visits Assignment
				for j := range p.Offers {
					if set>>j&1 == 1 {
						visits = append(visits, Visit{Day: d, Offers: p.parts(j)})
					}
				}
				legal := func(but ...Rule) bool {
					return !slices.ContainsFunc(Check(p, visits), func(b Violation) bool { return b.Rule != Pinned && !slices.Contains(but, b.Rule) })
				}
				if !legal(GroupTooSmall) { // whoever goes
					continue
				}
				var sit func(q int)
				sit = func(q int) {
					if q == len(p.People) {
						if legal() {
							o, c := weigh(f, visits)
							add(found, o, c)
						}
						return
					}
					sit(q + 1)
					for i, v := range visits {
						if p.ReturnMinutes[q][m.tourOf(v.Offers)] >= 0 && !slices.Contains(p.People[q].Unavailable, d) {
							visits[i].People = append(visits[i].People, q)
							sit(q + 1)
							visits[i].People = visits[i].People[:len(visits[i].People)-1]
						}
					}
				}
				sit(0)
			}
		}
		return found
	}
	join := func(xs, ys map[outcome]cost) map[outcome]cost {
		out := map[outcome]cost{}
		for a, x := range xs {
			for b, y := range ys {
				if a.used&b.used == 0 && a.days+b.days <= p.VisitDaysMax {
					add(out, outcome{a.used | b.used, a.themes | b.themes, a.visits + b.visits, a.days + b.days, a.pins | b.pins},
						cost{x.places + y.places, x.missed + y.missed, x.minutes + y.minutes, x.grams + y.grams})
				}
			}
		}
		return out
	}
	best := func(all map[outcome]cost) Repair {
		least := Repair{Ring: 0, Score: Score{Uncovered: 1 << 20}}
		for way, c := range all {
			if int(way.pins) != 1<<len(p.Pins)-1 {
				continue
			}
			r := Repair{Ring: 1, PlacesChanged: c.places, Missed: c.missed, Score: Score{Minutes: c.minutes, Grams: c.grams}}
			for _, bit := range pairs {
				if way.themes&bit == 0 {
					r.Score.Uncovered++
				}
			}
			for i := range p.People {
				visits := int(way.visits >> (4 * i) & 15)
				lack := max(0, p.Attainable[i]-visits)
				r.Score.missing += max(0, p.EveryoneAtLeast-visits)
				r.Score.MaxShortfall = max(r.Score.MaxShortfall, lack)
				r.Score.SquaredShortfall += lack * lack
			}
			if least.Ring == 0 || o.compareRepairs(r, least) < 0 {
				least = r
			}
		}
		return least
	}
	kept := func(but ...int) map[outcome]cost {
		out := map[outcome]cost{{}: {}}
		for g := range p.Fortnights {
			if !slices.Contains(but, g) {
				o, c := weigh(g, inFortnight(u.before, g))
				out = join(out, map[outcome]cost{o: c})
			}
		}
		return out
	}
	here := all(f)
	near = best(join(kept(f), here))
	wider = near
	for g := range p.Fortnights {
		if g != f {
			if w := best(join(kept(f, g), join(here, all(g)))); w.Ring > 0 && (wider.Ring == 0 || o.compareRepairs(w, wider) < 0) {
				wider = w
			}
		}
	}
	return near, wider
}

// On small programmes every repair can be tried: none of the same reach is better, or changes fewer places, than the
// best that was found.
func TestRepairsAgainstEveryPlan(t *testing.T) {
	tried, reached, asked, ordered := 0, 0, 0, 0
	for seed := range uint64(400) {
		p := programme(seed+30_000, shape{people: 4, teams: 2, cohorts: 1, offers: 4, days: 6, fortnights: 3, themes: 4})
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 300, ReasonWork: -1, ProofWork: -1})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range upsets(p, r.Visits, seed) {
			u = u.asking(seed)
			hit := map[int]bool{}
			for _, f := range u.Fortnights {
				hit[f] = true
			}
			for _, b := range Check(u.now, u.before) {
				if b.Visit >= 0 {
					hit[u.now.FortnightOfDay[u.before[b.Visit].Day]] = true
				}
			}
			if len(hit) != 1 {
				continue
			}
			f := slices.Sorted(maps.Keys(hit))[0]
			m, err := newModel(&u.now)
			if err != nil {
				t.Fatal(err)
			}
			repair, err := newMender(m, u.before, u.Upset)
			if err != nil {
				t.Fatal(err)
			}
			near, wider := u.everyPlan(f)
			least := func() Repair {
				best := Repair{}
				for _, r := range repair.found {
					if best.Ring == 0 || m.order.compareRepairs(r, best) < 0 {
						best = r
					}
				}
				return best
			}
			same := func(a, b Repair) bool {
				if a.Ring == 0 || b.Ring == 0 {
					return a.Ring == b.Ring
				}
				x, y := m.order.figures(a.Score), m.order.figures(b.Score)
				if last := m.order[4]; last == LevelMinutes || last == LevelGrams { // it breaks ties of what is found, and no more
					x[5], y[5] = 0, 0
				}
				return x == y && a.PlacesChanged == b.PlacesChanged && a.Missed == b.Missed
			}
			better := func(a, b Repair) bool { return m.order.compareRepairs(a, b) < 0 && !same(a, b) }
			tried++
			repair.nearest()
			if got := least(); !same(got, near) {
				t.Fatalf("programme %d, %s: in the fortnight %+v, by trying everything %+v", seed, u.what, got, near)
			}
			if near.Ring == 0 {
				continue
			}
			repair.wider()
			if got := least(); better(wider, got) {
				t.Fatalf("programme %d, %s: in two fortnights %+v, by trying everything %+v", seed, u.what, got, wider)
			}
			if better(wider, near) {
				reached++
			}
			if u.now.EveryoneAtLeast > 0 {
				asked++
			}
			if len(u.now.Levels) > 0 {
				ordered++
			}
			// Control: what is one place or one minute worse is told apart.
			for _, worse := range []func(*Repair){func(r *Repair) { r.PlacesChanged++ }, func(r *Repair) { r.Score.SquaredShortfall++ }, func(r *Repair) { r.Score.missing++ }} {
				lie := near
				worse(&lie)
				if !better(near, lie) {
					t.Fatal("control: a worse repair counts as the best")
				}
			}
		}
	}
	said := fmt.Sprintf("%d upsets tried, %d with requests, %d with another order; in %d of them a second fortnight helps", tried, asked, ordered, reached)
	t.Log(said)
	if tried < 300 || reached < 10 || asked < 100 || ordered < 100 {
		t.Errorf("%s: the test sees too little", said)
	}
}
