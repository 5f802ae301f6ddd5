package visit

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"tandem/internal/travel"
)

// BenchmarkInstances is the planner on each carried instance, the two that have stations only on estimated ways between
// those stations. "first" is the time from the problem as read to a first plan; "covered" until as few pairs of team and
// theme are unseen as in the whole plan; "whole" a planning with the default budget, reasons included, with its levels
// beside the best known ones. cpu-ns is the processor's time, which other work on the machine disturbs less.
func BenchmarkInstances(b *testing.B) {
	values := best(b)
	for _, name := range carried {
		b.Run(name, func(b *testing.B) {
			p := onStations(b, name)
			begin := func() *search { // as Plan begins
				m, err := newModel(&p)
				if err != nil {
					b.Fatal(err)
				}
				x := newSearch(m, newHold(m), 1)
				x.limit = DefaultWork(p)
				if !x.build() {
					b.Fatal("no first plan")
				}
				x.unseen = newBounds(m).uncovered
				return x
			}
			b.Run("first", func(b *testing.B) {
				onProcessor(b, func() { begin().s.assignment() })
			})
			var r Result
			b.Run("whole", func(b *testing.B) {
				onProcessor(b, func() {
					var err error
					if r, err = Plan(context.Background(), p, Options{Seed: 1}); err != nil {
						b.Fatal(err)
					}
				})
				b.ReportMetric(float64(len(p.People)), "people")
				b.ReportMetric(float64(r.ProvedLevels), "proved")
				if r.Cohorts != nil {
					minutes := 0
					for _, c := range r.Cohorts {
						if c.ProvedLevels >= int(LevelMinutes) {
							minutes++
						}
					}
					b.ReportMetric(float64(len(r.Cohorts)), "cohorts")
					b.ReportMetric(float64(minutes), "cohorts-proved")
				}
				report(b, r.Score, "")
				report(b, r.Bound, "bound-")
				if i := slices.IndexFunc(values, func(k known) bool { return k.name == name }); i >= 0 {
					report(b, values[i].score, "known-")
				}
			})
			b.Run("covered", func(b *testing.B) {
				if r.Visits == nil {
					b.Skip("the whole plan was not asked for")
				}
				onProcessor(b, func() {
					x := begin()
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					stop := func() {
						if x.s.score.Uncovered <= r.Score.Uncovered {
							cancel()
						}
					}
					stop()
					x.run(ctx, stop)
				})
			})
		})
	}
}

// onStations reads a carried problem; where it has stations only, the ways are the product's own estimates.
func onStations(b testing.TB, name string) Problem {
	b.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".json"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	p, err := Read(f)
	if err != nil {
		b.Fatal(err)
	}
	if p.ReturnMinutes != nil {
		return p
	}
	if err := p.Fill(func(from, to string) (minutes, milligrams int, ok bool) {
		a, known := travel.Find(from)
		z, also := travel.Find(to)
		if !known || !also {
			return 0, 0, false
		}
		leg := travel.Estimate(a, z)
		return leg.Minutes, int(math.Round(float64(leg.Metres) * leg.Factor.GramsPerPassengerKm)), true
	}); err != nil {
		b.Fatal(err)
	}
	return p
}

// onProcessor times a thing, by the clock and by the processor, whose nanoseconds for one it returns.
func onProcessor(b *testing.B, thing func()) float64 {
	var before float64
	n := 0
	for b.Loop() {
		if n == 0 {
			before = onCPU()
		}
		n++
		thing()
	}
	each := (onCPU() - before) * 1e9 / float64(n)
	b.ReportMetric(each, "cpu-ns/op")
	return each
}

// onCPU is the time of the processor that this program has used, in seconds.
func onCPU() float64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
}

func report(b *testing.B, s Score, of string) {
	for _, level := range []struct {
		name  string
		value int
	}{{"uncovered", s.Uncovered}, {"worst", s.MaxShortfall}, {"squares", s.SquaredShortfall}, {"minutes", s.Minutes}, {"grams", s.Grams}} {
		b.ReportMetric(float64(level.value), of+level.name)
	}
}
