package sample

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
	"tandem/internal/table"
)

// crowd is a table of so many invented people for one cohort, half of each sector, every column that an import reads
// filled as in the large sample.
func crowd(b *testing.B, people int) []byte {
	b.Helper()
	g := &generator{Rand: rand.New(rand.NewPCG(ScaleSeed, 10_000)), stations: homes()}
	var rows [][]string
	for block := range people / ScalePeople {
		for _, row := range g.people(block) {
			var team int
			if _, err := fmt.Sscan(row[6], &team); err != nil {
				b.Fatal(err)
			}
			row[6] = fmt.Sprint(block*scaleTeams + team)
			rows = append(rows, row)
		}
	}
	data, err := table.WriteCSV([]string{"Key", "Name", "Email", "Employer", "Employer kind", "Home station", "Team", "Team's challenge", "Days away", "Diet", "Step-free", "Hosts may be told", "Skills"}, rows)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// empty is a programme with room for so many people, the challenges that crowd names, and one cohort with nobody in it.
func empty(b *testing.B, where string, people int) (world, string) {
	b.Helper()
	store, err := storage.Open(context.Background(), where)
	if err != nil {
		b.Fatal(err)
	}
	a := app.New(store, Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	w := world{app.As(context.Background(), domain.LocalOwner()), a, store}
	w.brings(b, domain.ImportProgrammes, "", fmt.Appendf(nil, "Key,Name,First day,Last day,Office nation,Public seats,Private seats,Cohorts\nP1,Crowd,7/2/2019,29/4/2019,England,%d,%d,One\n", people/2, people/2))
	p, err := a.ProgrammeKeyed(w, "P1")
	if err != nil {
		b.Fatal(err)
	}
	t, err := Scale(ScaleSeed)
	if err != nil {
		b.Fatal(err)
	}
	w.brings(b, domain.ImportChallenges, p.ID, t.Challenges)
	cohorts, err := store.Read().CohortsOf(w, p.ID)
	if err != nil {
		b.Fatal(err)
	}
	return w, cohorts[0].ID
}

func (w world) brings(b *testing.B, kind domain.ImportKind, into string, data []byte) *domain.ImportCounts {
	b.Helper()
	imp, wrong, err := w.app.ImportFile(w, kind, into, "table.csv", data, false)
	if err != nil {
		b.Fatal(err)
	}
	if len(wrong) > 0 {
		b.Fatalf("row %d: %s", wrong[0].Number, wrong[0].Problems[0].Message)
	}
	return imp.Counts
}

// floor is the least that an import could be: the same table read, and its rows put into one bare table with a prepared
// statement in one transaction, nothing checked, linked, journalled or made undoable.
func floor(b *testing.B, where string, data []byte) {
	b.Helper()
	driver, address, mark := "sqlite3", "file:"+filepath.Join(where, "floor.db")+"?_journal_mode=WAL&_synchronous=FULL", func(int) string { return "?" }
	if strings.HasPrefix(where, "host=") {
		driver, address, mark = "pgx", where, func(i int) string { return fmt.Sprintf("$%d", i+1) }
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	var columns, marks []string
	for i := range rows[0] {
		columns, marks = append(columns, fmt.Sprintf("c%d TEXT NOT NULL", i)), append(marks, mark(i))
	}
	if _, err := db.Exec("CREATE TABLE bare (" + strings.Join(columns, ", ") + ")"); err != nil {
		b.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	insert, err := tx.Prepare("INSERT INTO bare VALUES (" + strings.Join(marks, ", ") + ")")
	if err != nil {
		b.Fatal(err)
	}
	for _, row := range rows[1:] {
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = v
		}
		if _, err := insert.Exec(values...); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkImport loads a table of people through ImportFile, as `tandem import` and the window do. again-ns is the same
// file once more, when nothing changes; floor-ns is a bare insert of its rows.
func BenchmarkImport(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, people := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", engine, people), func(b *testing.B) {
				data := crowd(b, people)
				var again, least time.Duration
				n := 0
				for b.Loop() {
					b.StopTimer()
					where := ""
					if engine == "sqlite" {
						where = b.TempDir()
					} else {
						where = storagetest.Postgres(b)
					}
					w, cohort := empty(b, where, people)
					b.StartTimer()
					counts := w.brings(b, domain.ImportPeople, cohort, data)
					b.StopTimer()
					if counts.Creates != people {
						b.Fatalf("%+v", counts)
					}
					began := time.Now()
					if counts := w.brings(b, domain.ImportPeople, cohort, data); counts.Unchanged != people {
						b.Fatalf("again: %+v", counts)
					}
					again += time.Since(began)
					began = time.Now()
					floor(b, where, data)
					least += time.Since(began)
					w.app.Close()
					w.store.Close()
					n++
					b.StartTimer()
				}
				b.ReportMetric(float64(len(data)), "bytes")
				b.ReportMetric(float64(again)/float64(n), "again-ns/op")
				b.ReportMetric(float64(least)/float64(n), "floor-ns/op")
			})
		}
	}
}
