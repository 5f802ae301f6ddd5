package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/capability"
	"tandem/internal/domain"
	"tandem/internal/table"
	"tandem/internal/travel"
)

// ScaleKey is the external key of the programme that Scale makes.
const ScaleKey = "SCALE"

// What Scale makes.
const (
	ScaleCohorts = 10
	ScalePeople  = 200 // in each cohort
	ScaleOffers  = 300
	scaleThemes  = 24
	scaleTeams   = 36
)

// ScaleTables is a large synthetic programme as the four tables that an import reads; People has one table a cohort.
type ScaleTables struct {
	Programme, Challenges, Offers []byte
	People                        [ScaleCohorts][]byte
}

// ScaleSeed is the seed of the programme that LoadScale loads.
const ScaleSeed = 1

// LoadScale loads the programme of ten cohorts, 2,000 people and 300 offers that ScaleSeed makes, through the product's
// own import, as the asker of the context. A second time it changes nothing.
func LoadScale(ctx context.Context, a *app.App) error {
	t, err := Scale(ScaleSeed)
	if err != nil {
		return err
	}
	return load(ctx, a, ScaleKey, func(kind domain.ImportKind, cohort int) (string, []byte, error) {
		switch kind {
		case domain.ImportProgrammes:
			return "programme.csv", t.Programme, nil
		case domain.ImportChallenges:
			return "challenges.csv", t.Challenges, nil
		case domain.ImportOffers:
			return "offers.csv", t.Offers, nil
		}
		return fmt.Sprintf("people-%02d.csv", cohort+1), t.People[cohort], nil
	})
}

// Scale makes the tables of a seed: the same seed, the same bytes. Everything in them but stations and skill names is
// synthetic. Each company nominates two people, and no two people of one employer share a team.
func Scale(seed uint64) (ScaleTables, error) {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 2019)), stations: homes()}
	var t ScaleTables
	var err error
	write := func(into *[]byte, columns []string, rows [][]string) {
		if err == nil {
			*into, err = table.WriteCSV(columns, rows)
		}
	}
	var cohorts []string
	for i := range ScaleCohorts {
		cohorts = append(cohorts, fmt.Sprintf("Cohort %02d", i+1))
	}
	write(&t.Programme, []string{"Key", "Name", "First day", "Last day", "Time zone", "Office nation", "Public seats", "Private seats", "Milestones", "Cohorts"},
		[][]string{{ScaleKey, "At scale", "7/2/2019", "29/4/2019", "Europe/London", "England", fmt.Sprint(ScalePeople / 2), fmt.Sprint(ScalePeople / 2), "Pitch day: 29/4/2019", strings.Join(cohorts, "; ")}})
	write(&t.Challenges, []string{"Key", "Title", "Owner", "Themes"}, g.challenges())
	write(&t.Offers, []string{"Key", "Host", "Host kind", "Site", "Station", "Step-free", "Themes", "Smallest group", "Largest group", "Duration", "Open", "Closed", "Lead time", "Asks for"}, g.offers())
	for i := range t.People {
		write(&t.People[i], []string{"Key", "Name", "Email", "Employer", "Employer kind", "Home station", "Team", "Team's challenge", "Days away", "Diet", "Step-free", "Hosts may be told", "Skills"}, g.people(i))
	}
	return t, err
}

type generator struct {
	*rand.Rand
	stations []string
}

