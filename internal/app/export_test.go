package app_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// TestJourneysAreExportedAsThePlanCountsThem reads the table back and adds it up: what it says is what the plan says.
func TestJourneysAreExportedAsThePlanCountsThem(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		paid, minutes := 4_250, 100
		w.enter(w.firstLeg(v), app.EnterLegInput{Mode: domain.Coach, Pence: &paid, Minutes: &minutes})
		p, _ = w.release(w.plan(p.ID))
		text := *ok(w.JourneyTable(w.as(), p))(t)
		rows := ok(csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll())(t)
		column := map[string]int{}
		for i, c := range rows[0] {
			column[c] = i
		}
		sum := map[string]int{}
		entered, days := 0, []string{}
		for _, r := range rows[1:] {
			for _, c := range []string{"Minutes", "Price (pence)", "CO2e (grams)"} {
				sum[c] += ok(strconv.Atoi(r[column[c]]))(t)
			}
			days = append(days, r[column["Day"]])
			if r[column["Figures"]] == "estimated" {
				if r[column["By"]] != "train" || !strings.Contains(r[column["Source of the price"]], "a kilometre by train (") || !strings.Contains(r[column["Source of the CO2e"]], " g a kilometre (") {
					t.Errorf("%q", r)
				}
				continue
			}
			entered++
			if r[column["Figures"]] != "entered: the mode, the time and the price" || r[column["Price (pence)"]] != "4250" || r[column["Minutes"]] != "100" || r[column["By"]] != "coach" ||
				r[column["Way"]] != "there" || r[column["Host"]] != "Usk Robotics" || r[column["Source of the price"]] != "entered" || r[column["Day"]] != string(v.On) {
				t.Errorf("%q", r)
			}
		}
		travel := ok(w.PlanTravel(w.as(), p))(t)
		if entered != 1 || len(rows)-1 != 2*travel.Journeys || sum["Minutes"] != p.Score.Minutes || sum["Price (pence)"] != *travel.Pence {
			t.Errorf("%d journeys, %d entered, %v; the plan counts %d there, %d minutes, %d pence", len(rows)-1, entered, sum, travel.Journeys, p.Score.Minutes, *travel.Pence)
		}
		if off := sum["CO2e (grams)"] - travel.GramsCO2e; off < -travel.Journeys || off > travel.Journeys { // there and back are rounded once
			t.Errorf("%d grams, and the plan counts %d", sum["CO2e (grams)"], travel.GramsCO2e)
		}
		if !slices.IsSorted(days) {
			t.Error("they are not by day")
		}
		book, err := excelize.OpenReader(bytes.NewReader(ok(w.ExportJourneys(w.as(), p, "xlsx"))(t)))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		if sheet := ok(book.GetRows("Journeys"))(t); !slices.EqualFunc(sheet, rows, func(x, y []string) bool { return slices.Equal(x, y) }) {
			t.Errorf("the workbook has %d rows, the table %d, or they differ", len(sheet), len(rows))
		}
		if _, err := w.ExportJourneys(w.as(), p, "ods"); err == nil {
			t.Error("an unknown format is answered")
		}

		e := ok(w.EnrolmentOf(w.as(), groupOf(p, w.at(p, "Usk Robotics")).MemberIDs[0]))(t)
		member := app.As(t.Context(), &domain.Actor{ID: "member", PersonID: e.PersonID, Grants: []domain.Grant{{Role: domain.Member, On: w.cohort, Within: p.ProgrammeID}}})
		if table := ok(w.JourneyTable(member, p))(t); table != nil {
			t.Error("a member is given everybody's journeys")
		}
		if _, err := w.ExportJourneys(member, p, "csv"); err == nil {
			t.Error("a member exports everybody's journeys")
		}
	})
}
