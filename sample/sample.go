// Package sample is the programme to try Tandem with: TechConnect 2019, as spreadsheets that go through the product's own
// import like anybody's. Its README says what in them is fact and what is synthetic.
package sample

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
)

//go:embed techconnect-2019
var files embed.FS

// ProgrammeKey is the external key of the sample's programme.
const ProgrammeKey = "TC19"

// Now is the moment at which the sample is looked at: the morning of its opening day, so that lead times bite.
func Now() time.Time { return time.Date(2019, time.February, 7, 9, 0, 0, 0, time.UTC) }

// File is one of the sample's files: programme.csv, challenges.csv, people.csv, offers.csv, or techconnect-2019.xlsx, which
// holds the same four tables as sheets.
func File(name string) ([]byte, error) { return files.ReadFile(path.Join("techconnect-2019", name)) }

// Load loads TechConnect 2019 through ImportFile, as the asker of the context. A second time it changes nothing.
func Load(ctx context.Context, a *app.App) error {
	return load(ctx, a, ProgrammeKey, func(kind domain.ImportKind, cohort int) (string, []byte, error) {
		name := map[domain.ImportKind]string{domain.ImportProgrammes: "programme.csv", domain.ImportChallenges: "challenges.csv",
			domain.ImportPeople: "people.csv", domain.ImportOffers: "offers.csv"}[kind]
		data, err := File(name)
		return name, data, err
	})
}

// load loads a programme and, into it, its challenges, its offers and the people of each cohort, in the order of the
// cohorts' names. What is loaded already is not loaded again, so that a load that was broken off goes on.
func load(ctx context.Context, a *app.App, key string, table func(kind domain.ImportKind, cohort int) (name string, data []byte, err error)) error {
	one := func(kind domain.ImportKind, into string, cohort int, done []*domain.Import) error {
		name, data, err := table(kind, cohort)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(done, func(i *domain.Import) bool {
			return i.Kind == kind && i.Name == name && i.State == domain.JobDone && i.UndoneAt == nil
		}) {
			return nil
		}
		_, wrong, err := a.ImportFile(ctx, kind, into, name, data, false)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case len(wrong) > 0:
			return fmt.Errorf("%s: %s", name, wrong[0].Problems[0].Message)
		}
		return nil
	}
	programme, err := a.ProgrammeKeyed(ctx, key)
	if errors.Is(err, domain.ErrNotFound) {
		if err := one(domain.ImportProgrammes, "", 0, nil); err != nil {
			return err
		}
		programme, err = a.ProgrammeKeyed(ctx, key)
	}
	if err != nil {
		return err
	}
	done, err := a.Imports(ctx, programme, domain.Page{})
	if err != nil {
		return err
	}
	cohorts, err := a.Cohorts(ctx, programme, domain.Page{})
	if err != nil {
		return err
	}
	if err := one(domain.ImportChallenges, programme.ID, 0, done.Nodes); err != nil {
		return err
	}
	if err := one(domain.ImportOffers, programme.ID, 0, done.Nodes); err != nil {
		return err
	}
	for i, c := range cohorts.Nodes {
		if err := one(domain.ImportPeople, c.ID, i, done.Nodes); err != nil {
			return err
		}
	}
	return nil
}
