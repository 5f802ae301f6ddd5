package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/domain"
)

var nations = []domain.Nation{domain.England, domain.Wales, domain.Scotland, domain.NorthernIreland}

func TestFiveWorkingDaysBeforeTheTuesdayAfterEaster2019(t *testing.T) {
	visit := domain.Date("2019-04-23")
	for _, c := range []struct {
		over []domain.Nation
		want domain.Date
	}{
		{[]domain.Nation{domain.England}, "2019-04-12"},
		{[]domain.Nation{domain.Wales}, "2019-04-12"},
		{[]domain.Nation{domain.Scotland}, "2019-04-15"},
		{[]domain.Nation{domain.Scotland, domain.England}, "2019-04-12"},
		{nil, "2019-04-16"},
	} {
		if got := Back(visit, 5, c.over...); got != c.want {
			t.Errorf("five working days before %s over %v: got %s, want %s", visit, c.over, got, c.want)
		}
	}
}

func TestExplainNamesWhatStopsADay(t *testing.T) {
	var ruler []string
	for _, d := range Explain("2019-04-23", -2, domain.Scotland, domain.England, domain.England) {
		line := fmt.Sprintf("%s %t", string(d.On), d.Counts)
		for _, h := range d.Holidays {
			line += fmt.Sprintf(" %s/%s", h.Name, h.Nation)
		}
		ruler = append(ruler, line)
	}
	want := []string{
		"2019-04-17 true",
		"2019-04-18 true",
		"2019-04-19 false Good Friday/Scotland Good Friday/England",
		"2019-04-20 false",
		"2019-04-21 false",
		"2019-04-22 false Easter Monday/England",
		"2019-04-23 false",
	}
	if !slices.Equal(ruler, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(ruler, "\n"), strings.Join(want, "\n"))
	}
}

func TestWorkingDaysBetween(t *testing.T) {
	for _, c := range []struct {
		from, to domain.Date
		want     int
	}{
		{"2019-04-15", "2019-04-18", 3},
		{"2019-04-18", "2019-04-18", 0},
		{"2019-04-18", "2019-04-23", 1},
		{"2019-04-23", "2019-04-18", -1},
		{"", "2019-04-18", 0},
	} {
		if got := WorkingDaysBetween(c.from, c.to, domain.England); got != c.want {
			t.Errorf("%s to %s: got %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

// The rules must give the published table, but for what was proclaimed once: a rule that drifts is caught by the years
// that were published.
func TestRulesGiveThePublishedYears(t *testing.T) {
	proclaimed := map[string]bool{ // by day and name, in either list only
		"2020-05-04 Early May bank holiday":              true,
		"2020-05-08 Early May bank holiday (VE Day)":     true,
		"2022-05-30 Spring bank holiday":                 true,
		"2022-06-02 Spring bank holiday":                 true,
		"2022-06-03 Platinum Jubilee bank holiday":       true,
		"2022-09-19 State Funeral of Queen Elizabeth II": true,
		"2023-05-08 Coronation of King Charles III":      true,
		"2026-06-15 World Cup bank holiday":              true,
	}
	seen := map[string]bool{}
	for _, n := range nations {
		for year := firstPublished; year <= lastPublished; year++ {
			byRule, asPublished := lines(computed(n, year)), lines(ofYear(n, year))
			for _, line := range append(without(byRule, asPublished), without(asPublished, byRule)...) {
				if !proclaimed[line] {
					t.Errorf("%s: %q is in one of the lists only", n, line)
				}
				seen[line] = true
			}
		}
	}
	if len(seen) != len(proclaimed) {
		t.Errorf("proclaimed days seen: %v", seen)
	}
}

func lines(list []Holiday) (out []string) {
	for _, h := range list {
		out = append(out, string(h.Date)+" "+h.Name)
	}
	return out
}

func without(list, other []string) (out []string) {
	for _, line := range list {
		if !slices.Contains(other, line) {
			out = append(out, line)
		}
	}
	return out
}

func TestComputedYearsAreMarked(t *testing.T) {
	list := HolidaysOf(domain.Scotland, "2028-12-01", "2029-12-31")
	if len(list) != 2+9 {
		t.Fatalf("got %d holidays: %v", len(list), lines(list))
	}
	for i, h := range list {
		if h.Computed != (h.Date >= "2029") {
			t.Errorf("%s: computed = %t", h.Date, h.Computed)
		}
		if i > 0 && h.Date < list[i-1].Date {
			t.Errorf("%s comes after %s", h.Date, list[i-1].Date)
		}
	}
	if got := HolidaysOf("ATLANTIS", "2019-01-01", "2031-12-31"); got != nil {
		t.Errorf("a nation that is none has bank holidays: %v", got)
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []domain.Date{"1818-03-22", "1961-04-02", "2000-04-23", "2019-04-21", "2038-04-25", "2049-04-18", "2285-03-22"} {
		if got := easterSunday(want.Time().Year()); got != want {
			t.Errorf("Easter %d: got %s, want %s", want.Time().Year(), got, want)
		}
	}
}

func TestCountingHolds(t *testing.T) { rapid.Check(t, countingHolds) }

// The control: each nation's calendar must matter to the property, or a forgotten one would pass unseen.
func TestEveryNationsCalendarIsFelt(t *testing.T) {
	for _, n := range nations {
		felt := false
		for day := domain.Date("2019-01-01"); day < "2020-01-01"; day = day.AddDays(1) {
			felt = felt || Back(day, 1, n) != Back(day, 1)
		}
		if !felt {
			t.Errorf("the calendar of %s makes no difference", n)
		}
	}
}

func countingHolds(t *rapid.T) {
	day := domain.Date("2018-06-01").AddDays(rapid.IntRange(0, 6000).Draw(t, "day"))
	n := rapid.IntRange(1, 30).Draw(t, "n")
	over := rapid.SliceOfN(rapid.SampledFrom(nations), 1, 3).Draw(t, "nations")
	due := Back(day, n, over...)

	if isWeekend(due) {
		t.Fatalf("%s is on a weekend", due)
	}
	for _, nation := range over {
		if h := HolidaysOf(nation, due, due); len(h) > 0 {
			t.Fatalf("%s is %s in %s", due, h[0].Name, nation)
		}
	}
	if got := WorkingDaysBetween(day, due, over...); got != -n {
		t.Fatalf("%s to %s: %d working days, want %d", day, due, got, -n)
	}
	if WorkingDay(day, over...) {
		if again := Forward(due, n, over...); again != day {
			t.Fatalf("back to %s and forward again: %s, want %s", due, again, day)
		}
	}
	if earlier := Back(day, n+1, over...); earlier >= due {
		t.Fatalf("one more day back gives %s, not before %s", earlier, due)
	}
	if before := Back(day.AddDays(-1), n, over...); before > due {
		t.Fatalf("counted from a day earlier: %s, after %s", before, due)
	}
	if wider := Back(day, n, append(over, nations...)...); wider > due {
		t.Fatalf("more calendars bring the deadline later: %s after %s", wider, due)
	}
	ruler, counted := Explain(day, -n, over...), 0
	for _, d := range ruler {
		if d.Counts {
			counted++
		}
	}
	if counted != n || ruler[0].On != due || ruler[len(ruler)-1].On != day {
		t.Fatalf("the ruler from %s to %s counts %d, want %d", ruler[0].On, ruler[len(ruler)-1].On, counted, n)
	}
}
