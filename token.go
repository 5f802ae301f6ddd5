package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// tokens makes, lists and ends tokens.
type tokens struct {
	Create createToken `cmd:"" help:"Make a token; its secret is shown this once."`
	List   listTokens  `cmd:"" help:"List tokens, newest first."`
	Revoke revokeToken `cmd:"" help:"End a token at once."`
}

type createToken struct {
	database
	Role    string   `required:"" enum:"owner,coordinator,member,judge,sponsor,integrator" help:"What it acts as: owner, coordinator, member, judge, sponsor or integrator."`
	Label   string   `default:"made at the command line" help:"What it is for."`
	On      string   `placeholder:"ID" help:"What it holds for: a programme, cohort, team or enrolment. Default: the whole database."`
	Scope   []string `placeholder:"SCOPE" help:"What an integrator may reach, such as VISIT_READ; may be repeated."`
	Expires int      `default:"90" placeholder:"DAYS" help:"Days until it ends by itself, at most 366."`
}

func (createToken) Help() string {
	return "Example: tandem token create --role integrator --scope COHORT_READ --scope VISIT_READ --label 'nightly report'"
}

func (c createToken) Run(ctx context.Context) error {
	ctx, h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	scopes := make([]domain.Scope, len(c.Scope))
	for i, s := range c.Scope {
		scopes[i] = domain.Scope(strings.ToUpper(s))
	}
	made, err := makeToken(ctx, h.App, app.CreateApiTokenInput{Label: c.Label, Role: domain.Role(strings.ToUpper(c.Role)), OnID: given(c.On), Scopes: scopes,
		ExpiresAt: time.Now().AddDate(0, 0, c.Expires)})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s acts as %s until %s. Its secret, shown this once:\n", made.Token.ID, strings.ToLower(string(made.Token.Role)), made.Token.ExpiresAt.Format(time.DateOnly))
	fmt.Println(*made.Secret)
	return nil
}

// makeToken makes a token with its secret.
func makeToken(ctx context.Context, a *app.App, in app.CreateApiTokenInput) (*app.NewToken, error) {
	in.Command = once()
	return done(a.CreateApiToken(ctx, in))
}

// once is a command with a key of its own: every run of the program is one intent.
func once() domain.Command { return domain.Command{IdempotencyKey: uuid.NewString()} }

// done is what a mutation made; a refusal is an error here.
func done[T any](reply *domain.Reply[T], err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	if len(reply.UserErrors) > 0 {
		return nil, domain.Refusal(reply.UserErrors)
	}
	return reply.Object, nil
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

type listTokens struct{ database }

func (listTokens) Help() string { return "Example: tandem token list" }

func (l listTokens) Run(ctx context.Context) error {
	ctx, h, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "ID\tROLE\tON\tENDS\tSTATE\tLAST USED\tLABEL")
	size := domain.PageMax
	for page := (domain.Page{First: &size}); ; {
		found, err := h.App.Tokens(ctx, page)
		if err != nil {
			return err
		}
		for _, t := range found.Nodes {
			state, on := "works", t.OnID
			if !t.Works(time.Now()) {
				state = "ended"
			}
			if on == "" {
				on = "everything"
			}
			used := "never"
			if t.LastUsedAt != nil {
				used = t.LastUsedAt.Local().Format("2006-01-02 15:04")
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, strings.ToLower(string(t.Role)), on, t.ExpiresAt.Format(time.DateOnly), state, used, t.Label)
		}
		if !found.HasNextPage {
			return out.Flush()
		}
		page.After = &found.Cursors[len(found.Cursors)-1]
	}
}

type revokeToken struct {
	database
	ID string `arg:"" help:"The token's id, as list shows it."`
}

func (revokeToken) Help() string { return "Example: tandem token revoke token_0190…" }

func (r revokeToken) Run(ctx context.Context) error {
	ctx, h, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	t, err := done(h.App.RevokeApiToken(ctx, app.RevokeApiTokenInput{TokenID: r.ID, Command: once()}))
	if err != nil {
		return err
	}
	fmt.Println(t.ID, "opens nothing any more.")
	return nil
}
