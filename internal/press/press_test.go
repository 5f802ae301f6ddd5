package press

import (
	"bytes"
	"os"
	"testing"
	"time"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
	"tandem/internal/sponsor/sponsortest"
)

// edition is a drawn cohort's brief with all that one may hold.
func edition(t testing.TB, seed uint64, versions int, protected []catalogue.Key) sponsor.Brief {
	t.Helper()
	all := sponsortest.Cohort(seed, versions)
	terms, secret := sponsortest.Terms(seed, all[0], protected)
	var before, figures []sponsor.Figure
	for i := range all {
		d := &all[i]
		dress(d)
		before = figures
		var err error
		if figures, err = sponsor.Compute(*d, terms, secret, before); err != nil {
			t.Fatal(err)
		}
	}
	last := all[versions-1]
	b := sponsor.Brief{
		Programme: "TechConnect 2019", Cohort: "Pilot", Number: versions, AsOf: last.Cohort.AsOf, DataVersion: 1482,
		FrozenAt: time.Date(2019, 5, 3, 16, 10, 0, 0, time.UTC), Figures: figures,
		Words: sponsor.Words{
			Headline: "Level, on time, and one mentor short before pitch day",
			Summary:  "Civil servants and people from technology companies have seen places where something new already works. {MILESTONES} milestones are met. Team 3 still lacks a mentor, and pitch day is {2019-04-29}.",
			Rating:   sponsor.Rating{Goal: "all teams pitch on {2019-04-29}", Level: sponsor.Likely, Because: "It was even in the brief before. Team 6 has since met its evidence milestone, and both hosts for {2019-04-23} have confirmed."},
			WentBadly: []string{
				"The plan of {2019-02-08} put names to one host after its deadline; nobody saw it for two working days. One visit day had to move.",
				"A host asked for dates of birth it did not need. They were not sent. The request form now lists what each host may ask for.",
			},
			Decisions: []sponsor.Decision{
				{Text: "Name a private-sector mentor for Team 3, or agree that the team pitches with one.", By: "2019-04-17"},
				{Text: "Agree that two teams may share first prize when the marks cannot separate them.", By: "2019-04-24"},
				{Text: "Say whether a second cohort starts in September, so that companies can nominate.", By: "2019-05-31"},
			},
		},
		Queries: map[string]string{"RETAINED": "query {\n  recomputedFigure(id: \"figure-2\") { value { ... on Shown { value text } } }\n}"},
		Notes:   []string{"People and hosts in this sample are invented. Stations: OpenStreetMap contributors, ODbL."},
	}
	if before != nil {
		b.Changes = sponsor.Differ(before, figures)
	}
	return b
}

// dress gives a drawn cohort the names and steps of a real one.
func dress(d *sponsor.Data) {
	challenges := []string{"Tracking waste through its whole chain", "Rural isolation", "Goods at the border", "A care sequence that does not stall", "Sensors for safe housing", "Audit data that can be reused", "Protecting land and species"}
	names := []string{"User research", "Data analysis", "Service design", "Agile delivery", "Emerging technology and innovation", "Cyber security"}
	d.Milestones = nil
	for i := range d.Teams {
		d.Teams[i].Challenge, d.Teams[i].Stage = challenges[i], "prototyped"
		for n, step := range sponsor.Steps[:3+i%2] {
			if on := domain.Date("2019-02-20").AddDays(12*n + i); on <= d.Cohort.AsOf {
				d.Milestones = append(d.Milestones, sponsor.Milestone{Team: d.Teams[i].Key, Step: step, On: on})
			}
		}
	}
	for i := range d.Skills {
		d.Skills[i].Name = names[i]
	}
	d.Legs[0].Source = "rail, UK 2019 factors"
	d.Costs = []sponsor.Cost{{Name: "rooms and catering", Pence: 412_000}}
}

// TestPreview writes the surfaces of a drawn brief to the folder in TANDEM_PREVIEW, to be looked at.
func TestPreview(t *testing.T) {
	folder := os.Getenv("TANDEM_PREVIEW")
	if folder == "" {
		t.Skip("set TANDEM_PREVIEW to a folder")
	}
	b := edition(t, 3, 3, nil)
	var html bytes.Buffer
	if err := Page(&html, b, Links{Assets: "", PDF: "brief.pdf", CSV: "brief.csv"}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder+"/brief.html", html.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var pdf bytes.Buffer
	if err := PDF(&pdf, b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder+"/brief.pdf", pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
