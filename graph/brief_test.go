package graph_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// get reads an address as somebody without an account.
func get(h http.Handler, path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec
}

// TestSharedBrief opens a brief by its link: page, PDF and CSV with the headers that keep it to its reader, counted, and gone
// with the link.
func TestSharedBrief(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.makeTheRest()
		path := w.ids["path"]
		if secret := strings.TrimPrefix(path, app.SharePath); len(secret) != 43 {
			t.Errorf("the secret is no 256 bits: %d letters", len(secret))
		}
		for as, begins := range map[string]string{"": "<!doctype html>", "?as=pdf": "%PDF-", "?as=csv": "number,key,"} {
			rec := get(w.server, path+as)
			if rec.Code != 200 || !strings.HasPrefix(strings.ToLower(strings.TrimPrefix(rec.Body.String(), "\ufeff")), strings.ToLower(begins)) {
				t.Errorf("%q: %d %.80q", as, rec.Code, rec.Body)
			}
			for header, holds := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"} {
				if !strings.Contains(rec.Header().Get(header), holds) {
					t.Errorf("%q: %s is %q", as, header, rec.Header().Get(header))
				}
			}
			if strings.Contains(rec.Header().Get("Content-Security-Policy"), "script-src") {
				t.Errorf("%q: scripts are let in", as)
			}
		}
		if page := get(w.server, path).Body.String(); strings.Contains(page, "<script") || !strings.Contains(page, "Taking part: 3") {
			t.Errorf("the page: %.400s", page)
		}
		if style := get(w.server, "/press/brief.css"); style.Code != 200 || !strings.HasPrefix(style.Header().Get("Content-Type"), "text/css") {
			t.Errorf("its style sheet: %d %s", style.Code, style.Header())
		}
		for _, wrong := range []string{path + "x", app.SharePath, path + "?as=xml", app.SharePath + w.ids["brief"]} {
			if rec := get(w.server, wrong); rec.Code != http.StatusNotFound || rec.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d", wrong, rec.Code)
			}
		}
		r := w.must("coordinator", `mutation($i: RevokeShareLinkInput!) { revokeShareLink(input: $i) { link { revokedAt } userErrors { message } } }`,
			map[string]any{"i": map[string]any{"linkId": w.ids["link"], "idempotencyKey": uuid.NewString()}})
		if at(r, "data", "revokeShareLink", "link", "revokedAt") == nil {
			t.Error(pretty(r))
		}
		if rec := get(w.server, path); rec.Code != http.StatusNotFound {
			t.Errorf("revoked, and it opens: %d", rec.Code)
		}
		w.app.Close() // whoever closes the app waits until the openings are written down
		r = w.must("coordinator", `query($id: ID!) { node(id: $id) { ... on ShareLink { opens lastOpenedAt } } }`, map[string]any{"id": w.ids["link"]})
		if at(r, "data", "node", "opens") != 4.0 || at(r, "data", "node", "lastOpenedAt") == nil {
			t.Errorf("opened four times: %s", pretty(r))
		}
	})
}

// TestBriefIsNeverStale lets readers race a writer who changes how a released brief reads: who begins to read after a change
// is kept sees it. The control is a cache that does not know the brief's version.
func TestBriefIsNeverStale(t *testing.T) {
	surfaces := map[string]func(*world) func(http.Handler) string{
		"page": func(w *world) func(http.Handler) string {
			return func(h http.Handler) string { return get(h, w.ids["path"]).Body.String() }
		},
		"graph": func(w *world) func(http.Handler) string {
			body, _ := json.Marshal(map[string]any{"query": `query($id: ID!) { sponsorBrief(id: $id) { checkedAt } }`, "variables": map[string]any{"id": w.ids["brief"]}})
			return func(h http.Handler) string {
				r := httptest.NewRequest("POST", "/graphql", strings.NewReader(string(body)))
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", "Bearer "+w.tokens["sponsor"])
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, r)
				return rec.Body.String()
			}
		},
	}
	for name, surface := range surfaces {
		t.Run(name, func(t *testing.T) {
			w := openSample(t)
			w.makeTheRest()
			if stale, seen := w.race(t, w.server, surface(w)); stale > 0 || seen < 3 {
				t.Errorf("%d stale answers, %d different ones seen", stale, seen)
			}
			if stale, _ := w.race(t, forgetful(w.server), surface(w)); stale == 0 {
				t.Error("control: a cache that knows no version was never stale")
			}
		})
	}
}

// minuteText is the minute that a check is told with: 2019-03-01T10:07 in the graph, 10:07 on the page.
var minuteText = regexp.MustCompile(`(?:2019-03-01T|1 Mar 2019, )(1\d:\d\d)`)

// race lets one write checks, a minute each, and several read; it gives how many read less than what was kept when they began.
func (w *world) race(t *testing.T, h http.Handler, read func(http.Handler) string) (stale, seen int) {
	t.Helper()
	var kept, old atomic.Int64
	done := make(chan struct{})
	minute := func(n int64) string { return time.Date(2019, 3, 1, 10, int(n), 0, 0, time.UTC).Format("15:04") }
	check := func(n int64) {
		w.at(time.Date(2019, 3, 1, 10, int(n), 0, 0, time.UTC))
		r, err := w.app.CheckBrief(w.owner(), app.CheckBriefInput{BriefID: w.ids["brief"], Command: domain.Command{IdempotencyKey: uuid.NewString()}})
		if err != nil || len(r.UserErrors) > 0 {
			t.Errorf("check: %v %+v", err, r)
		}
		kept.Store(n)
	}
	check(0)
	var readers sync.WaitGroup
	var different sync.Map
	for range 4 {
		readers.Go(func() {
			for {
				before := kept.Load()
				m := minuteText.FindStringSubmatch(read(h))
				if m == nil {
					t.Error("the brief does not tell when it was checked")
					return
				}
				different.Store(m[1], true)
				if m[1] < minute(before) {
					old.Add(1)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for n := range int64(30) {
		check(n + 1)
	}
	close(done)
	readers.Wait()
	different.Range(func(any, any) bool { seen++; return true })
	return int(old.Load()), seen
}

// forgetful keeps every answer for ever by what was asked.
func forgetful(h http.Handler) http.Handler {
	var mu sync.Mutex
	answers := map[string]*httptest.ResponseRecorder{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		rec := answers[r.URL.String()]
		if rec == nil {
			rec = httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			answers[r.URL.String()] = rec
		}
		w.Write(rec.Body.Bytes())
	})
}
