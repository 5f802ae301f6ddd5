// Package capability knows the skill names of the government's Digital and Data Profession Capability Framework, and the
// names of its levels. It is pure; source and licence are in its README and in the constants below.
package capability

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

// Where the names are from; to be shown where they are.
const (
	Source  = "Government Digital and Data Profession Capability Framework"
	Licence = "Open Government Licence v3.0"
)

//go:embed skills.csv
var skillsCSV string

var skills = readSkills(skillsCSV)

func readSkills(table string) []string {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("skills.csv: %v", err))
	}
	names := make([]string, 0, len(rows))
	for _, row := range rows[1:] {
		names = append(names, row[0])
	}
	return names
}

// Skills is every skill of the framework, in the order of the alphabet.
func Skills() []string { return append([]string(nil), skills...) }

// Levels is the names of the levels 0 to 4; 0 is this product's own, for a skill that somebody has not.
var Levels = [5]string{"None", "Awareness", "Working", "Practitioner", "Expert"}
