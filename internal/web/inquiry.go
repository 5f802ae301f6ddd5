package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tandem/internal/app"
)

// inquiry is one request to the graph while it is answered.
type inquiry struct {
	id    string
	log   *slog.Logger
	w     http.ResponseWriter
	media string // what the answer is written as: one of the two JSON types
	spent *app.RateLimit
	noted atomic.Int32
}

type inquiryKey struct{}

func (s *Server) inquire(w http.ResponseWriter) *inquiry {
	raw := make([]byte, 8)
	rand.Read(raw)
	q := &inquiry{id: hex.EncodeToString(raw), log: s.log, w: w, media: typeJSON}
	h := w.Header()
	h.Set("X-Request-Id", q.id)
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	h.Add("Vary", "Authorization")
	return q
}

func (q *inquiry) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, inquiryKey{}, q)
}

func inquiryOf(ctx context.Context) *inquiry { return ctx.Value(inquiryKey{}).(*inquiry) }

// note logs a failure of ours: each once, and only the first of many that one request meets.
func (q *inquiry) note(err error, more ...any) {
	if q.noted.Add(1) > maxErrors {
		return
	}
	more = append(more, "request", q.id, "error", err)
	if p, ok := errors.AsType[*panicked](err); ok {
		more = append(more, "stack", string(p.stack))
	}
	q.log.Error("a request failed", more...)
}

func (q *inquiry) extensions(code string) map[string]any {
	return map[string]any{"code": code, "requestId": q.id}
}

// fail makes the one error of a request that is not executed.
func (q *inquiry) fail(code, message string) gqlerror.List {
	return gqlerror.List{{Message: message, Extensions: q.extensions(code)}}
}

// refuse answers a request that is not executed. Where the request is well formed and only its document is at fault, a
// caller of application/json gets 200, as GraphQL over HTTP asks.
func (q *inquiry) refuse(status int, errs gqlerror.List) {
	q.write(status, &graphql.Response{Errors: errs})
}

func (q *inquiry) refuseDocument(errs gqlerror.List) {
	status := http.StatusBadRequest
	if q.media == typeJSON {
		status = http.StatusOK
	}
	q.refuse(status, errs)
}

func (q *inquiry) write(status int, a *graphql.Response) {
	body := q.body(a)
	h := q.w.Header()
	h.Set("Content-Type", q.media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	q.w.WriteHeader(status)
	q.w.Write(body)
}

// body is an answer as JSON, without data where execution never began.
func (q *inquiry) body(a *graphql.Response) []byte {
	var b bytes.Buffer
	b.Grow(len(a.Data) + 256)
	b.WriteByte('{')
	if len(a.Errors) > 0 {
		b.WriteString(`"errors":`)
		code, _ := a.Errors[0].Extensions["code"].(string)
		b.Write(encoded(capped(a.Errors, q.extensions(code))))
	}
	if a.Data != nil {
		if len(a.Errors) > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"data":`)
		b.Write(a.Data)
	}
	if q.spent != nil {
		b.WriteString(`,"extensions":{"cost":{"requested":` + strconv.Itoa(q.spent.Requested))
		if q.spent.Limit > 0 {
			b.WriteString(`,"remaining":` + strconv.Itoa(q.spent.Remaining))
		}
		b.WriteString(`}}`)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only texts, numbers and paths are ever in it
	}
	return b
}
