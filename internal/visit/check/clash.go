package check

import (
	"encoding/json"
	"fmt"
	"slices"
)

// clashFile is what is printed where no plan has all that is asked.
type clashFile struct {
	Clash      clash
	Others     []clash
	AllClashes bool
	Together   []together
	Seed       uint64
	Work       int
	Cancelled  bool
}

type clash struct {
	Rules           []clashRule
	Proved, Minimal bool
	Refutation      *refutation
}

type clashRule struct {
	Group      string
	Without    []visit
	Relaxation *relaxation
	Hopeless   *struct {
		Keeping    []string
		Refutation *refutation
	}
}

type relaxation struct {
	From, To int
	Unspaced bool
	Away     []struct{ Person, Day int }
	Days     []struct{ Offer, Day int }
	Offers   []int
	Pins     []int
	Smallest bool
	Smaller  *refutation
	Touched  []int
	Score    figures
	Visits   []visit
}

type refutation struct {
	Cohort *int
	Level  int
	Day    *int
	Tree   *proofNode
}

type together struct {
	Groups []string
	Visits []visit
}

// wish is a problem in which unseen pairs of team and theme are let pass.
type wish struct {
	*problemFile
	unseen int
}

// isClash says whether the file tells of a clash instead of a plan.
func isClash(data []byte) bool {
	var file struct{ Clash *json.RawMessage }
	return json.Unmarshal(data, &file) == nil && file.Clash != nil
}

// clashes returns nil when all that is said of a request without a plan holds: what is proved, each plan that shows a
// rule to be needed or a change to be enough, and where all clashes are told, that there are no others.
func clashes(p *problemFile, data []byte) error {
	file := &clashFile{}
	if err := decode(data, file, true); err != nil {
		return fmt.Errorf("clash: %w", err)
	}
	asked := *p
	asked.Attainable = newJudge(p).attain // shortfalls count from what was attainable as asked
	w := wish{problemFile: &asked}
	all := append([]clash{file.Clash}, file.Others...)
	for i, c := range all {
		path := "clash"
		if i > 0 {
			path = fmt.Sprintf("others[%d]", i-1)
		}
		if err := w.clash(path, c); err != nil {
			return err
		}
	}
	if file.AllClashes {
		return w.complete(all, file.Together)
	}
	return nil
}

// groupsOf are the rules that the problem has.
func (w wish) groups() (all []string) {
	for _, g := range []string{
		"COVER_EVERY_THEME", "EVERYONE_AT_LEAST", "TRAVEL_LIMIT", "STEP_FREE", "WINDOWS", "MAX_GROUP", "MIN_GROUP", "AWAY", "VISIT_DAYS", "PINS",
	} {
		if w.has(g) {
			all = append(all, g)
		}
	}
	return all
}

// has says whether giving the rule up could let more plans be.
func (w wish) has(group string) bool {
	p := w.problemFile
	if len(p.People) == 0 {
		return group == "PINS" && len(p.Pins) > 0
	}
	way := func(yes func(i, e int) bool) bool {
		for i := range p.People {
			for e := range p.Offers {
				if known, _ := p.reach(i, e); known && p.ReturnMinutes[i][e] < 0 && yes(i, e) {
					return true
				}
			}
		}
		return false
	}
	offer := func(yes func(o offerFile) bool) bool { return slices.ContainsFunc(p.Offers, yes) }
	switch group {
	case "COVER_EVERY_THEME":
		return p.CoverEveryTheme && w.pairs() > 0
	case "EVERYONE_AT_LEAST":
		return p.EveryoneAtLeast > 0
	case "TRAVEL_LIMIT":
		return way(p.beyond)
	case "STEP_FREE":
		return way(func(i, e int) bool { return p.steps(i, e) && len(p.Offers[e].PairOf) == 0 })
	case "WINDOWS":
		return offer(func(o offerFile) bool { return o.Excluded == nil && len(o.Days) < p.WorkingDays })
	case "MAX_GROUP":
		return len(p.Offers) > 0
	case "MIN_GROUP":
		return offer(func(o offerFile) bool { return o.Min > 1 })
	case "AWAY":
		return slices.ContainsFunc(p.People, func(person personFile) bool {
			return slices.ContainsFunc(person.Unavailable, func(d int) bool { return d < p.WorkingDays })
		})
	case "VISIT_DAYS":
		return min(p.WorkingDays, blocksMost) > p.VisitDaysMax || p.WorkingDays <= blocksMost && (p.Fortnights < p.WorkingDays || p.DaysBetweenMin > 1)
	}
	return len(p.Pins) > 0
}

