package check_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tandem/internal/visit"
	"tandem/internal/visit/check"
)

// carried reads a carried problem, changes it and plans it.
func carried(t *testing.T, name string, change func(*visit.Problem)) (visit.Problem, visit.Result) {
	t.Helper()
	p := instance(t, name)
	change(&p)
	r, err := visit.Plan(context.Background(), p, visit.Options{Seed: 1, ReasonWork: 2_000})
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Plan(marshal(t, p), marshal(t, r)); err != nil {
		t.Fatalf("the honest plan is refused: %v", err)
	}
	return p, r
}

func apart(days int) func(*visit.Problem) {
	return func(p *visit.Problem) {
		p.DaysBetweenMin = days
		for d := range p.WorkingDays {
			p.CalendarDays = append(p.CalendarDays, d/5*7+d%5)
		}
	}
}

func refused(t *testing.T, p visit.Problem, r visit.Result, want string, lie func(*visit.Result)) {
	t.Helper()
	var doctored visit.Result
	if err := json.Unmarshal(marshal(t, r), &doctored); err != nil {
		t.Fatal(err)
	}
	lie(&doctored)
	err := check.Plan(marshal(t, p), marshal(t, doctored))
	if err == nil {
		t.Fatal("the lie passes")
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("the lie is named otherwise: %v", err)
	}
}

// Lies about days between; the honest plans, one by fortnights and two by days between, are the controls.
func TestPlanFindsLiesAboutDaysBetween(t *testing.T) {
	_, fortnights := carried(t, "c38-o14-s1", func(*visit.Problem) {})
	week, byWeek := carried(t, "c38-o14-s1", apart(7))
	p, honest := carried(t, "c38-o14-s1", apart(17))
	if byWeek.ProvedLevels < 4 || honest.ProvedLevels < 4 {
		t.Fatalf("%d and %d levels proved", byWeek.ProvedLevels, honest.ProvedLevels)
	}
	near := func(r *visit.Result) *visit.Left {
		i := slices.IndexFunc(r.Left, func(l visit.Left) bool { return l.Reason == visit.TooNear })
		if i < 0 {
			t.Fatal("no day is too near another")
		}
		return &r.Left[i]
	}
	for _, c := range []struct {
		name, want string
		of         visit.Problem
		plan       visit.Result
		lie        func(*visit.Result)
	}{
		{"days of a plan by fortnights", "less than daysBetweenMin", p, fortnights, func(*visit.Result) {}},
		{"days too near", "less than daysBetweenMin", p, byWeek, func(*visit.Result) {}},
		{"proved best where days may be nearer", "", week, honest, func(*visit.Result) {}},
		{"a day too near kept quiet", "hold the place", p, honest, func(r *visit.Result) { near(r).Facts.HeldBy = near(r).Facts.HeldBy[1:] }},
		{"another number of days", "hold the place", p, honest, func(r *visit.Result) { near(r).Facts.DaysBetweenMin-- }},
		{"a fortnight where there is none", "is not a reason", p, honest, func(r *visit.Result) { near(r).Reason = visit.FortnightTaken }},
		{"a price altered", "follows", p, honest, func(r *visit.Result) {
			for i := range r.Certificate.Levels {
				if l := &r.Certificate.Levels[i]; l.Level == visit.LevelMinutes {
					prices := leafOf(l.Tree).Prices
					prices.People[slices.Index(prices.People, slices.Max(prices.People))] /= 2
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.of, c.plan, c.want, c.lie) })
	}
}

// Lies about the order of the levels; the honest plans are the controls.
func TestPlanFindsLiesAboutTheOrder(t *testing.T) {
	usual, plan := carried(t, "c38-o14-s2", func(*visit.Problem) {})
	green, greenest := carried(t, "c38-o14-s2", func(p *visit.Problem) { p.Levels = []visit.Level{1, 2, 5, 3, 4} })
	idle, nothing := carried(t, "c38-o14-s2", func(p *visit.Problem) { p.Levels = []visit.Level{4, 1, 2, 3, 5} })
	if len(nothing.Visits) > 0 || nothing.ProvedLevels < 4 {
		t.Fatalf("minutes first: %d visits, %d levels proved", len(nothing.Visits), nothing.ProvedLevels)
	}
	if greenest.Score.Grams >= plan.Score.Grams || greenest.ProvedLevels < 3 {
		t.Fatalf("CO2e before squares: score %v, %d levels proved; squares first %v", greenest.Score, greenest.ProvedLevels, plan.Score)
	}
	for _, c := range []struct {
		name, want string
		of         visit.Problem
		plan       visit.Result
		lie        func(*visit.Result)
	}{
		{"the usual plan in another order", "", green, plan, func(*visit.Result) {}},
		{"another order's plan in the usual one", "", usual, greenest, func(*visit.Result) {}},
		{"the usual certificate in another order", "follows", green, greenest, func(r *visit.Result) { r.Certificate = plan.Certificate }},
		{"another order's certificate in the usual one", "follows", usual, plan, func(r *visit.Result) { r.Certificate = greenest.Certificate }},
		{"levels counted in the usual order", "provedLevels", idle, nothing, func(r *visit.Result) { r.ProvedLevels-- }},
		{"the price of grams altered", "follows", green, greenest, func(r *visit.Result) {
			for i := range r.Certificate.Levels {
				if l := &r.Certificate.Levels[i]; l.Level == visit.LevelSquaredShortfall {
					leafOf(l.Tree).Prices.Grams *= 2
				}
			}
		}},
		{"a price on what is not settled", "follows", usual, plan, func(r *visit.Result) {
			*r = visit.Result{Visits: visit.Assignment{}, Left: []visit.Left{}}
			r.Score, _ = visit.ScoreOf(usual, nil)
			r.Bound.Uncovered, r.ProvedLevels = r.Score.Uncovered, 1
			prices := &visit.Prices{Offers: make([]int64, len(usual.Offers)), People: make([]int64, len(usual.People)), Themes: []int64{}, Uncovered: 1 << 30}
			for _, themes := range usual.TeamThemes {
				for range themes {
					prices.Themes = append(prices.Themes, 1<<30)
				}
			}
			r.Certificate = &visit.Certificate{Levels: []visit.LevelProof{{Level: visit.LevelUncovered, Tree: &visit.ProofNode{Prices: prices}}}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.of, c.plan, c.want, c.lie) })
	}
}
