package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"tandem/internal/app"
	"tandem/internal/domain"
)

func TestStatusFollowsTheMediaType(t *testing.T) {
	s, _, _ := serveToy(t)
	get := func(values url.Values, change ...func(*http.Request)) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
		for _, f := range change {
			f(r)
		}
		return r
	}
	method := func(m string) *http.Request { return httptest.NewRequest(m, "/graphql", nil) }
	for name, c := range map[string]struct {
		r      *http.Request
		status int
		media  string
		code   string
	}{
		"a query":                       {post("{ count }"), 200, typeJSON, ""},
		"asked for any type":            {post("{ count }", accept("*/*")), 200, typeJSON, ""},
		"asked for the new type":        {post("{ count }", accept(typeResponse)), 200, typeResponse, ""},
		"asked for the new type first":  {post("{ count }", accept(typeResponse+", application/json;q=0.9")), 200, typeResponse, ""},
		"likes the old type better":     {post("{ count }", accept(typeResponse+";q=0.1, application/json")), 200, typeJSON, ""},
		"refuses the old type":          {post("{ count }", accept("application/json;q=0, application/*")), 200, typeResponse, ""},
		"takes neither":                 {post("{ count }", accept("text/html")), 406, typeJSON, codeBadInput},
		"by GET":                        {get(url.Values{"query": {"{ count }"}}), 200, typeJSON, ""},
		"by GET with variables":         {get(url.Values{"query": {"query ($n: Int) { table(first: $n) { name } }"}, "variables": {`{"n":3}`}}), 200, typeJSON, ""},
		"by GET with broken variables":  {get(url.Values{"query": {"{ count }"}, "variables": {`[`}}), 400, typeJSON, codeBadInput},
		"by GET with nothing":           {get(url.Values{}), 400, typeJSON, codeBadInput},
		"a subscription by GET":         {get(url.Values{"query": {"subscription { ticked }"}}, accept(typeStream+", "+typeJSON)), 405, typeJSON, codeBadInput},
		"a subscription without stream": {post("subscription { ticked }"), 406, typeJSON, codeBadInput},
		"PUT":                           {method(http.MethodPut), 405, typeJSON, codeBadInput},
		"no JSON":                       {postBody(`{"query":`), 400, typeJSON, codeBadInput},
		"a batch":                       {postBody(`[{"query":"{ count }"}]`), 400, typeJSON, codeBadInput},
		"null":                          {postBody(`null`), 400, typeJSON, codeBadInput},
		"no query":                      {postBody(`{}`), 400, typeJSON, codeBadInput},
		"a query that is no text":       {postBody(`{"query":7}`), 400, typeJSON, codeBadInput},
		"an operation that is no text":  {postBody(`{"query":"{ count }","operationName":{}}`), 400, typeJSON, codeBadInput},
		"variables that are no object":  {postBody(`{"query":"{ count }","variables":[]}`), 400, typeJSON, codeBadInput},
		"extensions that are no object": {postBody(`{"query":"{ count }","extensions":0}`), 400, typeJSON, codeBadInput},
		"nulls for the rest":            {postBody(`{"query":"{ count }","variables":null,"operationName":null,"extensions":null}`), 200, typeJSON, ""},
		"an unknown operation":          {postBody(`{"query":"query A { count }","operationName":"B"}`), 200, typeJSON, codeBadInput},
		"several, none named":           {postBody(`{"query":"query A { count } query B { count }"}`), 200, typeJSON, codeBadInput},
		"several, one named":            {postBody(`{"query":"query A { count } query B { count }","operationName":"B"}`), 200, typeJSON, ""},
		"a syntax error":                {post("{"), 200, typeJSON, codeBadInput},
		"a syntax error, new type":      {post("{", accept(typeResponse)), 400, typeResponse, codeBadInput},
		"an unknown field":              {post("{ wages }"), 200, typeJSON, codeBadInput},
		"an unknown field, new type":    {post("{ wages }", accept(typeResponse)), 400, typeResponse, codeBadInput},
		"a variable of another type":    {postBody(`{"query":"query ($n: Int!) { table(first: $n) { name } }","variables":{"n":"many"}}`), 200, typeJSON, codeBadInput},
		"a field that fails, new type":  {post("{ count failing }", accept(typeResponse)), 200, typeResponse, codeInternal},
		"a circle of fragments":         {post("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"), 200, typeJSON, codeBadInput},
		"a fragment that is not there":  {post("{ ...a }"), 200, typeJSON, codeBadInput},
	} {
		w := answer(s, c.r)
		media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		if got := code(t, w); w.Code != c.status || media != c.media || got != c.code {
			t.Errorf("%s: status %d, %s, code %q: %.300s", name, w.Code, media, got, w.Body)
		}
		if c.status == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s: no Allow", name)
		}
		if !strings.Contains(strings.Join(w.Header().Values("Vary"), " "), "Accept") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", name, w.Header())
		}
		if executed := strings.Contains(w.Body.String(), `"data"`); executed != (c.code == "" || c.code == codeInternal) {
			t.Errorf("%s: data is there: %v", name, executed)
		}
	}
}

