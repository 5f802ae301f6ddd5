// Package sponsortest draws cohorts at random for tests of what a sponsor's brief may tell.
package sponsortest

import (
	"fmt"
	"math/rand/v2"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
)

// Splits are the ways in which a programme may divide management information from what is protected.
var Splits = [][]catalogue.Key{
	nil,
	{catalogue.Attended},
	{catalogue.InsightsUsed, catalogue.CostPerHead, catalogue.CarbonPerHead},
	{catalogue.Retained, catalogue.Attended},
	{catalogue.Retained, catalogue.Attended, catalogue.InsightsUsed, catalogue.CostPerHead, catalogue.CarbonPerHead},
}

// dates are when the versions tell of their cohort, and when ratings close before them.
var (
	dates  = []domain.Date{"2019-03-01", "2019-04-01", "2019-05-03", "2019-06-03"}
	closed = []domain.Date{"", "2019-03-29", "2019-03-29", "2019-06-01"}
	days   = []domain.Date{"2019-02-20", "2019-03-12", "2019-03-27", "2019-04-16", "2019-05-14"}
)

// Cohort draws 19 + 19 people in seven teams, with six skills and five visit days, and its state at each of up to four
// versions. Between each two versions exactly one person leaves, and now and then a few had left before the first. Ratings
// close before the second version, and again before the fourth.
func Cohort(seed uint64, versions int) []sponsor.Data {
	r := rand.New(rand.NewPCG(seed, 38))
	base := sponsor.Data{Cohort: sponsor.Cohort{Programme: "Drawn", Name: fmt.Sprint("Cohort ", seed), StartsOn: "2019-02-07", EndsOn: "2019-06-30", Public: 19, Private: 19}}
	for i := range 38 {
		e := sponsor.Enrolment{Person: fmt.Sprint("p", i), Sector: domain.Public}
		if i >= 19 {
			e.Sector = domain.Private
		}
		base.Enrolments = append(base.Enrolments, e)
	}
	leave := func(on domain.Date) {
		for {
			if e := &base.Enrolments[r.IntN(38)]; e.LeftOn == "" {
				e.LeftOn = on
				return
			}
		}
	}
	for range r.IntN(6) {
		leave("2019-02-15")
	}
	for _, d := range dates[:versions-1] {
		leave(d.AddDays(1 + r.IntN(20)))
	}
	for i := range 7 {
		base.Teams = append(base.Teams, sponsor.Team{Key: fmt.Sprint("t", i+1), Name: fmt.Sprint("Team ", i+1)})
	}
	for i := range 6 {
		base.Skills = append(base.Skills, sponsor.Skill{Key: fmt.Sprint("s", i+1), Name: fmt.Sprint("Skill ", i+1)})
	}
	away, silent, able := r.Float64()*0.3, r.Float64()*0.3, r.Float64()
	for i, on := range days {
		base.Days = append(base.Days, sponsor.VisitDay{On: on, Hosts: 1 + i%2})
		public := 5 + r.IntN(9)
		base.Groups = append(base.Groups, sponsor.Group{On: on, Name: "A", Public: public, Private: 19 - public}, sponsor.Group{On: on, Name: "B", Public: 19 - public, Private: public})
		for _, e := range base.Enrolments {
			base.Attendance = append(base.Attendance, sponsor.Attendance{On: on, Person: e.Person, Present: r.Float64() >= away && (e.LeftOn == "" || on < e.LeftOn)})
		}
	}
	var waves [2][]sponsor.SkillRating
	for w := range waves {
		for _, e := range base.Enrolments {
			for _, s := range base.Skills {
				if r.Float64() < silent {
					continue
				}
				now := r.IntN(3)
				if r.Float64() < able {
					now = 3 + r.IntN(2)
				}
				waves[w] = append(waves[w],
					sponsor.SkillRating{Person: e.Person, Skill: s.Key, Kind: domain.SelfPre, Level: r.IntN(5)},
					sponsor.SkillRating{Person: e.Person, Skill: s.Key, Kind: domain.ThenPre, Level: r.IntN(4)},
					sponsor.SkillRating{Person: e.Person, Skill: s.Key, Kind: domain.SelfPost, Level: now})
			}
		}
	}
	pence := 600_000 + r.IntN(900_000)
	base.Legs = []sponsor.Leg{{Mode: domain.Rail, Minutes: 9000, Pence: &pence, Grams: 1_000_000 + r.IntN(3_000_000), Longest: 30_000}}

	var all []sponsor.Data
	for v := range versions {
		d := base
		d.Cohort.AsOf, d.Cohort.RatingsClosedOn = dates[v], closed[v]
		d.Enrolments = append([]sponsor.Enrolment(nil), base.Enrolments...)
		for i := range d.Enrolments {
			if d.Enrolments[i].LeftOn > dates[v] {
				d.Enrolments[i].LeftOn = ""
			}
		}
		d.Days = append([]sponsor.VisitDay(nil), base.Days...)
		for i := range d.Days {
			d.Days[i].Held = d.Days[i].On <= dates[v]
		}
		d.Ratings = waves[v/3]
		for _, t := range base.Teams {
			for n := range r.IntN(8 + 4*v) {
				d.Insights = append(d.Insights, sponsor.Insight{Key: fmt.Sprint(t.Key, "-", n), Team: t.Key, Used: r.IntN(3) > 0})
			}
		}
		all = append(all, d)
	}
	return all
}

// Terms are the usual ones for a cohort, with a split and the cohort's own secret.
func Terms(seed uint64, first sponsor.Data, protected []catalogue.Key) (sponsor.Terms, []byte) {
	t := sponsor.FirstTerms(first)
	t.Protected = protected
	r := rand.New(rand.NewPCG(seed, 256))
	secret := make([]byte, 32)
	for i := range secret {
		secret[i] = byte(r.Uint32())
	}
	return t, secret
}
