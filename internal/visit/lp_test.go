package visit

import (
	"bytes"
	"fmt"
	"slices"
)

// lp is a mixed-integer linear programme as it is written, in CPLEX's LP format.
type lp struct {
	rows, unit, binary bytes.Buffer
	count              int
}

// term is a column and what it is taken times.
type term struct {
	by   int
	name string
}

// row adds Σ terms ≤ or ≥ right.
func (l *lp) row(terms []term, is string, right int) {
	fmt.Fprintf(&l.rows, "r%d:", l.count)
	l.count++
	linear(&l.rows, terms)
	fmt.Fprintf(&l.rows, " %s %d\n", is, right)
}

// linear writes terms, a few to a line, as some readers refuse long ones, and a column of nothing where there are none.
func linear(to *bytes.Buffer, terms []term) {
	if len(terms) == 0 {
		terms = []term{{0, "none"}}
	}
	for i, t := range terms {
		if i%8 == 7 {
			to.WriteString("\n")
		}
		fmt.Fprintf(to, " %+d %s", t.by, t.name)
	}
}

// asLP states what a level asks of one cohort without pins or requests, a visit day in a fortnight and the levels in the
// usual order, in any plan as good as fixed on the levels before. It is written from docs/planning.md alone and shares
// nothing with the planner:
//
//	z_d      day d is a visit day
//	y_e_d    entry e is held on day d, y ≤ z
//	x_p_e_d  person p is in the group of e on day d; min·y ≤ Σx ≤ max·y, and Σx ≤ z over the entries of the day
//	t_p_k    person p lacks a k-th visit, at 2k−1 squares: each dearer than the one before, so they fill in order
//	u_t_θ    nobody of team t sees theme θ
//	m        the largest shortfall
//
// The textbook's x ≤ y are left out: they tighten the relaxation, and cost these solvers more than they save.
func asLP(p Problem, level Level, fixed Score) []byte {
	type pair struct{ a, b int }
	l := &lp{}
	var days, minutes, grams []term
	ofFortnight := make([][]term, p.Fortnights)  // z
	usesOf := make([][]term, len(p.Offers))      // y
	visitsOf := make([][]term, len(p.People))    // x, for as many visits as it counts
	seen := map[pair][]term{}                    // x, by team and theme
	could := make([]map[int]bool, len(p.People)) // fortnights in which the person could attend something
	for d, f := range p.FortnightOfDay {
		var hosts []term
		places := make([][]term, len(p.People))
		z := fmt.Sprintf("z_%d", d)
		for e, offer := range p.Offers {
			excluded := slices.ContainsFunc(p.parts(e), func(o int) bool { return p.Offers[o].Excluded != nil })
			if excluded || offer.Excluded != nil || !slices.Contains(offer.Days, d) {
				continue
			}
			y, counts := fmt.Sprintf("y_%d_%d", e, d), len(p.parts(e))
			fmt.Fprintln(&l.binary, y)
			l.row([]term{{1, y}, {-1, z}}, "<=", 0)
			hosts = append(hosts, term{counts, y})
			for _, o := range p.parts(e) {
				usesOf[o] = append(usesOf[o], term{1, y})
			}
			var group []term
			for i, person := range p.People {
				if p.ReturnMinutes[i][e] < 0 || slices.Contains(person.Unavailable, d) {
					continue
				}
				if could[i] == nil {
					could[i] = map[int]bool{}
				}
				could[i][f] = true
				x := fmt.Sprintf("x_%d_%d_%d", i, e, d)
				fmt.Fprintln(&l.binary, x)
				group, places[i] = append(group, term{1, x}), append(places[i], term{1, x})
				visitsOf[i] = append(visitsOf[i], term{counts, x})
				minutes, grams = append(minutes, term{p.ReturnMinutes[i][e], x}), append(grams, term{p.GramsCO2e[i][e], x})
				for _, theme := range offer.Themes {
					seen[pair{person.Team, theme}] = append(seen[pair{person.Team, theme}], term{1, x})
				}
			}
			l.row(append(slices.Clone(group), term{-offer.Min, y}), ">=", 0)
			l.row(append(group, term{p.MentorSeats - offer.Max, y}), "<=", 0)
		}
		if hosts == nil {
			continue
		}
		fmt.Fprintln(&l.binary, z)
		days, ofFortnight[f] = append(days, term{1, z}), append(ofFortnight[f], term{1, z})
		if p.HostsPerDayMax > 0 {
			l.row(hosts, "<=", p.HostsPerDayMax)
		}
		for _, x := range places {
			l.row(append(x, term{-1, z}), "<=", 0)
		}
	}
	for _, z := range ofFortnight {
		l.row(z, "<=", 1)
	}
	l.row(days, "<=", p.VisitDaysMax)
	for _, y := range usesOf {
		l.row(y, "<=", 1)
	}

	var unseen, squares []term
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			u := term{1, fmt.Sprintf("u_%d_%d", team, theme)}
			fmt.Fprintln(&l.unit, u.name, "<= 1")
			unseen = append(unseen, u)
			l.row(append(seen[pair{team, theme}], u), ">=", 1)
		}
	}
	if level > LevelUncovered {
		l.row(unseen, "<=", fixed.Uncovered)
		for i := range p.People {
			attainable := min(p.VisitDaysMax, len(could[i]))
			if p.Attainable != nil {
				attainable = p.Attainable[i]
			}
			most, worst := attainable, []term{{1, "m"}}
			if level > LevelMaxShortfall {
				most = min(most, fixed.MaxShortfall)
			}
			for k := 1; k <= most; k++ {
				t := fmt.Sprintf("t_%d_%d", i, k)
				fmt.Fprintln(&l.unit, t, "<= 1")
				visitsOf[i] = append(visitsOf[i], term{1, t})
				worst, squares = append(worst, term{-1, t}), append(squares, term{2*k - 1, t})
			}
			l.row(visitsOf[i], ">=", attainable)
			if level == LevelMaxShortfall {
				l.row(worst, ">=", 0)
			}
		}
	}
	if level > LevelSquaredShortfall {
		l.row(squares, "<=", fixed.SquaredShortfall)
	}
	if level > LevelMinutes {
		l.row(minutes, "<=", fixed.Minutes)
	}

	var text bytes.Buffer
	text.WriteString("Minimize\ncost:")
	linear(&text, [][]term{unseen, {{1, "m"}}, squares, minutes, grams}[level-1])
	fmt.Fprintf(&text, "\nSubject To\n%sBounds\n%sBinary\n%sEnd\n", l.rows.Bytes(), l.unit.Bytes(), l.binary.Bytes())
	return text.Bytes()
}
