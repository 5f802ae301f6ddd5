package visit

import (
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tandem/internal/visit/check"
)

// instance reads a carried problem; where it has stations only, ways are laid out on a made-up plane.
func instance(t testing.TB, name string) Problem {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	if p.ReturnMinutes == nil {
		if err := p.Fill(plane); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// plane is a table of ways for tests alone: codes are points, half of them in one town.
func plane(from, to string) (minutes, milligrams int, ok bool) {
	at := func(code string) (x, y int) {
		h := uint32(2166136261)
		for _, c := range []byte(code) {
			h = (h ^ uint32(c)) * 16777619
		}
		span := uint32(60)
		if h>>20&1 == 1 {
			span = 6
		}
		return int(h % span), int(h / 64 % span)
	}
	ax, ay := at(from)
	bx, by := at(to)
	far := max(ax-bx, bx-ax) + max(ay-by, by-ay)
	return 15 + 3*far, 400_000 * far, true
}

// known is a row of best.csv.
type known struct {
	name       string
	score      Score
	proved     bool
	gramsLeast int
}

func best(t testing.TB) (all []known) {
	t.Helper()
	f, err := os.Open("testdata/best.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		n := func(i int) int { v, _ := strconv.Atoi(row[i]); return v }
		all = append(all, known{row[0], Score{
			Uncovered: n(1), MaxShortfall: n(2), SquaredShortfall: n(3), Minutes: n(4), Grams: n(7),
		}, row[6] == "yes", n(8)})
	}
	return all
}

// shape bounds a random programme.
type shape struct {
	people, teams, cohorts, offers, days, fortnights, themes int
}

// programme draws a programme of the shape, with pairs, pins, exclusions, absences and access needs.
func programme(seed uint64, s shape) Problem {
	r := rand.New(rand.NewPCG(seed, 11))
	p := Problem{
		DoorToDoorLimitMinutes: 240, WorkingDays: s.days, Fortnights: s.fortnights, VisitDaysMax: 1 + r.IntN(s.fortnights),
		HostsPerDayMax: r.IntN(4), MentorSeats: r.IntN(2), Seed: seed,
	}
	for d := range s.days {
		p.FortnightOfDay = append(p.FortnightOfDay, d*s.fortnights/s.days)
	}
	subset := func(n, most int) []int {
		set := []int{}
		for _, v := range r.Perm(n)[:min(n, 1+r.IntN(most))] {
			set = append(set, v)
		}
		slices.Sort(set)
		return set
	}
	for range s.teams {
		p.TeamThemes = append(p.TeamThemes, subset(s.themes, 3))
	}
	for i := range s.people {
		person := Person{Team: i % s.teams, Cohort: i % s.teams % s.cohorts, StepFree: r.IntN(8) == 0}
		if r.IntN(3) == 0 {
			person.Unavailable = subset(s.days, 1+s.days/3)
		}
		p.People = append(p.People, person)
	}
	for range s.offers {
		low := 1 + r.IntN(max(1, s.people/4))
		if r.IntN(8) == 0 {
			low = s.people - 1
		}
		o := Offer{Themes: subset(s.themes, 2), Min: low, Max: low + 1 + r.IntN(max(1, s.people/3)), StepFree: r.IntN(6) > 0, Days: []int{}}
		switch r.IntN(12) {
		case 0:
			o.Offered = []LostDay{{Date: "2019-04-19", Day: r.IntN(s.days), Rule: BankHoliday, Holiday: "Good Friday", Nation: "ENGLAND"}}
		case 1:
			o.Excluded = &Exclusion{By: "the coordinator", On: "2019-01-21", Why: "seen last year"}
			o.Days = subset(s.days, 3)
		default:
			o.Days = subset(s.days, 1+s.days/3)
		}
		p.Offers = append(p.Offers, o)
	}
	for range r.IntN(3) {
		if s.offers < 2 {
			break
		}
		ab := r.Perm(s.offers)[:2]
		a, b := p.Offers[ab[0]], p.Offers[ab[1]]
		pair := Offer{
			Themes: append(slices.Clone(a.Themes), b.Themes...), Min: max(a.Min, b.Min), Max: min(a.Max, b.Max),
			StepFree: a.StepFree && b.StepFree, PairOf: ab, Days: []int{},
		}
		slices.Sort(pair.Themes)
		pair.Themes = slices.Compact(pair.Themes)
		for _, d := range a.Days {
			if slices.Contains(b.Days, d) {
				pair.Days = append(pair.Days, d)
			}
		}
		same := slices.ContainsFunc(p.Offers, func(o Offer) bool { return slices.Equal(o.PairOf, ab) })
		if pair.Max-p.MentorSeats >= pair.Min && !same {
			p.Offers = append(p.Offers, pair)
		}
	}
	for _, person := range p.People {
		minutes, grams := make([]int, len(p.Offers)), make([]int, len(p.Offers))
		for j, o := range p.Offers {
			minutes[j], grams[j] = 30+10*r.IntN(40), 100*r.IntN(300)
			if seed%3 == 0 { // many ties
				minutes[j], grams[j] = 30*(1+r.IntN(2)), 0
			}
			if len(o.PairOf) == 2 {
				a, b := o.PairOf[0], o.PairOf[1]
				minutes[j], grams[j] = minutes[a]+minutes[b]/2, grams[a]+grams[b]/2
				if minutes[a] < 0 || minutes[b] < 0 {
					minutes[j], grams[j] = -1, -1
				}
			}
			if person.StepFree && !o.StepFree || r.IntN(7) == 0 {
				minutes[j], grams[j] = -1-r.IntN(2)*600, -1
			}
		}
		p.ReturnMinutes, p.GramsCO2e = append(p.ReturnMinutes, minutes), append(p.GramsCO2e, grams)
	}
	pinned := map[int]bool{}
	for range r.IntN(3) { // some of these cannot be kept, and are taken back
		j := r.IntN(len(p.Offers))
		if pinned[j] {
			continue
		}
		pinned[j] = true
		p.Pins = append(p.Pins, Pin{Offer: j, Day: r.IntN(s.days), Cohort: r.IntN(s.cohorts)})
		if m, err := newModel(&p); err != nil || !newSearch(m, newHold(m), 1).build() {
			p.Pins = p.Pins[:len(p.Pins)-1]
		}
	}
	return p
}

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// verify holds a plan against the independent checker and against Check.
func verify(t testing.TB, p Problem, r Result) {
	t.Helper()
	if err := check.Plan(asJSON(t, p), asJSON(t, r)); err != nil {
		t.Errorf("the checker refuses the plan: %v", err)
	}
	if broken := Check(p, r.Visits); len(broken) > 0 {
		t.Errorf("the plan breaks %+v", broken[0])
	}
	if score, err := ScoreOf(p, r.Visits); err != nil || score != r.Score {
		t.Errorf("score from scratch %v, %v; kept %v", score, err, r.Score)
	}
}