// pairs counts the pairs of a team with people and a theme of its challenge.
func (w wish) pairs() (n int) {
	for team, themes := range w.TeamThemes {
		if slices.ContainsFunc(w.People, func(person personFile) bool { return person.Team == team }) {
			n += len(themes)
		}
	}
	return n
}

func (w wish) clash(path string, c clash) error {
	var named []string
	for i, r := range c.Rules {
		if !slices.Contains(w.groups(), r.Group) || slices.Contains(named, r.Group) {
			return fmt.Errorf("%s.rules[%d].group: %q is no rule of the problem, or there twice", path, i, r.Group)
		}
		named = append(named, r.Group)
	}
	if c.Proved {
		if err := w.keeping(named).refuted(path+".refutation", c.Refutation); err != nil {
			return err
		}
	}
	minimal := c.Proved
	for i, r := range c.Rules {
		here := fmt.Sprintf("%s.rules[%d]", path, i)
		minimal = minimal && r.Without != nil
		if r.Without != nil {
			others := slices.DeleteFunc(slices.Clone(named), func(g string) bool { return g == r.Group })
			if err := w.keeping(others).allows(here+".without", r.Without); err != nil {
				return err
			}
		}
		if r.Relaxation != nil {
			if err := w.relaxed(here+".relaxation", r.Group, r.Relaxation, c.Proved); err != nil {
				return err
			}
		}
		if h := r.Hopeless; h != nil {
			if slices.Contains(h.Keeping, r.Group) {
				return fmt.Errorf("%s.hopeless.keeping: the rule itself is among them", here)
			}
			if err := w.keeping(h.Keeping).refuted(here+".hopeless.refutation", h.Refutation); err != nil {
				return err
			}
		}
	}
	if c.Minimal != minimal {
		return fmt.Errorf("%s.minimal: says %v, is shown to be %v", path, c.Minimal, minimal)
	}
	return nil
}

// complete wants every set of rules to contain a clash that is told, or to lie within one that a plan keeps.
func (w wish) complete(all []clash, kept []together) error {
	groups := w.groups()
	set := func(names []string) (s int) {
		for _, g := range names {
			s |= 1 << slices.Index(groups, g)
		}
		return s
	}
	var bad, good []int
	for _, c := range all {
		var names []string
		for _, r := range c.Rules {
			names = append(names, r.Group)
		}
		bad = append(bad, set(names))
	}
	for i, t := range kept {
		path := fmt.Sprintf("together[%d]", i)
		for _, g := range t.Groups {
			if !slices.Contains(groups, g) {
				return fmt.Errorf("%s.groups: %q is no rule of the problem", path, g)
			}
		}
		if err := w.keeping(t.Groups).allows(path+".visits", t.Visits); err != nil {
			return err
		}
		good = append(good, set(t.Groups))
	}
	for s := range 1 << len(groups) {
		if !slices.ContainsFunc(bad, func(b int) bool { return b&^s == 0 }) && !slices.ContainsFunc(good, func(g int) bool { return s&^g == 0 }) {
			return fmt.Errorf("allClashes: whether %b of the rules clash is open", s)
		}
	}
	return nil
}

// allows checks that the visits are a plan of the problem with all that it asks for.
func (w wish) allows(path string, visits []visit) error {
	j := newJudge(w.problemFile)
	if err := j.rules(path, visits); err != nil {
		return err
	}
	return j.granted(path, visits, w.unseen)
}

