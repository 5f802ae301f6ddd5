package attack_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/attack"
	"tandem/internal/sponsor/catalogue"
	"tandem/internal/sponsor/sponsortest"
)

var (
	cohorts = flag.Int("cohorts", 150, "how many drawn cohorts to attack, at two and at four versions")
	oracles = flag.Int("oracles", 8, "how many cohorts to ask GLPK about as well")
)

// truth is a count as it really is, from the side of the missing, with how many are counted (-1 for insights). It is counted
// here from the facts, by what the catalogue says.
func truth(d sponsor.Data, id string, leftIsPublic bool) (c, of int) {
	key, rest, _ := strings.Cut(id, "/")
	i := strings.LastIndexByte(rest, '/')
	row, column := rest[:i], rest[i+1:]
	if key == string(catalogue.InsightsUsed) {
		for _, n := range d.Insights {
			if n.Team == row && (column == catalogue.All || n.Used == (column == catalogue.Used)) {
				c++
			}
		}
		return c, -1
	}
	level := map[string]map[domain.SkillRatingKind]int{}
	for _, r := range d.Ratings {
		if r.Skill == row {
			if level[r.Person] == nil {
				level[r.Person] = map[domain.SkillRatingKind]int{}
			}
			level[r.Person][r.Kind] = r.Level
		}
	}
	there := map[string]bool{}
	for _, a := range d.Attendance {
		there[a.Person] = there[a.Person] || a.Present && string(a.On) == row
	}
	for _, e := range d.Enrolments {
		if column != catalogue.All && string(e.Sector) != column {
			continue
		}
		left := func(by domain.Date) bool { return e.LeftOn != "" && e.LeftOn <= by }
		gone, missing := false, false
		switch key {
		case string(catalogue.Retained):
			missing = left(d.Cohort.AsOf)
		case string(catalogue.Attended):
			gone = left(domain.Date(row))
			missing = gone || !there[e.Person]
		default:
			gone = left(d.Cohort.RatingsClosedOn)
			missing = gone || len(level[e.Person]) < 3 || key == string(catalogue.SkillLevel) && level[e.Person][domain.SelfPost] < 3
		}
		if gone && leftIsPublic {
			continue
		}
		of++
		if missing {
			c++
		}
	}
	return c, of
}

// leavers are who is known to have left between the versions: everybody.
func leavers(all []sponsor.Data) (known []map[string]attack.Leavers) {
	left := func(d sponsor.Data, column string) int {
		c, _ := truth(d, "RETAINED/TAKING_PART/"+column, false)
		return c
	}
	for v := 1; v < len(all); v++ {
		m := map[string]attack.Leavers{}
		for _, column := range []string{catalogue.Public, catalogue.Private} {
			m[column] = attack.Leavers{Count: left(all[v], column) - left(all[v-1], column)}
		}
		known = append(known, m)
	}
	return known
}

var sizes = map[string]int{catalogue.Public: 19, catalogue.Private: 19}

// release is what the product itself releases of a cohort over its versions.
func release(t testing.TB, seed uint64, all []sponsor.Data, protected []catalogue.Key) (sponsor.Terms, []sponsor.Version) {
	terms, secret := sponsortest.Terms(seed, all[0], protected)
	var before []sponsor.Figure
	var versions []sponsor.Version
	for _, d := range all {
		figures, err := sponsor.Compute(d, terms, secret, before)
		if err != nil {
			t.Fatal(err)
		}
		versions, before = append(versions, d.Version(figures)), figures
	}
	return terms, versions
}

func told(versions []sponsor.Version) (all []attack.Version) {
	for _, v := range versions {
		all = append(all, attack.Version{AsOf: string(v.AsOf), Cells: sponsor.Told(v.Figures)})
	}
	return all
}

