package sponsor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/sponsor/catalogue"
)

// first counts those who first took the seats, by sector.
func (d Data) first() (n domain.SectorCount) {
	for _, e := range d.Enrolments {
		if !e.Refill {
			n.Add(e.Sector, 1)
		}
	}
	return n
}

// left counts those of them who had left by a day.
func (d Data) left(by domain.Date) (n domain.SectorCount) {
	for _, e := range d.Enrolments {
		if !e.Refill && e.LeftOn != "" && e.LeftOn <= by {
			n.Add(e.Sector, 1)
		}
	}
	return n
}

// brief is one computation under way.
type brief struct {
	Data
	terms  Terms
	secret []byte
	starts map[string]int // by population
	size   domain.SectorCount
}

// Compute makes the figures of a brief, in the catalogue's order; what there is nothing of yet says so. Secret is the cohort's
// own, the same for life. Before are the figures of the brief released last, nil for the first: what was counted when the
// ratings closed is carried from there unchanged. Data that the terms do not fit is an error which says where.
func Compute(d Data, t Terms, secret []byte, before []Figure) ([]Figure, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	if len(secret) < 32 {
		return nil, fmt.Errorf("the cohort's secret has %d bytes; it needs 32, made once", len(secret))
	}
	if first := d.first(); first.Public != t.Public || first.Private != t.Private {
		return nil, fmt.Errorf("%d and %d people first took the seats, and the terms say %d and %d: who takes a seat later is a refill",
			first.Public, first.Private, t.Public, t.Private)
	}
	for _, l := range d.Legs {
		if t.protects(catalogue.CarbonPerHead) && t.GramsStep < 5*l.Longest {
			return nil, fmt.Errorf("a journey by %s takes %d g, so that a step of %d g would count heads: %d g is the least", l.Mode, l.Longest, t.GramsStep, 5*l.Longest)
		}
	}
	b := &brief{Data: d, terms: t, secret: secret, starts: map[string]int{}, size: domain.SectorCount{Public: t.Public, Private: t.Private}}
	for _, p := range []string{catalogue.Public, catalogue.Private, catalogue.All, "TEAM"} {
		b.starts[p] = offset(secret, p, t.Places)
	}
	var figures []Figure
	for i, e := range catalogue.Entries {
		f := Figure{Key: e.Key, Number: i + 1, Label: e.Label, Unit: e.Unit, Basis: e.Basis, Method: e.Method, AsOf: d.Cohort.AsOf}
		if t.drops(e.Key) {
			f.Value = notShown()
			f.Explain = e.Label + ": not told in this and later briefs."
			figures = append(figures, f)
			continue
		}
		switch e.Key {
		case catalogue.Enrolled:
			b.enrolled(&f)
		case catalogue.Retained:
			b.retained(&f)
		case catalogue.VisitDays:
			b.visitDays(&f)
		case catalogue.Attended:
			b.attended(&f)
		case catalogue.MixedPairs:
			b.mixedPairs(&f)
		case catalogue.Milestones:
			b.milestones(&f)
		case catalogue.InsightsUsed:
			b.insightsUsed(&f)
		case catalogue.SkillsRated, catalogue.SkillLevel, catalogue.SkillGrowth:
			if was := Find(before, e.Key); was != nil && d.Cohort.RatingsClosedOn != "" && was.AsOf == d.Cohort.RatingsClosedOn {
				f = *was
			} else if d.Cohort.RatingsClosedOn != "" && len(d.Skills) > 0 {
				f.AsOf = d.Cohort.RatingsClosedOn
				b.skills(&f)
			} else {
				f.Value = notYet()
			}
		case catalogue.CostPerHead:
			b.cost(&f)
		case catalogue.CarbonPerHead:
			b.carbon(&f)
		case catalogue.Results:
			b.results(&f)
		case catalogue.Outcomes:
			b.outcomes(&f)
		}
		f.Explain = explain(f)
		figures = append(figures, f)
	}
	return figures, nil
}

func explain(f Figure) string {
	text := f.Label + ": " + f.Value.Text
	if f.Basis != "" && f.Value.State != NotYet {
		text += ", " + f.Basis
	}
	return text + "."
}

// The values.