func token(t testing.TB, a *app.App, role domain.Role, end time.Duration) string {
	t.Helper()
	made, err := a.CreateApiToken(app.As(t.Context(), domain.LocalOwner()), app.CreateApiTokenInput{Label: string(role), Role: role,
		ExpiresAt: time.Now().Add(end), Command: domain.Command{IdempotencyKey: uuid.NewString()}})
	if err != nil || len(made.UserErrors) > 0 {
		t.Fatal(err, made)
	}
	return *made.Object.Shown()
}

func TestNobodyReadsNothing(t *testing.T) {
	s, g, _ := serveToy(t, func(c *Config) {
		c.LocalOwner = false
		c.Screens = fstest.MapFS{"index.html": {Data: []byte("screens")}, "explore.html": {Data: []byte("explorer")}}
	})
	good := token(t, s.app, domain.Owner, time.Hour)
	for name, change := range map[string]func(*http.Request){
		"nothing":         func(*http.Request) {},
		"a wrong secret":  bearer("tandem_no"),
		"no secret":       bearer(""),
		"another scheme":  func(r *http.Request) { r.SetBasicAuth("tandem", good) },
		"the secret bare": func(r *http.Request) { r.Header.Set("Authorization", good) },
	} {
		for _, query := range []string{"{ count }", "{ __schema { types { name } } }", "{ __typename }", "mutation { touch }"} {
			w := answer(s, post(query, change))
			if w.Code != http.StatusUnauthorized || code(t, w) != codeUnauthenticated || w.Header().Get("WWW-Authenticate") == "" || strings.Contains(w.Body.String(), "data") {
				t.Errorf("%s, %s: %d %s", name, query, w.Code, w.Body)
			}
		}
	}
	if g.runs.Load() != 0 {
		t.Error("something ran")
	}
	if w := answer(s, post("{ count }", bearer(good))); w.Code != 200 || code(t, w) != "" {
		t.Errorf("with a token: %d %s", w.Code, w.Body)
	}
	for _, open := range []string{"/healthz", "/", "/explore", "/schema"} {
		if w := answer(s, httptest.NewRequest(http.MethodGet, open, nil)); w.Code != 200 {
			t.Errorf("%s: %d", open, w.Code)
		}
	}
}

