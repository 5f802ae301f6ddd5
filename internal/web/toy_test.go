package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
)

// toy is a graph small enough to count what it does: the attacks are tried on it behind this server, and behind gqlgen's own
// as the control that lets them through.
type toy struct {
	schema     *ast.Schema
	runs       atomic.Int64 // resolvers that ran
	touched    atomic.Int64 // mutations that ran
	complexity atomic.Int64 // fields that a complexity limit looked at
	value      atomic.Int64
	ticks      chan int
	ended      chan struct{} // closed when a subscription's context ends
	endOnce    sync.Once
}

func newToy() *toy {
	return &toy{ticks: make(chan int), ended: make(chan struct{}), schema: gqlparser.MustLoadSchema(&ast.Source{Input: `
		type Query {
			count: Int!
			self: Query
			people(first: Int, last: Int, ids: [ID!]): People!
			table(first: Int! = 5): [Person!]!
			person: Person
			failing: Int
			refused: Int
			wrapped: Int
			panicking: Int
			rateLimit: RateLimit
			job: Job
		}
		type People { nodes: [Person!]! totalCount: Int! }
		type Person { name: String! friends: [Person!]! boss: Person }
		type RateLimit { remaining: Int! }
		interface Job { progress: Int! }
		type Planning implements Job { progress: Int! }
		type Mutation { touch: Int! }
		type Subscription { ticked: Int! }
	`})}
}

func (t *toy) Schema() *ast.Schema { return t.schema }

func (t *toy) Complexity(_ context.Context, _, _ string, child int, _ map[string]any) (int, bool) {
	t.complexity.Add(1)
	return child + 1, true
}

func (t *toy) resolve(ctx context.Context, name string) (any, error) {
	t.runs.Add(1)
	switch name {
	case "count":
		return t.value.Load(), nil
	case "touch":
		return t.touched.Add(1), nil
	case "failing":
		return nil, fmt.Errorf("load person: %w", fmt.Errorf(`SQL logic error: no such column "wages" in SELECT * FROM people LIMIT -5`))
	case "refused":
		return nil, domain.Forbidden("Your role does not let you.")
	case "wrapped":
		return nil, fmt.Errorf("SELECT secret: %w", domain.ErrNotFound)
	case "panicking":
		panic("SELECT of the dead")
	}
	return nil, nil
}

func (t *toy) fields(ctx context.Context, on string, set ast.SelectionSet) json.RawMessage {
	var b bytes.Buffer
	for i, f := range graphql.CollectFields(graphql.GetOperationContext(ctx), set, []string{on}) {
		if b.WriteByte(','); i == 0 {
			b.Reset()
			b.WriteByte('{')
		}
		fmt.Fprintf(&b, "%q:", f.Alias)
		b.Write(t.field(ctx, on, f))
	}
	b.WriteByte('}')
	return b.Bytes()
}

func (t *toy) field(ctx context.Context, on string, f graphql.CollectedField) (out json.RawMessage) {
	fc := &graphql.FieldContext{Object: on, Field: f, Args: map[string]any{}}
	ctx = graphql.WithFieldContext(ctx, fc)
	opCtx := graphql.GetOperationContext(ctx)
	defer func() {
		if v := recover(); v != nil {
			opCtx.Error(ctx, opCtx.Recover(ctx, v))
			out = json.RawMessage("null")
		}
	}()
	switch f.Name {
	case "__typename":
		return encoded(on)
	case "self":
		return t.fields(ctx, "Query", f.Selections)
	}
	v, err := opCtx.ResolverMiddleware(ctx, func(ctx context.Context) (any, error) { return t.resolve(ctx, f.Name) })
	if err != nil {
		opCtx.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
	}
	out, _ = json.Marshal(v)
	return out
}

func (t *toy) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx).Operation
	if op.Operation == ast.Subscription {
		context.AfterFunc(ctx, func() { t.endOnce.Do(func() { close(t.ended) }) })
		return func(ctx context.Context) *graphql.Response {
			select {
			case n, ok := <-t.ticks:
				if !ok {
					return nil
				}
				return &graphql.Response{Data: json.RawMessage(`{"ticked":` + strconv.Itoa(n) + `}`)}
			case <-ctx.Done():
				return nil
			}
		}
	}
	on := "Query"
	if op.Operation == ast.Mutation {
		on = "Mutation"
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		return &graphql.Response{Data: t.fields(ctx, on, op.SelectionSet)}
	}
}

// control is gqlgen's server as it comes, with a complexity limit.
func control(t *toy) http.Handler {
	s := handler.New(t)
	s.AddTransport(transport.Websocket{})
	s.AddTransport(transport.SSE{})
	s.AddTransport(transport.Options{})
	s.AddTransport(transport.GET{})
	s.AddTransport(transport.POST{})
	s.AddTransport(transport.MultipartForm{})
	s.Use(extension.FixedComplexityLimit(1_000_000))
	return s
}

func openApp(t testing.TB) *app.App {
	t.Helper()
	store, err := storage.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(store, time.Now, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { a.Close(); store.Close() })
	return a
}

// journal is a log that can be read.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

func serveToy(t testing.TB, change ...func(*Config)) (*Server, *toy, *journal) {
	t.Helper()
	g, j := newToy(), &journal{}
	c := Config{App: openApp(t), Schema: g, LocalOwner: true, Log: slog.New(slog.NewTextHandler(j, nil))}
	for _, f := range change {
		f(&c)
	}
	return New(c), g, j
}

func post(query string, change ...func(*http.Request)) *http.Request {
	body, _ := json.Marshal(map[string]string{"query": query})
	return postBody(string(body), change...)
}

func postBody(body string, change ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for _, f := range change {
		f(r)
	}
	return r
}

func accept(media string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Accept", media) }
}

func bearer(secret string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }
}

func answer(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

type reply struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code, RequestID string }
	} `json:"errors"`
	Extensions struct {
		Cost *struct{ Requested, Remaining *int }
	} `json:"extensions"`
}

func decode(t testing.TB, w *httptest.ResponseRecorder) (out reply) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("status %d, %v: %.300s", w.Code, err, w.Body.String())
	}
	return out
}

// code is the code of the one error of an answer; empty for none.
func code(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	a := decode(t, w)
	if len(a.Errors) == 0 {
		return ""
	}
	if id := a.Errors[0].Extensions.RequestID; id == "" || id != w.Header().Get("X-Request-Id") {
		t.Errorf("request id %q in the error, %q in the header", id, w.Header().Get("X-Request-Id"))
	}
	return a.Errors[0].Extensions.Code
}

// eventually waits for a signal; ten seconds stand for never.
func eventually(t testing.TB, what string, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(10 * time.Second):
		t.Fatal("never: " + what)
	}
}
