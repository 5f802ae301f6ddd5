// Command tables reads rounds of what `go test -bench` writes from its input, and prints the measurements side by side as
// Markdown. A figure is the median of the rounds; a ratio is the median of each round's own ratio, with the least and the
// greatest behind it, because what else the machine does changes from round to round.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	m, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1)
	}
	m.bars()
	m.planner()
	m.peers()
	m.operations()
	m.imports()
	m.window()
	m.moves()
}

// measured is every value of each unit of each benchmark, by round.
type measured struct {
	names  []string
	values map[string]map[string][]float64
}

var (
	line  = regexp.MustCompile(`^Benchmark(\S+)\s+\d+\s+(.*)$`)
	procs = regexp.MustCompile(`-\d+$`)
)

func read(in io.Reader) (measured, error) {
	m := measured{values: map[string]map[string][]float64{}}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		found := line.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		name := procs.ReplaceAllString(found[1], "")
		if m.values[name] == nil {
			m.names, m.values[name] = append(m.names, name), map[string][]float64{}
		}
		fields := strings.Fields(found[2])
		for i := 0; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return m, fmt.Errorf("%s: %w", lines.Text(), err)
			}
			m.values[name][fields[i+1]] = append(m.values[name][fields[i+1]], v)
		}
	}
	return m, lines.Err()
}

// under lists what a benchmark has one level below, in the order it came.
func (m measured) under(name string) (below []string) {
	for _, n := range m.names {
		if rest, ok := strings.CutPrefix(n, name+"/"); ok {
			rest, _, _ = strings.Cut(rest, "/")
			if !slices.Contains(below, rest) {
				below = append(below, rest)
			}
		}
	}
	return below
}

