package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"tandem/internal/travel"
	"tandem/internal/visit"
	"tandem/internal/visit/check"
)

// plan plans a problem from a file, or checks somebody's plan of it.
type plan struct {
	Problem string   `placeholder:"FILE" type:"existingfile" xor:"what" required:"" help:"The problem, as docs/planning.md describes it."`
	Check   bool     `xor:"what" required:"" help:"Check PLAN.json against PROBLEM.json instead: rules, score and every reason."`
	Files   []string `arg:"" optional:"" type:"existingfile" help:"With --check: PROBLEM.json PLAN.json."`
	Seconds float64  `placeholder:"S" help:"Stop after this long with the best so far. Default: when the work is done."`
	Work    int      `placeholder:"N" help:"How much to try, in units of work; the same seed and work give the same plan."`
	Seed    *uint64  `placeholder:"N" help:"Chooses among equal ways. Default: the problem's own, else 1."`
	Clashes int      `placeholder:"N" help:"Where no plan has all that is asked: how many clashes of its rules to look for. Default: 1."`
	JSON    bool     `name:"json" help:"Write the plan as one JSON object."`
}

func (plan) Help() string {
	return `Where no plan has all that is asked, the rules that clash are written instead, each with the smallest change of it alone that is enough and the plan which that gives; the exit code is 1.

The exit code of --check is 0 when the plan breaks no rule and its score and every reason hold, or all that is said of a clash; else 1, with the first thing that does not hold.

Examples:
  tandem plan --problem cohort.json --seconds 10 --seed 1 --json > plan.json
  tandem plan --check cohort.json plan.json`
}

// perSecond is a careful guess at the units of work that a second holds, reasons included.
const perSecond = 50_000

func (p plan) Run(ctx context.Context) error {
	if p.Check {
		return p.check()
	}
	if len(p.Files) > 0 {
		return errors.New("files stand after --check only")
	}
	problem, err := readProblem(p.Problem)
	if err != nil {
		return err
	}
	o := visit.Options{Seed: max(1, problem.Seed), Work: p.Work, Conflicts: p.Clashes}
	if p.Seed != nil {
		o.Seed = *p.Seed
	}
	if p.Seconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(p.Seconds*float64(time.Second)))
		defer cancel()
		if o.Work == 0 {
			o.Work = max(1, int(math.Min(p.Seconds*perSecond, math.MaxInt32)))
		}
	}
	result, err := visit.Plan(ctx, problem, o)
	var clash *visit.Infeasible
	if errors.As(err, &clash) {
		return errors.Join(p.tell(clash), err)
	}
	if err != nil {
		return err
	}
	if p.JSON {
		return json.NewEncoder(os.Stdout).Encode(result)
	}
	fmt.Printf("%d visits, %d of 5 levels proved best\n", len(result.Visits), result.ProvedLevels)
	fmt.Printf("  uncovered themes   %8d  (at least %d)\n", result.Score.Uncovered, result.Bound.Uncovered)
	fmt.Printf("  largest shortfall  %8d  (at least %d)\n", result.Score.MaxShortfall, result.Bound.MaxShortfall)
	fmt.Printf("  squared shortfall  %8d  (at least %d)\n", result.Score.SquaredShortfall, result.Bound.SquaredShortfall)
	fmt.Printf("  minutes            %8d  (at least %d)\n", result.Score.Minutes, result.Bound.Minutes)
	fmt.Printf("  grams CO2e         %8d  (at least %d)\n", result.Score.Grams, result.Bound.Grams)
	fmt.Printf("left out, each with its reason: %d; seed %d, work %d\n", len(result.Left), result.Seed, result.Work)
	return nil
}

// tell writes the rules that clash.
func (p plan) tell(clash *visit.Infeasible) error {
	if p.JSON {
		return json.NewEncoder(os.Stdout).Encode(clash)
	}
	for i, c := range append([]visit.Conflict{clash.Clash}, clash.Others...) {
		switch {
		case c.Minimal:
			fmt.Printf("clash %d: these rules cannot all hold; without any one of them the rest can\n", i+1)
		case c.Proved:
			fmt.Printf("clash %d: these rules cannot all hold; whether fewer clash is not proved\n", i+1)
		default:
			fmt.Println("no plan was found; it is not proved that there is none")
		}
		for _, r := range c.Rules {
			switch x := r.Relaxation; {
			case x == nil && r.Hopeless != nil:
				fmt.Printf("  %-18s no change of this rule alone is enough\n", r.Group)
			case x == nil:
				fmt.Printf("  %-18s no change of this rule alone was found\n", r.Group)
			case x.Smallest:
				fmt.Printf("  %-18s from %d to %d is enough, and nothing less; people touched: %d\n", r.Group, x.From, x.To, len(x.Touched))
			default:
				fmt.Printf("  %-18s from %d to %d is enough, less may be; people touched: %d\n", r.Group, x.From, x.To, len(x.Touched))
			}
		}
	}
	return nil
}

func (p plan) check() error {
	if len(p.Files) != 2 {
		return errors.New("--check takes two files: PROBLEM.json PLAN.json")
	}
	problem, err := readProblem(p.Files[0])
	if err != nil {
		return err
	}
	filled, err := json.Marshal(problem)
	if err != nil {
		return err
	}
	made, err := os.ReadFile(p.Files[1])
	if err != nil {
		return err
	}
	if err := check.Plan(filled, made); err != nil {
		return err
	}
	fmt.Println("All that it says holds: rules, score and every reason, or each rule of its clash.")
	return nil
}

// readProblem reads a problem; one that gives stations only gets its ways estimated.
func readProblem(file string) (visit.Problem, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return visit.Problem{}, err
	}
	p, err := visit.Read(bytes.NewReader(data))
	if err != nil || p.ReturnMinutes != nil || p.GramsCO2e != nil {
		return p, err
	}
	return p, p.Fill(func(from, to string) (minutes, milligrams int, ok bool) {
		a, known := travel.Find(from)
		b, also := travel.Find(to)
		if !known || !also {
			return 0, 0, false
		}
		leg := travel.Estimate(a, b)
		return leg.Minutes, int(math.Round(float64(leg.Metres) * leg.Factor.GramsPerPassengerKm)), true
	})
}
