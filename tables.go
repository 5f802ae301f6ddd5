package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/door"
)

// imports loads a table.
type imports struct {
	database
	Kind   string `required:"" enum:"people,challenges,offers,programmes" help:"What its rows are: people, challenges, offers or programmes."`
	Into   string `placeholder:"ID" help:"The cohort (people) or programme (challenges, offers) to load into; nothing for programmes."`
	DryRun bool   `help:"Say what loading would do, and load nothing."`
	File   string `arg:"" type:"existingfile" help:"The table: CSV or XLSX."`
}

func (imports) Help() string {
	return `A table is loaded whole or not at all. Rows are known again by their key, so that loading a file twice changes nothing.

Examples:
  tandem import --kind programmes programme.csv
  tandem import --kind people --into cohort_0190… --dry-run people.xlsx`
}

func (i imports) Run(ctx context.Context) error {
	data, err := os.ReadFile(i.File)
	if err != nil {
		return err
	}
	ctx, h, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	made, rows, err := h.App.ImportFile(ctx, domain.ImportKind(strings.ToUpper(i.Kind)), i.Into, filepath.Base(i.File), data, i.DryRun)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		headers := map[int]string{}
		if columns, err := h.App.ImportColumns(ctx, made); err == nil {
			for _, c := range columns {
				headers[c.Number] = c.Header
			}
		}
		for _, row := range rows {
			for _, p := range row.Problems {
				fmt.Fprintf(os.Stderr, "row %d, %s", row.Number, headers[p.Column])
				if p.Value != "" {
					fmt.Fprintf(os.Stderr, " %q", p.Value)
				}
				fmt.Fprintf(os.Stderr, ": %s", p.Message)
				for _, f := range p.Fixes {
					fmt.Fprintf(os.Stderr, " [%s]", f.Label)
				}
				fmt.Fprintln(os.Stderr)
			}
		}
		return errors.New("nothing was loaded: mend these rows and load the file again")
	}
	if c := made.Counts; c != nil {
		fmt.Printf("%d rows: %d new, %d changed, %d the same, %d left out\n", c.Rows, c.Creates, c.Updates, c.Unchanged, c.LeftOut)
	}
	if i.DryRun {
		fmt.Println("Nothing was loaded, as asked.")
	}
	return nil
}

// export writes a table.
type export struct {
	database
	Cohort string `required:"" placeholder:"ID" help:"The cohort; challenges and offers are its programme's."`
	Kind   string `required:"" enum:"people,challenges,offers,journeys,problem,plan" help:"What to write: people, challenges or offers; a plan's journeys; or, as JSON for tandem plan, what the planner would be asked, or a plan with all its reasons."`
	Plan   string `placeholder:"ID" help:"With journeys, problem and plan: this plan, and what it answers. Default: the plan in force; for problem, what would be asked today."`
	Format string `default:"csv" enum:"csv,xlsx" help:"csv or xlsx."`
	Out    string `short:"o" placeholder:"FILE" type:"path" help:"Where to. Default: standard output."`
}

func (export) Help() string {
	return `Examples:
  tandem export --cohort cohort_0190… --kind people --format xlsx -o people.xlsx
  tandem export --cohort cohort_0190… --kind journeys --format xlsx -o journeys.xlsx
  tandem export --cohort cohort_0190… --plan plan_0190… --kind problem -o problem.json
  tandem export --cohort cohort_0190… --plan plan_0190… --kind plan -o plan.json
  tandem plan --check problem.json plan.json`
}

func (e export) Run(ctx context.Context) error {
	ctx, h, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	cohort, err := h.App.Cohort(ctx, e.Cohort)
	if err != nil {
		return err
	}
	data, err := e.write(ctx, h, cohort)
	if err != nil {
		return err
	}
	if e.Out == "" {
		_, err = os.Stdout.Write(data)
		return err
	}
	return os.WriteFile(e.Out, data, 0o600) // people's data: for this user alone
}

// write makes the file's text.
func (e export) write(ctx context.Context, h *door.House, cohort *domain.Cohort) ([]byte, error) {
	switch e.Kind {
	case "people", "challenges", "offers":
		return h.App.Export(ctx, cohort, domain.ImportKind(strings.ToUpper(e.Kind)), e.Format)
	case "problem":
		if e.Plan == "" {
			p, err := h.App.PlanningProblem(ctx, cohort)
			if err != nil {
				return nil, err
			}
			return json.MarshalIndent(p, "", " ")
		}
	}
	id, err := e.plan(ctx, h, cohort)
	if err != nil {
		return nil, err
	}
	if e.Kind == "journeys" {
		plan, err := h.App.VisitPlan(ctx, id)
		if err != nil {
			return nil, err
		}
		return h.App.ExportJourneys(ctx, plan, e.Format)
	}
	problem, plan, err := h.App.PlanFile(ctx, id)
	if err != nil {
		return nil, err
	}
	if e.Kind == "problem" {
		return json.MarshalIndent(problem, "", " ")
	}
	return json.MarshalIndent(plan, "", " ")
}

// plan is the id of the plan that was named, else of the one in force.
func (e export) plan(ctx context.Context, h *door.House, cohort *domain.Cohort) (string, error) {
	if e.Plan != "" {
		return e.Plan, nil
	}
	inForce, err := h.App.PlanInForce(ctx, cohort)
	if err != nil {
		return "", err
	}
	if inForce == nil {
		return "", errors.New("no plan of the cohort is in force: name one with --plan")
	}
	return inForce.ID, nil
}
