package web

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// subscribe opens a subscription over a real connection, and gives its events one by one.
func subscribe(t *testing.T, ctx context.Context, address string, change ...func(*http.Request)) (*http.Response, func() string) {
	t.Helper()
	r := post("subscription { ticked }", append(change, accept(typeStream))...).Clone(ctx)
	r.RequestURI = ""
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(address, "http://")
	return listenTo(t, r)
}

func listenTo(t *testing.T, r *http.Request) (*http.Response, func() string) {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewReader(response.Body)
	return response, func() string {
		var event strings.Builder
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return "end of stream"
			}
			if line == "\n" {
				return event.String()
			}
			event.WriteString(line)
		}
	}
}

func TestSubscription(t *testing.T) {
	s, g, _ := serveToy(t)
	ping := make(chan time.Time)
	s.ticker = func() (<-chan time.Time, func()) { return ping, func() {} }
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	response, event := subscribe(t, t.Context(), server.URL)
	if media := response.Header.Get("Content-Type"); response.StatusCode != 200 || !strings.HasPrefix(media, typeStream) {
		t.Fatalf("status %d, %s", response.StatusCode, media)
	}
	want := func(text string) {
		t.Helper()
		if got := event(); !strings.HasPrefix(got, text) {
			t.Fatalf("event %q, want %q", got, text)
		}
	}
	want(":")
	g.ticks <- 1
	want("event: next\ndata: {\"data\":{\"ticked\":1}")
	ping <- time.Time{}
	want(": ping")
	g.ticks <- 2
	want("event: next\ndata: {\"data\":{\"ticked\":2}")
	close(g.ticks)
	want("event: complete\ndata:")
	want("end of stream")
}

func TestSubscriptionEndsWhenItsCallerGoes(t *testing.T) {
	s, g, _ := serveToy(t)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	_, event := subscribe(t, ctx, server.URL)
	event()
	cancel()
	eventually(t, "the end of the context", g.ended)
}

// deaf is a window whose page is gone: it takes headers, and fails from the nth write on. Nobody cancels its context.
type deaf struct {
	header http.Header
	mu     sync.Mutex
	left   int
}

func (d *deaf) Header() http.Header { return d.header }
func (d *deaf) WriteHeader(int)     {}
func (d *deaf) Flush()              {}
func (d *deaf) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left--; d.left < 0 {
		return 0, errors.New("the page is gone")
	}
	return len(p), nil
}

func TestSubscriptionEndsWhenAWriteFails(t *testing.T) {
	run := func(h http.Handler) (done chan struct{}) {
		done = make(chan struct{})
		go func() {
			defer close(done)
			h.ServeHTTP(&deaf{header: http.Header{}, left: 2}, post("subscription { ticked }", accept(typeStream)).WithContext(context.Background()))
		}()
		return done
	}
	// The control goes on for ever: it takes tick after tick.
	g := newToy()
	done := run(control(g))
	for range 50 {
		g.ticks <- 1
	}
	close(g.ticks)
	eventually(t, "the control's end", done)

	s, g, _ := serveToy(t)
	done = run(s)
	g.ticks <- 1 // is written
	select {     // finds nobody
	case g.ticks <- 2:
	case <-done:
	}
	eventually(t, "the end of the context", g.ended)
	eventually(t, "the end of the stream", done)

	// In silence a ping finds out.
	s, g, _ = serveToy(t)
	ping := make(chan time.Time)
	s.ticker = func() (<-chan time.Time, func()) { return ping, func() {} }
	done = run(s)
	ping <- time.Time{} // is written
	ping <- time.Time{} // finds nobody
	eventually(t, "the end of the context", g.ended)
	eventually(t, "the end of the stream", done)
}

// mute is a writer without Flush, as the window's is.
type mute struct {
	mu     sync.Mutex
	header http.Header
	body   strings.Builder
}

func (m *mute) Header() http.Header { return m.header }
func (m *mute) WriteHeader(int)     {}
func (m *mute) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.body.Write(p)
}

func TestSubscriptionNeedsNoFlusher(t *testing.T) {
	run := func(h http.Handler, g *toy) string {
		m := &mute{header: http.Header{}}
		done := make(chan struct{})
		go func() {
			defer close(done)
			h.ServeHTTP(m, post("subscription { ticked }", accept(typeStream)))
		}()
		select {
		case g.ticks <- 1:
			close(g.ticks)
		case <-done:
		}
		<-done
		return m.body.String()
	}
	g := newToy()
	if got := run(control(g), g); strings.Contains(got, "ticked") {
		t.Fatalf("the control needs none either: %s", got)
	}
	s, g, _ := serveToy(t)
	if got := run(s, g); !strings.Contains(got, `{"ticked":1}`) || !strings.Contains(got, "event: complete") {
		t.Errorf("%q", got)
	}
}

func TestSubscriptionsAreCappedForEachCaller(t *testing.T) {
	s, _, _ := serveToy(t)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range maxStreams {
		if response, _ := subscribe(t, ctx, server.URL); response.StatusCode != 200 {
			t.Fatalf("status %d", response.StatusCode)
		}
	}
	if response, _ := subscribe(t, ctx, server.URL); response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one too many: status %d", response.StatusCode)
	}
	if !s.streams.begin("somebody else") {
		t.Error("others may not listen either")
	}
}

func TestSubscriptionThatCannotBegin(t *testing.T) {
	s, _, _ := serveToy(t)
	w := answer(s, post("subscription { nothing }", accept(typeStream)))
	if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, "event: next\ndata: {\"errors\"") || !strings.Contains(body, codeBadInput) || !strings.Contains(body, "event: complete") {
		t.Errorf("%d %s", w.Code, body)
	}
	w = answer(s, post("{ count }", accept(typeStream)))
	if body := w.Body.String(); !strings.Contains(body, `"data":{"count":0}`) || !strings.Contains(body, "event: complete") {
		t.Errorf("a query as a stream: %s", body)
	}
}

func TestShutdownDoesNotWaitForSubscriptions(t *testing.T) {
	s, g, _ := serveToy(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	var served error
	go func() {
		defer close(done)
		served = s.Serve(ctx, l)
	}()
	_, event := subscribe(t, t.Context(), l.Addr().String())
	event()
	cancel()
	eventually(t, "the end of the subscription", g.ended)
	if got := event(); got != "end of stream" { // and no complete, so that the client comes back
		t.Errorf("event %q", got)
	}
	eventually(t, "the end of the server", done)
	if served != nil {
		t.Error(served)
	}
	if w := answer(s, post("subscription { ticked }", accept(typeStream))); w.Code != http.StatusServiceUnavailable {
		t.Errorf("afterwards: status %d", w.Code)
	}
}

// patient notes that the limit on reading was lifted: net/http would else end a stream when it is over.
type patient struct {
	*httptest.ResponseRecorder
	lifted bool
}

func (p *patient) SetReadDeadline(at time.Time) error {
	p.lifted = p.lifted || at.IsZero()
	return nil
}

func TestStreamsOutliveTheReadLimit(t *testing.T) {
	s, g, _ := serveToy(t)
	close(g.ticks)
	p := &patient{ResponseRecorder: httptest.NewRecorder()}
	s.ServeHTTP(p, post("subscription { ticked }", accept(typeStream)))
	if !p.lifted {
		t.Error("the limit stands")
	}
}
