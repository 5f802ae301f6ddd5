package press

import (
	"fmt"
	"strings"
	"unicode"

	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
)

// sheet is a brief as it is set, for the page and the PDF alike.
type sheet struct {
	sponsor.Brief
	Title, Edition string
	Headline       string
	Summary        string
	Goal           string
	Level          string
	Because        string
	WentBadly      []string
	Decisions      []sponsor.Decision
	Panels         []panel // who takes part, visits, mixing
	Teams          []team
	TeamsTitle     string
	TeamsFoot      prose
	Skills         *skills
	Heads          []panel // cost and carbon
	After          []panel // results and outcomes, once there are any
	Changes        grid
	Beside         grid
	Receipts       grid
	Each           []receipt
	Tables         []grid
	Foot           []string
}

// prose is words with figures in them.
type prose []run

// run is a stretch of prose; Receipt is the number of the figure that it tells, 0 for none.
type run struct {
	Text    string
	Receipt int
	Hatched bool
}

// panel is one thing of which a large figure, a chart and a sentence tell.
type panel struct {
	Title   string
	Big     run
	Under   prose
	Chart   *drawing
	Caption prose
}

type team struct {
	Name, Challenge string
	Steps           *drawing
	Insights        run
}

type skills struct {
	Receipt, LevelReceipt int
	Caption               string
	Growth, Level         *drawing
}

// grid is rows of cells under heads; the first column names the rows.
type grid struct {
	Caption string
	Number  int
	Heads   []string
	Rows    [][]run
	Wide    bool
}

// receipt is where a figure comes from.
type receipt struct {
	*sponsor.Figure
	Query   string
	Checked string
}

// clause is a sentence as it goes on after other words: without a capital, unless the first word is written in more of them, and
// without its stop.
func clause(text string) string {
	letters := []rune(strings.TrimRight(text, "."))
	if len(letters) > 1 && !unicode.IsUpper(letters[1]) {
		letters[0] = unicode.ToLower(letters[0])
	}
	return string(letters)
}

// tell is a figure's own value.
func tell(f *sponsor.Figure) run {
	if f == nil {
		return run{Text: "not yet"}
	}
	return run{Text: f.Value.Text, Receipt: f.Number, Hatched: f.Value.State == sponsor.NotShown}
}

func say(text string) run { return run{Text: text} }

