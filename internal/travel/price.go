package travel

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"tandem/internal/domain"
)

//go:embed travel_prices.csv
var pricesCSV string

var rates = readRates(pricesCSV)

func readRates(table string) map[domain.TravelMode]domain.TravelRate {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("travel_prices.csv: %v", err))
	}
	out := map[domain.TravelMode]domain.TravelRate{
		domain.Walk: {Mode: domain.Walk, Source: &domain.Source{Name: "On foot: nobody is paid."}},
	}
	for _, row := range rows[1:] {
		pence, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			panic(fmt.Sprintf("travel_prices.csv: cannot read %q", row))
		}
		year, err := strconv.Atoi(row[2])
		if err != nil {
			panic(fmt.Sprintf("travel_prices.csv: cannot read %q", row))
		}
		mode := domain.TravelMode(row[0])
		out[mode] = domain.TravelRate{Mode: mode, PencePerKm: pence, Year: &year, Note: &row[6],
			Source: &domain.Source{Name: row[3], URL: &row[4], Licence: row[5]}}
	}
	return out
}

// RateOf is what a kilometre by a mode costs a person by a published figure; false for a mode for which none is known,
// whose price is not known until somebody enters it or a rate of their own.
func RateOf(mode domain.TravelMode) (*domain.TravelRate, bool) {
	r, ok := rates[mode]
	return &r, ok
}

// Pence is what so many metres cost at so many pence a kilometre, rounded.
func Pence(metres int, pencePerKm float64) int { return round(float64(metres) / 1000 * pencePerKm) }
