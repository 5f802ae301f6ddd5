package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Each attack is tried on gqlgen's own server first, where it works.

func TestDuplicateFieldsAreRefusedBeforeValidation(t *testing.T) {
	for _, n := range []int{2_000, 10_000} { // beyond the selections, beyond the tokens
		query := "{" + strings.Repeat(" count", n) + "}"
		s, g, _ := serveToy(t)
		if n == 2_000 {
			if got := len(decode(t, answer(control(g), post(query))).Errors); got != 0 || g.runs.Load() == 0 {
				t.Fatalf("the control refuses %d duplicates: %d errors", n, got)
			}
		}
		g.runs.Store(0)
		if got := code(t, answer(s, post(query))); got != codeQueryLimit || g.runs.Load() != 0 {
			t.Errorf("%d duplicates: code %q, %d resolvers ran", n, got, g.runs.Load())
		}
	}
}

// bomb is a query whose fragments double at each step.
func bomb(steps int) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range steps {
		fmt.Fprintf(&b, " fragment f%d on Query { a: self { ...f%d } b: self { ...f%d } }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { count }", steps)
	return b.String()
}

func TestFragmentBombIsMeasuredInOneWalk(t *testing.T) {
	const steps = 14
	s, g, _ := serveToy(t)
	answer(control(g), post(bomb(steps)))
	if n := g.complexity.Load(); n < 1<<steps {
		t.Fatalf("the control looked at %d fields only", n)
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: bomb(steps)})
	if err != nil {
		t.Fatal(err)
	}
	e, visited := measure(g.schema, doc, doc.Operations[0], nil)
	if visited > written(doc) {
		t.Errorf("%d selections were looked at, the document has %d", visited, written(doc))
	}
	if want := 1<<(steps+1) - 2 + 1<<steps; e.fields != want {
		t.Errorf("%d fields, want %d", e.fields, want)
	}
	g.runs.Store(0)
	if got := code(t, answer(s, post(bomb(steps)))); got != codeQueryLimit || g.runs.Load() != 0 {
		t.Errorf("code %q, %d resolvers ran", got, g.runs.Load())
	}
	// Sums saturate: forty doublings are more than any number.
	if got := code(t, answer(s, post(bomb(45)))); got != codeQueryLimit {
		t.Errorf("a larger bomb: %q", got)
	}
}

func TestAliasesAreCapped(t *testing.T) {
	query := "{"
	for i := range 50 {
		query += fmt.Sprintf(" a%d: count", i)
	}
	query += "}"
	s, g, _ := serveToy(t)
	answer(control(g), post(query))
	if g.runs.Load() != 50 {
		t.Fatalf("the control ran the field %d times", g.runs.Load())
	}
	g.runs.Store(0)
	if got := code(t, answer(s, post(query))); got != codeQueryLimit || g.runs.Load() != 0 {
		t.Errorf("code %q, %d resolvers ran", got, g.runs.Load())
	}
	if got := code(t, answer(s, post("{ a: count b: count }"))); got != "" {
		t.Errorf("two aliases: %q", got)
	}
}

func TestErrorsAreCapped(t *testing.T) {
	s, g, _ := serveToy(t)
	for _, n := range []int{1_500, 5_000} { // within the tokens, beyond them
		query := "{ count" + strings.Repeat(" @nothing", n) + " }"
		if size := answer(control(g), post(query)).Body.Len(); size < 100*n {
			t.Fatalf("the control answers %d directives in %d bytes", n, size)
		}
		w := answer(s, post(query))
		if got := len(decode(t, w).Errors); got < 1 || got > maxErrors+1 {
			t.Errorf("%d directives: %d errors", n, got)
		}
	}
}

func TestDepthIsCapped(t *testing.T) {
	query := strings.Repeat("{ self ", 40) + "{ count }" + strings.Repeat(" }", 40)
	s, g, _ := serveToy(t)
	if got := decode(t, answer(control(g), post(query))); len(got.Errors) > 0 {
		t.Fatalf("the control refuses: %v", got.Errors)
	}
	if got := code(t, answer(s, post(query))); got != codeQueryLimit {
		t.Errorf("code %q", got)
	}
	// The parser itself stops where its stack might not.
	if got := code(t, answer(s, post(strings.Repeat("{ self ", 1_200)))); got != codeQueryLimit {
		t.Errorf("1,200 deep: code %q", got)
	}
}

