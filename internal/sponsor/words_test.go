package sponsor

import (
	"strings"
	"testing"

	"tandem/internal/sponsor/catalogue"
)

func TestANumberInWordsIsAToken(t *testing.T) {
	d := world()
	figures := compute(t, d, FirstTerms(d), nil)
	names := []string{"TechConnect 2019", "Team 3"}
	for _, c := range []struct {
		text  string
		wrong []string
		told  string
	}{
		{"{RETAINED} are still taking part.", nil, "36 of 38 are still taking part."},
		{"{RETAINED/TAKING_PART/PUBLIC} of the public sector, by {2019-04-29}.", nil, "17 of 19 of the public sector, by 29 April."},
		{"TechConnect 2019 is on time; Team 3 lacks a mentor.", nil, "TechConnect 2019 is on time; Team 3 lacks a mentor."},
		{"37 of 38 are still taking part.", []string{"37", "38"}, "37 of 38 are still taking part."},
		{"Two left, 5.3 % of {ENROLLED}.", []string{"5.3"}, "Two left, 5.3 % of 38."},
		{"Team 31 does not exist.", []string{"31"}, "Team 31 does not exist."},
		{"{SHOE_SIZE} and {2019-02-30}", []string{"{SHOE_SIZE}", "{2019-02-30}"}, "{SHOE_SIZE} and {2019-02-30}"},
		{"٣ people", []string{"٣"}, "٣ people"},
		{"RETAINED/s1", []string{"1"}, "RETAINED/s1"},
	} {
		var found []string
		for _, w := range Lint(c.text, figures, names) {
			found = append(found, w.Text)
			if c.text[w.At:w.At+len(w.Text)] != w.Text || w.Why == "" {
				t.Errorf("%q: %+v does not say where or why", c.text, w)
			}
		}
		if strings.Join(found, "|") != strings.Join(c.wrong, "|") {
			t.Errorf("%q: %q are wrong, not %q", c.text, found, c.wrong)
		}
		if got := Fill(c.text, figures); got != c.told {
			t.Errorf("%q is told as %q", c.text, got)
		}
	}
}

// TestRatingsAreCountedOnce corrects a rating and lets somebody leave after the ratings closed: what was released stays, until
// ratings close again.
func TestRatingsAreCountedOnce(t *testing.T) {
	d := world()
	terms := FirstTerms(d)
	first := compute(t, d, terms, nil)
	d.Cohort.AsOf = "2019-06-03"
	d.Enrolments[0].LeftOn = "2019-05-20"
	for i := range d.Ratings {
		d.Ratings[i].Level = 4
	}
	second := compute(t, d, terms, first)
	for _, k := range []catalogue.Key{catalogue.SkillsRated, catalogue.SkillLevel, catalogue.SkillGrowth} {
		for _, c := range Differ(first, second) {
			if c.After.Key == k {
				t.Errorf("%s was told as %q and is now %q", k, c.Before.Value.Text, c.After.Value.Text)
			}
		}
	}
	if changes := Differ(first, second); len(changes) == 0 || changes[0].After.Key != catalogue.Enrolled {
		t.Errorf("that somebody left is no change: %d changes", len(changes))
	}
	d.Cohort.RatingsClosedOn = "2019-06-02"
	if again := compute(t, d, terms, first); Find(again, catalogue.SkillGrowth).Value.Text == Find(first, catalogue.SkillGrowth).Value.Text {
		t.Error("control: ratings that close again are not counted again")
	}
}

func TestTermsThatCannotHold(t *testing.T) {
	d := world()
	for _, c := range []struct {
		name string
		set  func(*Terms)
		want string
	}{
		{"another catalogue", func(t *Terms) { t.Catalogue = 9 }, "catalogue 9"},
		{"steps that hide nothing", func(t *Terms) { t.Places = 1 }, "hide nothing"},
		{"retention alone", func(t *Terms) { t.Protected = []catalogue.Key{catalogue.Retained} }, "ATTENDED"},
		{"a fact", func(t *Terms) { t.Protected = []catalogue.Key{catalogue.VisitDays} }, "VISIT_DAYS cannot"},
		{"another cohort", func(t *Terms) { t.Public = 18 }, "refill"},
		{"a step that counts heads", func(t *Terms) { t.Protected = []catalogue.Key{catalogue.CarbonPerHead}; t.GramsStep = 30_000 }, "127850 g"},
	} {
		terms := FirstTerms(d)
		c.set(&terms)
		if _, err := Compute(d, terms, secret, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s is answered with %v", c.name, err)
		}
	}
	if _, err := Compute(d, FirstTerms(d), []byte("short"), nil); err == nil || strings.Contains(err.Error(), "short") {
		t.Errorf("a short secret is answered with %v", err)
	}
}

// TestADroppedFamilyIsNotTold finds it not shown, in the figure and in its table.
func TestADroppedFamilyIsNotTold(t *testing.T) {
	d := world()
	terms := FirstTerms(d)
	terms.Dropped = []catalogue.Key{catalogue.SkillsRated, catalogue.SkillLevel, catalogue.SkillGrowth}
	for _, f := range compute(t, d, terms, nil) {
		if dropped := len(f.Cells) == 0 && f.Value.State == NotShown; dropped != terms.drops(f.Key) {
			t.Errorf("%s is told as %q with %d cells", f.Key, f.Value.Text, len(f.Cells))
		}
	}
}

// BenchmarkLabel measures the figures of a whole brief of 38 people.
func BenchmarkLabel(b *testing.B) {
	d := world()
	terms := FirstTerms(d)
	for b.Loop() {
		if _, err := Compute(d, terms, secret, nil); err != nil {
			b.Fatal(err)
		}
	}
}
