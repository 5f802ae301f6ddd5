// Package travel estimates journeys between railway stations: length, minutes and CO2e, each figure with its source.
// It is pure. What it gives is an estimate and says so; what a person entered wins over it.
package travel

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"tandem/internal/domain"
)

// StationSource and StationLicence are to be shown where stations are.
const (
	StationSource  = "Trainline EU, © OpenStreetMap contributors"
	StationLicence = "Open Database License 1.0"
)

//go:embed stations/stations.csv
var stationsCSV string

var stations, stationByCode = readStations(stationsCSV)

func readStations(table string) (list []domain.Station, byCode map[string]int) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("stations.csv: %v", err))
	}
	nations := map[string]domain.Nation{"england": domain.England, "scotland": domain.Scotland, "wales": domain.Wales}
	for _, row := range rows[1:] {
		latitude, latErr := strconv.ParseFloat(row[2], 64)
		longitude, lonErr := strconv.ParseFloat(row[3], 64)
		nation := nations[row[4]]
		if latErr != nil || lonErr != nil || nation == "" {
			panic(fmt.Sprintf("stations.csv: cannot read %q", row))
		}
		list = append(list, domain.Station{Code: row[0], Name: row[1], Nation: nation, Latitude: latitude, Longitude: longitude})
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	byCode = make(map[string]int, len(list))
	for i, s := range list {
		byCode[s.Code] = i
	}
	return list, byCode
}

// Find is the station of a three-letter code, in either case; false where there is none.
func Find(code string) (domain.Station, bool) {
	i, ok := stationByCode[strings.ToUpper(strings.TrimSpace(code))]
	if !ok {
		return domain.Station{}, false
	}
	return stations[i], true
}

// All lists every station by name.
func All() []domain.Station { return append([]domain.Station(nil), stations...) }

// Search lists at most limit stations for what a person has typed, in either case: first the station of that code, then
// names that begin so, then names with a later word that does, then codes that begin so; by name within each.
func Search(beginning string, limit int) []domain.Station {
	typed := strings.ToLower(strings.Join(strings.Fields(beginning), " "))
	var ranked [4][]domain.Station
	for _, s := range stations {
		name, code := strings.ToLower(s.Name), strings.ToLower(s.Code)
		switch {
		case code == typed:
			ranked[0] = append(ranked[0], s)
		case strings.HasPrefix(name, typed):
			ranked[1] = append(ranked[1], s)
		case laterWordBegins(name, typed):
			ranked[2] = append(ranked[2], s)
		case strings.HasPrefix(code, typed):
			ranked[3] = append(ranked[3], s)
		}
	}
	var found []domain.Station
	for _, list := range ranked {
		found = append(found, list[:min(len(list), max(0, limit-len(found)))]...)
	}
	return found
}

func laterWordBegins(name, typed string) bool {
	for i := 1; i < len(name); i++ {
		if strings.ContainsRune(" (-", rune(name[i-1])) && strings.HasPrefix(name[i:], typed) {
			return true
		}
	}
	return false
}
