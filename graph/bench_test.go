package graph_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"

	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
	"tandem/internal/travel"
	"tandem/sample"
)

// The benchmark asks five stored operations of Tandem's server and of handlers written by hand for the same answers: SQL,
// structs, encoding/json, the token looked up alike. Both are asked in turn, in one process, on the same rows. "cached" is
// the second asking of the same thing, which is a hit of the response cache.

// byHand is a net/http handler for each operation, written as one would for speed.
type byHand struct {
	db       *sql.DB
	postgres bool
	w        *world
}

// q puts numbered parameters for PostgreSQL.
func (h byHand) q(text string) string {
	if !h.postgres {
		return text
	}
	var b strings.Builder
	n := 0
	for _, c := range text {
		if c == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

type rowsInto func(*sql.Rows) error

func (h byHand) each(ctx context.Context, into rowsInto, text string, args ...any) error {
	rows, err := h.db.QueryContext(ctx, h.q(text), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := into(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (h byHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	var role, label, on, expires, scopes string
	if err := h.db.QueryRowContext(r.Context(), h.q("SELECT role, label, on_id, CAST(expires_at AS TEXT), scopes FROM api_tokens WHERE hash = ? AND revoked_at IS NULL"),
		sha(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))).Scan(&role, &label, &on, &expires, &scopes); err != nil {
		http.Error(w, "no token", http.StatusUnauthorized)
		return
	}
	var answer any
	var err error
	switch in.OperationName {
	case "People":
		answer, err = h.people(r.Context(), in.Variables["cohort"].(string))
	case "Offers":
		answer, err = h.offers(r.Context(), in.Variables["programme"].(string))
	case "CohortGraph":
		answer, err = h.cohortGraph(r.Context(), in.Variables["cohort"].(string))
	case "Skills":
		answer, err = h.skills(r.Context())
	case "Challenges":
		answer, err = h.challenges(r.Context(), in.Variables["programme"].(string))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"data": answer})
}

type named struct {
	Name string `json:"name"`
}

type station struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// peopleText is the operation that a people list sends, cut to what both sides can answer from rows.
const peopleText = `query People($cohort: ID!) { cohort(id: $cohort) { enrolments(first: 100) { totalCount nodes { id version sectorAtEnrolment employerAtEnrolment { name } person { name } homeStation { code name } team { number name } awayOn } } } }`

func (h byHand) people(ctx context.Context, cohort string) (any, error) {
	type team struct {
		Number int    `json:"number"`
		Name   string `json:"name"`
	}
	type node struct {
		ID                  string   `json:"id"`
		Version             int      `json:"version"`
		SectorAtEnrolment   string   `json:"sectorAtEnrolment"`
		EmployerAtEnrolment named    `json:"employerAtEnrolment"`
		Person              named    `json:"person"`
		HomeStation         *station `json:"homeStation"`
		Team                *team    `json:"team"`
		AwayOn              []string `json:"awayOn"`
	}
	nodes := []node{}
	err := h.each(ctx, func(rows *sql.Rows) error {
		var n node
		var home, teamName sql.NullString
		var number sql.NullInt64
		var away string
		if err := rows.Scan(&n.ID, &n.Version, &n.SectorAtEnrolment, &n.EmployerAtEnrolment.Name, &n.Person.Name, &home, &number, &teamName, &away); err != nil {
			return err
		}
		if s, ok := travel.Find(home.String); ok {
			n.HomeStation = &station{s.Code, s.Name}
		}
		if number.Valid {
			n.Team = &team{int(number.Int64), teamName.String}
		}
		n.AwayOn = []string{}
		if away != "" {
			if err := json.Unmarshal([]byte(away), &n.AwayOn); err != nil {
				return err
			}
		}
		nodes = append(nodes, n)
		return nil
	}, `SELECT e.id, e.version, e.sector_at_enrolment, o.name, p.name, e.home_station_code, t.number, t.name, e.away_on
		FROM enrolments e JOIN people p ON p.id = e.person_id JOIN organisations o ON o.id = e.employer_at_enrolment_id LEFT JOIN teams t ON t.id = e.team_id
		WHERE e.cohort_id = ? AND e.stored <> 'WITHDRAWN' ORDER BY LOWER(p.name), e.id LIMIT 100`, cohort)
	if err != nil {
		return nil, err
	}
	var total int
	err = h.db.QueryRowContext(ctx, h.q("SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND stored <> 'WITHDRAWN'"), cohort).Scan(&total)
	return map[string]any{"cohort": map[string]any{"enrolments": map[string]any{"totalCount": total, "nodes": nodes}}}, err
}

// offersText is the offers list, without windows.
const offersText = `query Offers($programme: ID!) { programme(id: $programme) { offers(first: 100) { totalCount nodes { id version state site { name organisation { name sector } stepFree station { name nation } } themes { name } minGroup maxGroup durationMinutes leadTimeWorkingDays } } } }`

func (h byHand) offers(ctx context.Context, programme string) (any, error) {
	type organisation struct {
		Name   string `json:"name"`
		Sector string `json:"sector"`
	}
	type place struct {
		Name   string `json:"name"`
		Nation string `json:"nation"`
	}
	type site struct {
		Name         string       `json:"name"`
		Organisation organisation `json:"organisation"`
		StepFree     bool         `json:"stepFree"`
		Station      *place       `json:"station"`
	}
	type node struct {
		ID                  string  `json:"id"`
		Version             int     `json:"version"`
		State               string  `json:"state"`
		Site                site    `json:"site"`
		Themes              []named `json:"themes"`
		MinGroup            int     `json:"minGroup"`
		MaxGroup            int     `json:"maxGroup"`
		DurationMinutes     int     `json:"durationMinutes"`
		LeadTimeWorkingDays int     `json:"leadTimeWorkingDays"`
	}
	themes := map[string]string{}
	order := []string{}
	if err := h.each(ctx, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		themes[id] = name
		order = append(order, id)
		return err
	}, "SELECT id, name FROM themes WHERE programme_id = ? ORDER BY name", programme); err != nil {
		return nil, err
	}
	nodes := []node{}
	err := h.each(ctx, func(rows *sql.Rows) error {
		var n node
		var code, ids string
		if err := rows.Scan(&n.ID, &n.Version, &n.State, &n.Site.Name, &n.Site.Organisation.Name, &n.Site.Organisation.Sector, &n.Site.StepFree, &code, &ids,
			&n.MinGroup, &n.MaxGroup, &n.DurationMinutes, &n.LeadTimeWorkingDays); err != nil {
			return err
		}
		if s, ok := travel.Find(code); ok {
			n.Site.Station = &place{s.Name, string(s.Nation)}
		}
		n.Themes = []named{}
		for _, id := range order {
			if strings.Contains(ids, id) {
				n.Themes = append(n.Themes, named{themes[id]})
			}
		}
		nodes = append(nodes, n)
		return nil
	}, `SELECT h.id, h.version, h.state, s.name, o.name, o.sector, s.step_free, s.station_code, h.theme_ids, h.min_group, h.max_group, h.duration_minutes, h.lead_time_working_days
		FROM host_offers h JOIN sites s ON s.id = h.site_id JOIN organisations o ON o.id = s.organisation_id WHERE h.programme_id = ? AND h.state = 'OPEN' ORDER BY h.search_name, h.id LIMIT 100`, programme)
	if err != nil {
		return nil, err
	}
	var total int
	err = h.db.QueryRowContext(ctx, h.q("SELECT COUNT(*) FROM host_offers WHERE programme_id = ? AND state = 'OPEN'"), programme).Scan(&total)
	return map[string]any{"programme": map[string]any{"offers": map[string]any{"totalCount": total, "nodes": nodes}}}, err
}

const skillsText = `query Skills { skills { id name } }`

func (h byHand) skills(ctx context.Context) (any, error) {
	type node struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	nodes := []node{}
	err := h.each(ctx, func(rows *sql.Rows) error {
		var n node
		err := rows.Scan(&n.ID, &n.Name)
		nodes = append(nodes, n)
		return err
	}, "SELECT id, name FROM skills ORDER BY LOWER(name)")
	return map[string]any{"skills": nodes}, err
}

const challengesText = `query Challenges($programme: ID!) { programme(id: $programme) { challenges(first: 100) { nodes { id title stage owner { name } teams { number name } } } } }`

func (h byHand) challenges(ctx context.Context, programme string) (any, error) {
	type team struct {
		Number int    `json:"number"`
		Name   string `json:"name"`
	}
	type node struct {
		ID    string `json:"id"`
		Title string `json:"title"`
		Stage string `json:"stage"`
		Owner *named `json:"owner"`
		Teams []team `json:"teams"`
	}
	teams := map[string][]team{}
	if err := h.each(ctx, func(rows *sql.Rows) error {
		var t team
		var of string
		err := rows.Scan(&of, &t.Number, &t.Name)
		teams[of] = append(teams[of], t)
		return err
	}, "SELECT challenge_id, number, name FROM teams WHERE programme_id = ? AND challenge_id IS NOT NULL ORDER BY challenge_id, number", programme); err != nil {
		return nil, err
	}
	nodes := []node{}
	err := h.each(ctx, func(rows *sql.Rows) error {
		var n node
		var owner sql.NullString
		if err := rows.Scan(&n.ID, &n.Title, &n.Stage, &owner); err != nil {
			return err
		}
		if owner.Valid {
			n.Owner = &named{owner.String}
		}
		n.Teams = append([]team{}, teams[n.ID]...)
		nodes = append(nodes, n)
		return nil
	}, `SELECT c.id, c.title, c.stage, o.name FROM challenges c LEFT JOIN organisations o ON o.id = c.owner_id WHERE c.programme_id = ? ORDER BY LOWER(c.title), c.id LIMIT 100`, programme)
	return map[string]any{"programme": map[string]any{"challenges": map[string]any{"nodes": nodes}}}, err
}

func (h byHand) cohortGraph(ctx context.Context, cohort string) (any, error) {
	type member struct {
		ID                  string `json:"id"`
		SectorAtEnrolment   string `json:"sectorAtEnrolment"`
		Person              named  `json:"person"`
		EmployerAtEnrolment named  `json:"employerAtEnrolment"`
	}
	type title struct {
		Title string `json:"title"`
	}
	type team struct {
		Number    int      `json:"number"`
		Name      string   `json:"name"`
		Challenge *title   `json:"challenge"`
		Members   []member `json:"members"`
	}
	var name string
	if err := h.db.QueryRowContext(ctx, h.q("SELECT name FROM cohorts WHERE id = ?"), cohort).Scan(&name); err != nil {
		return nil, err
	}
	teams, place := []*team{}, map[string]*team{}
	if err := h.each(ctx, func(rows *sql.Rows) error {
		t := &team{Members: []member{}}
		var id string
		var challenge sql.NullString
		err := rows.Scan(&id, &t.Number, &t.Name, &challenge)
		if challenge.Valid {
			t.Challenge = &title{challenge.String}
		}
		teams, place[id] = append(teams, t), t
		return err
	}, "SELECT t.id, t.number, t.name, c.title FROM teams t LEFT JOIN challenges c ON c.id = t.challenge_id WHERE t.cohort_id = ? ORDER BY t.number LIMIT 100", cohort); err != nil {
		return nil, err
	}
	if err := h.each(ctx, func(rows *sql.Rows) error {
		var m member
		var id string
		err := rows.Scan(&id, &m.ID, &m.SectorAtEnrolment, &m.Person.Name, &m.EmployerAtEnrolment.Name)
		place[id].Members = append(place[id].Members, m)
		return err
	}, `SELECT e.team_id, e.id, e.sector_at_enrolment, p.name, o.name FROM enrolments e JOIN people p ON p.id = e.person_id JOIN organisations o ON o.id = e.employer_at_enrolment_id
		WHERE e.cohort_id = ? AND e.team_id IS NOT NULL AND e.stored = 'ACCEPTED' ORDER BY LOWER(p.name), e.id`, cohort); err != nil {
		return nil, err
	}
	out := map[string]any{"name": name, "teams": map[string]any{"nodes": teams}, "visitPlan": nil}
	var plan string
	var number int
	switch err := h.db.QueryRowContext(ctx, h.q("SELECT id, number FROM visit_plans WHERE cohort_id = ? AND state = 'RELEASED'"), cohort).Scan(&plan, &number); err {
	case sql.ErrNoRows:
		return map[string]any{"cohort": out}, nil
	case nil:
	default:
		return nil, err
	}
	type id struct {
		ID string `json:"id"`
	}
	visits := []map[string]any{}
	err := h.each(ctx, func(rows *sql.Rows) error {
		var visit, on, site, organisation, code, group, members string
		if err := rows.Scan(&visit, &on, &site, &organisation, &code, &group, &members); err != nil {
			return err
		}
		var ids []string
		if err := json.Unmarshal([]byte(members), &ids); err != nil {
			return err
		}
		going := []id{}
		for _, m := range ids {
			going = append(going, id{m})
		}
		visits = append(visits, map[string]any{"id": visit, "on": on, "offer": map[string]any{"site": map[string]any{"name": site,
			"organisation": named{organisation}, "station": map[string]any{"code": code}}}, "group": map[string]any{"name": group, "members": going}})
		return nil
	}, `SELECT v.id, v.on_day, s.name, o.name, s.station_code, g.name, g.member_ids FROM visits v JOIN host_offers h ON h.id = v.offer_id JOIN sites s ON s.id = h.site_id
		JOIN organisations o ON o.id = s.organisation_id JOIN visit_groups g ON g.id = v.group_id WHERE v.plan_id = ? ORDER BY v.starts_at, v.uid, v.id LIMIT 100`, plan)
	out["visitPlan"] = map[string]any{"number": number, "visits": map[string]any{"nodes": visits}}
	return map[string]any{"cohort": out}, err
}

// contest is one operation as both sides are asked.
type contest struct {
	name, operation, query string
	variables              map[string]any
}

func (w *world) contests() []contest {
	t := w.t
	return []contest{
		{"people", "People", peopleText, map[string]any{"cohort": w.ids["cohort"]}},
		{"offers", "Offers", offersText, map[string]any{"programme": w.ids["programme"]}},
		{"challenges", "Challenges", challengesText, map[string]any{"programme": w.ids["programme"]}},
		{"skills", "Skills", skillsText, nil},
		{"cohort graph", "CohortGraph", operation(t, "21-cohort-graph"), map[string]any{"cohort": w.ids["cohort"]}},
	}
}

func (c contest) request(w *world, salt int) *http.Request {
	variables := map[string]any{"salt": salt} // not asked for: another key of the response cache, and the same work
	maps.Copy(variables, c.variables)
	body, _ := json.Marshal(map[string]any{"query": c.query, "operationName": c.operation, "variables": variables})
	r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.tokens["coordinator"])
	return r
}

func hand(tb testing.TB, w *world, where string) http.Handler {
	driver, address := "sqlite3", "file:"+filepath.Join(where, "tandem.db")+"?mode=ro&_query_only=on"
	if strings.HasPrefix(where, "host=") {
		driver, address = "pgx", where
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(8)
	tb.Cleanup(func() { db.Close() })
	return byHand{db: db, postgres: driver == "pgx", w: w}
}

// TestHandwrittenAnswersAlike keeps the benchmark fair: both sides give the same JSON.
func TestHandwrittenAnswersAlike(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.release()
		other := hand(t, w, w.where)
		for _, c := range w.contests() {
			var mine, theirs map[string]any
			for to, h := range map[*map[string]any]http.Handler{&mine: w.server, &theirs: other} {
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, c.request(w, 0))
				if err := json.Unmarshal(rec.Body.Bytes(), to); err != nil {
					t.Fatalf("%s: %v: %s", c.name, err, rec.Body)
				}
			}
			if !reflect.DeepEqual(mine["data"], theirs["data"]) {
				t.Errorf("%s: the answers differ\n%s", c.name, difference(pretty(theirs["data"]), pretty(mine["data"])))
			}
		}
	})
}

