package app

import (
	"context"
	"encoding/base64"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/press"
)

// BriefPage is a brief as a page that needs no script, with its style sheet at /press/.
func (a *App) BriefPage(ctx context.Context, b *domain.SponsorBrief) (string, error) {
	told, err := a.TellBrief(ctx, b)
	if err != nil {
		return "", err
	}
	var page strings.Builder
	err = press.Page(&page, *told, press.Links{Assets: "/press/"})
	return page.String(), err
}

// BriefPDF is a brief as a PDF with its structure marked, in base64.
func (a *App) BriefPDF(ctx context.Context, b *domain.SponsorBrief) (string, error) {
	told, err := a.TellBrief(ctx, b)
	if err != nil {
		return "", err
	}
	var pdf strings.Builder
	err = press.PDF(&pdf, *told)
	return base64.StdEncoding.EncodeToString([]byte(pdf.String())), err
}

// BriefCSV is a brief's figures as a table.
func (a *App) BriefCSV(ctx context.Context, b *domain.SponsorBrief) (string, error) {
	told, err := a.TellBrief(ctx, b)
	if err != nil {
		return "", err
	}
	var csv strings.Builder
	err = press.CSV(&csv, *told)
	return csv.String(), err
}
