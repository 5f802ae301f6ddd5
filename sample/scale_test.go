package sample

import (
	"bytes"
	"testing"

	"tandem/internal/domain"
)

func TestScaleIsTheSameForASeed(t *testing.T) {
	one, two, other := must[ScaleTables](t)(Scale(1)), must[ScaleTables](t)(Scale(1)), must[ScaleTables](t)(Scale(2))
	if !bytes.Equal(one.Offers, two.Offers) || !bytes.Equal(one.People[9], two.People[9]) {
		t.Error("the same seed gave other bytes")
	}
	if bytes.Equal(one.Offers, other.Offers) || bytes.Equal(one.People[9], other.People[9]) {
		t.Error("another seed gave the same bytes")
	}
}

func TestScaleLoads(t *testing.T) {
	w := opened(t)
	if err := LoadScale(w, w.app); err != nil {
		t.Fatal(err)
	}
	p := must[*domain.Programme](t)(w.app.ProgrammeKeyed(w, ScaleKey))
	r := w.store.Read()
	cohorts := must[[]*domain.Cohort](t)(r.CohortsOf(w, p.ID))
	people := 0
	for _, c := range cohorts {
		size, met := map[string]int{}, map[string]bool{}
		for _, e := range must[[]*domain.Enrolment](t)(r.EnrolmentsOf(w, []string{c.ID})) {
			if !e.Seated() {
				t.Fatalf("%s is %s", e.ID, e.Stored)
			}
			people++
			size[*e.TeamID]++
			if met[*e.TeamID+e.EmployerAtEnrolmentID] {
				t.Fatal("two of one employer share a team")
			}
			met[*e.TeamID+e.EmployerAtEnrolmentID] = true
		}
		for _, n := range size {
			if n < ScalePeople/scaleTeams || n > ScalePeople/scaleTeams+1 {
				t.Errorf("a team of %d", n)
			}
		}
	}
	offers := must[[]*domain.HostOffer](t)(r.OffersOf(w, p.ID))
	if len(cohorts) != ScaleCohorts || people != ScaleCohorts*ScalePeople || len(offers) != ScaleOffers {
		t.Errorf("%d cohorts, %d people, %d offers", len(cohorts), people, len(offers))
	}
	before := must[int64](t)(w.app.DataVersion(w))
	if err := LoadScale(w, w.app); err != nil {
		t.Fatal(err)
	}
	if after := must[int64](t)(w.app.DataVersion(w)); after != before {
		t.Error("loading again changed something")
	}
}