// relaxed checks a change of one rule: that the plan holds under it, scores and touches as it says, and that no smaller
// change is enough, as far as that is said.
func (w wish) relaxed(path, group string, x *relaxation, proved bool) error {
	to, err := w.changed(group, x)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := to.allows(path+".visits", x.Visits); err != nil {
		return err
	}
	j := newJudge(to.problemFile)
	score, seen, shown := j.scoreOf(x.Visits)
	if err := same(path+".score", x.Score, score); err != nil {
		return err
	}
	if touched := w.touched(group, x, seen, shown); !slices.Equal(touched, x.Touched) {
		return fmt.Errorf("%s.touched: says %v, is %v", path, x.Touched, touched)
	}
	if !x.Smallest {
		return nil
	}
	less, any := w.smaller(group, x)
	if any && less == nil {
		return fmt.Errorf("%s.smallest: other changes of the same size are not spoken of", path)
	}
	if !any {
		if !proved {
			return fmt.Errorf("%s.smallest: that no change at all is too little is not proved", path)
		}
		return nil
	}
	smaller, err := w.changed(group, less)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return smaller.refuted(path+".smaller", x.Smaller)
}

// smaller is the next smaller change of a number; any is false where that is no change, and nil comes back where single
// things are let go, more than one.
func (w wish) smaller(group string, x *relaxation) (less *relaxation, any bool) {
	less = &relaxation{From: x.From, To: x.To, Unspaced: x.Unspaced}
	switch group {
	case "COVER_EVERY_THEME", "EVERYONE_AT_LEAST":
		less.To++
	case "TRAVEL_LIMIT":
		less.To = max(less.From, less.To-15)
	case "MAX_GROUP", "MIN_GROUP":
		less.To--
	case "VISIT_DAYS":
		if less.To--; x.Unspaced && x.To == x.From {
			less.To, less.Unspaced = max(x.From, w.Fortnights), false
			if w.DaysBetweenMin > 0 {
				less.To = max(x.From, min(w.WorkingDays, blocksMost))
			}
		}
	default:
		return nil, x.From-x.To > 1
	}
	return less, less.To != less.From || less.Unspaced
}

// keeping gives up all rules but these.
func (w wish) keeping(groups []string) wish {
	for _, g := range w.groups() {
		if !slices.Contains(groups, g) {
			w = w.givingUp(g)
		}
	}
	return w
}

// givingUp gives one rule up.
func (w wish) givingUp(group string) wish {
	p := *w.problemFile
	p.Offers = slices.Clone(p.Offers)
	switch group {
	case "COVER_EVERY_THEME":
		p.CoverEveryTheme, w.unseen = false, 0
	case "EVERYONE_AT_LEAST":
		p.EveryoneAtLeast = 0
	case "TRAVEL_LIMIT":
		p.openWays(func(i, e int) bool { return !p.steps(i, e) })
		for i := range p.People {
			for e := range p.Offers {
				if known, limit := p.reach(i, e); known {
					p.DoorToDoorLimitMinutes = max(p.DoorToDoorLimitMinutes, limit)
				}
			}
		}
	case "STEP_FREE":
		p.openWays(func(i, e int) bool { return !p.beyond(i, e) })
		for e := range p.Offers {
			p.Offers[e].StepFree = true
		}
	case "WINDOWS":
		days := make([]int, p.WorkingDays)
		for d := range days {
			days[d] = d
		}
		for e := range p.Offers {
			p.Offers[e].Days = days
		}
	case "MAX_GROUP":
		for e := range p.Offers {
			p.Offers[e].Max += len(p.People)
		}
	case "MIN_GROUP":
		for e := range p.Offers {
			p.Offers[e].Min = 1
		}
	case "AWAY":
		p.People = slices.Clone(p.People)
		for i := range p.People {
			p.People[i].Unavailable = nil
		}
	case "VISIT_DAYS":
		p.VisitDaysMax = max(p.VisitDaysMax, min(p.WorkingDays, blocksMost))
		if p.WorkingDays <= blocksMost {
			p.unspace()
		}
	case "PINS":
		for _, pin := range p.Pins {
			p.openOn(pin.Offer, pin.Day)
		}
		p.Pins = nil
	}
	w.problemFile = &p
	return w
}

// blocksMost is the most blocks of days that a problem may have.
const blocksMost = 200