func notYet() Value   { return Value{State: NotYet, Text: "not yet"} }
func notShown() Value { return Value{State: NotShown, Text: "not shown"} }

func word(rank int, text string) Value {
	return Value{State: Shown, Low: float64(rank), High: float64(rank), Text: text}
}

func number(x int) Value { return word(x, thousands(x)) }

func outOf(x, n int) Value {
	v := word(x, fmt.Sprintf("%s of %s", thousands(x), thousands(n)))
	v.N = &n
	return v
}

func between(lo, hi int, n *int) Value {
	v := Value{State: Ranged, Low: float64(lo), High: float64(hi), N: n, Text: fmt.Sprintf("%s to %s", thousands(lo), thousands(hi))}
	if n != nil {
		v.Text += " of " + thousands(*n)
	}
	return v
}

// percent is lo to hi of n in whole percent, outward.
func percent(lo, hi, n int) Value {
	if lo == hi {
		return word(rounded(100*lo, n), fmt.Sprintf("%d\u00a0%%", rounded(100*lo, n)))
	}
	from, to := 100*lo/n, (100*hi+n-1)/n
	return Value{State: Ranged, Low: float64(from), High: float64(to), Text: fmt.Sprintf("%d to %d\u00a0%%", from, to)}
}

// rounded is x/n to the nearest whole number, half up, for numbers that are not negative.
func rounded(x, n int) int { return (2*x + n) / (2 * n) }

