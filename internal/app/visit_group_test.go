package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/domain"
)

// A group is told whole, however many it has.
func TestMembersOfALargeGroup(t *testing.T) {
	const people = 130
	w := newImportingIn(t, t.TempDir(), people)
	var b strings.Builder
	b.WriteString("Key,Name,Employer,Sector,Home station\n")
	for i := range people {
		fmt.Fprintf(&b, "k%03d,Person %03d,Firm,PRIVATE,Leeds\n", i, i)
	}
	w.people(b.String())
	w.loaded(domain.ImportOffers, w.programme, "offers.csv", "Key,Host,Host kind,Site,Station,Step-free,Themes,Smallest group,Largest group,Duration,Open,Lead time\nH1,Hall,company,Gate,York,yes,Data,1,200,4 h,12/3/2019 10:00-16:00,5\n")
	offers, err := w.store.Read().OffersOf(w, w.programme)
	if err != nil || len(offers) != 1 {
		t.Fatal(err, len(offers))
	}
	draft, err := accepted(w.app.DraftVisitPlan(w, DraftVisitPlanInput{CohortID: w.cohort, Command: w.command()}))
	if err != nil {
		t.Fatal(err)
	}
	added, err := accepted(w.app.AddVisit(w, AddVisitInput{PlanID: draft.ID, OfferID: offers[0].ID, StartsAt: time.Date(2019, 3, 12, 10, 0, 0, 0, time.UTC), ExpectedVersion: draft.Version, Command: w.command()}))
	if err != nil {
		t.Fatal(err)
	}
	g, err := w.app.GroupOf(w, added.Visit)
	if err != nil {
		t.Fatal(err)
	}
	members, err := w.app.MembersIn(w, g)
	if err != nil || len(members) != people {
		t.Errorf("%d of %d people are told: %v", len(members), people, err)
	}
}