func (p *problemFile) unspace() {
	p.DaysBetweenMin, p.Fortnights, p.FortnightOfDay = 0, p.WorkingDays, make([]int, p.WorkingDays)
	for d := range p.FortnightOfDay {
		p.FortnightOfDay[d] = d
	}
}

func (p *problemFile) openOn(e, d int) {
	if !slices.Contains(p.Offers[e].Days, d) {
		days := append(slices.Clone(p.Offers[e].Days), d)
		slices.Sort(days)
		p.Offers[e].Days = days
	}
}

// openWays lets people go where the way is known and nothing but what open gives up stands against it.
func (p *problemFile) openWays(open func(person, entry int) bool) {
	rows := make([][]int, len(p.ReturnMinutes))
	for i, row := range p.ReturnMinutes {
		rows[i] = slices.Clone(row)
		for e, m := range row {
			if known, _ := p.reach(i, e); m < 0 && known && open(i, e) {
				rows[i][e] = -m
			}
		}
	}
	p.ReturnMinutes = rows
}

func (p *problemFile) steps(i, e int) bool { return p.People[i].StepFree && !p.Offers[e].StepFree }

// reach gives the length of a way, there, that somebody cannot go; of a pair, to the farther of its hosts.
func (p *problemFile) reach(i, e int) (known bool, minutes int) {
	if m := p.ReturnMinutes[i][e]; m == -1 || m < -4000 || p.GramsCO2e[i][e] < 0 {
		return false, 0
	}
	list := []int{e}
	if len(p.Offers[e].PairOf) == 2 {
		list = p.Offers[e].PairOf
	}
	for _, o := range list {
		m := p.ReturnMinutes[i][o]
		if m == -1 {
			return false, 0
		}
		if m < 0 {
			m = -m
		}
		minutes = max(minutes, (m+1)/2)
	}
	return true, minutes
}

// beyond says whether a way that somebody cannot go is too long: longer than the limit, or not barred by steps.
func (p *problemFile) beyond(i, e int) bool {
	_, minutes := p.reach(i, e)
	return p.ReturnMinutes[i][e] < 0 && (minutes > p.DoorToDoorLimitMinutes || !p.steps(i, e))
}

// changed applies a change of one rule.
func (w wish) changed(group string, x *relaxation) (wish, error) {
	p := *w.problemFile
	p.Offers = slices.Clone(p.Offers)
	pairs := w.pairs()
	from := map[string]int{
		"COVER_EVERY_THEME": pairs, "EVERYONE_AT_LEAST": p.EveryoneAtLeast, "TRAVEL_LIMIT": p.DoorToDoorLimitMinutes, "VISIT_DAYS": p.VisitDaysMax,
	}
	if n, numbered := from[group]; numbered && x.From != n {
		return w, fmt.Errorf("from: says %d, is %d", x.From, n)
	}
	fault := fmt.Errorf("%d makes the rule no easier, or something let go is not there", x.To)
	switch group {
	case "COVER_EVERY_THEME":
		if x.To > pairs || x.To < 0 {
			return w, fault
		}
		w.unseen = pairs - x.To
	case "EVERYONE_AT_LEAST":
		if x.To > p.EveryoneAtLeast || x.To < 0 {
			return w, fault
		}
		p.EveryoneAtLeast = x.To
	case "TRAVEL_LIMIT":
		if x.To < x.From {
			return w, fault
		}
		p.openWays(func(i, e int) bool {
			_, minutes := p.reach(i, e)
			return !p.steps(i, e) && max(minutes, x.From+1) <= x.To
		})
		p.DoorToDoorLimitMinutes = x.To
	case "STEP_FREE":
		free := make([]bool, len(p.Offers))
		for e, offer := range p.Offers {
			free[e] = true
			list := []int{e}
			if len(offer.PairOf) == 2 {
				list = offer.PairOf
			}
			for _, o := range list {
				free[e] = free[e] && (p.Offers[o].StepFree || slices.Contains(x.Offers, o))
			}
		}
		p.openWays(func(i, e int) bool { return !p.beyond(i, e) && free[e] })
		for e := range p.Offers {
			p.Offers[e].StepFree = p.Offers[e].StepFree || free[e]
		}
	case "WINDOWS":
		for _, d := range x.Days {
			if d.Offer < 0 || d.Offer >= len(p.Offers) || d.Day < 0 || d.Day >= p.WorkingDays {
				return w, fault
			}
			p.openOn(d.Offer, d.Day)
		}
	case "MAX_GROUP":
		if x.To < 0 {
			return w, fault
		}
		for e := range p.Offers {
			p.Offers[e].Max += x.To
		}
	case "MIN_GROUP":
		if x.To < 0 {
			return w, fault
		}
		for e := range p.Offers {
			p.Offers[e].Min = max(1, p.Offers[e].Min-x.To)
		}
	case "AWAY":
		p.People = slices.Clone(p.People)
		for _, a := range x.Away {
			if a.Person < 0 || a.Person >= len(p.People) {
				return w, fault
			}
			days := slices.Clone(p.People[a.Person].Unavailable)
			p.People[a.Person].Unavailable = slices.DeleteFunc(days, func(d int) bool { return d == a.Day })
		}
	case "VISIT_DAYS":
		if x.To < x.From {
			return w, fault
		}
		if p.VisitDaysMax = x.To; x.Unspaced {
			p.unspace()
		}
	case "PINS":
		p.Pins = nil
		if slices.ContainsFunc(x.Pins, func(k int) bool { return k < 0 || k >= len(w.Pins) }) {
			return w, fault
		}
		for k, pin := range w.Pins {
			if slices.Contains(x.Pins, k) {
				p.openOn(pin.Offer, pin.Day)
			} else {
				p.Pins = append(p.Pins, pin)
			}
		}
	}
	w.problemFile = &p
	return w, nil
}