func BenchmarkOperations(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			var w *world
			if engine == "sqlite" {
				w = openSample(b)
			} else {
				w = sampleAt(b, storagetest.Postgres(b))
			}
			w.release()
			other := hand(b, w, w.where)
			for _, c := range w.contests() {
				salt := 0
				for _, side := range []struct {
					name string
					h    http.Handler
					same bool
				}{{"by hand", other, true}, {"tandem", w.server, false}, {"tandem cached", w.server, true}} {
					b.Run(fmt.Sprintf("%s/%s", c.name, side.name), func(b *testing.B) {
						b.ReportAllocs()
						for b.Loop() {
							if !side.same {
								salt++
							}
							rec := httptest.NewRecorder()
							side.h.ServeHTTP(rec, c.request(w, salt))
							if rec.Code != http.StatusOK {
								b.Fatal(rec.Body)
							}
						}
					})
				}
			}
		})
	}
}

// BenchmarkDrag is the preview of a drag through the graph, as the screen asks for it: moveVisit of a visit to each of its
// host's days in turn, and moveVisitors of one person, both run dry. Nothing is asked twice in a row, so that no answer
// comes from a cache of answers.
func BenchmarkDrag(b *testing.B) {
	many := func() *world { // ten cohorts of 200
		where := b.TempDir()
		store, err := storage.Open(context.Background(), where)
		if err != nil {
			b.Fatal(err)
		}
		planning, err := fillWith(store, sample.LoadScale, 5)
		if err != nil {
			b.Fatal(err)
		}
		store.Close()
		return serve(b, where, planning)
	}
	for _, size := range []struct {
		people int
		world  *world
	}{{38, openSample(b)}, {2_000, many()}} {
		w := size.world
		visits, people := w.visitMoves(), w.personMoves()
		b.Run(fmt.Sprintf("visit/%d", size.people), func(b *testing.B) { w.drag(b, moveVisitText, visits) })
		b.Run(fmt.Sprintf("person/%d", size.people), func(b *testing.B) { w.drag(b, moveVisitorsText, people) })
	}
}

