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
	JSON    bool     `name:"json" help:"Write the plan as one JSON object."`
}

func (plan) Help() string {
	return `The exit code of --check is 0 when the plan breaks no rule and its score and every reason hold, else 1, with the first thing that does not hold.

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
	o := visit.Options{Seed: max(1, problem.Seed), Work: p.Work}
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
	fmt.Println("The plan breaks no rule; its score and every reason hold.")
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