// touched lists the people whose days, ways or places the change alters in its plan.
func (w wish) touched(group string, x *relaxation, seen []int, shown map[[2]int]int) []int {
	is := map[int]bool{}
	all := func(people []int, yes bool) {
		for _, i := range people {
			is[i] = is[i] || yes
		}
	}
	j := newJudge(w.problemFile)
	for _, v := range x.Visits {
		e := j.entry(v.Offers)
		offer := w.Offers[e]
		for _, i := range v.People {
			is[i] = is[i] || (group == "TRAVEL_LIMIT" || group == "STEP_FREE") && w.ReturnMinutes[i][e] < 0
		}
		all(v.People, group == "VISIT_DAYS")
		all(v.People, group == "MAX_GROUP" && len(v.People) > offer.Max-w.MentorSeats)
		all(v.People, group == "MIN_GROUP" && len(v.People) < offer.Min)
		for _, d := range x.Days {
			all(v.People, d.Offer == e && d.Day == v.Day)
		}
		for _, k := range x.Pins {
			all(v.People, w.Pins[k].Offer == e)
		}
	}
	for i, person := range w.People {
		is[i] = is[i] || group == "EVERYONE_AT_LEAST" && seen[i] < x.From
		for _, theme := range w.TeamThemes[person.Team] {
			is[i] = is[i] || group == "COVER_EVERY_THEME" && shown[[2]int{person.Team, theme}] == 0
		}
	}
	for _, a := range x.Away {
		is[a.Person] = true
	}
	for _, k := range x.Pins {
		all(w.Pins[k].People, true)
	}
	touched := []int{}
	for i := range w.People {
		if is[i] {
			touched = append(touched, i)
		}
	}
	return touched
}

// alone is what one cohort wants, with every offer that no other has pinned.
func (w wish) alone(cohort int) wish {
	p := *w.problemFile
	p.People, p.ReturnMinutes, p.GramsCO2e, p.Attainable, p.Pins = nil, nil, nil, nil, nil
	number := map[int]int{}
	for i, person := range w.People {
		if person.Cohort == cohort {
			number[i] = len(p.People)
			person.Cohort = 0
			p.People = append(p.People, person)
			p.ReturnMinutes, p.GramsCO2e = append(p.ReturnMinutes, w.ReturnMinutes[i]), append(p.GramsCO2e, w.GramsCO2e[i])
		}
	}
	p.Offers = slices.Clone(p.Offers)
	j := newJudge(w.problemFile)
	for _, pin := range w.Pins {
		if pin.Cohort == cohort {
			pin.Cohort = 0
			people := pin.People
			pin.People = nil
			for _, i := range people {
				pin.People = append(pin.People, number[i])
			}
			p.Pins = append(p.Pins, pin)
			continue
		}
		for _, o := range j.parts(pin.Offer) {
			p.Offers[o].Excluded = &exclusion{}
		}
	}
	if w.unseen > 0 { // whose pairs may stay unseen is open
		p.CoverEveryTheme = false
	}
	return wish{problemFile: &p}
}

