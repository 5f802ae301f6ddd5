package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"tandem/graph/generated"
)

// accuseContract lists what a schema leaves undescribed, and mutations that lack one of the promises.
func accuseContract(schema *ast.Schema) []string {
	var wrong []string
	described := func(what, text string) {
		if !strings.HasSuffix(strings.TrimSpace(text), ".") {
			wrong = append(wrong, fmt.Sprintf("%s: no description, or one without its full stop: %q", what, text))
		}
	}
	for name, def := range schema.Types {
		if def.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		described(name, def.Description)
		for _, v := range def.EnumValues {
			described(name+"."+v.Name, v.Description)
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			described(name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				described(name+"."+f.Name+"("+a.Name+")", a.Description)
			}
			if f.Type.Elem == nil && f.Type.NonNull && strings.Contains(f.Description, "null for others") {
				wrong = append(wrong, name+"."+f.Name+": never null, and said to be null for others")
			}
		}
	}
	for _, f := range schema.Mutation.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		title := strings.ToUpper(f.Name[:1]) + f.Name[1:]
		input := schema.Types[title+"Input"]
		payload := schema.Types[title+"Payload"]
		if input == nil || payload == nil || f.Type.Name() != payload.Name {
			wrong = append(wrong, f.Name+": no input or payload of its name")
			continue
		}
		for _, part := range []string{"idempotencyKey", "dryRun"} {
			if input.Fields.ForName(part) == nil {
				wrong = append(wrong, input.Name+" has no "+part)
			}
		}
		for _, part := range []string{"impact", "userErrors"} {
			if payload.Fields.ForName(part) == nil {
				wrong = append(wrong, payload.Name+" has no "+part)
			}
		}
	}
	return wrong
}

func TestContractIsDescribedAndPromises(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, wrong := range accuseContract(schema) {
		t.Error(wrong)
	}
	careless := gqlparser.MustLoadSchema(&ast.Source{Input: `
		"Read." type Query { "One." a("x" b: Int): Int! }
		"Do." type Mutation { "Does it." doIt(input: DoItInput!): DoItPayload! }
		"In." input DoItInput { "Whether dry." dryRun: Boolean! = false }
		"Out." type DoItPayload { "Says it. Role: owner; null for others." said: String! }`})
	if got := accuseContract(careless); len(got) != 6 {
		t.Errorf("control: a careless contract is accused of %d things: %v", len(got), got)
	}
}