// homes is the large towns' stations, where most people start.
func homes() []string {
	var names []string
	for _, code := range strings.Fields("EUS KGX PAD WAT LST VIC LBG MAN LDS BHM BRI NCL SHF NOT LIV YRK CDF EDB GLC RDG SOU CBG NRW OXF LEI COV DBY PRE NWP SWA EXD BTN MKC PBO HUL") {
		if s, ok := travel.Find(code); ok {
			names = append(names, s.Name)
		}
	}
	return names
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

func theme(n int) string { return fmt.Sprintf("Theme %02d", n+1) }

func (g *generator) themes(most int) string {
	var names []string
	for range 1 + g.IntN(most) {
		if n := theme(g.IntN(scaleThemes)); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return strings.Join(names, "; ")
}

func challenge(n int) string { return fmt.Sprintf("Synthetic challenge %02d", n+1) }

func (g *generator) challenges() [][]string {
	var rows [][]string
	for i := range scaleTeams {
		rows = append(rows, []string{fmt.Sprintf("C%02d", i+1), challenge(i), fmt.Sprintf("Synthetic agency %02d", i%12+1), g.themes(3)})
	}
	return rows
}

func (g *generator) offers() [][]string {
	first := domain.Date("2019-02-18")
	var rows [][]string
	for i := range ScaleOffers {
		least := 6 + g.IntN(10)
		var open []string
		for range 2 + g.IntN(6) {
			open = append(open, fmt.Sprintf("%s %02d:00-16:00", british(first.AddDays(7*g.IntN(10)+g.IntN(5))), 9+g.IntN(3)))
		}
		closed := ""
		if g.IntN(5) == 0 {
			closed = british(first.AddDays(7*g.IntN(10) + g.IntN(5)))
		}
		lead := 3 + g.IntN(10)
		rows = append(rows, []string{fmt.Sprintf("O%03d", i+1), fmt.Sprintf("Synthetic host %03d", i+1), "company", "Main site", pick(g, g.stations), pick(g, []string{"yes", "yes", "yes", "no"}),
			g.themes(4), fmt.Sprint(least), fmt.Sprint(least + 6 + g.IntN(20)), fmt.Sprintf("%d h", 3+g.IntN(2)), strings.Join(open, "; "), closed, fmt.Sprint(lead),
			pick(g, []string{"names", "names; diet 3", fmt.Sprintf("names; id %d", lead+3), "names; employer; access"})})
	}
	return rows
}

func british(d domain.Date) string { return d.Time().Format("2/1/2006") }

var (
	givenNames  = strings.Fields("Aaron Abigail Adeel Aisha Alasdair Amelia Anil Anwen Arjun Bella Cara Chidi Chloe Connor Daisy Dilys Eilidh Ellis Emeka Esme Faisal Finlay Georgia Gethin Hamza Harriet Imran Ines Iona Jacob Jasmine Kavya Kieran Layla Leo Lowri Luca Maeve Malik Megan Miriam Nadia Nathan Nia Noor Oisin Omar Owain Poppy Rafael Rhys Rohan Rosie Sanjay Saoirse Selina Tariq Thea Uma Victor Yara Zara Zoltan")
	familyNames = strings.Fields("Abbott Ahmed Baines Bangura Barlow Begum Bevan Blake Calder Campbell Chaudhry Chowdhury Cole Cooper Dalton Davies Eze Farrell Ferguson Fletcher Ghosh Griffiths Hart Hassan Hughes Hussain Iqbal Jenkins Kapoor Kaur Kelly Lambert Lewis Lindsay Mackay Mensah Morris Murray Naylor Novak Nwachukwu Obi Patel Pereira Powell Quinn Rahman Reeves Robson Sethi Sharma Silva Stewart Sutton Thorne Turner Uddin Vernon Walsh Watts Whitaker Yilmaz Young")
)

func (g *generator) people(cohort int) [][]string {
	var rows [][]string
	for i := range ScalePeople {
		n := cohort*ScalePeople + i
		half, kind, employer := i, "department", fmt.Sprintf("Synthetic department %02d", i/4+1)
		team := half % scaleTeams
		if i >= ScalePeople/2 {
			half = i - ScalePeople/2
			kind, employer = "company", fmt.Sprintf("Synthetic company %03d", cohort*ScalePeople/4+half/2+1)
			team = (half + ScalePeople/2) % scaleTeams // goes on where the public people ended, so that sizes differ by one
		}
		name := pick(g, givenNames) + " " + pick(g, familyNames)
		away, diet, stepFree, told := "", "", "", ""
		if g.IntN(8) == 0 {
			away = british(domain.Date("2019-02-18").AddDays(7*g.IntN(10) + g.IntN(5)))
		}
		if g.IntN(12) == 0 {
			diet, told = pick(g, []string{"Vegan", "Vegetarian", "Halal", "Coeliac"}), pick(g, []string{"1/2/2019", "no"})
		}
		if g.IntN(50) == 0 {
			stepFree = "yes"
		}
		var skills []string
		for range 3 {
			if s := pick(g, capability.Skills()); !slices.ContainsFunc(skills, func(have string) bool { return strings.HasPrefix(have, s+": ") }) {
				skills = append(skills, fmt.Sprintf("%s: %d", s, g.IntN(5)))
			}
		}
		rows = append(rows, []string{fmt.Sprintf("S%05d", n+1), name, fmt.Sprintf("s%05d@scale.example", n+1), employer, kind, pick(g, g.stations), fmt.Sprint(team + 1),
			challenge((team + cohort) % scaleTeams), away, diet, stepFree, told, strings.Join(skills, "; ")})
	}
	return rows
}