// refuted checks a proof that the problem has no plan with all that it asks for.
func (w wish) refuted(path string, r *refutation) error {
	if r == nil {
		return fmt.Errorf("%s: is not there", path)
	}
	if r.Cohort != nil {
		if *r.Cohort < 0 || *r.Cohort >= newJudge(w.problemFile).cohorts {
			return fmt.Errorf("%s.cohort: is none", path)
		}
		w = w.alone(*r.Cohort)
	}
	goal := *w.problemFile
	goal.Levels = []int{1, 2, 3, 4, 5}
	goal.TeamThemes, goal.Attainable = make([][]int, len(w.TeamThemes)), make([]int, len(w.People))
	for team, themes := range w.TeamThemes {
		if w.CoverEveryTheme && slices.ContainsFunc(w.People, func(p personFile) bool { return p.Team == team }) {
			goal.TeamThemes[team] = themes
		}
	}
	for i := range goal.Attainable {
		goal.Attainable[i] = w.EveryoneAtLeast
	}
	j := newJudge(&goal)
	if r.Level == 0 {
		if r.Day == nil || !j.unfilled(*r.Day) {
			return fmt.Errorf("%s: the groups pinned on that day can be filled", path)
		}
		return nil
	}
	figure := 0
	switch {
	case r.Level != 1 && r.Level != 2:
		return fmt.Errorf("%s.level: is none", path)
	case r.Tree != nil:
		if !j.oneCohort() {
			return fmt.Errorf("%s.tree: speaks of one cohort, the problem has more", path)
		}
		v := &verifier{
			j: j, level: r.Level, score: figures{Uncovered: w.unseen, MaxShortfall: 1}, days: j.openDays(-1),
			limits: make([][]limit, j.blocks()), offer: -1, team: -1, theme: -1,
		}
		least, err := v.node(path+".tree", r.Tree)
		if err != nil {
			return err
		}
		figure = int((least + scale - 1) >> 16)
	default:
		known := j.known(figures{})
		figure = []int{known.Uncovered, known.MaxShortfall}[r.Level-1]
	}
	wanted := 1
	if r.Level == 1 {
		wanted = w.unseen + 1
	}
	if figure < wanted {
		return fmt.Errorf("%s: %d is to be proved, no more than %d follows", path, wanted, figure)
	}
	return nil
}

// unfilled says whether the groups that pins want on a day cannot all have their least number: seat by seat, each by a
// chain of people who move up.
func (j *judge) unfilled(day int) bool {
	fixed := map[int]bool{}
	var seats []int // the pin of each seat that must be taken
	for k, pin := range j.p.Pins {
		if pin.Day != day {
			continue
		}
		for _, i := range pin.People {
			fixed[i] = true
		}
		if len(pin.People) == 0 {
			for range j.p.Offers[pin.Offer].Min {
				seats = append(seats, k)
			}
		}
	}
	taken := map[int]int{} // person: seat
	var sit func(seat int, tried map[int]bool) bool
	sit = func(seat int, tried map[int]bool) bool {
		pin := j.p.Pins[seats[seat]]
		for i, person := range j.p.People {
			if person.Cohort != pin.Cohort || fixed[i] || tried[i] || j.away[i][day] || j.p.ReturnMinutes[i][pin.Offer] < 0 {
				continue
			}
			tried[i] = true
			if other, busy := taken[i]; !busy || sit(other, tried) {
				taken[i] = seat
				return true
			}
		}
		return false
	}
	for seat := range seats {
		if !sit(seat, map[int]bool{}) {
			return true
		}
	}
	return false
}