func TestCost(t *testing.T) {
	g := newToy()
	for query, want := range map[string]int{
		"{ count }":                                                             0,
		"{ person { name } }":                                                   1,
		"{ person { boss { boss { name } } } }":                                 3,
		"{ people(first: 7) { totalCount } }":                                   1,
		"{ people(first: 7) { nodes { name } } }":                               1 + 7,
		"{ people(last: 7) { nodes { name boss { name } } } }":                  1 + 7*2,
		"{ people { nodes { name } } }":                                         1 + 100,
		"{ people(ids: [1, 2, 3]) { nodes { name } } }":                         1 + 3,
		"{ people(first: 7) { nodes { friends { name } } } }":                   1 + 7*(1+10),
		"{ people(first: -5) { nodes { name } } }":                              1,
		"{ table { name } }":                                                    5,
		"{ table(first: 3) { boss { name } friends { name } } }":                3 * (1 + 1 + 10),
		"query ($n: Int) { people(first: $n) { nodes { name } } }":              1 + 20,
		"query ($m: Int = 30) { people(first: $m) { nodes { name } } }":         1 + 30,
		"{ people(first: 7) { ...p } } fragment p on People { nodes { name } }": 1 + 7,
		"mutation { touch }":                                                    mutationCost,
		"{ __schema { types { fields { name } } } }":                            introspectionCost,
	} {
		doc, err := parser.ParseQuery(&ast.Source{Input: query})
		if err != nil {
			t.Fatal(err)
		}
		_, ask := readAddress(url.Values{"query": {query}, "variables": {`{"n":20}`}}.Encode())
		if ask != nil {
			t.Fatal(ask)
		}
		a, _ := readAddress(url.Values{"query": {query}, "variables": {`{"n":20}`}}.Encode())
		e, _ := measure(g.schema, doc, doc.Operations[0], a.variables)
		if got := e.cost(listSize); got != want {
			t.Errorf("%s costs %d, want %d", query, got, want)
		}
	}
	s, _, _ := serveToy(t)
	w := answer(s, post("{ people { nodes { friends { friends { friends { name } } } } } }"))
	if got := code(t, w); got != codeQueryLimit {
		t.Errorf("a costly request: %q %s", got, w.Body)
	}
}

func TestRateIsLimitedForEachToken(t *testing.T) {
	s, g, _ := serveToy(t, func(c *Config) { c.LocalOwner = false; c.Points = 25 })
	now := time.Now()
	s.buckets.clock = func() time.Time { return now }
	s.buckets.perSecond = 2
	one, other := token(t, s.app, domain.Owner, time.Hour), token(t, s.app, domain.Owner, time.Hour)
	touch := post("mutation { touch }", bearer(one))
	w := answer(s, touch)
	cost := decode(t, w).Extensions.Cost
	if cost == nil || *cost.Requested != 10 || *cost.Remaining != 15 {
		t.Fatalf("the first: %s", w.Body)
	}
	answer(s, post("mutation { touch }", bearer(one)))
	w = answer(s, post("mutation { touch }", bearer(one)))
	if w.Code != http.StatusTooManyRequests || code(t, w) != codeRateLimited || w.Header().Get("Retry-After") != "3" || g.touched.Load() != 2 {
		t.Errorf("beyond the bucket: %d, Retry-After %q, %d ran: %s", w.Code, w.Header().Get("Retry-After"), g.touched.Load(), w.Body)
	}
	if w := answer(s, post("mutation { touch }", bearer(other))); w.Code != 200 {
		t.Errorf("another token: %d", w.Code)
	}
	now = now.Add(3 * time.Second)
	if w := answer(s, post("mutation { touch }", bearer(one))); w.Code != 200 || *decode(t, w).Extensions.Cost.Remaining != 1 {
		t.Errorf("three seconds later: %d %s", w.Code, w.Body)
	}
	now = now.Add(time.Hour)
	if w := answer(s, post("mutation { touch }", bearer(one))); *decode(t, w).Extensions.Cost.Remaining != 15 {
		t.Errorf("a bucket holds no more than its size: %s", w.Body)
	}
	// The owner of an embedded database is not limited.
	s, g, _ = serveToy(t, func(c *Config) { c.Points = 25 })
	for range 10 {
		w = answer(s, post("mutation { touch }"))
	}
	if cost := decode(t, w).Extensions.Cost; g.touched.Load() != 10 || *cost.Requested != 10 || cost.Remaining != nil {
		t.Errorf("the owner: %d ran, %s", g.touched.Load(), w.Body)
	}
}

