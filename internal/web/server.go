// Package web is the door: over HTTP it serves the graph, the screens, an explorer and the schema's reference. It knows who
// asks, and refuses what would cost more than an answer is worth before it costs it.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// Config says what is served, and to whom.
type Config struct {
	App        *app.App                 // answers, and knows who may ask
	Schema     graphql.ExecutableSchema // the graph on that app
	Screens    fs.FS                    // the built screens with index.html at the top; nil serves none
	LocalOwner bool                     // everybody is the owner of the embedded database: only where no port is open
	Clock      func() time.Time         // the app's clock, so that answers kept end with its day; nil is the machine's
	Log        *slog.Logger             // nil is slog.Default()
	Points     int                      // what a caller's bucket holds; 0 is DefaultPoints
}

// What callers may use up. A request costs one point for each object that its pages could hold.
const (
	DefaultPoints     = 2_000_000 // a full bucket; a person who works fast at the planner does not empty it
	restoredPerSecond = 100_000   // points that come back
	maxStreams        = 32        // open subscriptions of one caller
	maxOperation      = time.Minute
	pingEvery         = 15 * time.Second
	sendWithin        = 10 * time.Second
)

// Server serves one app. It is an http.Handler; Serve adds the connections' own limits.
type Server struct {
	app     *app.App
	schema  graphql.ExecutableSchema
	owner   bool
	clock   func() time.Time
	log     *slog.Logger
	mux     *http.ServeMux
	version func(context.Context) (int64, error)
	ticker  func() (tick <-chan time.Time, stop func())

	documents *lru[string, *ast.QueryDocument]
	answers   *lru[[32]byte, []byte]
	sheets    *lru[sheetKey, []byte]
	buckets   *buckets
	streams   streams
	drained   chan struct{}
	drain     sync.Once
}

// New makes the server of an app.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Points == 0 {
		c.Points = DefaultPoints
	}
	s := &Server{app: c.App, schema: c.Schema, owner: c.LocalOwner, clock: c.Clock, log: c.Log, mux: http.NewServeMux(),
		version: c.App.DataVersion,
		ticker: func() (<-chan time.Time, func()) {
			t := time.NewTicker(pingEvery)
			return t.C, t.Stop
		},
		documents: newLRU[string, *ast.QueryDocument](1 << 20),
		answers:   newLRU[[32]byte, []byte](64 << 20),
		sheets:    newLRU[sheetKey, []byte](32 << 20),
		buckets:   newBuckets(c.Points, restoredPerSecond, time.Now),
		streams:   streams{open: map[string]int{}},
		drained:   make(chan struct{}),
	}
	s.mux.HandleFunc("/graphql", s.graphql)
	s.mux.HandleFunc("/healthz", s.health)
	s.mux.Handle("/explore", explorer(c.Screens))
	s.mux.Handle("/schema", reference(c.Schema.Schema()))
	s.mux.Handle("/pages/", pageFiles())
	s.mux.HandleFunc(app.SharePath, s.brief)
	s.mux.Handle(pressFolder, pressFiles())
	s.mux.Handle("/", screens(c.Screens))
	return s
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	s.mux.ServeHTTP(w, r)
}

// health says ok while the database answers.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	if !reads(w, r) {
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := s.app.Ready(ctx); err != nil {
		s.log.Error("the database does not answer", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte("the database does not answer\n"))
		return
	}
	w.Write([]byte("ok\n"))
}

// reads reports whether a request only reads, and refuses it otherwise.
func reads(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "Only GET is understood here.", http.StatusMethodNotAllowed)
	return false
}

// Drain ends every open subscription and takes no new one, so that a shutdown does not wait for them. Their clients see the
// connection end, and come back.
func (s *Server) Drain() { s.drain.Do(func() { close(s.drained) }) }

// Serve answers on a listener until the context ends, then lets running requests finish for ten seconds at most.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := s.httpServer()
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := server.Shutdown(patience)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		return served
	}
	return err
}

// httpServer sets the limits that a connection has: a slow sender is let go, whatever it sends.
func (s *Server) httpServer() *http.Server {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	server.RegisterOnShutdown(s.Drain)
	return server
}

// principal is whose bucket and subscriptions count together.
func principal(a *domain.Actor) string {
	if a.TokenID != "" {
		return a.TokenID
	}
	return a.ID
}
