package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// The media types that the graph speaks.
const (
	typeResponse = "application/graphql-response+json"
	typeJSON     = "application/json"
	typeStream   = "text/event-stream"
)

// maxBody is the longest request read, in bytes.
const maxBody = 256 << 10

// negotiate gives the JSON type that a caller likes best, empty for none, and whether it takes an event stream, which has to
// be named. A caller that names nothing gets application/json.
func negotiate(accept []string) (media string, stream bool) {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	var best float64
	place := len(ranges)
	named := false
	specific := map[string]bool{}
	for _, r := range ranges {
		if t, _, err := mime.ParseMediaType(r); err == nil {
			specific[t] = true
		}
	}
	like := func(t string, q float64, at int) {
		if q > best || q == best && q > 0 && at < place {
			media, best, place = t, q, at
		}
	}
	for i, r := range ranges {
		t, params, err := mime.ParseMediaType(r)
		if err != nil {
			named = named || strings.TrimSpace(r) != ""
			continue
		}
		named = true
		q := 1.0
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil || q < 0 || q > 1 {
				continue
			}
		}
		switch {
		case t == typeStream:
			stream = q > 0
		case t == typeJSON, t == typeResponse:
			like(t, q, i)
		case t == "application/*", t == "*/*":
			for _, offer := range []string{typeJSON, typeResponse} {
				if !specific[offer] && (t == "application/*" || !specific["application/*"]) {
					like(offer, q, i)
				}
			}
		}
	}
	if !named {
		return typeJSON, false
	}
	return media, stream
}

// ask is what a caller wants to know, as it was sent.
type ask struct {
	query, operation string
	variables        map[string]any
	raw              []byte // all of it, to know it again
	get              bool
}

// refusal says why a request is not read, with the HTTP status that says it too.
type refusal struct {
	status        int
	code, message string
}

func bad(message string) *refusal {
	return &refusal{http.StatusBadRequest, codeBadInput, message}
}

// read takes the parameters out of a request. JSON is the only form of a body, so that no page of another site can send one
// without asking first.
func read(w http.ResponseWriter, r *http.Request) (*ask, *refusal) {
	if r.Method == http.MethodGet {
		return readAddress(r.URL.RawQuery)
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || media != typeJSON || charset != "" && charset != "utf-8" {
		return nil, &refusal{http.StatusUnsupportedMediaType, codeBadInput, "Send the request as Content-Type: application/json in UTF-8."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, &refusal{http.StatusRequestEntityTooLarge, codeQueryLimit, "A request is at most 256 KiB long. Files are sent in pieces: startUpload, appendUpload."}
		}
		return nil, bad("The request ended before its time.")
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return nil, bad("The request is one JSON object with query, and if need be operationName, variables and extensions.")
	}
	return parameters(fields, &ask{raw: body})
}

func readAddress(raw string) (*ask, *refusal) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, bad("The address cannot be read.")
	}
	if len(raw) > maxBody {
		return nil, &refusal{http.StatusRequestURITooLong, codeQueryLimit, "A request is at most 256 KiB long."}
	}
	fields := map[string]json.RawMessage{}
	for _, name := range []string{"query", "operationName"} {
		if values.Has(name) {
			fields[name] = encoded(values.Get(name))
		}
	}
	for _, name := range []string{"variables", "extensions"} {
		if text := values.Get(name); text != "" {
			fields[name] = json.RawMessage(text)
		}
	}
	return parameters(fields, &ask{raw: []byte("GET " + raw), get: true})
}

func parameters(fields map[string]json.RawMessage, a *ask) (*ask, *refusal) {
	var query, operation *string
	if json.Unmarshal(fields["query"], &query) != nil || query == nil {
		return nil, bad("The parameter query is a text and is needed.")
	}
	a.query = *query
	if text, ok := fields["operationName"]; ok {
		if json.Unmarshal(text, &operation) != nil {
			return nil, bad("The parameter operationName is a text.")
		}
		if operation != nil {
			a.operation = *operation
		}
	}
	if text, ok := fields["variables"]; ok {
		numbers := json.NewDecoder(bytes.NewReader(text))
		numbers.UseNumber()
		if numbers.Decode(&a.variables) != nil || numbers.More() {
			return nil, bad("The parameter variables is an object.")
		}
	}
	if text, ok := fields["extensions"]; ok {
		var ignored map[string]any
		if json.Unmarshal(text, &ignored) != nil {
			return nil, bad("The parameter extensions is an object.")
		}
	}
	return a, nil
}