const moveVisitText = `mutation MoveVisit($input: MoveVisitInput!) { moveVisit(input: $input) {
	visit { id version on startsAt broken { rule text on holiday { name nation } namesBy limit actual people { id person { name } sectorAtEnrolment } } deadlines { kind dueOn } travel { middleMinutes gramsCo2e } }
	plan { id version updatedAt updatedBy score { uncovered maxShortfall squaredShortfall minutes gramsCo2e } bound { firstUnproved gapPercent minutes } broken { rule text } }
	impact { effect count subjects(first: 10) { __typename ... on Enrolment { id person { name } sectorAtEnrolment } } because }
	userErrors { field message code fix } } }`

const moveVisitorsText = `mutation MoveVisitors($input: MoveVisitorsInput!) { moveVisitors(input: $input) {
	plan { id version updatedAt updatedBy score { uncovered maxShortfall squaredShortfall minutes gramsCo2e } bound { firstUnproved gapPercent minutes } broken { rule text } }
	impact { effect count because } userErrors { field message code fix } } }`

// visitMoves are places for the draft's first visit.
func (w *world) visitMoves() (inputs []map[string]any) {
	r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { version visits(first: 1) { nodes { id offer { windows { startsAt } } } } } }`, map[string]any{"id": w.ids["plan"]})
	visit := at(r, "data", "visitPlan", "visits", "nodes", 0)
	windows, _ := at(visit, "offer", "windows").([]any)
	for _, x := range windows {
		inputs = append(inputs, map[string]any{"visitId": at(visit, "id"), "expectedVersion": at(r, "data", "visitPlan", "version"), "startsAt": at(x, "startsAt"), "overrideReason": "tried", "dryRun": true})
	}
	return inputs
}

// personMoves move a member of the draft's first visit off its day, and another one.
func (w *world) personMoves() (inputs []map[string]any) {
	r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { version visits(first: 1) { nodes { on group { members { id } } } } } }`, map[string]any{"id": w.ids["plan"]})
	visit := at(r, "data", "visitPlan", "visits", "nodes", 0)
	for i := range 2 {
		inputs = append(inputs, map[string]any{"planId": w.ids["plan"], "expectedVersion": at(r, "data", "visitPlan", "version"), "on": at(visit, "on"),
			"enrolmentIds": []any{at(visit, "group", "members", i, "id")}, "toGroupId": nil, "overrideReason": "tried", "dryRun": true})
	}
	return inputs
}

func (w *world) drag(b *testing.B, text string, inputs []map[string]any) {
	b.ReportAllocs()
	n := 0
	var before, after syscall.Rusage
	for b.Loop() {
		if n == 0 {
			syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		}
		input := maps.Clone(inputs[n%len(inputs)])
		input["idempotencyKey"] = uuid.NewString()
		n++
		if code, body := w.send(context.Background(), "coordinator", text, map[string]any{"input": input}); code != http.StatusOK || bytes.Contains(body, []byte(`"code"`)) {
			b.Fatal(string(body))
		}
	}
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	b.ReportMetric(float64(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano())/float64(n), "cpu-ns/op")
}
