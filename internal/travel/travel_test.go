package travel

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"tandem/internal/domain"
)

func station(t *testing.T, code string) domain.Station {
	t.Helper()
	s, ok := Find(code)
	if !ok {
		t.Fatalf("no station %s", code)
	}
	return s
}

func TestEustonToManchesterPiccadilly(t *testing.T) {
	london, manchester := station(t, "EUS"), station(t, "man")
	if got := GreatCircleKm(london, manchester); math.Abs(got-258.9) > 0.05 {
		t.Errorf("great circle %.3f km, want 258.9", got)
	}
	if got := ReturnGrams(london, manchester); math.Abs(float64(got)-25570) > 5 {
		t.Errorf("return %d g, want 25.57 kg", got)
	}
	leg := Estimate(london, manchester)
	if leg.Mode != domain.Rail || leg.Metres != 310728 || leg.GreatCircleMetres != 258940 || leg.Minutes != 213 {
		t.Errorf("leg: %+v", leg)
	}
	if f := leg.Factor; f.Year != 2019 || f.GramsPerPassengerKm != 41.15 || f.Circuity != 1.2 || f.Source == "" || f.Licence == "" {
		t.Errorf("factor: %+v", f)
	}
}

// The planner's instances carry journeys that were reckoned by other code; ours must be the same to the minute and gram.
func TestJourneysOfTheInstances(t *testing.T) {
	var given struct {
		LimitMinutes int
		Homes        []string
		Sites        []struct {
			Code     string
			StepFree bool
		}
		ReturnMinutes, GramsCO2e [][]int
		Pairs                    []struct {
			Home, First, Second string
			Minutes, Grams      int
		}
	}
	data, err := os.ReadFile("testdata/journeys.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &given); err != nil {
		t.Fatal(err)
	}
	compared, over := 0, 0
	for p, homeCode := range given.Homes {
		home := station(t, homeCode)
		for o, s := range given.Sites {
			site := station(t, s.Code)
			minutes, grams := ReturnMinutes(home, site), ReturnGrams(home, site)
			if given.ReturnMinutes[p][o] < 0 {
				if s.StepFree { // then only its length can rule it out
					over++
					if minutes/2 <= given.LimitMinutes {
						t.Errorf("%s → %s: %d minutes one way, yet given as over the limit", home.Name, site.Name, minutes/2)
					}
				}
				continue
			}
			compared++
			if minutes != given.ReturnMinutes[p][o] || grams != given.GramsCO2e[p][o] {
				t.Errorf("%s → %s: got %d min %d g, want %d min %d g", home.Name, site.Name, minutes, grams, given.ReturnMinutes[p][o], given.GramsCO2e[p][o])
			}
		}
	}
	for _, want := range given.Pairs {
		trip := Pair(station(t, want.Home), station(t, want.First), station(t, want.Second))
		if trip.Minutes != want.Minutes || trip.Grams != want.Grams {
			t.Errorf("%s → %s → %s: got %d min %d g, want %d min %d g", want.Home, want.First, want.Second, trip.Minutes, trip.Grams, want.Minutes, want.Grams)
		}
	}
	if compared < 400 || over < 50 || len(given.Pairs) < 100 {
		t.Fatalf("compared %d journeys, %d over the limit, %d pairs: the instances are not whole", compared, over, len(given.Pairs))
	}
}

func TestShortJourneysSayWhatIsAssumed(t *testing.T) {
	leg := Estimate(station(t, "EUS"), station(t, "SRA"))
	if f := leg.Factor; f.GramsPerPassengerKm != 40 || f.Year != 0 || !strings.Contains(f.Source, "assumption") {
		t.Errorf("factor: %+v", f)
	}
	same := Return(station(t, "EUS"), station(t, "EUS"))
	if same.Minutes != 30 || same.Grams != 0 || len(same.Legs) != 2 {
		t.Errorf("from a place to itself: %+v", same)
	}
}

func TestFactors(t *testing.T) {
	want := map[domain.TravelMode]float64{domain.Rail: 41.15, domain.Coach: 27.79, domain.Bus: 104.71, domain.Car: 192.28, domain.Air: 254.93, domain.Walk: 0}
	for mode, grams := range want {
		f, ok := FactorOf(mode)
		if !ok || f.Mode != mode || f.GramsPerPassengerKm != grams || f.Circuity < 1 || f.Note == "" {
			t.Errorf("%s: %+v", mode, f)
		}
		if mode != domain.Walk && (f.Year != 2019 || f.Source == "" || f.Licence == "") {
			t.Errorf("%s has no source: %+v", mode, f)
		}
	}
	if car, _ := FactorOf(domain.Car); !strings.Contains(car.Note, "one person") {
		t.Errorf("a car's kilometre is a vehicle's, and must say so: %q", car.Note)
	}
	if _, ok := FactorOf("BALLOON"); ok {
		t.Error("a balloon has a factor")
	}
	if got := Grams(domain.Coach, 100_000); got != 2779 {
		t.Errorf("100 km by coach: %d g", got)
	}
}

func TestStations(t *testing.T) {
	count := map[domain.Nation]int{}
	for _, s := range All() {
		count[s.Nation]++
		if s.Latitude < 49 || s.Latitude > 61 || s.Longitude < -8 || s.Longitude > 2 {
			t.Errorf("%s lies at %f, %f", s.Name, s.Latitude, s.Longitude)
		}
	}
	if count[domain.England] != 2022 || count[domain.Scotland] != 363 || count[domain.Wales] != 223 {
		t.Errorf("stations by nation: %v", count)
	}
	if _, ok := Find("QQQ"); ok {
		t.Error("found QQQ")
	}
	if s := station(t, " cdf "); s.Name != "Cardiff Central" || s.Nation != domain.Wales {
		t.Errorf("CDF is %+v", s)
	}
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		typed string
		limit int
		first string
		many  int
	}{
		{"man", 3, "MAN", 3},            // a code before names
		{"manchester p", 10, "MAN", 1},  // a name
		{"MANCHESTER  P", 10, "MAN", 1}, // case and spaces
		{"piccadilly", 10, "MAN", 1},    // a later word
		{"london eus", 10, "EUS", 1},    // a name of two words
		{"zzz", 10, "", 0},              // nothing
		{"lon", 0, "", 0},               // no room
		{"", 5, All()[0].Code, 5},       // nothing typed yet: the list
		{"edinburgh (", 5, "", 0},       // odd characters are only characters
		{"%", 5, "", 0},
	} {
		got := Search(c.typed, c.limit)
		if len(got) != c.many || (c.many > 0 && got[0].Code != c.first) {
			t.Errorf("%q: got %v", c.typed, got)
		}
	}
}

func TestDistancesHold(t *testing.T) {
	some := []domain.Station{station(t, "EUS"), station(t, "MAN"), station(t, "GLC"), station(t, "CDF"), station(t, "PNZ"), station(t, "THS")}
	for _, a := range some {
		for _, b := range some {
			if GreatCircleKm(a, b) != GreatCircleKm(b, a) {
				t.Errorf("%s ↔ %s is not the same both ways", a.Name, b.Name)
			}
			for _, c := range some {
				if GreatCircleKm(a, c) > GreatCircleKm(a, b)+GreatCircleKm(b, c)+1e-9 {
					t.Errorf("%s → %s → %s is a short cut", a.Name, b.Name, c.Name)
				}
			}
		}
	}
}
