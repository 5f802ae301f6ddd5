package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/door"
)

// verifyBrief re-runs the receipts of briefs.
type verifyBrief struct {
	database
	Brief  string `arg:"" optional:"" placeholder:"ID" help:"The brief. Default: every released one."`
	Sample bool   `help:"The briefs of TechConnect 2019, played through its twelve weeks."`
}

func (verifyBrief) Help() string {
	return `Asks the graph each figure's own receipt, which computes it afresh from the facts frozen with its brief, and says equal or not, figure by figure. Ends with 1 where one is not.

Examples:
  tandem verify-brief --sample
  tandem verify-brief brief_0190d5a4-7d2c-7c3e-9a51-3f1c2b7e4d60`
}

func (v verifyBrief) Run(ctx context.Context) error {
	where := door.Where{Data: v.Data, Database: v.Database, Today: domain.Date(v.Today), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Progress: os.Stderr}
	if v.Sample {
		where.Sample = door.Played
	}
	h, err := door.Open(ctx, where)
	if err != nil {
		return err
	}
	defer h.Close()
	ids := []string{v.Brief}
	if v.Brief == "" {
		if ids, err = h.App.ReleasedBriefs(app.As(ctx, domain.LocalOwner())); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		fmt.Println("No brief is released.")
	}
	g := graphOf{ctx, h.Server(true)}
	var wrong []string
	for _, id := range ids {
		differ, err := g.verify(id)
		if err != nil {
			return err
		}
		wrong = append(wrong, differ...)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("not equal: %s", strings.Join(wrong, ", "))
	}
	return nil
}

// graphOf asks the graph as everybody does, in process.
type graphOf struct {
	ctx     context.Context
	handler http.Handler
}

// ask sends a document and reads its data.
func (g graphOf) ask(query string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(g.ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	answer := struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}{}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s", answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, data)
}

// figure is what a brief and a receipt tell alike.
type figure struct {
	Key   string
	Value map[string]any
	Cells []struct {
		ID, Row, Column string
		Value           map[string]any
	}
}

// verify holds each figure of a brief against its receipt, and names those that are not equal.
func (g graphOf) verify(id string) (wrong []string, err error) {
	var brief struct {
		SponsorBrief struct {
			Number      int
			AsOf        string
			DataVersion string
			Intact      bool
			Cohort      struct {
				Name      string
				Programme struct{ Name string }
			}
			Figures []struct {
				figure
				Number  int
				Label   string
				Receipt struct{ Query string }
			}
		}
	}
	if err := g.ask(`query Brief($id: ID!) {
		sponsorBrief(id: $id) {
			number asOf dataVersion intact cohort { name programme { name } }
			figures { key number label value { ...Value } cells { id row column value { ...Value } } receipt { query } }
		}
	}
	fragment Value on FigureValue {
		... on Shown { value to n p text }
		... on Suppressed { rule text }
		... on NotYet { text }
	}`, map[string]any{"id": id}, &brief); err != nil {
		return nil, err
	}
	b := brief.SponsorBrief
	fmt.Printf("Brief %d of %s, %s, at data version %s\n", b.Number, b.Cohort.Programme.Name, b.Cohort.Name, b.DataVersion)
	for _, f := range b.Figures {
		var anew struct{ RecomputedFigure figure }
		err := g.ask(f.Receipt.Query, nil, &anew)
		switch {
		case err != nil:
			fmt.Printf("  NOT EQUAL  %2d  %s: %v\n", f.Number, f.Label, err)
		case !reflect.DeepEqual(f.figure, anew.RecomputedFigure):
			fmt.Printf("  NOT EQUAL  %2d  %s: told %v, and it comes out %v\n", f.Number, f.Label, f.Value["text"], anew.RecomputedFigure.Value["text"])
		default:
			fmt.Printf("  equal      %2d  %s: %v\n", f.Number, f.Label, f.Value["text"])
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s of brief %d", f.Key, b.Number))
	}
	if !b.Intact {
		fmt.Println("  ALTERED        a row of its facts or of its ledger does not have the hash that it was kept with")
		wrong = append(wrong, fmt.Sprintf("the rows of brief %d", b.Number))
	}
	return wrong, nil
}
