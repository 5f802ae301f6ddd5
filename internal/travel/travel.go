package travel

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tandem/internal/domain"
)

// Factor is how a mode's figures are reckoned.
type Factor struct {
	Mode                domain.TravelMode
	Circuity            float64 // length over great circle; the product's assumption
	GramsPerPassengerKm float64 // grams of CO2e for a person and a kilometre
	Year                int     // of the published set; 0 where nothing is published
	Source              string
	Licence             string
	Note                string // what a reader must know: whose kilometre it is, what is assumed
}

const (
	emissionsYear    = 2019
	emissionsSource  = "UK Government greenhouse-gas conversion factors, 2019 set"
	emissionsLicence = "Open Government Licence v3.0"
)

//go:embed travel_emissions_2019.csv
var emissionsCSV string

var factors = readFactors(emissionsCSV)

func readFactors(table string) map[domain.TravelMode]Factor {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("travel_emissions_2019.csv: %v", err))
	}
	grams := map[string]float64{}
	for _, row := range rows[1:] {
		kg, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			panic(fmt.Sprintf("travel_emissions_2019.csv: cannot read %q", row))
		}
		// Five decimals of a kilogram: grams are exact to the hundredth.
		grams[row[0]] = math.Round(kg*1e5) / 100
	}
	of := func(mode domain.TravelMode, row string, circuity float64, note string) Factor {
		g, ok := grams[row]
		if !ok {
			panic("travel_emissions_2019.csv: no row " + row)
		}
		return Factor{mode, circuity, g, emissionsYear, emissionsSource, emissionsLicence, note}
	}
	return map[domain.TravelMode]Factor{
		domain.Rail:  of(domain.Rail, "national rail", 1.2, "National rail."),
		domain.Coach: of(domain.Coach, "coach", 1.3, "Coach."),
		domain.Bus:   of(domain.Bus, "bus", 1.3, "Bus."),
		domain.Car:   of(domain.Car, "medium petrol car", 1.3, "Medium petrol car; the factor is a vehicle's, reckoned with one person in the car."),
		domain.Air:   of(domain.Air, "domestic flight (with radiative forcing)", 1, "Domestic flight, with radiative forcing."),
		domain.Walk:  {Mode: domain.Walk, Circuity: 1.3, Note: "On foot: nothing is emitted by travelling."},
	}
}

// FactorOf is how a mode is reckoned; false for a mode that is none.
func FactorOf(mode domain.TravelMode) (Factor, bool) {
	f, ok := factors[mode]
	return f, ok
}

const (
	localKm    = 30.0
	localGrams = 40.0
)

// railFactor is what a rail journey of so many kilometres one way is reckoned with.
func railFactor(km float64) Factor {
	f := factors[domain.Rail]
	if km < localKm {
		f.GramsPerPassengerKm = localGrams
		f.Year, f.Source, f.Licence = 0, "Tandem's own assumption", ""
		f.Note = "Under 30 km: 40 g, a mixture of rail, tram, underground and bus that nobody published."
	}
	return f
}

// Leg is a journey one way, estimated. Its price hangs on the programme's rates: see RateOf and Pence.
type Leg struct {
	From, To          domain.Station
	Mode              domain.TravelMode
	GreatCircleMetres int
	Metres            int
	Minutes           int // door to door
	Grams             int // of CO2e, for one person
	Factor            Factor
}

// earthKm is the mean radius of the Earth.
const earthKm = 6371.0

// GreatCircleKm is the length of the shortest way over the globe, by the haversine formula (R. W. Sinnott, Virtues of
// the Haversine, Sky and Telescope 68, 1984) on a sphere of the Earth's mean radius of 6371 km.
func GreatCircleKm(a, b domain.Station) float64 {
	const radian = math.Pi / 180
	la, lb := a.Latitude*radian, b.Latitude*radian
	up, along := math.Sin((lb-la)/2), math.Sin((b.Longitude-a.Longitude)*radian/2)
	h := float64(up*up) + float64(math.Cos(la)*math.Cos(lb)*along*along)
	return 2 * earthKm * math.Asin(math.Sqrt(min(1, h)))
}

// Estimate reckons a rail journey one way, k = 1.2 × great-circle km long. Door to door it takes 15 + 2k minutes under
// 30 km, else 45 + 0.54k; a kilometre emits 40 g under 30 km, else the published factor of national rail.
func Estimate(from, to domain.Station) Leg {
	km := railKm(from, to)
	f := railFactor(km)
	return Leg{
		From: from, To: to, Mode: domain.Rail,
		GreatCircleMetres: round(1000 * GreatCircleKm(from, to)),
		Metres:            round(1000 * km),
		Minutes:           railMinutes(km),
		Grams:             round(km * f.GramsPerPassengerKm),
		Factor:            f,
	}
}

// Trip is a day's journeys of one person, from home and back, estimated.
type Trip struct {
	Legs    []Leg
	Minutes int // of all legs
	Grams   int // of CO2e; rounded once, so it may differ by a gram or two from its legs' sum
}

// Return is home → site → home.
func Return(home, site domain.Station) Trip {
	return Trip{[]Leg{Estimate(home, site), Estimate(site, home)}, ReturnMinutes(home, site), ReturnGrams(home, site)}
}

// Pair is home → first → second → home: two hosts seen on one day. The whole trip takes the emission factor of half its
// length, as a plain return does.
func Pair(home, first, second domain.Station) Trip {
	legs := []Leg{Estimate(home, first), Estimate(first, second), Estimate(second, home)}
	km := railKm(home, first) + railKm(first, second) + railKm(second, home)
	return Trip{legs, legs[0].Minutes + legs[1].Minutes + legs[2].Minutes, railGrams(km)}
}

// ReturnMinutes is how long home → site → home takes door to door; it allocates nothing, for filling large problems.
func ReturnMinutes(home, site domain.Station) int { return 2 * railMinutes(railKm(home, site)) }

// ReturnGrams is what home → site → home emits, in grams of CO2e for one person; it allocates nothing.
func ReturnGrams(home, site domain.Station) int { return railGrams(2 * railKm(home, site)) }

// Grams is what so many metres by a mode emit, in grams of CO2e for one person: for lengths that a person entered. A
// mode that is none emits nothing.
func Grams(mode domain.TravelMode, metres int) int {
	return round(float64(metres) / 1000 * factors[mode].GramsPerPassengerKm)
}

func railKm(a, b domain.Station) float64 { return factors[domain.Rail].Circuity * GreatCircleKm(a, b) }

func railMinutes(km float64) int {
	if km < localKm {
		return round(15 + float64(2*km))
	}
	return round(45 + float64(0.54*km))
}

func railGrams(km float64) int { return round(km * railFactor(km/2).GramsPerPassengerKm) }

func round(x float64) int { return int(math.Round(x)) }
