package graph_test

import (
	"database/sql"
	"encoding/json"
	html "html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/storage/storagetest"
)

// The benchmark asks for a released brief of the sample's cohort as Tandem gives it, anew and out of its caches, and as
// handlers written by hand give the same rows: four queries, then a page by html/template, or JSON.

// briefByHand is the brief as its four queries read it: the link or the token, the brief's words, its cohort, its ledger.
type briefByHand struct {
	byHand
	page *html.Template
}

type toldByHand struct {
	Number               int
	AsOf                 string
	Headline, Summary    string
	Goal, Level, Because string
	Cohort, Programme    string
	WentBadly, Decisions json.RawMessage
	Lines                []map[string]any
}

const pageByHand = `<!doctype html><html lang="en"><title>{{.Headline}}</title><h1>{{.Headline}}</h1><p>{{.Summary}}</p>
<p>{{.Goal}}: {{.Level}}. {{.Because}}</p><table>{{range .Lines}}<tr><th>{{index . "figure"}}<td>{{index . "cell"}}<td>{{index . "state"}}<td>{{index . "low"}}<td>{{index . "high"}}<td>{{index . "told"}}{{end}}</table>`

func (h briefByHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	var brief string
	var err error
	page := strings.HasPrefix(r.URL.Path, app.SharePath)
	if page {
		var expires time.Time
		var revoked sql.NullTime
		err = h.db.QueryRowContext(ctx, h.q("SELECT brief_id, expires_at, revoked_at FROM share_links WHERE hash = ?"), sha(strings.TrimPrefix(r.URL.Path, app.SharePath))).Scan(&brief, &expires, &revoked)
		if err == nil && (revoked.Valid || time.Now().After(expires)) {
			err = sql.ErrNoRows
		}
	} else {
		var in struct {
			Variables struct {
				Brief string `json:"brief"`
			} `json:"variables"`
		}
		if err = json.NewDecoder(r.Body).Decode(&in); err == nil {
			brief = in.Variables.Brief
			var role string
			err = h.db.QueryRowContext(ctx, h.q("SELECT role FROM api_tokens WHERE hash = ? AND revoked_at IS NULL"), sha(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))).Scan(&role)
		}
	}
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	var t toldByHand
	var cohort string
	if err := h.db.QueryRowContext(ctx, h.q("SELECT cohort_id, number, as_of, headline, summary, goal, level, rating_because, went_badly, decisions FROM sponsor_briefs WHERE id = ? AND state = 'RELEASED'"), brief).
		Scan(&cohort, &t.Number, &t.AsOf, &t.Headline, &t.Summary, &t.Goal, &t.Level, &t.Because, (*[]byte)(&t.WentBadly), (*[]byte)(&t.Decisions)); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err := h.db.QueryRowContext(ctx, h.q("SELECT c.name, p.name FROM cohorts c JOIN programmes p ON p.id = c.programme_id WHERE c.id = ?"), cohort).Scan(&t.Cohort, &t.Programme); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err := h.each(ctx, func(rows *sql.Rows) error {
		var figure, cell, state, told string
		var p sql.NullInt64
		var low, high float64
		if err := rows.Scan(&figure, &cell, &state, &p, &low, &high, &told); err != nil {
			return err
		}
		var line map[string]any
		if err := json.Unmarshal([]byte(told), &line); err != nil {
			return err
		}
		t.Lines = append(t.Lines, map[string]any{"figure": figure, "cell": cell, "state": state, "p": p.Int64, "low": low, "high": high, "told": line})
		return nil
	}, "SELECT figure, cell, state, p, low, high, told FROM brief_values WHERE brief_id = ? ORDER BY place", brief); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if page {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		h.page.Execute(w, t)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"data": t})
}

// BenchmarkBrief asks for the page by its link and for the stored operation as a sponsor.
func BenchmarkBrief(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			var w *world
			if engine == "sqlite" {
				w = openSample(b)
			} else {
				w = sampleAt(b, storagetest.Postgres(b))
			}
			w.makeTheRest()
			other := briefByHand{hand(b, w, w.where).(byHand), html.Must(html.New("").Parse(pageByHand))}
			text := operation(b, "20-sponsor-brief")
			page := func(int) *http.Request { return httptest.NewRequest("GET", w.ids["path"], nil) }
			answer := func(salt int) *http.Request {
				body, _ := json.Marshal(map[string]any{"query": text, "variables": map[string]any{"brief": w.ids["brief"], "salt": salt}})
				r := httptest.NewRequest("POST", "/graphql", strings.NewReader(string(body)))
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", "Bearer "+w.tokens["sponsor"])
				return r
			}
			for _, side := range []struct {
				name string
				h    func() http.Handler
				ask  func(int) *http.Request
				anew bool
			}{
				{"page/by hand", func() http.Handler { return other }, page, false},
				{"page/tandem", w.serverAnew, page, false},
				{"page/tandem cached", func() http.Handler { return w.server }, page, false},
				{"sponsorBrief/by hand", func() http.Handler { return other }, answer, false},
				{"sponsorBrief/tandem", func() http.Handler { return w.server }, answer, true},
				{"sponsorBrief/tandem cached", func() http.Handler { return w.server }, answer, false},
			} {
				b.Run(side.name, func(b *testing.B) {
					b.ReportAllocs()
					salt := 0
					for b.Loop() {
						b.StopTimer()
						h := side.h()
						if side.anew {
							salt++
						}
						b.StartTimer()
						rec := httptest.NewRecorder()
						h.ServeHTTP(rec, side.ask(salt))
						if rec.Code != http.StatusOK || rec.Body.Len() < 1000 {
							b.Fatal(rec.Code, rec.Body)
						}
					}
				})
			}
		})
	}
}
