package sponsor

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tandem/internal/domain"
	"tandem/internal/sponsor/catalogue"
)

// world is a cohort of 19 + 19 in seven teams after its ratings closed: two of the public sector have left, each skill is
// rated by all the others.
func world() Data {
	d := Data{Cohort: Cohort{Programme: "TechConnect 2019", Name: "Pilot", AsOf: "2019-05-03", StartsOn: "2019-02-07", EndsOn: "2019-05-02", Public: 19, Private: 19, RatingsClosedOn: "2019-05-02"}}
	for i := range 38 {
		e := Enrolment{Person: fmt.Sprint("p", i), Sector: domain.Public}
		if i%2 == 1 {
			e.Sector = domain.Private
		}
		if i == 4 || i == 8 {
			e.LeftOn = "2019-03-20"
		}
		d.Enrolments = append(d.Enrolments, e)
	}
	for _, on := range []domain.Date{"2019-02-26", "2019-03-27", "2019-04-23"} {
		d.Days = append(d.Days, VisitDay{On: on, Held: on != "2019-04-23", Hosts: 2})
		d.Groups = append(d.Groups, Group{On: on, Name: "A", Public: 10, Private: 9}, Group{On: on, Name: "B", Public: 9, Private: 10})
		for _, e := range d.Enrolments {
			d.Attendance = append(d.Attendance, Attendance{On: on, Person: e.Person, Present: e.Person != "p1" && (e.LeftOn == "" || on < e.LeftOn)})
		}
	}
	for i := range 7 {
		t := Team{Key: fmt.Sprint("t", i+1), Name: fmt.Sprint("Team ", i+1), Challenge: "Goods at the border", Stage: "prototyped"}
		d.Teams = append(d.Teams, t)
		for s, step := range Steps[:3] {
			d.Milestones = append(d.Milestones, Milestone{Team: t.Key, Step: step, On: domain.Date("2019-03-01").AddDays(7 * s)})
		}
		for n := range 2 * i {
			d.Insights = append(d.Insights, Insight{Key: fmt.Sprint(t.Key, n), Team: t.Key, Used: n%3 > 0})
		}
	}
	for s := range 3 {
		k := Skill{Key: fmt.Sprint("s", s), Name: []string{"User research", "Data analysis", "Service design"}[s]}
		d.Skills = append(d.Skills, k)
		for i, e := range d.Enrolments {
			if e.LeftOn != "" {
				continue
			}
			for kind, lv := range map[domain.SkillRatingKind]int{domain.SelfPre: 2, domain.ThenPre: 1, domain.SelfPost: 2 + (i+s)%3} {
				d.Ratings = append(d.Ratings, SkillRating{e.Person, k.Key, kind, lv})
			}
		}
	}
	pence := 812_345
	d.Legs = []Leg{{Mode: domain.Rail, Minutes: 9000, Pence: &pence, Grams: 2_912_000, Longest: 25_570, Source: "UK 2019 factors"}}
	d.Costs = []Cost{{Name: "rooms", Pence: 400_000}}
	return d
}

var secret = []byte(strings.Repeat("s", 32))

func compute(t *testing.T, d Data, terms Terms, before []Figure) []Figure {
	t.Helper()
	figures, err := Compute(d, terms, secret, before)
	if err != nil {
		t.Fatal(err)
	}
	return figures
}

func TestDataIsReadBackFromItsRows(t *testing.T) {
	d := world()
	back, err := FromRows(d.Rows())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, d) {
		t.Error("the data read back is not the data written")
	}
	rows := d.Rows()
	rows[1].Fact = strings.Replace(rows[1].Fact, `"p0"`, `"p99"`, 1)
	if back, err = FromRows(rows); err == nil && reflect.DeepEqual(back, d) {
		t.Error("control: an altered row is read as the same data")
	}
	if _, err = FromRows([]Row{{"shoe size", 0, "{}"}}); err == nil || !strings.Contains(err.Error(), "shoe size") {
		t.Errorf("an unknown part is answered with %v", err)
	}
}

// TestWhatABriefSays is the page of the world in two splits: the usual one, and one that protects retention and attendance.
func TestWhatABriefSays(t *testing.T) {
	d := world()
	usual := FirstTerms(d)
	guarded := usual
	guarded.Protected = []catalogue.Key{catalogue.Retained, catalogue.Attended, catalogue.InsightsUsed, catalogue.CostPerHead, catalogue.CarbonPerHead}
	for _, split := range []struct {
		name  string
		terms Terms
		want  map[string]string
	}{
		{"usual", usual, map[string]string{
			"ENROLLED": "38", "RETAINED": "36 of 38", "RETAINED/TAKING_PART/PUBLIC": "17 of 19", "VISIT_DAYS": "2 of 3", "ATTENDED": "95\u00a0%",
			"MIXED_PAIRS": "53\u00a0%", "MIXED_PAIRS/ONE_OF_EACH/CHANCE": "51\u00a0%", "MILESTONES": "21 of 35", "INSIGHTS_USED": "26 of 42",
			"SKILL_GROWTH": "+2.0", "SKILLS_RATED/s0/PUBLIC": "13 to 17 of 17", "SKILLS_RATED/s0/ALL": "28 to 36 of 36", "SKILL_LEVEL/s0/PRIVATE": "10 to 16 of 19", "COST_PER_HEAD": "£319", "CARBON_PER_HEAD": "77\u00a0kg", "RESULTS": "not yet",
		}},
		{"guarded", guarded, map[string]string{
			"ENROLLED": "38", "RETAINED": "30 to 38 of 38", "RETAINED/TAKING_PART/PUBLIC": "15 to 19 of 19", "ATTENDED": "78 to 100\u00a0%",
			"ATTENDED/2019-03-27/PRIVATE": "15 to 19 of 19", "SKILLS_RATED/s0/ALL": "30 to 38 of 38", "MILESTONES": "21 of 35",
		}},
	} {
		t.Run(split.name, func(t *testing.T) {
			figures := compute(t, d, split.terms, nil)
			if split.name == "guarded" && figures[0].Cell("ACTIVE", catalogue.All) != nil {
				t.Error("how many still take part is told exactly beside its range")
			}
			for name, want := range split.want {
				if got, err := fill(name, figures); err != nil || got != want {
					t.Errorf("%s is told as %q, %v; want %q", name, got, err, want)
				}
			}
		})
	}
}