// recovered is the cells of which one value alone is possible. A search that gave up, or a truth that the attacker holds to be
// impossible, fails the test: such an attacker proves nothing.
func recovered(t testing.TB, seed uint64, all []sponsor.Data, m attack.Method, versions []attack.Version, k attack.Known, leftIsPublic bool) (alone, asked int) {
	t.Helper()
	for _, f := range attack.Attack(m, versions, k) {
		asked++
		c, _ := truth(all[f.Version], f.ID, leftIsPublic)
		switch {
		case f.Tired:
			t.Fatalf("cohort %d, %d versions: the search for %s gave up", seed, len(all), f.ID)
		case !k.Insider && (c < f.Low || c > f.High) && !carried(all, f):
			t.Fatalf("cohort %d, %d versions: the attacker excludes the truth: %s in version %d is %d, not %d to %d", seed, len(all), f.ID, f.Version+1, c, f.Low, f.High)
		case f.Values == 1:
			alone++
		}
	}
	return alone, asked
}

// carried reports whether a cell tells an earlier version's ratings.
func carried(all []sponsor.Data, f attack.Finding) bool {
	return f.Version > 0 && strings.HasPrefix(f.ID, "SKILL") && all[f.Version].Cohort.RatingsClosedOn == all[f.Version-1].Cohort.RatingsClosedOn
}

// TestNothingIsRecovered attacks drawn cohorts in every split that the catalogue allows, without and with an insider.
func TestNothingIsRecovered(t *testing.T) {
	for _, versions := range []int{2, 4} {
		t.Run(fmt.Sprint(versions, " versions"), func(t *testing.T) {
			cells, leaking, refusals, narrow, figures := 0, 0, 0, 0, 0
			for seed := range uint64(*cohorts) {
				all := sponsortest.Cohort(seed, versions)
				split := sponsortest.Splits[int(seed)%len(sponsortest.Splits)]
				terms, released := release(t, seed, all, split)
				public := !slices.Contains(split, catalogue.Retained)
				known := attack.Known{Sizes: sizes, Leavers: leavers(all)}
				method := attack.Method{Step: 5, Places: 3}
				for _, known.Insider = range []bool{false, true} {
					alone, asked := recovered(t, seed, all, method, told(released), known, public)
					cells += asked
					if alone > 0 {
						leaking++
						t.Errorf("cohort %d in the split %v: %d cells recovered", seed, split, alone)
					}
				}
				if err := sponsor.Gate(terms, released); err != nil {
					refusals++
					t.Logf("cohort %d: %v", seed, err)
				}
				for _, f := range released[versions-1].Figures {
					if f.Value.State == sponsor.Shown || f.Value.State == sponsor.Ranged {
						figures++
						if f.Value.High-f.Value.Low <= 8 || f.Key == catalogue.CostPerHead {
							narrow++
						}
					}
				}
			}
			t.Logf("%d cohorts, %d ranges attacked, %d cohorts with one recovered, %d refused by the gate; %d of %d cohort-level figures narrow", *cohorts, cells, leaking, refusals, narrow, figures)
			if refusals > 0 && versions == 2 {
				t.Errorf("the gate refused %d of %d second versions", refusals, *cohorts)
			}
			if narrow*10 < figures*7 {
				t.Errorf("%d of %d cohort-level figures are narrow: under 70 %%", narrow, figures)
			}
		})
	}
}

// weak prints the retention, attendance and ratings of cohorts in ways that give counts away.
type weak struct {
	name   string
	method attack.Method
	most   int // of 100 cohorts, how many leak at least
	value  func(id string, c int) (state string, lo, hi int)
	// totals says that totals are printed by the same rule, in place of sums; insights that insights are printed too.
	totals, insights bool
}

