package transcriber

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestNoEngineUnlessItWasNamed(t *testing.T) {
	t.Setenv(AddressVariable, "")
	if _, err := Find(); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	for address, good := range map[string]bool{
		"https://api.example.org/v1/audio/transcriptions": true, "http://127.0.0.1:9000/v1/audio/transcriptions": true, "http://localhost/x": true,
		"http://api.example.org/v1": false, "http://10.0.0.1/v1": false, "file:///etc/passwd": false, "https://user:word@example.org/": false, "engine": false,
	} {
		t.Setenv(AddressVariable, address)
		if e, err := Find(); (err == nil) != good {
			t.Errorf("%s: %+v %v", address, e, err)
		}
	}
}

func TestWordsComeWithTheirTimes(t *testing.T) {
	heard := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, _, err := r.FormFile("file")
		if err != nil || r.FormValue("response_format") != "verbose_json" || r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("%v %v", err, r.Form)
		}
		all, _ := io.ReadAll(f)
		heard = string(all)
		io.WriteString(w, `{"text": "It is 7.", "words": [{"word": "It", "start": 0.5, "end": 0.6}, {"word": " is", "start": 0.7, "end": 0.8}, {"word": "7.", "start": 0.9, "end": 1.2}]}`)
	}))
	defer server.Close()
	t.Setenv(AddressVariable, server.URL)
	t.Setenv(KeyVariable, "secret")
	e, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	words, err := e.Words(t.Context(), []byte("fLaC and so on"))
	if err != nil || len(words) != 3 || words[2].Text != "seven" || words[2].Start != 0.9 || heard != "fLaC and so on" {
		t.Errorf("%+v %v %q", words, err, heard)
	}
}

// TestARedirectIsRefused: the engine that was named may not pass the sound on; the control is the place that it points at.
func TestARedirectIsRefused(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked = true; io.WriteString(w, `{"words": []}`) }))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	t.Setenv(AddressVariable, server.URL)
	e, _ := Find()
	if _, err := e.Words(t.Context(), []byte("x")); err == nil || !strings.Contains(err.Error(), "307") || asked {
		t.Errorf("%v, asked %v", err, asked)
	}
	if resp, err := http.Post(other.URL, "text/plain", nil); err != nil || !asked {
		t.Errorf("control: %v %v", resp, err)
	}
}
