package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// graphql answers GraphQL over HTTP: queries by GET and POST, mutations by POST, subscriptions by POST as an event stream.
func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	q := s.inquire(w)
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v)
			}
			q.note(recovered(r.Context(), v))
			q.refuse(http.StatusInternalServerError, q.fail(judge(nil)))
		}
	}()
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		q.refuse(http.StatusMethodNotAllowed, q.fail(codeBadInput, "Ask by POST, or a query by GET."))
		return
	}
	media, streamed := negotiate(r.Header.Values("Accept"))
	if media == "" && !streamed {
		q.refuse(http.StatusNotAcceptable, q.fail(codeBadInput, "Answers are "+typeResponse+", "+typeJSON+" or "+typeStream+"."))
		return
	}
	if media != "" {
		q.media = media
	}
	ctx := q.in(r.Context())
	who, err := s.who(ctx, r)
	if err != nil {
		s.stranger(q, err)
		return
	}
	ctx = app.As(ctx, who)
	a, refused := read(w, r)
	if refused != nil {
		q.refuse(refused.status, q.fail(refused.code, refused.message))
		return
	}

	version, err := s.version(ctx)
	if err != nil {
		q.broken(err)
		return
	}
	key := answerKey(who, a, version, s.clock())
	if data, ok := s.answers.get(key); ok && media != "" {
		if s.charge(q, who, 1) {
			q.write(http.StatusOK, &graphql.Response{Data: data})
		}
		return
	}

	op, errs := s.prepare(a)
	switch {
	case errs != nil && media == "":
		s.tell(q, r, q.coded(errs))
		return
	case errs != nil:
		q.refuseDocument(q.coded(errs))
		return
	case a.get && op.definition.Operation != ast.Query:
		w.Header().Set("Allow", "POST")
		q.refuse(http.StatusMethodNotAllowed, q.fail(codeBadInput, "Only queries are asked by GET."))
		return
	case op.definition.Operation == ast.Subscription && !streamed:
		q.refuse(http.StatusNotAcceptable, q.fail(codeBadInput, "A subscription is answered as a stream: send Accept: "+typeStream+"."))
		return
	}
	if !s.charge(q, who, max(1, op.cost(listSize))) {
		return
	}
	if q.spent.Limit > 0 {
		ctx = app.Charge(ctx, q.spent)
	}
	if op.definition.Operation != ast.Subscription {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, maxOperation)
		defer cancel()
	}
	if op.definition.Operation == ast.Subscription || media == "" {
		s.stream(ctx, q, op, who)
		return
	}
	answer := s.execute(ctx, op)
	if op.definition.Operation == ast.Query && !op.live && len(answer.Errors) == 0 {
		if now, err := s.version(ctx); err == nil && now == version { // else it may mix two states
			s.answers.put(key, answer.Data, len(answer.Data)+256)
		}
	}
	q.write(http.StatusOK, answer)
}

// who says who asks: the owner where the server is theirs alone, else whom the token stands for.
func (s *Server) who(ctx context.Context, r *http.Request) (*domain.Actor, error) {
	if s.owner {
		return domain.LocalOwner(), nil
	}
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return nil, domain.ErrUnauthenticated
	}
	return s.app.Authenticate(ctx, strings.TrimSpace(secret))
}

// stranger answers somebody who is nobody, or whom the database could not be asked about.
func (s *Server) stranger(q *inquiry, err error) {
	if !errors.Is(err, domain.ErrUnauthenticated) {
		q.broken(err)
		return
	}
	q.w.Header().Set("WWW-Authenticate", `Bearer realm="Tandem"`)
	q.refuse(http.StatusUnauthorized, q.fail(judge(err)))
}

// broken answers a request that failed before it was looked at.
func (q *inquiry) broken(err error) {
	code, message := judge(err)
	status := http.StatusServiceUnavailable
	if code == codeInternal {
		q.note(err)
		status = http.StatusInternalServerError
	}
	q.refuse(status, q.fail(code, message))
}

// charge takes the cost of a request out of its caller's bucket; where there is too little it answers so.
func (s *Server) charge(q *inquiry, who *domain.Actor, points int) bool {
	q.spent = &app.RateLimit{Requested: points}
	if s.owner {
		return true
	}
	left, wait, ok := s.buckets.take(principal(who), points)
	q.spent.Limit, q.spent.Remaining, q.spent.RestoredPerSecond = int(s.buckets.size), left, int(s.buckets.perSecond)
	if !ok {
		q.w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		q.refuse(http.StatusTooManyRequests, q.fail(codeRateLimited, "Too much was asked in a short time. Come back after Retry-After seconds."))
	}
	return ok
}