func (w weak) print(all []sponsor.Data) (versions []attack.Version) {
	for _, d := range all {
		v := attack.Version{AsOf: string(d.Cohort.AsOf)}
		rows := map[string]string{"RETAINED/TAKING_PART": string(d.Cohort.AsOf)}
		names := []string{"RETAINED/TAKING_PART"}
		for _, day := range d.Days {
			if day.Held {
				names = append(names, "ATTENDED/"+string(day.On))
			}
		}
		if d.Cohort.RatingsClosedOn != "" {
			for _, s := range d.Skills {
				names = append(names, "SKILLS_RATED/"+s.Key, "SKILL_LEVEL/"+s.Key)
				rows["SKILLS_RATED/"+s.Key], rows["SKILL_LEVEL/"+s.Key] = string(d.Cohort.RatingsClosedOn), string(d.Cohort.RatingsClosedOn)
			}
		}
		for _, team := range d.Teams {
			if !w.insights {
				break
			}
			names = append(names, "INSIGHTS_USED/"+team.Key)
			rows["INSIGHTS_USED/"+team.Key] = string(d.Cohort.AsOf)
		}
		for _, name := range names {
			lowest, highest := 0, 0
			columns := []string{catalogue.Public, catalogue.Private, catalogue.All}
			if strings.HasPrefix(name, "INSIGHTS") {
				columns = []string{catalogue.Used, catalogue.Unused, catalogue.All}
			}
			for _, column := range columns {
				id := name + "/" + column
				c, of := truth(d, id, false)
				state, lo, hi := w.value(id, c)
				if of >= 0 {
					hi = min(hi, of)
				}
				if column == catalogue.All && !w.totals {
					lo, hi, state = lowest, highest, "RANGE"
				}
				lowest, highest = lowest+lo, highest+hi
				if of >= 0 {
					lo, hi = of-hi, of-lo
				}
				v.Cells = append(v.Cells, attack.Cell{ID: id, State: state, Low: lo, High: hi, Of: of, AsOf: rows[name]})
			}
		}
		versions = append(versions, v)
	}
	return versions
}

// step is the product's own rule, written here anew.
func step(c, u, size int) (string, int, int) {
	p := min((c+u)/5*5, (size+3-5)/5*5)
	if p == (size+3-5)/5*5 {
		return "RANGE", max(0, p-2), size
	}
	return "RANGE", max(0, p-2), p + 4
}

func sizeOf(id string) int {
	if strings.HasSuffix(id, "/ALL") {
		return 38
	}
	return 19
}

// hash is a place from 0 to 2 that follows from a name.
func hash(name string) (u int) {
	for _, r := range name {
		u = (u*31 + int(r)) % 3001
	}
	return u % 3
}

// TestWeakerWaysLeak is the control: what other products do must be broken by the same attacker on the same cohorts.
func TestWeakerWaysLeak(t *testing.T) {
	ways := []weak{
		{"counts under 5 hidden, totals shown", attack.Method{Step: 5, Places: 1, Hidden: true}, 99, func(_ string, c int) (string, int, int) {
			if c > 0 && c < 5 {
				return "HIDDEN", c, c
			}
			return "SHOWN", c, c
		}, true, true},
		{"bands of 5", attack.Method{Step: 5, Places: 1}, 1, func(id string, c int) (string, int, int) {
			p := min(c/5*5, (sizeOf(id)+1-5)/5*5)
			if p == (sizeOf(id)+1-5)/5*5 {
				return "RANGE", p, sizeOf(id)
			}
			return "RANGE", p, p + 4
		}, false, false},
		{"a start of its own for every figure", attack.Method{Step: 5, Places: 3, PerFigure: true}, 1, func(id string, c int) (string, int, int) { return step(c, hash(id), sizeOf(id)) }, false, false},
		{"totals with a label of their own", attack.Method{Step: 5, Places: 3, OwnTotals: true}, 1, func(id string, c int) (string, int, int) {
			return step(c, hash(id[strings.LastIndexByte(id, '/'):]), sizeOf(id))
		}, true, false},
		{"the secret known", attack.Method{Step: 5, Places: 3, Start: map[string]int{catalogue.Public: hash("/PUBLIC"), catalogue.Private: hash("/PRIVATE")}}, 1, func(id string, c int) (string, int, int) {
			return step(c, hash(id[strings.LastIndexByte(id, '/'):]), sizeOf(id))
		}, false, false},
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			leaking, asked := 0, 0
			for seed := range uint64(*cohorts) {
				for _, versions := range []int{2, 4} {
					if w.most == 1 && leaking == 5 { // broken often enough
						break
					}
					asked++
					all := sponsortest.Cohort(seed, versions)
					known := attack.Known{Sizes: sizes, Leavers: leavers(all)}
					alone, _ := recovered(t, seed, all, w.method, w.print(all), known, false)
					if alone == 0 {
						known.Insider = true
						alone, _ = recovered(t, seed, all, w.method, w.print(all), known, false)
					}
					if alone > 0 {
						leaking++
					}
				}
			}
			t.Logf("%d of %d leak", leaking, asked)
			if leaking == 0 || w.most > 1 && leaking*100 < w.most*asked {
				t.Errorf("only %d of %d cohorts leak: the attacker is too weak", leaking, asked)
			}
		})
	}
}

