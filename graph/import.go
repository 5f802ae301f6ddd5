package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

func (m mutations) StartUpload(ctx context.Context, in app.StartUploadInput) (*domain.Reply[domain.Upload], error) {
	return m.app.StartUpload(ctx, in)
}

func (m mutations) AppendUpload(ctx context.Context, in app.AppendUploadInput) (*domain.Reply[domain.Upload], error) {
	return m.app.AppendUpload(ctx, in)
}

func (m mutations) StartImport(ctx context.Context, in app.StartImportInput) (*domain.Reply[domain.Import], error) {
	return m.app.StartImport(ctx, in)
}

func (m mutations) CorrectImport(ctx context.Context, in app.CorrectImportInput) (*domain.Reply[domain.Import], error) {
	return m.app.CorrectImport(ctx, in)
}

func (m mutations) LoadImport(ctx context.Context, in app.LoadImportInput) (*domain.Reply[domain.Import], error) {
	return m.app.LoadImport(ctx, in)
}

func (m mutations) UndoImport(ctx context.Context, in app.UndoImportInput) (*domain.Reply[domain.Import], error) {
	return m.app.UndoImport(ctx, in)
}

type imports struct{ *Root }

func (r *Root) Import() generated.ImportResolver { return imports{r} }

func (i imports) UpdatedBy(ctx context.Context, o *domain.Import) (*string, error) {
	return i.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID, Cohort: o.CohortID}), nil
}

func (i imports) Progress(_ context.Context, o *domain.Import) (*float64, error) {
	return i.app.ImportProgress(o), nil
}

func (i imports) Reading(ctx context.Context, o *domain.Import) (*domain.ImportReading, error) {
	return i.app.ImportReading(ctx, o)
}

func (i imports) Columns(ctx context.Context, o *domain.Import) ([]*domain.ImportColumn, error) {
	return i.app.ImportColumns(ctx, o)
}

func (i imports) Targets(_ context.Context, o *domain.Import) ([]*domain.ImportTarget, error) {
	return i.app.ImportTargets(o), nil
}

func (i imports) Rows(ctx context.Context, o *domain.Import, problemsOnly bool, outcomes []domain.ImportOutcome, first *int, after *string, last *int, before *string) (*domain.Paged[domain.ImportRow], error) {
	return i.app.ImportRows(ctx, o, problemsOnly, outcomes, page(first, after, last, before))
}
