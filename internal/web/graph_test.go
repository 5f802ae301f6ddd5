package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tandem/graph"
	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

// serveGraph serves the product's own graph on an empty database.
func serveGraph(t testing.TB, change ...func(*Config)) (*Server, *journal) {
	t.Helper()
	a := openApp(t)
	s, _, j := serveToy(t, append([]func(*Config){func(c *Config) {
		c.App, c.Schema = a, generated.NewExecutableSchema(generated.Config{Resolvers: graph.New(a)})
	}}, change...)...)
	return s, j
}

func postWith(query string, variables map[string]any, change ...func(*http.Request)) *http.Request {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	return postBody(string(body), change...)
}

const createProgramme = `mutation ($input: CreateProgrammeInput!) { createProgramme(input: $input) { programme { id version } userErrors { message } } }`

func programmeInput(change map[string]any) map[string]any {
	in := map[string]any{"name": "TechConnect", "startsOn": "2019-02-07", "endsOn": "2019-04-29", "officeNation": "ENGLAND",
		"seats": map[string]any{"public": 19, "private": 19}, "idempotencyKey": uuid.NewString()}
	for k, v := range change {
		in[k] = v
	}
	return map[string]any{"input": in}
}

// beginProgramme makes a programme and gives its id.
func beginProgramme(t testing.TB, s *Server) string {
	t.Helper()
	w := answer(s, postWith(createProgramme, programmeInput(nil)))
	var made struct {
		Data struct {
			CreateProgramme struct{ Programme *struct{ ID string } }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || made.Data.CreateProgramme.Programme == nil {
		t.Fatalf("no programme: %s", w.Body)
	}
	return made.Data.CreateProgramme.Programme.ID
}

func TestInputsThatMakeNoSenseAreNoFaultOfOurs(t *testing.T) {
	s, log := serveGraph(t)
	for name, r := range map[string]*http.Request{
		"a negative page":      post(`{ programmes(first: -5) { nodes { id } } }`),
		"a page too long":      post(`{ programmes(first: 101) { nodes { id } } }`),
		"both ends":            post(`{ programmes(first: 1, last: 1) { nodes { id } } }`),
		"a cursor of its own":  post(`{ programmes(after: "'; DROP TABLE programmes") { nodes { id } } }`),
		"a day that is none":   postWith(createProgramme, programmeInput(map[string]any{"startsOn": "2019-02-30"})),
		"a key that is none":   postWith(createProgramme, programmeInput(map[string]any{"idempotencyKey": "again"})),
		"a nation that is not": postWith(createProgramme, programmeInput(map[string]any{"officeNation": "MERCIA"})),
		"seats in words":       postWith(createProgramme, programmeInput(map[string]any{"seats": map[string]any{"public": "many", "private": 1}})),
		"a field too many":     postWith(createProgramme, programmeInput(map[string]any{"budget": 1})),
		"a version in words":   post(`{ changes(since: "now") { until } }`),
		"a number too large":   post(`{ programmes(first: 99999999999999999999) { nodes { id } } }`),
	} {
		w := answer(s, r)
		if got := code(t, w); got != codeBadInput {
			t.Errorf("%s: code %q: %s", name, got, w.Body)
		}
		for _, leak := range []string{"SQL", "SELECT", "strconv", "goroutine", "panic"} {
			if strings.Contains(w.Body.String(), leak) {
				t.Errorf("%s: %s", name, w.Body)
			}
		}
	}
	if got := code(t, answer(s, post(`{ node(id: "programme_0190d5a4-7d2c-7c3e-9a51-3f1c2b7e4d60") { id } }`))); got != codeNotFound {
		t.Errorf("what is not there: %q", got)
	}
	if log.String() != "" {
		t.Errorf("logged: %s", log)
	}
}

func TestRateLimitIsReadInTheGraph(t *testing.T) {
	s, _ := serveGraph(t)
	if w := answer(s, post("{ rateLimit { requested } viewer { name } }")); code(t, w) != "" || decode(t, w).Data["rateLimit"] != nil {
		t.Errorf("the owner: %s", w.Body)
	}
	s, _ = serveGraph(t, func(c *Config) { c.LocalOwner = false })
	w := answer(s, post("{ rateLimit { requested limit remaining restoredPerSecond } viewer { name } }", bearer(token(t, s.app, domain.Owner, time.Hour))))
	got, _ := decode(t, w).Data["rateLimit"].(map[string]any)
	if got["requested"] != 2.0 || got["limit"] != float64(DefaultPoints) || got["remaining"] != float64(DefaultPoints-2) || got["restoredPerSecond"] != float64(restoredPerSecond) {
		t.Errorf("%s", w.Body)
	}
}

func TestARevokedTokenGetsNoKeptAnswer(t *testing.T) {
	s, _ := serveGraph(t, func(c *Config) { c.LocalOwner = false })
	secret := token(t, s.app, domain.Owner, time.Hour)
	query := "{ viewer { name token { id } } }"
	var id string
	for range 2 {
		w := answer(s, post(query, bearer(secret)))
		if code(t, w) != "" {
			t.Fatal(w.Body)
		}
		id = decode(t, w).Data["viewer"].(map[string]any)["token"].(map[string]any)["id"].(string)
	}
	ctx := app.As(t.Context(), domain.LocalOwner())
	if r, err := s.app.RevokeApiToken(ctx, app.RevokeApiTokenInput{TokenID: id, Command: domain.Command{IdempotencyKey: uuid.NewString()}}); err != nil || len(r.UserErrors) > 0 {
		t.Fatal(err, r)
	}
	if w := answer(s, post(query, bearer(secret))); w.Code != http.StatusUnauthorized {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestIntrospectionIsForThoseWhoMayAsk(t *testing.T) {
	s, _ := serveGraph(t)
	// As deep as the tools of this language ask.
	query := "{ __schema { types { name fields { args { type { " + strings.Repeat("ofType { ", 9) + "name" + strings.Repeat(" }", 9) + " } } } } } }"
	w := answer(s, post(query))
	if code(t, w) != "" || !strings.Contains(w.Body.String(), "VisitPlan") {
		t.Errorf("%.300s", w.Body)
	}
	if body := answer(s, httptest.NewRequest(http.MethodGet, "/schema", nil)).Body.String(); !strings.Contains(body, `<article id="VisitPlan">`) {
		t.Error("the reference does not know what a plan is")
	}
}

func TestChangesAreHeardAsTheyAreCommitted(t *testing.T) {
	s, _ := serveGraph(t)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	r := postWith("subscription { changed { type nodeId node { ... on Programme { name } } } }", nil, accept(typeStream)).Clone(t.Context())
	r.RequestURI, r.URL.Scheme, r.URL.Host = "", "http", strings.TrimPrefix(server.URL, "http://")
	_, event := listenTo(t, r)
	event() // it listens from here on
	id := beginProgramme(t, s)
	for {
		got := event()
		if strings.HasPrefix(got, "event: next") && strings.Contains(got, id) && strings.Contains(got, "TechConnect") {
			return
		}
		if !strings.HasPrefix(got, ":") {
			t.Fatalf("event %q", got)
		}
	}
}

// Readers race a writer on a real database: nobody may read a name older than one acknowledged before they asked.
func TestKeptAnswersOfARealDatabaseAreNeverStale(t *testing.T) {
	race := func(t *testing.T, versioned bool) int64 {
		s, _ := serveGraph(t)
		if !versioned {
			s.version = func(context.Context) (int64, error) { return 0, nil }
		}
		id := beginProgramme(t, s)
		query := fmt.Sprintf(`{ programme(id: %q) { name } }`, id)
		read := func() int64 {
			a := decode(t, answer(s, post(query)))
			n, _ := strconv.ParseInt(a.Data["programme"].(map[string]any)["name"].(string), 10, 64) // the first name is no number
			return n
		}
		var acknowledged, stale atomic.Int64
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if least := acknowledged.Load(); read() < least {
						stale.Add(1)
					}
				}
			})
		}
		for n := range int64(40) {
			w := answer(s, postWith(`mutation ($input: UpdateProgrammeInput!) { updateProgramme(input: $input) { userErrors { message } } }`, map[string]any{
				"input": map[string]any{"programmeId": id, "name": strconv.FormatInt(n+1, 10), "expectedVersion": n + 1, "idempotencyKey": uuid.NewString()}}))
			if code(t, w) != "" || strings.Contains(w.Body.String(), "message") {
				t.Errorf("write %d: %s", n, w.Body)
			}
			acknowledged.Store(n + 1)
			if read() < n+1 {
				stale.Add(1)
			}
		}
		close(stop)
		readers.Wait()
		return stale.Load()
	}
	if n := race(t, true); n != 0 {
		t.Errorf("%d stale answers", n)
	}
	if race(t, false) == 0 {
		t.Error("the control, which forgets the version, is not caught")
	}
}