// spelt is a number from one to twelve in words.
func spelt(n int) string {
	words := []string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

func some(n int, one, many string) string {
	if n == 1 {
		return spelt(n) + " " + one
	}
	return spelt(n) + " " + many
}

// lay sets a brief out.
func lay(b sponsor.Brief) *sheet {
	s := &sheet{Brief: b, Title: fmt.Sprintf("Brief %d, %s", b.Number, b.Programme), Edition: fmt.Sprintf("Brief %d for the sponsor", b.Number)}
	if b.Draft {
		s.Title, s.Edition = "Draft of "+s.Title, fmt.Sprintf("Draft of brief %d, not released", b.Number)
	}
	fill := func(text string) string { return sponsor.Fill(text, b.Figures) }
	s.Headline, s.Summary = fill(b.Words.Headline), fill(b.Words.Summary)
	s.Goal, s.Level, s.Because = clause(fill(b.Words.Rating.Goal)), b.Words.Rating.Level.String(), fill(b.Words.Rating.Because)
	for _, w := range b.Words.WentBadly {
		s.WentBadly = append(s.WentBadly, fill(w))
	}
	for _, d := range b.Words.Decisions {
		s.Decisions = append(s.Decisions, sponsor.Decision{Text: fill(d.Text), By: d.By})
	}
	figure := func(k catalogue.Key) *sponsor.Figure {
		if f := sponsor.Find(b.Figures, k); f != nil && f.Value.State != sponsor.NotYet {
			return f
		}
		return nil
	}
	s.Panels = []panel{s.who(figure), s.visits(figure), s.mixing(figure)}
	s.teams(figure)
	if f, level := figure(catalogue.SkillGrowth), figure(catalogue.SkillLevel); f != nil && len(f.Cells) > 0 {
		s.Skills = &skills{Receipt: f.Number, Caption: "Self-rated level, 0 to 4, average; people who rated all three times, at least and at most", Growth: growth(f)}
		if level != nil && len(level.Cells) > 0 {
			s.Skills.Level, s.Skills.LevelReceipt = shares(level), level.Number
		}
	}
	for _, k := range []catalogue.Key{catalogue.CostPerHead, catalogue.CarbonPerHead} {
		f := figure(k)
		if f == nil {
			continue
		}
		basis := "a head: " + f.Basis
		if k == catalogue.CarbonPerHead {
			basis = "CO2e a head: travel " + f.Basis
		}
		if len(f.Sources) > 0 {
			basis += "; " + strings.Join(f.Sources, "; ")
		}
		s.Heads = append(s.Heads, panel{Title: f.Label, Big: tell(f), Caption: prose{say(basis)}})
	}
	s.after(figure)
	s.compare(b)
	s.receipts(b)
	for i := range b.Figures {
		if f := &b.Figures[i]; len(f.Cells) > 0 {
			s.Tables = append(s.Tables, tabulate(f))
		}
	}
	s.Foot = append([]string{
		"Counts of people that are ranges overlap on purpose: each holds the true figure, and one person more or less cannot be read from them; totals add the ranges. " +
			"A hatched figure is not shown, because it rests on a group of under ten. No brief tells of " + list(catalogue.Never) + ".",
	}, b.Notes...)
	return s
}

// list is items as one does in a sentence.
func list(items []string) string {
	return strings.Join(items[:len(items)-1], "; ") + "; or " + items[len(items)-1]
}

func (s *sheet) who(figure func(catalogue.Key) *sponsor.Figure) panel {
	p := panel{Title: "Who takes part"}
	f, kept := figure(catalogue.Enrolled), figure(catalogue.Retained)
	if f == nil {
		return p
	}
	public, private := int(f.Cell("ENROLLED", catalogue.Public).Value.Low), int(f.Cell("ENROLLED", catalogue.Private).Value.Low)
	p.Big, p.Chart = run{Text: fmt.Sprintf("%d + %d", public, private), Receipt: f.Number}, tally(public, private)
	balance := "Public and private, level."
	if public != private {
		balance = "Public and private."
	}
	if kept == nil {
		p.Caption = prose{say(balance)}
		return p
	}
	still := " are still taking part"
	if c := f.Cell("ACTIVE", catalogue.All); c != nil && c.Value.Low == 0 {
		still = " stayed to the end"
	}
	p.Caption = prose{say(balance + " "), tell(kept), say(still)}
	if len(kept.Cells) > 0 {
		of := func(column string) run {
			v := kept.Cell("TAKING_PART", column).Value
			return run{Text: v.Text, Hatched: v.State == sponsor.NotShown}
		}
		p.Caption = append(p.Caption, say(": "), of(catalogue.Public), say(" public, "), of(catalogue.Private), say(" private"))
	}
	p.Caption = append(p.Caption, say("."))
	return p
}

func (s *sheet) visits(figure func(catalogue.Key) *sponsor.Figure) panel {
	p := panel{Title: "Visits"}
	f := figure(catalogue.VisitDays)
	if f == nil {
		p.Caption = prose{say("No plan has been released yet.")}
		return p
	}
	p.Big, p.Chart = run{Text: f.Value.Text + " days", Receipt: f.Number}, days(f)
	hosts, next := 0, ""
	for _, row := range f.Rows() {
		if f.Cell(row, "STATE").Value.Low > 0 {
			hosts += int(f.Cell(row, "HOSTS").Value.Low)
		} else if next == "" {
			next = f.Cell(row, "STATE").Row
		}
	}
	if hosts > 0 {
		p.Caption = append(p.Caption, say(some(hosts, "visit to a host", "visits to hosts")+" so far. "))
	}
	if went := figure(catalogue.Attended); went != nil {
		p.Caption = append(p.Caption, tell(went), say(" of the seats were filled. "))
	}
	if next != "" {
		p.Caption = append(p.Caption, say("Next: "+next+"."))
	}
	return p
}

func (s *sheet) mixing(figure func(catalogue.Key) *sponsor.Figure) panel {
	p := panel{Title: "Do the sectors mix?"}
	f := figure(catalogue.MixedPairs)
	if f == nil {
		p.Caption = prose{say("No groups have been released yet.")}
		return p
	}
	p.Big, p.Chart = tell(f), pairs(f)
	p.Under = prose{say("of pairs who travel together are one of each.")}
	return p
}

func (s *sheet) teams(figure func(catalogue.Key) *sponsor.Figure) {
	f, insights := figure(catalogue.Milestones), figure(catalogue.InsightsUsed)
	if f == nil {
		s.TeamsTitle, s.TeamsFoot = "Teams", prose{say("No teams have been formed yet.")}
		return
	}
	for _, row := range f.Rows() {
		name, challenge, _ := strings.Cut(f.Cell(row, "MET").Row, ": ")
		t := team{Name: name, Challenge: challenge, Steps: steps(f, row)}
		if insights != nil {
			if c := insights.Cell(row, catalogue.Used); c != nil {
				unit := " insights used"
				if c.Value.Text == "1" {
					unit = " insight used"
				}
				t.Insights = run{Text: c.Value.Text + unit, Hatched: c.Value.State == sponsor.NotShown}
			}
		}
		s.Teams = append(s.Teams, t)
	}
	var names []string
	for _, step := range sponsor.Steps {
		names = append(names, step.String())
	}
	s.TeamsTitle = some(len(s.Teams), "team", "teams") + ", five milestones: " + strings.Join(names, ", ")
	s.TeamsFoot = prose{tell(f), say(" milestones met. ")}
	if insights != nil {
		s.TeamsFoot = append(s.TeamsFoot, tell(insights), say(" insights from visits used by a team. "))
	}
	s.TeamsFoot = append(s.TeamsFoot, say("Rehearsals are private to each team and are never in a brief."))
}

func (s *sheet) after(figure func(catalogue.Key) *sponsor.Figure) {
	if f := figure(catalogue.Results); f != nil && len(f.Cells) > 0 {
		var first []string
		for _, c := range f.Cells {
			if c.Value.Low == 1 {
				first = append(first, c.Row)
			}
		}
		p := panel{Title: "Pitch day", Caption: prose{say("First prize: " + strings.Join(first, "; ") + "."), run{Receipt: f.Number}}}
		s.After = append(s.After, p)
	}
	if f := figure(catalogue.Outcomes); f != nil && len(f.Cells) > 0 {
		p := panel{Title: "What came of it"}
		for _, c := range f.Cells {
			p.Caption = append(p.Caption, say(strings.TrimRight(c.Row, ".")+", since "+c.Value.Text+". "))
		}
		s.After = append(s.After, panel{Title: p.Title, Caption: append(p.Caption, run{Receipt: f.Number})})
	}
}

func cell(v sponsor.Value) run { return run{Text: v.Text, Hatched: v.State == sponsor.NotShown} }

// compare sets what changed since the brief before, and the programme's other cohorts beside this one.
func (s *sheet) compare(b sponsor.Brief) {
	if len(b.Changes) > 0 {
		s.Changes = grid{Caption: fmt.Sprintf("What changed since brief %d, and why", b.Number-1), Heads: []string{"Figure", "before", "now", "why"}, Wide: true}
		for _, c := range b.Changes {
			before, after := say("–"), say("–")
			name := ""
			if c.Before != nil {
				name, before = c.Before.Label, cell(c.Before.Value)
			}
			if c.After != nil {
				name, after = c.After.Label, cell(c.After.Value)
			}
			why := sponsor.Fill(c.Because, b.Figures)
			s.Changes.Rows = append(s.Changes.Rows, []run{say(name), before, after, say(why)})
		}
	}
	if len(b.Beside) > 0 {
		s.Beside = grid{Caption: "Beside the programme's other cohorts", Heads: []string{"Figure", b.Cohort}, Wide: true}
		for _, other := range b.Beside {
			s.Beside.Heads = append(s.Beside.Heads, fmt.Sprintf("%s, brief %d of %s", other.Cohort, other.Number, other.AsOf))
		}
		for _, f := range b.Figures {
			row := []run{say(f.Label), cell(f.Value)}
			for _, other := range b.Beside {
				theirs := say("–")
				if g := sponsor.Find(other.Figures, f.Key); g != nil {
					theirs = cell(g.Value)
				}
				row = append(row, theirs)
			}
			s.Beside.Rows = append(s.Beside.Rows, row)
		}
	}
}

func (s *sheet) receipts(b sponsor.Brief) {
	s.Receipts = grid{Caption: "Receipts", Heads: []string{"Figure", "value", "unit", "n", "as of", "recomputed"}}
	for i := range b.Figures {
		f := &b.Figures[i]
		if f.Value.State == sponsor.NotYet { // nothing that could be recomputed
			continue
		}
		n, checked := "–", "not yet"
		if f.Value.N != nil {
			n = fmt.Sprint(*f.Value.N)
		}
		if b.Checked != nil {
			checked = "equal"
			for _, key := range b.Unequal {
				if key == string(f.Key) {
					checked = "not equal"
				}
			}
		}
		s.Receipts.Rows = append(s.Receipts.Rows, []run{{Text: f.Label, Receipt: f.Number}, cell(f.Value), say(f.Unit), say(n), say(f.AsOf.Time().Format("2 Jan 2006")), say(checked)})
		s.Each = append(s.Each, receipt{Figure: f, Query: b.Queries[string(f.Key)], Checked: checked})
	}
}

// tabulate is a figure's table.
func tabulate(f *sponsor.Figure) grid {
	columns := f.Columns()
	t := grid{Caption: f.Label, Number: f.Number, Heads: []string{""}, Wide: len(columns) > 5}
	for _, row := range f.Rows() {
		var cells []run
		for _, column := range columns {
			c := f.Cell(row, column)
			switch {
			case c == nil:
				cells = append(cells, say("–"))
				continue
			case len(cells) == 0:
				cells = append(cells, say(c.Row))
			}
			if len(t.Heads) <= len(columns) && len(t.Rows) == 0 {
				t.Heads = append(t.Heads, c.Column)
			}
			cells = append(cells, cell(c.Value))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
