package web

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"tandem/internal/domain"
)

// What a document may be. The longest of the stored operations has a tenth of each.
const (
	maxTokens      = 4_000
	maxSelections  = 1_500 // as written, in the whole document
	maxDefinitions = 100   // operations and fragments
	maxFields      = 1_500 // of the operation, its fragments written out
	maxAliases     = 30
	maxDepth       = 20
	maxCost        = 60_000
	maxErrors      = 10
)

// What a cost is made of.
const (
	listSize          = 10    // objects in a list that has no page size
	mutationCost      = 10    // on top of the payload
	introspectionCost = 1_000 // flat: it is read from memory
	ceiling           = 1 << 29
)

// extent is how much a selection asks for once its fragments are written out. Cost is the objects that it could hold: once
// counts those that are there once for the selection's parent, each those that are there for each item of its lists.
type extent struct {
	fields, aliases, depth int
	once, each             int
	live                   bool // changes without the data: how a job moves, what is left of a bucket, when a token was used
}

// cost is the objects of a selection whose lists hold so many items.
func (e extent) cost(size int) int { return plus(e.once, times(e.each, size)) }

func (e *extent) add(o extent) {
	e.fields, e.aliases, e.depth = plus(e.fields, o.fields), plus(e.aliases, o.aliases), max(e.depth, o.depth)
	e.once, e.each, e.live = plus(e.once, o.once), plus(e.each, o.each), e.live || o.live
}

func plus(a, b int) int { return min(a+b, ceiling) }

func times(a, b int) int {
	if a > 0 && b > ceiling/a {
		return ceiling
	}
	return a * b
}

// measurement walks one operation. Each fragment is measured once, however often it is spread, so the walk is as long as the
// document and no longer.
type measurement struct {
	schema    *ast.Schema
	operation *ast.OperationDefinition
	variables map[string]any
	fragments map[string]*ast.FragmentDefinition
	measured  map[string]extent
	visited   int // selections looked at
}

// measure gives the extent of an operation of a document that nobody has validated yet.
func measure(schema *ast.Schema, doc *ast.QueryDocument, operation *ast.OperationDefinition, variables map[string]any) (extent, int) {
	m := &measurement{schema: schema, operation: operation, variables: variables,
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)), measured: map[string]extent{}}
	for _, f := range doc.Fragments {
		m.fragments[f.Name] = f
	}
	root := map[ast.Operation]*ast.Definition{ast.Query: schema.Query, ast.Mutation: schema.Mutation, ast.Subscription: schema.Subscription}[operation.Operation]
	e := m.selections(root, operation.SelectionSet)
	if operation.Operation == ast.Mutation {
		e.once = plus(e.once, times(mutationCost, len(operation.SelectionSet)))
	}
	return e, m.visited
}

func (m *measurement) selections(parent *ast.Definition, set ast.SelectionSet) (sum extent) {
	for _, s := range set {
		m.visited++
		switch s := s.(type) {
		case *ast.Field:
			sum.add(m.field(parent, s))
		case *ast.InlineFragment:
			on := parent
			if s.TypeCondition != "" {
				on = m.schema.Types[s.TypeCondition]
			}
			sum.add(m.selections(on, s.SelectionSet))
		case *ast.FragmentSpread:
			sum.add(m.fragment(s.Name))
		}
	}
	return sum
}

// fragment is the extent of a fragment; nothing for one that is missing or spreads itself, which validation refuses.
func (m *measurement) fragment(name string) extent {
	if e, ok := m.measured[name]; ok {
		return e
	}
	m.measured[name] = extent{}
	f := m.fragments[name]
	if f == nil {
		return extent{}
	}
	e := m.selections(m.schema.Types[f.TypeCondition], f.SelectionSet)
	m.measured[name] = e
	return e
}