// operation is a document's operation, ready to run.
type operation struct {
	extent
	document   *ast.QueryDocument
	definition *ast.OperationDefinition
	variables  map[string]any
	query      string
}

// overLimit is the rule of an error about too much of something.
const overLimit = "limit"

func tooLong(message string) gqlerror.List { return gqlerror.List{{Message: message, Rule: overLimit}} }

// prepare reads a document, cheapest check first: tokens, selections, extent, and only then the rules of GraphQL, some of
// which take the square of a document's length.
func (s *Server) prepare(a *ask) (*operation, gqlerror.List) {
	doc, valid := s.documents.get(a.query)
	if !valid {
		var err error
		if doc, err = parser.ParseQueryWithTokenLimit(&ast.Source{Input: a.query}, maxTokens); err != nil {
			return nil, unread(err)
		}
		if message := tooMuch(doc); message != "" {
			return nil, tooLong(message)
		}
	}
	def := doc.Operations.ForName(a.operation)
	if def == nil {
		return nil, gqlerror.List{{Message: "The document holds no operation of that name, or several and none was named."}}
	}
	e, _ := measure(s.schema.Schema(), doc, def, a.variables)
	if message := e.beyond(); message != "" {
		return nil, tooLong(message)
	}
	if !valid {
		if errs := validator.ValidateWithRules(s.schema.Schema(), doc, quietRules()); len(errs) > 0 {
			return nil, errs
		}
		s.documents.put(a.query, doc, len(a.query))
	}
	variables, err := validator.VariableValues(s.schema.Schema(), def, a.variables)
	if err != nil {
		return nil, unread(err)
	}
	return &operation{e, doc, def, variables, a.query}, nil
}

// unread is why a text or its variables cannot be read.
func unread(err error) gqlerror.List {
	one, ok := errors.AsType[*gqlerror.Error](err)
	if !ok {
		one = gqlerror.Errorf("%v", err)
	}
	if strings.HasPrefix(one.Message, "exceeded ") { // the parser's limits have no kind of their own
		one.Rule = overLimit
	}
	return gqlerror.List{one}
}

// quietRules are the rules of GraphQL without guesses at what was meant: a guess compares a name with every other, and
// tells strangers what there is.
func quietRules() *rules.Rules {
	r := rules.NewDefaultRules()
	for _, quiet := range []core.Rule{rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions, rules.ValuesOfCorrectTypeRuleWithoutSuggestions} {
		r.RemoveRule(strings.TrimSuffix(quiet.Name, "WithoutSuggestions"))
		r.AddRule(quiet.Name, quiet.RuleFunc)
	}
	return r
}

// coded gives errors of a document their code.
func (q *inquiry) coded(errs gqlerror.List) gqlerror.List {
	for _, e := range errs {
		code := codeBadInput
		if e.Rule == overLimit {
			code = codeQueryLimit
		}
		e.Extensions = q.extensions(code)
	}
	return errs
}

// begin gives the function that makes an operation's answers, nil after the last, and the context that it runs in; or the
// errors of one that cannot begin.
func (s *Server) begin(ctx context.Context, op *operation) (graphql.ResponseHandler, context.Context, gqlerror.List) {
	ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{
		RawQuery: op.query, Variables: op.variables, OperationName: op.definition.Name, Doc: op.document, Operation: op.definition,
		RecoverFunc:            recovered,
		ResolverMiddleware:     func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	})
	ctx = graphql.WithResponseContext(ctx, present, recovered)
	next := s.schema.Exec(ctx)
	if errs := graphql.GetErrors(ctx); errs != nil {
		return nil, ctx, errs
	}
	return func(ctx context.Context) *graphql.Response {
		ctx = graphql.WithFreshResponseContext(ctx)
		answer := next(ctx)
		if answer != nil {
			answer.Errors = append(answer.Errors, graphql.GetErrors(ctx)...)
		}
		return answer
	}, ctx, nil
}

// execute runs a query or a mutation.
func (s *Server) execute(ctx context.Context, op *operation) *graphql.Response {
	next, ctx, errs := s.begin(ctx, op)
	if errs != nil {
		return &graphql.Response{Errors: errs}
	}
	return next(ctx)
}