func TestScreens(t *testing.T) {
	s, _, _ := serveToy(t, func(c *Config) {
		c.Screens = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>screens")}, "assets/main-3f.js": {Data: []byte("1")}, "mark.svg": {Data: []byte("<svg/>")},
			"explore.html": {Data: []byte("<!doctype html>explorer")}, "assets/codicon-1c.ttf": {Data: []byte("1")}}
	})
	for path, c := range map[string]struct {
		status      int
		media, keep string
	}{
		"/":                      {200, "text/html", "no-cache"},
		"/index.html":            {200, "text/html", "no-cache"},
		"/cohorts/cohort_1/plan": {200, "text/html", "no-cache"},
		"/assets/main-3f.js":     {200, "text/javascript", "immutable"},
		"/mark.svg":              {200, "image/svg+xml", "no-cache"},
		"/assets/main-old.js":    {404, "", ""},
		"/favicon.ico":           {404, "", ""},
		"/assets/../../go.mod":   {307, "", ""},
		"/explore":               {200, "text/html", "no-cache"},
		"/schema":                {200, "text/html", "no-cache"},
		"/assets/codicon-1c.ttf": {200, "font/ttf", "immutable"},
		"/pages/pages.css":       {200, "text/css", "no-cache"},
		"/pages/":                {404, "", ""},
		"/healthz":               {200, "text/plain", "no-store"},
	} {
		w := answer(s, httptest.NewRequest(http.MethodGet, path, nil))
		h := w.Header()
		if w.Code != c.status || c.status == 200 && (!strings.HasPrefix(h.Get("Content-Type"), c.media) || !strings.Contains(h.Get("Cache-Control"), c.keep)) {
			t.Errorf("%s: %d %v", path, w.Code, h)
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") != (path == "/explore") ||
			h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	if w := answer(s, httptest.NewRequest(http.MethodPost, "/", nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", w.Code)
	}
}

// GraphiQL may style itself and draw images of its own, and nothing else that the screens may not.
func TestExplorerIsRelaxedInStyleAlone(t *testing.T) {
	s, _, _ := serveToy(t, func(c *Config) { c.Screens = fstest.MapFS{"explore.html": {Data: []byte("explorer")}} })
	w := answer(s, httptest.NewRequest(http.MethodGet, "/explore", nil))
	if w.Body.String() != "explorer" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	strict, relaxed := strings.Split(contentPolicy, "; "), strings.Split(w.Header().Get("Content-Security-Policy"), "; ")
	var more []string
	for i, directive := range relaxed {
		if directive != strict[i] {
			more = append(more, directive)
		}
	}
	if want := []string{"style-src 'self' 'unsafe-inline'", "img-src 'self' data:"}; len(relaxed) != len(strict) || !slices.Equal(more, want) {
		t.Errorf("relaxed: %q, want %q", more, want)
	}
	if w := answer(s, httptest.NewRequest(http.MethodPost, "/explore", nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
	for name, files := range map[string]fs.FS{"no screens": nil, "screens that are not built": fstest.MapFS{}} {
		s, _, _ := serveToy(t, func(c *Config) { c.Screens = files })
		if w := answer(s, httptest.NewRequest(http.MethodGet, "/explore", nil)); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestReferenceNamesEverything(t *testing.T) {
	s, g, _ := serveToy(t)
	body := answer(s, httptest.NewRequest(http.MethodGet, "/schema", nil)).Body.String()
	for name, def := range g.schema.Types {
		if strings.HasPrefix(name, "__") {
			continue
		}
		if !strings.Contains(body, fmt.Sprintf(`<article id="%s">`, name)) {
			t.Errorf("%s is missing", name)
		}
		for _, f := range own(def.Fields) {
			if !strings.Contains(body, "<code>"+f.Name) {
				t.Errorf("%s.%s is missing", name, f.Name)
			}
		}
	}
	if strings.Contains(body, "__schema") {
		t.Error("introspection is part of no schema")
	}
}

func TestBucketsOfTheIdleAreForgotten(t *testing.T) {
	now := time.Now()
	b := newBuckets(10, 1, func() time.Time { return now })
	b.take("busy", 10)
	for i := range maxBuckets {
		b.take(strconv.Itoa(i), 0)
	}
	if len(b.of) > 2 {
		t.Errorf("%d buckets", len(b.of))
	}
	if left, _, ok := b.take("busy", 1); ok || left != 0 {
		t.Error("a bucket in use was forgotten")
	}
}