func (m *measurement) field(parent *ast.Definition, f *ast.Field) extent {
	var def *ast.FieldDefinition
	var result *ast.Definition
	if parent != nil {
		if def = parent.Fields.ForName(f.Name); def != nil {
			result = m.schema.Types[def.Type.Name()]
		}
	}
	inner := m.selections(result, f.SelectionSet)
	out := extent{fields: plus(inner.fields, 1), aliases: inner.aliases, depth: inner.depth + 1, live: inner.live || m.lives(parent) || m.lives(result)}
	if f.Alias != f.Name {
		out.aliases = plus(out.aliases, 1)
	}
	switch {
	case f.Name == "__schema" || f.Name == "__type":
		out.once = introspectionCost
	case result == nil || !result.IsCompositeType():
		// a value is part of its object
	default:
		size, paged := m.size(def, f)
		list := def.Type.Elem != nil
		switch {
		case paged && list: // the page itself
			out.once = times(plus(1, inner.cost(listSize)), size)
		case paged: // a connection, whose lists are the page
			out.once = plus(1, inner.cost(size))
		case list:
			out.each = plus(1, inner.cost(listSize))
		default:
			out.once = plus(1, inner.cost(listSize))
		}
	}
	return out
}

// lives reports whether a type's answers change though the data does not.
func (m *measurement) lives(t *ast.Definition) bool {
	if t == nil {
		return false
	}
	switch t.Name {
	case "RateLimit", "Job", "ApiToken", "Pitch", "Rehearsal": // what a team prepares moves no version
		return true
	}
	for _, i := range t.Interfaces {
		if i == "Job" {
			return true
		}
	}
	return false
}

// size is how many items a field's page holds at most, and whether it has a page: `first`, `last`, or as many as its `ids`.
func (m *measurement) size(def *ast.FieldDefinition, f *ast.Field) (size int, paged bool) {
	for _, name := range []string{"first", "last", "ids"} {
		arg := def.Arguments.ForName(name)
		if arg == nil {
			continue
		}
		paged = true
		value := arg.DefaultValue
		if given := f.Arguments.ForName(name); given != nil {
			value = given.Value
		}
		if n, ok := m.number(value); ok {
			return min(max(n, 0), 1_000), true
		}
	}
	return domain.PageMax, paged
}

// number is an argument's number, or the length of a list of them.
func (m *measurement) number(v *ast.Value) (int, bool) {
	switch {
	case v == nil:
		return 0, false
	case v.Kind == ast.IntValue:
		n, err := strconv.Atoi(v.Raw)
		return n, err == nil
	case v.Kind == ast.ListValue:
		return len(v.Children), true
	case v.Kind != ast.Variable:
		return 0, false
	}
	given, ok := m.variables[v.Raw]
	if !ok {
		if d := m.operation.VariableDefinitions.ForName(v.Raw); d != nil && d.DefaultValue != nil && d.DefaultValue.Kind != ast.Variable {
			return m.number(d.DefaultValue)
		}
		return 0, false
	}
	switch given := given.(type) {
	case json.Number:
		n, err := strconv.Atoi(given.String())
		return n, err == nil
	case []any:
		return len(given), true
	}
	return 0, false
}

// written counts the selections of a document as they stand in it.
func written(doc *ast.QueryDocument) (n int) {
	var count func(ast.SelectionSet)
	count = func(set ast.SelectionSet) {
		n += len(set)
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				count(s.SelectionSet)
			case *ast.InlineFragment:
				count(s.SelectionSet)
			}
		}
	}
	for _, o := range doc.Operations {
		count(o.SelectionSet)
	}
	for _, f := range doc.Fragments {
		count(f.SelectionSet)
	}
	return n
}

// tooMuch says what a document has too much of before anything is looked up in it; empty where it may be read on.
func tooMuch(doc *ast.QueryDocument) string {
	if n := len(doc.Operations) + len(doc.Fragments); n > maxDefinitions {
		return fmt.Sprintf("A document holds at most %d operations and fragments; this one has %d.", maxDefinitions, n)
	}
	if n := written(doc); n > maxSelections {
		return fmt.Sprintf("A document holds at most %d selections; this one has %d.", maxSelections, n)
	}
	return ""
}

// beyond says which limit an operation is beyond; empty for none.
func (e extent) beyond() string {
	switch {
	case e.depth > maxDepth:
		return fmt.Sprintf("A request nests at most %d fields deep; this one nests %d.", maxDepth, e.depth)
	case e.fields > maxFields:
		return fmt.Sprintf("A request asks for at most %d fields, its fragments written out.", maxFields)
	case e.aliases > maxAliases:
		return fmt.Sprintf("A request has at most %d aliases, its fragments written out; this one has %d.", maxAliases, e.aliases)
	case e.cost(listSize) > maxCost:
		return fmt.Sprintf("A request costs at most %d points; this one could cost %d. Ask for smaller pages.", maxCost, e.cost(listSize))
	}
	return ""
}
