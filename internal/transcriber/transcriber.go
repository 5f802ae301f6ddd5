// Package transcriber asks an engine for words of the user's own choice: anything that speaks OpenAI's /v1/audio/transcriptions. The
// sound leaves this computer for it, so nothing here runs unless whoever owns the computer named the engine in the environment.
package transcriber

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"tandem/internal/speech"
)

// The environment that names an engine. No request can set it: an address that a caller chose would let them ask this computer's
// network what they please.
const (
	AddressVariable  = "TANDEM_WORDS_URL"      // such as https://api.example.org/v1/audio/transcriptions
	KeyVariable      = "TANDEM_WORDS_KEY"      // sent as a bearer token; may be left out
	ModelVariable    = "TANDEM_WORDS_MODEL"    // the engine's name for its model; whisper-1 where it is left out
	VerbatimVariable = "TANDEM_WORDS_VERBATIM" // 1 where the engine writes um and uh down
)

// ErrMissing says that no engine was named.
var ErrMissing = errors.New("no engine for words was named on this computer: set " + AddressVariable + " before Tandem starts")

// Engine is where sound is sent to. Verbatim is whether it writes fillers down.
type Engine struct {
	address  *url.URL
	key      string
	model    string
	Verbatim bool
}

// Find reads the engine that the computer's owner named; ErrMissing where none is. An address in the open is taken on this computer alone.
func Find() (*Engine, error) {
	text := os.Getenv(AddressVariable)
	if text == "" {
		return nil, ErrMissing
	}
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.User != nil {
		return nil, fmt.Errorf("%s is no address: write it as https://example.org/v1/audio/transcriptions", AddressVariable)
	}
	if address.Scheme != "https" && !(address.Scheme == "http" && here(address.Hostname())) {
		return nil, fmt.Errorf("%s would carry voices in the open: use https", AddressVariable)
	}
	e := &Engine{address: address, key: os.Getenv(KeyVariable), model: os.Getenv(ModelVariable), Verbatim: os.Getenv(VerbatimVariable) == "1"}
	if e.model == "" {
		e.model = "whisper-1"
	}
	return e, nil
}

// here is whether a host is this computer.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Host is who hears the sound.
func (e *Engine) Host() string { return e.address.Host }

const (
	answerMax = 16 << 20
	patience  = 15 * time.Minute
)

// Words sends a FLAC file and gives its words with their times. A redirect is refused: only the host that was named hears the sound.
func (e *Engine) Words(ctx context.Context, file []byte) ([]speech.Word, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "rehearsal.flac")
	if err != nil {
		return nil, err
	}
	part.Write(file)
	for _, field := range [][2]string{{"model", e.model}, {"response_format", "verbose_json"}, {"timestamp_granularities[]", "word"}, {"language", "en"}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			return nil, err
		}
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.address.String(), &body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	if e.key != "" {
		r.Header.Set("Authorization", "Bearer "+e.key)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%s does not answer: %w", e.Host(), errors.Unwrap(err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", e.Host(), answer.Status)
	}
	var told struct {
		Words []struct {
			Word       string
			Start, End float64
		}
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, answerMax)).Decode(&told); err != nil {
		return nil, fmt.Errorf("the answer of %s cannot be read: %w", e.Host(), err)
	}
	var words []speech.Word
	for _, w := range told.Words {
		for _, said := range speech.ParseScript(w.Word).Words() { // as the script's own words are written
			words = append(words, speech.Word{Text: said, Span: speech.Span{Start: w.Start, End: w.End}})
		}
	}
	if words == nil && strings.TrimSpace(fmt.Sprint(told.Words)) == "[]" {
		return nil, fmt.Errorf("%s gives no times of words: choose a model that does", e.Host())
	}
	return words, nil
}
