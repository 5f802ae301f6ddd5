package main

import "fmt"

// solvers are those that the planner is compared with.
var solvers = []string{"CBC", "HiGHS", "GLPK"}

// levelsOfPeers is how many levels a solver is asked: the last are the minutes.
const levelsOfPeers = 4

// against lists, for each cohort on which a solver was asked, how many times the planner's time of the processor it used:
// to the proof of the minutes, the last level of both, or with its CO2e besides.
func (m measured) against(solver, of string) (ratios []float64) {
	for _, cohort := range m.under("Peers") {
		at := "Peers/" + cohort
		theirs, asked := m.median(at, solver+"-cpu-ns")
		ours, _ := m.median(at, of)
		if asked {
			ratios = append(ratios, theirs/ours)
		}
	}
	return ratios
}

func (m measured) peers() {
	var rows [][]string
	for _, cohort := range m.under("Peers") {
		at := "Peers/" + cohort
		both := func(cpu, clock string) string { return m.time(at, cpu) + " · " + m.time(at, clock) }
		row := []string{cohort, m.number(at, "levels"), m.time(at, "minutes-cpu-ns"), both("cpu-ns", "clock-ns")}
		ours, _ := m.median(at, "minutes-cpu-ns")
		for _, solver := range solvers {
			theirs, asked := m.median(at, solver+"-cpu-ns")
			if !asked {
				row = append(row, "–", "–", "–")
				continue
			}
			least, told := "", "equal"
			if n, _ := m.median(at, solver+"-levels"); n < levelsOfPeers {
				least, told = "≥ ", fmt.Sprintf("equal on %.0f, then none", n)
			}
			if level, _ := m.median(at, solver+"-differs"); level > 0 {
				told = fmt.Sprintf("DIFFERS at level %.0f", level)
			}
			row = append(row, both(solver+"-cpu-ns", solver+"-ns"), least+figures(theirs/ours), told)
		}
		rows = append(rows, row)
	}
	head := []string{"cohort", "levels proved", "Tandem, to the minutes: CPU", "Tandem, all levels: CPU · clock"}
	for _, solver := range solvers {
		head = append(head, solver+": CPU · clock", "÷ Tandem to the minutes", "optima")
	}
	table("Time to proof against solvers of mixed-integer programmes", head, rows)
}