// TestTheGateRefusesTheCorner builds the one state that the design knows to give a count away: four versions, three leavers of
// the insider's sector known by name, every label the lowest.
func TestTheGateRefusesTheCorner(t *testing.T) {
	corner := func(leavers int) error {
		all := sponsortest.Cohort(1, 4)
		asOf := []domain.Date{"2019-03-01", "2019-03-08", "2019-03-15", "2019-03-22"}
		for v := range all {
			d := &all[v]
			d.Cohort.AsOf, d.Cohort.RatingsClosedOn = asOf[v], ""
			for i := range d.Enrolments {
				d.Enrolments[i].LeftOn = ""
				if i < min(leavers, v) {
					d.Enrolments[i].LeftOn = asOf[i].AddDays(1)
				}
			}
			d.Days, d.Attendance, d.Ratings, d.Skills = nil, nil, nil, d.Skills[:1]
			if v < 3 {
				continue
			}
			d.Cohort.RatingsClosedOn = asOf[3]
			for i, e := range d.Enrolments {
				if e.LeftOn != "" {
					continue
				}
				now := 3
				if i == 18 { // the insider
					now = 2
				}
				d.Ratings = append(d.Ratings, sponsor.SkillRating{Person: e.Person, Skill: "s1", Kind: domain.SelfPre, Level: 1},
					sponsor.SkillRating{Person: e.Person, Skill: "s1", Kind: domain.ThenPre, Level: 1}, sponsor.SkillRating{Person: e.Person, Skill: "s1", Kind: domain.SelfPost, Level: now})
			}
		}
		for seed := uint64(0); ; seed++ { // a secret whose start keeps four missing in the lowest step
			terms, versions := release(t, seed, all, []catalogue.Key{catalogue.Retained, catalogue.Attended})
			last := sponsor.Find(versions[3].Figures, catalogue.SkillLevel)
			if last.Cell("s1", catalogue.Public).Value.High == 19 {
				return sponsor.Gate(terms, versions)
			}
		}
	}
	var refused *sponsor.Refused
	if err := corner(3); !errors.As(err, &refused) {
		t.Fatalf("the gate lets the corner through: %v", err)
	} else if !strings.Contains(err.Error(), "retention and attendance") && !strings.Contains(err.Error(), "skill ratings") {
		t.Errorf("the refusal names no family: %v", err)
	} else {
		t.Log(err)
	}
	if err := corner(2); err != nil {
		t.Errorf("control: the gate refuses two leavers as well: %v", err)
	}
}

