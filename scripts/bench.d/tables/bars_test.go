package main

import (
	"strings"
	"testing"
)

// What was not measured is said to be so, and a bar is reached by what reaches it alone.
func TestBars(t *testing.T) {
	verdicts := func(lines string) map[string]string {
		m, err := read(strings.NewReader(lines))
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, b := range m.promises() {
			switch text, reached, known := b.measured(); {
			case !known:
				all[b.what] = "not measured"
			case reached:
				all[b.what] = text
			default:
				all[b.what] = "missed: " + text
			}
		}
		return all
	}
	for what, verdict := range verdicts("") {
		if verdict != "not measured" {
			t.Errorf("%s: %s, where nothing was measured", what, verdict)
		}
	}

	const optimum, ratio = "same optimum as CBC and HiGHS at every level", "time to proof, CBC ÷ Tandem"
	peers := "BenchmarkPeers/a 1 5 ns/op 100 cpu-ns 50 minutes-cpu-ns 5 levels 4000 CBC-cpu-ns 4 CBC-levels 0 CBC-differs\n"
	for _, c := range []struct{ lines, what, verdict string }{
		{peers, optimum, "1 equal, 0 not proved by the solver in time, 0 differ"},
		{peers, ratio, "median 80.0, 80.0 to 80.0, 1 cohorts; with our CO2e median 40.0, least 40.0"},
		{strings.Replace(peers, "0 CBC-differs", "3 CBC-differs", 1), optimum, "missed: 0 equal, 0 not proved by the solver in time, 1 differ"},
		{strings.Replace(peers, "4 CBC-levels", "2 CBC-levels", 1), optimum, "missed: 0 equal, 1 not proved by the solver in time, 0 differ"},
		{peers + strings.Replace(peers, "4000", "100", 1), ratio, "median 41.0, 41.0 to 41.0, 1 cohorts; with our CO2e median 20.5, least 20.5"},
		{peers + strings.Replace(strings.Replace(peers, "/a", "/b", 1), "4000", "100", 1), ratio, "missed: median 41.0, 2.00 to 80.0, 2 cohorts; with our CO2e median 20.5, least 1.00"},
		{strings.Replace(peers, "5 levels", "3 levels", 1), ratio, "missed: median 80.0, 80.0 to 80.0, 1 cohorts; with our CO2e median 40.0, least 40.0"},
		{"BenchmarkDragVisit/a 9 2900 cpu-ns/op 0 allocs/op\nBenchmarkDragVisit/b 9 2000 cpu-ns/op 1 allocs/op\n", "a visit dragged with its rules, at 38 and 2,000", "missed: at most 2.90 µs, 1 allocations"},
		{"BenchmarkReport/16000 1 3000000000 ns/op 90.2 MB-most\nBenchmarkReport/48000 1 11000000000 ns/op 251 MB-most\n",
			"ten minutes of a rehearsal: memory of the process", "missed: 90 MB at 16000 Hz, 251 MB at 48000 Hz"},
	} {
		if verdict := verdicts(c.lines)[c.what]; verdict != c.verdict {
			t.Errorf("%s: %q, not %q, of\n%s", c.what, verdict, c.verdict, c.lines)
		}
	}
}
