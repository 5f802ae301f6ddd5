// Command alone plans a problem in a program that holds nothing but the planner, and prints the most memory that was
// resident of it as a benchmark would. The process tells its size itself: what its parent learns when it ends counts the
// parent's, which it was a copy of at first.
package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"tandem/internal/travel"
	"tandem/internal/visit"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "alone:", err)
		os.Exit(1)
	}
}

var resident = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

func run(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := visit.Read(f)
	if err != nil {
		return err
	}
	if p.ReturnMinutes == nil {
		err = p.Fill(func(from, to string) (minutes, milligrams int, ok bool) {
			a, known := travel.Find(from)
			z, also := travel.Find(to)
			if !known || !also {
				return 0, 0, false
			}
			leg := travel.Estimate(a, z)
			return leg.Minutes, int(math.Round(float64(leg.Metres) * leg.Factor.GramsPerPassengerKm)), true
		})
		if err != nil {
			return err
		}
	}
	if _, err := visit.Plan(context.Background(), p, visit.Options{Seed: 1}); err != nil {
		return err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	found := resident.FindSubmatch(status)
	if found == nil {
		return fmt.Errorf("no %s in what the system tells of the process", resident)
	}
	fmt.Printf("BenchmarkMemory/%s 1 %s KiB\n", strings.TrimSuffix(filepath.Base(path), ".json"), found[1])
	return nil
}