func thousands(x int) string {
	s := strconv.Itoa(x)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

var columns = map[string]string{
	catalogue.Public: "public", catalogue.Private: "private", catalogue.All: "both",
	catalogue.Used: "used", catalogue.Unused: "not used",
}

func (f *Figure) set(row, rowName, column, columnName string, v Value) {
	f.Cells = append(f.Cells, Cell{ID: string(f.Key) + "/" + row + "/" + column, Row: rowName, Column: columnName, Value: v})
}

// The figures.

// people sets a row of people who are there, by sector, where missing of them are not; base of the missing are public, and so
// are taken off both counts before the label.
func (b *brief) people(f *Figure, row, name string, missing, base domain.SectorCount) {
	sectors := []struct {
		column string
		sector domain.Sector
	}{{catalogue.Public, domain.Public}, {catalogue.Private, domain.Private}}
	if !b.terms.protects(f.Key) {
		for _, s := range sectors {
			f.set(row, name, s.column, columns[s.column], outOf(b.size.Of(s.sector)-missing.Of(s.sector), b.size.Of(s.sector)))
		}
		all := b.size.Public + b.size.Private
		f.set(row, name, catalogue.All, columns[catalogue.All], outOf(all-missing.Public-missing.Private, all))
		return
	}
	size := domain.SectorCount{Public: b.size.Public - base.Public, Private: b.size.Private - base.Private}
	count := domain.SectorCount{Public: missing.Public - base.Public, Private: missing.Private - base.Private}
	in := populations(size)
	there := func(population string, c, m int) Value {
		p, lo, hi := label(c, b.starts[population], b.terms.Step, b.terms.Places, m)
		v := between(m-hi, m-lo, &m)
		v.P = &p
		return v
	}
	all, m := notShown(), size.Public+size.Private
	if slices.Equal(in, []string{catalogue.All}) {
		all = there(catalogue.All, count.Public+count.Private, m)
	}
	lo, hi := 0, 0
	for _, s := range sectors {
		v := notShown()
		if slices.Contains(in, s.column) {
			v = there(s.column, count.Of(s.sector), size.Of(s.sector))
			lo, hi = lo+int(v.Low), hi+int(v.High)
			all = between(lo, hi, &m)
		}
		f.set(row, name, s.column, columns[s.column], v)
	}
	f.set(row, name, catalogue.All, columns[catalogue.All], all)
}

// publicLeft is how many had left by a day, where the brief tells that exactly.
func (b *brief) publicLeft(by domain.Date) domain.SectorCount {
	if b.terms.protects(catalogue.Retained) {
		return domain.SectorCount{}
	}
	return b.left(by)
}

func (b *brief) enrolled(f *Figure) {
	// Where retention is protected only those who first took a seat are told: a refill would tell that somebody left.
	protected := b.terms.protects(catalogue.Retained)
	var enrolled, active, completed domain.SectorCount
	for _, e := range b.Enrolments {
		if e.Refill && protected {
			continue
		}
		enrolled.Add(e.Sector, 1)
		if e.LeftOn == "" || e.LeftOn > b.Cohort.AsOf {
			if e.Completed {
				completed.Add(e.Sector, 1)
			} else {
				active.Add(e.Sector, 1)
			}
		}
	}
	set := func(row, name string, n domain.SectorCount) {
		f.set(row, name, catalogue.Public, columns[catalogue.Public], number(n.Public))
		f.set(row, name, catalogue.Private, columns[catalogue.Private], number(n.Private))
		f.set(row, name, catalogue.All, columns[catalogue.All], number(n.Public+n.Private))
	}
	set("SEATS", "seats", domain.SectorCount{Public: b.Cohort.Public, Private: b.Cohort.Private})
	set("ENROLLED", "enrolled", enrolled)
	if !protected {
		set("ACTIVE", "taking part", active)
		set("COMPLETED", "completed", completed)
	}
	f.Value = number(enrolled.Public + enrolled.Private)
}

func (b *brief) retained(f *Figure) {
	b.people(f, "TAKING_PART", "taking part", b.left(b.Cohort.AsOf), domain.SectorCount{})
	f.Value = f.Cell("TAKING_PART", catalogue.All).Value
	f.Value.P = nil
}

func (b *brief) visitDays(f *Figure) {
	if len(b.Days) == 0 {
		f.Value = notYet()
		return
	}
	held := 0
	for _, day := range b.Days {
		state := word(0, "planned")
		if day.Held {
			state = word(1, "done")
			held++
		}
		f.set(string(day.On), day.On.String(), "STATE", "state", state)
		f.set(string(day.On), day.On.String(), "HOSTS", "hosts", number(day.Hosts))
	}
	f.Value = outOf(held, len(b.Days))
}

func (b *brief) attended(f *Figure) {
	present := map[domain.Date]map[string]bool{}
	for _, a := range b.Attendance {
		if a.Present {
			if present[a.On] == nil {
				present[a.On] = map[string]bool{}
			}
			present[a.On][a.Person] = true
		}
	}
	lo, hi, seats, shown := 0, 0, 0, true
	for _, day := range b.Days {
		if !day.Held || len(present[day.On]) == 0 { // nobody has noted who was there
			continue
		}
		var absent domain.SectorCount
		for _, e := range b.Enrolments {
			if gone := e.LeftOn != "" && e.LeftOn <= day.On; !e.Refill && (gone || !present[day.On][e.Person]) {
				absent.Add(e.Sector, 1)
			}
		}
		b.people(f, string(day.On), day.On.String(), absent, b.publicLeft(day.On))
		all := f.Cell(string(day.On), catalogue.All).Value
		if shown = shown && all.N != nil; shown {
			lo, hi, seats = lo+int(all.Low), hi+int(all.High), seats+*all.N
		}
	}
	switch {
	case len(f.Cells) == 0:
		f.Value = notYet()
	case !shown:
		f.Value = notShown()
	default:
		f.Value = percent(lo, hi, seats)
	}
}

func (b *brief) mixedPairs(f *Figure) {
	// Pairs of both public, one of each, both private: as planned, and by chance among the same people of the day.
	var seen [3]int
	var chance [3]float64
	pairs := 0
	choose := func(n int) int { return n * (n - 1) / 2 }
	for i := 0; i < len(b.Groups); {
		on, public, private, day := b.Groups[i].On, 0, 0, 0
		for ; i < len(b.Groups) && b.Groups[i].On == on; i++ {
			g := b.Groups[i]
			seen[0], seen[1], seen[2] = seen[0]+choose(g.Public), seen[1]+g.Public*g.Private, seen[2]+choose(g.Private)
			day += choose(g.Public + g.Private)
			public, private = public+g.Public, private+g.Private
		}
		if all := choose(public + private); all > 0 {
			share := float64(day) / float64(all)
			chance[0] += share * float64(choose(public))
			chance[1] += share * float64(public*private)
			chance[2] += share * float64(choose(private))
		}
		pairs += day
	}
	if pairs == 0 {
		f.Value = notYet()
		return
	}
	for i, row := range []struct{ key, name string }{{"BOTH_PUBLIC", "both public"}, {"ONE_OF_EACH", "one of each"}, {"BOTH_PRIVATE", "both private"}} {
		f.set(row.key, row.name, "SEEN", "planned", percent(seen[i], seen[i], pairs))
		by := int(100*chance[i]/float64(pairs) + 0.5)
		f.set(row.key, row.name, "CHANCE", "by chance", word(by, fmt.Sprintf("%d\u00a0%%", by)))
	}
	f.Value = f.Cell("ONE_OF_EACH", "SEEN").Value
}

// title is a team with its challenge.
func (t Team) title() string {
	if t.Challenge == "" {
		return t.Name
	}
	return t.Name + ": " + t.Challenge
}

func (b *brief) milestones(f *Figure) {
	if len(b.Teams) == 0 {
		f.Value = notYet()
		return
	}
	met := 0
	for _, t := range b.Teams {
		of := 0
		var steps []Value
		for _, s := range Steps {
			v := word(0, "not yet")
			for _, m := range b.Milestones {
				if m.Team == t.Key && m.Step == s {
					v = word(1, m.On.String())
					of++
				}
			}
			steps = append(steps, v)
		}
		f.set(t.Key, t.title(), "MET", "met", outOf(of, len(Steps)))
		for i, s := range Steps {
			f.set(t.Key, t.title(), string(s), s.String(), steps[i])
		}
		if t.Stage != "" {
			f.set(t.Key, t.title(), "STAGE", "challenge", word(0, t.Stage))
		}
		met += of
	}
	f.Value = outOf(met, len(Steps)*len(b.Teams))
}

func (b *brief) insightsUsed(f *Figure) {
	if len(b.Insights) == 0 {
		f.Value = notYet()
		return
	}
	protected := b.terms.protects(f.Key)
	value := func(n int) Value {
		if !protected {
			return number(n)
		}
		p, lo, hi := label(n, b.starts["TEAM"], b.terms.Step, b.terms.Places, -1)
		v := between(lo, hi, nil)
		v.P = &p
		return v
	}
	rows := slices.Clone(b.Teams)
	if slices.ContainsFunc(b.Insights, func(i Insight) bool { return i.Team == "" }) {
		rows = append(rows, Team{Key: "", Name: "no team's challenge"})
	}
	used, unused := Value{State: Shown}, Value{State: Shown}
	for _, t := range rows {
		n, of := 0, 0
		for _, i := range b.Insights {
			if i.Team == t.Key {
				of++
				if i.Used {
					n++
				}
			}
		}
		key := t.Key
		if key == "" {
			key = "NONE"
		}
		u, not := value(n), value(of-n)
		f.set(key, t.title(), catalogue.Used, columns[catalogue.Used], u)
		f.set(key, t.title(), catalogue.Unused, columns[catalogue.Unused], not)
		used, unused = sum(used, u), sum(unused, not)
	}
	f.Value = used
	if captured := sum(used, unused); !protected {
		f.Value = outOf(int(used.Low), int(captured.Low))
	}
}

// sum adds what is printed.
func sum(a, b Value) Value {
	if a.State == Shown && b.State == Shown {
		return number(int(a.Low + b.Low))
	}
	return between(int(a.Low+b.Low), int(a.High+b.High), nil)
}

// levels are what a person rated: before, looking back and now, for one skill.
type levels struct{ before, back, now *int }

func (l levels) all() bool { return l.before != nil && l.back != nil && l.now != nil }

func (b *brief) skills(f *Figure) {
	type of struct{ person, skill string }
	rated := map[of]*levels{}
	for i := range b.Ratings {
		r := &b.Ratings[i]
		k := of{r.Person, r.Skill}
		if rated[k] == nil {
			rated[k] = &levels{}
		}
		switch r.Kind {
		case domain.SelfPre:
			rated[k].before = &r.Level
		case domain.ThenPre:
			rated[k].back = &r.Level
		case domain.SelfPost:
			rated[k].now = &r.Level
		}
	}
	closed := b.Cohort.RatingsClosedOn
	base := b.publicLeft(closed)
	for _, skill := range b.Skills {
		var unrated, below domain.SectorCount
		var before, back, now int
		for _, e := range b.Enrolments {
			if e.Refill {
				continue
			}
			l := rated[of{e.Person, skill.Key}]
			if l == nil || !l.all() || e.LeftOn != "" && e.LeftOn <= closed {
				unrated.Add(e.Sector, 1)
				below.Add(e.Sector, 1)
				continue
			}
			before, back, now = before+*l.before, back+*l.back, now+*l.now
			if *l.now < 3 {
				below.Add(e.Sector, 1)
			}
		}
		switch f.Key {
		case catalogue.SkillsRated:
			b.people(f, skill.Key, skill.Name, unrated, base)
		case catalogue.SkillLevel:
			b.people(f, skill.Key, skill.Name, below, base)
		case catalogue.SkillGrowth:
			n := b.size.Public + b.size.Private - unrated.Public - unrated.Private
			var rows Figure
			rows.Key = catalogue.SkillsRated
			b.people(&rows, skill.Key, skill.Name, unrated, base)
			b.growth(f, skill, n, rows.Cell(skill.Key, catalogue.All).Value, before, back, now)
		}
	}
	b.spread(f)
}

// growth sets a skill's averages over n people, of whom atLeast is printed.
func (b *brief) growth(f *Figure, skill Skill, n int, atLeast Value, before, back, now int) {
	mean := func(sum int) Value {
		if atLeast.State == NotShown || int(atLeast.Low) < catalogue.Fewest {
			return notShown()
		}
		return average(sum, n, int(atLeast.Low))
	}
	was, looking, is := mean(before), mean(back), mean(now)
	f.set(skill.Key, skill.Name, "BEFORE", "before", was)
	f.set(skill.Key, skill.Name, "LOOKING_BACK", "looking back", looking)
	f.set(skill.Key, skill.Name, "NOW", "now", is)
	f.set(skill.Key, skill.Name, "GROWTH", "growth", difference(is, looking))
	atLeast.P = nil
	f.set(skill.Key, skill.Name, "N", "people", atLeast)
}

// average is sum/n on the scale from 0 to 4, rounded to a step that follows from how many people are printed at least, so that
// several sums stay possible even to who knows n. Beyond its public ends it is coded.
func average(sum, n, atLeast int) Value {
	tenths, end := 5, 10
	switch {
	case atLeast >= 30:
		tenths, end = 1, 5
	case atLeast >= 16:
		tenths, end = 2, 5
	case atLeast >= 15:
		tenths = 2
	}
	switch at := tenths * rounded(10*sum, n*tenths); {
	case at < end:
		return Value{State: Ranged, Low: 0, High: float64(end) / 10, Text: "under " + level(end)}
	case at > 40-end:
		return Value{State: Ranged, Low: float64(40-end) / 10, High: 4, Text: level(40-end) + " or over"}
	default:
		return Value{State: Shown, Low: float64(at) / 10, High: float64(at) / 10, Text: level(at)}
	}
}

// level is tenths as people read them.
func level(tenths int) string { return strconv.FormatFloat(float64(tenths)/10, 'f', 1, 64) }

func signed(tenths int) string {
	if tenths < 0 {
		return "−" + level(-tenths)
	}
	return "+" + level(tenths)
}

func tenths(x float64) int { return int(x*10+100.5) - 100 }

// difference is one printed average less another.
func difference(a, b Value) Value {
	if a.State == NotShown || b.State == NotShown {
		return notShown()
	}
	lo, hi := tenths(a.Low)-tenths(b.High), tenths(a.High)-tenths(b.Low)
	v := Value{State: Shown, Low: float64(lo) / 10, High: float64(hi) / 10, Text: signed(lo)}
	if lo != hi {
		v.State, v.Text = Ranged, signed(lo)+" to "+signed(hi)
	}
	return v
}

// spread is the figure's own value: from the lowest skill to the highest, of what is printed.
func (b *brief) spread(f *Figure) {
	column := catalogue.All
	if f.Key == catalogue.SkillGrowth {
		column = "GROWTH"
	}
	f.Value = notShown()
	var lo, hi float64
	var of *int
	for _, row := range f.Rows() {
		v := f.Cell(row, column).Value
		if v.State == NotShown {
			continue
		}
		if f.Value.State == NotShown {
			lo, hi, of = v.Low, v.High, v.N
			f.Value.State = Ranged
		}
		lo, hi = min(lo, v.Low), max(hi, v.High)
	}
	switch {
	case f.Value.State == NotShown:
	case f.Key == catalogue.SkillGrowth:
		f.Value = Value{State: Ranged, Low: lo, High: hi, Text: signed(tenths(lo)) + " to " + signed(tenths(hi))}
		if lo == hi {
			f.Value.State, f.Value.Text = Shown, signed(tenths(lo))
		}
	default:
		f.Value = between(int(lo), int(hi), of)
	}
}

// perHead is a total over the seats in whole units of which one holds unit of the total: exact, or where the figure is
// protected as a step of the total, outward.
func (b *brief) perHead(f *Figure, total, step, unit int, write func(int) string) Value {
	heads := (b.Cohort.Public + b.Cohort.Private) * unit
	if heads/unit < catalogue.Fewest {
		return notShown()
	}
	if !b.terms.protects(f.Key) {
		v := rounded(total, heads)
		return word(v, write(v))
	}
	_, lo, hi := label(total, offset(b.secret, string(f.Key), step), step, step, -1)
	from, to := lo/heads, (hi+heads-1)/heads
	return Value{State: Ranged, Low: float64(from), High: float64(to), Text: write(from) + " to " + write(to)}
}

func pounds(x int) string { return "£" + thousands(x) }
func kilos(x int) string  { return thousands(x) + "\u00a0kg" }

func (b *brief) cost(f *Figure) {
	total, known := 0, len(b.Costs) > 0
	travel := 0
	for _, l := range b.Legs {
		if l.Pence != nil {
			travel, known = travel+*l.Pence, true
		}
	}
	if !known {
		f.Value = notYet()
		return
	}
	line := func(row, name string, pence int) {
		total += pence
		if !b.terms.protects(f.Key) {
			f.set(row, name, "HEAD", "a head", b.perHead(f, pence, b.terms.PenceStep, 100, pounds))
		}
	}
	if travel > 0 {
		line("TRAVEL", "travel", travel)
	}
	for _, c := range b.Costs {
		line(strings.ReplaceAll(c.Name, "/", " "), c.Name, c.Pence)
	}
	f.Value = b.perHead(f, total, b.terms.PenceStep, 100, pounds)
	b.sources(f)
}

func (b *brief) carbon(f *Figure) {
	if len(b.Legs) == 0 {
		f.Value = notYet()
		return
	}
	total := 0
	for _, l := range b.Legs {
		total += l.Grams
		if !b.terms.protects(f.Key) {
			f.set(string(l.Mode), strings.ToLower(string(l.Mode)), "HEAD", "a head", b.perHead(f, l.Grams, b.terms.GramsStep, 1000, kilos))
		}
	}
	f.Value = b.perHead(f, total, b.terms.GramsStep, 1000, kilos)
	b.sources(f)
}

func (b *brief) sources(f *Figure) {
	for _, l := range b.Legs {
		if l.Source != "" && !slices.Contains(f.Sources, l.Source) {
			f.Sources = append(f.Sources, l.Source)
		}
	}
}

func (b *brief) results(f *Figure) {
	if len(b.Results) == 0 {
		f.Value = notYet()
		return
	}
	for _, r := range b.Results {
		name := r.Team
		if i := slices.IndexFunc(b.Teams, func(t Team) bool { return t.Key == r.Team }); i >= 0 {
			name = b.Teams[i].title()
		}
		f.set(r.Team, name, "PLACE", "place", number(r.Place))
	}
	f.Value = number(len(b.Results))
}

func (b *brief) outcomes(f *Figure) {
	if len(b.Outcomes) == 0 {
		f.Value = notYet()
		return
	}
	for i, o := range b.Outcomes {
		f.set(strconv.Itoa(i+1), o.Text, "ON", "since", word(1, o.On.String()))
	}
	f.Value = number(len(b.Outcomes))
}