func TestBodyIsCapped(t *testing.T) {
	body := `{"query":"{ count }","extensions":{"pad":"` + strings.Repeat("x", 5<<20) + `"}}`
	s, g, _ := serveToy(t)
	if w := answer(control(g), postBody(body)); w.Code != http.StatusOK {
		t.Fatalf("the control refuses 5 MB: %d", w.Code)
	}
	w := answer(s, postBody(body))
	if w.Code != http.StatusRequestEntityTooLarge || code(t, w) != codeQueryLimit {
		t.Errorf("status %d: %.200s", w.Code, w.Body)
	}
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	m.WriteField("operations", `{"query":"mutation { touch }"}`)
	m.WriteField("map", `{}`)
	m.Close()
	sent := func(media, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		return r
	}
	s, g, _ := serveToy(t)
	answer(control(g), sent(m.FormDataContentType(), form.String()))
	if g.touched.Load() != 1 {
		t.Fatal("the control refuses the form")
	}
	for media, body := range map[string]string{
		m.FormDataContentType():             form.String(),
		"text/plain":                        `{"query":"mutation { touch }"}`,
		"application/x-www-form-urlencoded": "query=mutation+%7B+touch+%7D",
		"application/json; charset=utf-16":  `{"query":"mutation { touch }"}`,
		"":                                  `{"query":"mutation { touch }"}`,
	} {
		if w := answer(s, sent(media, body)); w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%q: status %d", media, w.Code)
		}
	}
	w := answer(s, httptest.NewRequest(http.MethodGet, "/graphql?query=mutation+%7B+touch+%7D", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
		t.Errorf("a mutation by GET: status %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if g.touched.Load() != 1 {
		t.Error("a mutation ran")
	}
}

func TestFaultsOfOursAreMaskedAndLoggedOnce(t *testing.T) {
	s, g, log := serveToy(t)
	if body := answer(control(g), post("{ failing }")).Body.String(); !strings.Contains(body, "SQL logic error") {
		t.Fatalf("the control masks: %s", body)
	}
	w := answer(s, post("{ failing }"))
	if got := code(t, w); got != codeInternal || strings.Contains(w.Body.String(), "wages") {
		t.Errorf("code %q: %s", got, w.Body)
	}
	if n := strings.Count(log.String(), "wages"); n != 1 || !strings.Contains(log.String(), w.Header().Get("X-Request-Id")) {
		t.Errorf("logged %d times: %s", n, log)
	}
	w = answer(s, post("{ panicking }"))
	if got := code(t, w); got != codeInternal || strings.Contains(w.Body.String(), "SELECT") {
		t.Errorf("a panic: code %q: %s", got, w.Body)
	}
	if strings.Count(log.String(), "SELECT of the dead") != 1 || !strings.Contains(log.String(), "toy_test.go") {
		t.Errorf("a panic is logged once with its stack: %s", log)
	}
	for query, want := range map[string]string{"{ refused }": codeForbidden, "{ wrapped }": codeNotFound} {
		w := answer(s, post(query))
		if got := code(t, w); got != want || strings.Contains(w.Body.String(), "SELECT") {
			t.Errorf("%s: code %q: %s", query, got, w.Body)
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("what a caller did is logged as a fault of ours: %s", log)
	}
}

func TestNoSuggestions(t *testing.T) {
	s, g, _ := serveToy(t)
	for _, query := range []string{"{ coun }", "{ people(frist: 1) { totalCount } }", "{ person }"} {
		if body := answer(control(g), post(query)).Body.String(); !strings.Contains(body, "Did you mean") {
			t.Errorf("the control does not guess at %s: %s", query, body)
		}
		w := answer(s, post(query))
		if code(t, w) != codeBadInput || strings.Contains(w.Body.String(), "Did you mean") {
			t.Errorf("%s: %s", query, w.Body)
		}
	}
}

func TestWebSocketIsNotOffered(t *testing.T) {
	s, g, _ := serveToy(t)
	dial := func(h http.Handler) error {
		server := httptest.NewServer(h)
		defer server.Close()
		c, _, err := (&websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}).Dial("ws"+strings.TrimPrefix(server.URL, "http")+"/graphql", nil)
		if err == nil {
			c.Close()
		}
		return err
	}
	if err := dial(control(g)); err != nil {
		t.Fatalf("the control refuses: %v", err)
	}
	if err := dial(s); err == nil {
		t.Error("a websocket was opened")
	}
}

func TestConnectionsHaveTimeLimits(t *testing.T) {
	s, _, _ := serveToy(t)
	h := s.httpServer()
	if h.ReadHeaderTimeout <= 0 || h.ReadTimeout <= 0 || h.IdleTimeout <= 0 || h.MaxHeaderBytes <= 0 {
		t.Errorf("%+v", h)
	}
}