// TestASecondSolverAgrees asks GLPK for the least and the most of cells, and finds the attacker's own.
func TestASecondSolverAgrees(t *testing.T) {
	if _, err := exec.LookPath("glpsol"); err != nil {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatal("missing: apt-get install glpk-utils")
		}
		t.Skip("missing: apt-get install glpk-utils")
	}
	objective := regexp.MustCompile(`(?m)^Objective:  v = (-?\d+)`)
	file := filepath.Join(t.TempDir(), "cell.lp")
	solve := func(programme []byte) int {
		if err := os.WriteFile(file, programme, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("glpsol", "--lp", file, "-o", file+".txt").CombinedOutput(); err != nil {
			t.Fatalf("glpsol: %v\n%s", err, out)
		}
		said, err := os.ReadFile(file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		found := objective.FindSubmatch(said)
		if found == nil || !strings.Contains(string(said), "INTEGER OPTIMAL") {
			t.Fatalf("glpsol found no optimum:\n%.400s", said)
		}
		v, err := strconv.Atoi(string(found[1]))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	compared := 0
	for seed := range uint64(*oracles) {
		all := sponsortest.Cohort(seed, 4)
		known := attack.Known{Sizes: sizes, Leavers: leavers(all)}
		_, released := release(t, seed, all, []catalogue.Key{catalogue.Retained, catalogue.Attended})
		bands := weak{value: func(id string, c int) (string, int, int) { return step(c, hash(id), sizeOf(id)) }}
		for _, instance := range []struct {
			method   attack.Method
			versions []attack.Version
		}{{attack.Method{Step: 5, Places: 3}, told(released)}, {attack.Method{Step: 5, Places: 3, PerFigure: true}, bands.print(all)}} {
			found := attack.Attack(instance.method, instance.versions, known)
			ids, programme := attack.Ranged(instance.method, instance.versions, known)
			for i := int(seed) % 7; i < len(ids); i += 11 {
				if lo, hi := solve(programme(i, false)), solve(programme(i, true)); lo != found[i].Low || hi != found[i].High {
					t.Errorf("cohort %d, %s: GLPK says %d to %d, the attacker %d to %d", seed, ids[i], lo, hi, found[i].Low, found[i].High)
				}
				compared++
			}
		}
	}
	t.Logf("%d ranges compared", compared)
}

// BenchmarkAttack measures the attack on one cohort of 38 over two and four versions.
func BenchmarkAttack(b *testing.B) {
	for _, versions := range []int{2, 4} {
		b.Run(fmt.Sprint(versions, "-versions"), func(b *testing.B) {
			all := sponsortest.Cohort(7, versions)
			_, released := release(b, 7, all, []catalogue.Key{catalogue.Retained, catalogue.Attended})
			known := attack.Known{Sizes: sizes, Leavers: leavers(all), Insider: true}
			cells := told(released)
			for b.Loop() {
				attack.Attack(attack.Method{Step: 5, Places: 3}, cells, known)
			}
		})
	}
}

// BenchmarkRecovered attacks 2,000 drawn cohorts, with an insider, and counts those of which a range was narrowed to one value.
func BenchmarkRecovered(b *testing.B) {
	const drawn = 2000
	for _, versions := range []int{2, 4} {
		b.Run(fmt.Sprint(versions, "-versions"), func(b *testing.B) {
			leaking := 0
			for b.Loop() {
				leaking = 0
				for seed := range uint64(drawn) {
					all := sponsortest.Cohort(seed, versions)
					split := sponsortest.Splits[int(seed)%len(sponsortest.Splits)]
					_, released := release(b, seed, all, split)
					known := attack.Known{Sizes: sizes, Leavers: leavers(all), Insider: true}
					alone, _ := recovered(b, seed, all, attack.Method{Step: 5, Places: 3}, told(released), known, !slices.Contains(split, catalogue.Retained))
					if alone > 0 {
						leaking++
					}
				}
			}
			b.ReportMetric(float64(leaking), "recovered")
			b.ReportMetric(drawn, "cohorts")
		})
	}
}
