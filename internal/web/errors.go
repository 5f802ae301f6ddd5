package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tandem/internal/domain"
)

// The codes of top-level errors, in extensions.code.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	codeNotFound        = "NOT_FOUND"
	codeBadInput        = "BAD_USER_INPUT"
	codeConflict        = "CONFLICT"
	codeRateLimited     = "RATE_LIMITED"
	codeQueryLimit      = "QUERY_LIMIT_EXCEEDED"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL"
)

// known is every kind of failure that a caller is told about, with what is said where the failure has no words of its own.
var known = []struct {
	kind          error
	code, message string
}{
	{domain.ErrUnauthenticated, codeUnauthenticated, "Send a token: Authorization: Bearer …"},
	{domain.ErrForbidden, codeForbidden, "You may not do this."},
	{domain.ErrNotFound, codeNotFound, "There is no such thing, or you may not see it."},
	{domain.ErrInvalid, codeBadInput, "The request makes no sense as it stands."},
	{domain.ErrConflict, codeConflict, "Somebody else was first: read again."},
	{domain.ErrUnavailable, codeUnavailable, "This cannot be had now: try again."},
	{context.DeadlineExceeded, codeUnavailable, "This took too long and was given up."},
	{context.Canceled, codeUnavailable, "The request was given up."},
}

// judge gives the code of a failure and what its caller is told; INTERNAL for one that is of no known kind.
func judge(err error) (code, message string) {
	for _, k := range known {
		if !errors.Is(err, k.kind) {
			continue
		}
		if fault, ok := errors.AsType[*domain.Fault](err); ok {
			return k.code, fault.Message
		}
		return k.code, k.message
	}
	return codeInternal, "Something went wrong here, and it is not your fault. The request id finds it in our log."
}

// panicked is what a resolver died of.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprint("panic: ", p.value) }

func recovered(_ context.Context, value any) error { return &panicked{value, debug.Stack()} }

// present turns a failure of a resolver into what its caller may read. What is of no known kind is logged and masked.
func present(ctx context.Context, err error) *gqlerror.Error {
	q := inquiryOf(ctx)
	out := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	if wrapped, ok := errors.AsType[*gqlerror.Error](err); ok {
		out.Path, out.Locations = wrapped.Path, wrapped.Locations
		if wrapped.Err == nil {
			err = errors.New(wrapped.Message) // gqlgen's own words, such as for a null where none may be
		}
	}
	if badArgument(ctx) {
		out.Message = plain(err)
		out.Extensions = q.extensions(codeBadInput)
		return out
	}
	code, message := judge(err)
	if code == codeInternal {
		q.note(err, "path", out.Path.String())
	}
	out.Message, out.Extensions = message, q.extensions(code)
	return out
}

// badArgument reports whether a field failed before its resolver ran: gqlgen could not read its arguments. What went wrong
// is then about the input alone.
func badArgument(ctx context.Context) bool {
	f := graphql.GetFieldContext(ctx)
	return f != nil && f.Args == nil && f.Field.Field != nil && f.Field.Definition != nil && len(f.Field.Definition.Arguments) > 0
}

// plain is what an input error says: the words of the domain where it has any, else the reader's, on one line.
func plain(err error) string {
	if fault, ok := errors.AsType[*domain.Fault](err); ok {
		return fault.Message
	}
	if wrapped, ok := errors.AsType[*gqlerror.Error](err); ok {
		return wrapped.Message
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// capped is the first of many errors, and how many are left out.
func capped(list gqlerror.List, extensions map[string]any) gqlerror.List {
	if len(list) <= maxErrors {
		return list
	}
	return append(list[:maxErrors:maxErrors], &gqlerror.Error{
		Message: fmt.Sprintf("%d more errors are left out.", len(list)-maxErrors), Extensions: extensions})
}