func (m measured) median(name, unit string) (float64, bool) {
	v := m.values[name][unit]
	if len(v) == 0 {
		return 0, false
	}
	return median(v), true
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// duration gives nanoseconds in three figures.
func duration(ns float64) string {
	for _, u := range []struct {
		name string
		ns   float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= u.ns {
			return figures(ns/u.ns) + " " + u.name
		}
	}
	return figures(ns) + " ns"
}

func figures(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func (m measured) time(name, unit string) string {
	if v, ok := m.median(name, unit); ok {
		return duration(v)
	}
	return "–"
}

func (m measured) times(name, unit string) string {
	v := m.values[name][unit]
	if len(v) == 0 {
		return "–"
	}
	return fmt.Sprintf("%s (%s to %s)", duration(median(v)), duration(slices.Min(v)), duration(slices.Max(v)))
}

func (m measured) number(name, unit string) string {
	if v, ok := m.median(name, unit); ok {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return "–"
}

// ratio is how many times one thing takes what another takes.
func ratio(these, those []float64) string {
	n := min(len(these), len(those))
	if n == 0 {
		return "–"
	}
	var v []float64
	for i := range n {
		v = append(v, these[i]/those[i])
	}
	return fmt.Sprintf("%s (%s to %s)", figures(median(v)), figures(slices.Min(v)), figures(slices.Max(v)))
}

func table(title string, head []string, rows [][]string) {
	fmt.Printf("\n### %s\n\n", title)
	if len(rows) == 0 {
		fmt.Println("Not measured.")
		return
	}
	wide := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			wide[i] = max(wide[i], len([]rune(cell)))
		}
	}
	write := func(row []string, pad string) {
		for i, cell := range row {
			fmt.Print("| ", cell, strings.Repeat(pad, wide[i]-len([]rune(cell))), " ")
		}
		fmt.Println("|")
	}
	write(head, " ")
	write(make([]string, len(head)), "-")
	for _, row := range rows {
		write(row, " ")
	}
}

var levels = []string{"uncovered", "worst", "squares", "minutes", "grams"}

func (m measured) planner() {
	var rows [][]string
	for _, name := range m.under("Instances") {
		at := "Instances/" + name
		whole := at + "/whole"
		both := func(of string) string { return m.time(of, "ns/op") + " · " + m.time(of, "cpu-ns/op") }
		covered := both(at + "/covered")
		ours, _ := m.median(whole, "uncovered")
		if bound, ok := m.median(whole, "bound-uncovered"); ok && bound < ours {
			covered += " *"
		}
		row := []string{name, m.number(whole, "people"), both(at + "/first"), covered, both(whole)}
		for _, level := range levels {
			mine, best := m.number(whole, level), "–"
			if v, ok := m.median(whole, "known-"+level); ok && (level != "grams" || v > 0) {
				best = m.number(whole, "known-"+level)
			}
			row = append(row, mine+" / "+best)
		}
		rows = append(rows, append(row, m.beside(whole), m.number(whole, "proved")))
	}
	table("The planner on the carried instances (plan / best known)",
		[]string{"instance", "people", "first plan: clock · CPU", "covered: clock · CPU", "whole: clock · CPU", "unseen", "worst", "squares", "minutes", "grams", "against the best known", "levels proved"}, rows)
}

// beside says where a plan first leaves the best known values: the levels count in their order.
func (m measured) beside(whole string) string {
	for _, level := range levels {
		mine, _ := m.median(whole, level)
		best, known := m.median(whole, "known-"+level)
		switch {
		case !known:
			return "none known"
		case level == "grams" && best == 0:
			return "equal"
		case mine < best:
			return fmt.Sprintf("better: %s %.0f, not %.0f", level, mine, best)
		case mine > best && best > 0:
			return fmt.Sprintf("%s +%.0f (%.2f %%)", level, mine-best, 100*(mine-best)/best)
		case mine > best:
			return fmt.Sprintf("%s +%.0f", level, mine-best)
		}
	}
	return "equal"
}

func (m measured) operations() {
	var rows [][]string
	for _, engine := range m.under("Operations") {
		for _, op := range m.under("Operations/" + engine) {
			at := "Operations/" + engine + "/" + op
			hand, tandem, cached := at+"/by_hand", at+"/tandem", at+"/tandem_cached"
			values := func(of string) []float64 { return m.values[of]["ns/op"] }
			rows = append(rows, []string{strings.ReplaceAll(op, "_", " "), engine, m.time(hand, "ns/op"), m.time(tandem, "ns/op"), m.time(cached, "ns/op"),
				ratio(values(tandem), values(hand)), ratio(values(cached), values(hand)),
				m.number(hand, "allocs/op") + " / " + m.number(tandem, "allocs/op") + " / " + m.number(cached, "allocs/op")})
		}
	}
	table("Five operations against handlers written by hand",
		[]string{"operation", "database", "by hand", "Tandem", "Tandem, cached", "Tandem ÷ by hand", "cached ÷ by hand", "allocations"}, rows)
}

func (m measured) imports() {
	var rows [][]string
	for _, engine := range m.under("Import") {
		for _, people := range m.under("Import/" + engine) {
			at := "Import/" + engine + "/" + people
			each := "–"
			n, _ := strconv.ParseFloat(people, 64)
			if v, ok := m.median(at, "ns/op"); ok && n > 0 {
				each = duration(v / n)
			}
			rows = append(rows, []string{people, engine, m.times(at, "ns/op"), each, m.time(at, "again-ns/op"), m.time(at, "floor-ns/op"),
				ratio(m.values[at]["ns/op"], m.values[at]["floor-ns/op"])})
		}
	}
	table("Import of people", []string{"people", "database", "load", "a person", "again, unchanged", "bare insert", "load ÷ bare insert"}, rows)
}

func (m measured) window() {
	var rows [][]string
	for _, kind := range m.under("Window") {
		at := "Window/" + kind
		rows = append(rows, []string{kind, strconv.Itoa(len(m.values[at]["ns/op"])), m.times(at, "shown-ns"), m.times(at, "ns/op"), m.times(at, "settled-ns")})
	}
	table("From the window's start to its first paint", []string{"start", "starts", "window shown", "first paint", "settled"}, rows)
}

func (m measured) moves() {
	var rows [][]string
	for _, what := range []struct{ benchmark, name string }{{"MovePerson", "a person moved and put back"}, {"DragVisit", "a visit dragged, its rules, put back"}} {
		for _, name := range m.under(what.benchmark) {
			at := what.benchmark + "/" + name
			rows = append(rows, []string{what.name, name, m.times(at, "ns/op"), m.time(at, "cpu-ns/op"), m.number(at, "allocs/op"), m.number(at, "B/op")})
		}
	}
	table("Moves on the board", []string{"move", "instance", "time", "CPU", "allocations", "bytes"}, rows)
}
