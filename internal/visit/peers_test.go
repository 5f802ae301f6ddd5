package visit

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// peer is a solver of mixed-integer linear programmes that other people wrote.
type peer struct {
	name string
	// missing says what would install it, where it is not there.
	missing func() string
	// begin readies it for a cohort, the first of whose programmes is given. ask solves one in the seconds of the
	// processor that are left; end lets it go.
	begin func(b testing.TB, first string, seconds int) (ask func(programme string, left float64) answer, end func())
}

// answer is what a peer says of a programme: its optimum, nil where that was not proved, and the seconds that solving
// took, by the clock and of the processor.
type answer struct {
	Optimum *int    `json:"optimum"`
	Clock   float64 `json:"clock"`
	CPU     float64 `json:"cpu"`
}

var peers = []peer{
	{"CBC", command("cbc", "coinor-cbc"), func(b testing.TB, _ string, _ int) (func(string, float64) answer, func()) {
		return func(programme string, left float64) answer { return askCBC(b, programme, left) }, func() {}
	}},
	{"HiGHS", func() string {
		if _, err := os.Stat(filepath.Join(highs, "node_modules", "highs")); err != nil {
			return "npm --prefix scripts/bench.d/highs ci"
		}
		return ""
	}, beginHiGHS},
	{"GLPK", command("glpsol", "glpk-utils"), func(b testing.TB, _ string, _ int) (func(string, float64) answer, func()) {
		return func(programme string, left float64) answer { return askGLPK(b, programme, left) }, func() {}
	}},
}

func command(name, debian string) func() string {
	return func() string {
		if _, err := exec.LookPath(name); err != nil {
			return "apt-get install " + debian
		}
		return ""
	}
}

// absolute is a gap that proves a whole number best.
const absolute = "0.9"

var cbcTold = map[string]*regexp.Regexp{
	"optimum": regexp.MustCompile(`(?m)^Objective value:\s+(\S+)`),
	"cpu":     regexp.MustCompile(`(?m)^Time \(CPU seconds\):\s+(\S+)`),
	"clock":   regexp.MustCompile(`(?m)^Time \(Wallclock seconds\):\s+(\S+)`),
}

func askCBC(b testing.TB, programme string, left float64) (a answer) {
	told, err := exec.Command("cbc", programme, "ratio", "0", "allow", absolute, "sec", fmt.Sprintf("%.2f", left), "threads", "1", "solve", "quit").Output()
	if err != nil {
		b.Fatalf("cbc %s: %v", programme, err)
	}
	number := func(of string) float64 {
		found := cbcTold[of].FindSubmatch(told)
		if found == nil {
			b.Fatalf("cbc %s: no %s in what it said:\n%s", programme, of, told)
		}
		v, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
	a.CPU, a.Clock = number("cpu"), number("clock")
	if strings.Contains(string(told), "\nResult - Optimal solution found") {
		v := int(math.Round(number("optimum")))
		a.Optimum = &v
	}
	return a
}

const highs = "../../scripts/bench.d/highs"

// beginHiGHS starts the solver that solve.mjs wraps, and has it solve the first programme before anything is timed.
func beginHiGHS(b testing.TB, first string, seconds int) (func(string, float64) answer, func()) {
	c := exec.Command("node", filepath.Join(highs, "solve.mjs"), first)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	said := bufio.NewScanner(out)
	listen := func() (a answer, ended bool) {
		if !said.Scan() {
			return answer{}, true
		}
		if err := json.Unmarshal(said.Bytes(), &a); err != nil {
			b.Fatalf("highs: %q: %v", said.Text(), err)
		}
		return a, false
	}
	warm, ended := listen()
	if ended {
		b.Fatal("highs ended before it was asked")
	}
	// It cannot be interrupted while it solves: the system ends it once its processor time is used up.
	limit := fmt.Sprintf("--cpu=%d", seconds+int(math.Ceil(warm.CPU)))
	if told, err := exec.Command("prlimit", "--pid", strconv.Itoa(c.Process.Pid), limit).CombinedOutput(); err != nil {
		b.Fatalf("prlimit: %v: %s", err, told)
	}
	return func(programme string, left float64) answer {
			begun := time.Now()
			if _, err := fmt.Fprintln(in, programme); err != nil {
				b.Fatal(err)
			}
			a, ended := listen()
			if ended {
				return answer{Clock: time.Since(begun).Seconds(), CPU: left}
			}
			return a
		}, func() {
			in.Close()
			io.Copy(io.Discard, out)
			c.Wait()
		}
}

var glpkTold = regexp.MustCompile(`(?m)^s mip \d+ \d+ o (\S+)`)

func askGLPK(b testing.TB, programme string, left float64) (a answer) {
	solution := programme + ".sol"
	c := exec.Command("prlimit", fmt.Sprintf("--cpu=%.0f", math.Ceil(left)), "glpsol", "--lp", programme, "--cuts", "--write", solution)
	begun := time.Now()
	err := c.Run()
	a.Clock, a.CPU = time.Since(begun).Seconds(), (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	if s, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return a
	}
	if err != nil {
		b.Fatalf("glpsol %s: %v", programme, err)
	}
	told, err := os.ReadFile(solution)
	if err != nil {
		b.Fatal(err)
	}
	if found := glpkTold.FindSubmatch(told); found != nil {
		v, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			b.Fatal(err)
		}
		whole := int(math.Round(v))
		a.Optimum = &whole
	}
	return a
}

// peerProof is what a peer makes of a cohort: the leading levels that it proved, their optima, and the time of all.
type peerProof struct {
	levels     int
	optima     [5]int
	clock, cpu float64
}

// prove asks a peer one level after the other, each with its own optima of the levels before, until a level is not proved
// or the seconds of the processor are spent.
func (s peer) prove(b testing.TB, p Problem, last Level, seconds int) (r peerProof) {
	dir := b.TempDir()
	write := func(level Level) string {
		path := filepath.Join(dir, fmt.Sprintf("%d.lp", level))
		fixed := Score{
			Uncovered: r.optima[0], MaxShortfall: r.optima[1], SquaredShortfall: r.optima[2], Minutes: r.optima[3], Grams: r.optima[4],
		}
		if err := os.WriteFile(path, asLP(p, level, fixed), 0o600); err != nil {
			b.Fatal(err)
		}
		return path
	}
	ask, end := s.begin(b, write(LevelUncovered), seconds)
	defer end()
	for level := LevelUncovered; level <= last; level++ {
		left := float64(seconds) - r.cpu
		if left <= 0 {
			break
		}
		a := ask(write(level), left)
		r.clock, r.cpu = r.clock+a.Clock, r.cpu+a.CPU
		if a.Optimum == nil {
			break
		}
		r.optima[level-1] = *a.Optimum
		r.levels++
	}
	return r
}

// differs is the first level at which a peer proved another optimum than this planner, 0 if there is none.
func (r peerProof) differs(of Result) Level {
	for i := range min(r.levels, of.ProvedLevels) {
		if r.optima[i] != of.Score.Levels()[i] {
			return Level(i + 1)
		}
	}
	return 0
}

// setting is a number from the environment.
func setting(b *testing.B, name string, usual int) int {
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		b.Fatalf("%s: %q is no number", name, text)
	}
	return n
}

// BenchmarkPeers has cohorts proved best by this planner and by three solvers, in turn, on one thread each: the carried
// ones of one cohort, and PEERS_SEEDS drawn ones (usual: 2) of each of two kinds. The planner does everything but reasons,
// from the problem as read to the last level; the peers are timed on solving the levels up to the minutes alone. None may
// use more than PEERS_SECONDS (usual: 120) of the processor for a cohort; GLPK is asked of the first PEERS_GLPK cohorts
// (usual: 1).
func BenchmarkPeers(b *testing.B) {
	seconds, glpk := setting(b, "PEERS_SECONDS", 120), setting(b, "PEERS_GLPK", 1)
	compare := func(name string, problem func(b *testing.B) Problem) {
		b.Run(name, func(b *testing.B) {
			p := problem(b)
			for b.Loop() {
				var r Result
				var clock, minutes, whole []float64
				plan := func() {
					begun := time.Now()
					of, proof, all := timed(b, p)
					r, clock, minutes, whole = of, append(clock, time.Since(begun).Seconds()), append(minutes, proof), append(whole, all)
				}
				for _, s := range peers {
					if s.missing() != "" || s.name == "GLPK" && glpk == 0 {
						continue
					}
					if s.name == "GLPK" {
						glpk--
					}
					plan()
					of := s.prove(b, p, LevelMinutes, seconds)
					b.ReportMetric(of.cpu*1e9, s.name+"-cpu-ns")
					b.ReportMetric(of.clock*1e9, s.name+"-ns")
					b.ReportMetric(float64(of.levels), s.name+"-levels")
					b.ReportMetric(float64(of.differs(r)), s.name+"-differs")
				}
				plan()
				b.ReportMetric(middle(whole)*1e9, "cpu-ns")
				b.ReportMetric(middle(clock)*1e9, "clock-ns")
				b.ReportMetric(middle(minutes)*1e9, "minutes-cpu-ns")
				b.ReportMetric(float64(r.ProvedLevels), "levels")
			}
		})
	}
	for _, name := range carried {
		if strings.HasPrefix(name, "c38-") {
			compare(name, func(b *testing.B) Problem { return instance(b, name) })
		}
	}
	for seed := range setting(b, "PEERS_SEEDS", 2) {
		for _, kind := range []string{"14", "50"} {
			compare(fmt.Sprintf("drawn-38-%s-seed%d", kind, seed+1), func(*testing.B) Problem { return cohort(uint64(seed+1), recipes[kind]) })
		}
	}
}

func middle(v []float64) float64 {
	return slices.Sorted(slices.Values(v))[len(v)/2]
}

// What the peers are asked is the problem that the planner solves: on small programmes their optima are those of trying
// everything, at every level, and a programme with a larger group allowed is told apart.
func TestPeersAreAskedTheSame(t *testing.T) {
	cbc := peers[0]
	if how := cbc.missing(); how != "" {
		t.Skip("CBC is not installed: ", how)
	}
	told := 0
	for seed := range uint64(40) {
		p := programme(seed+7_000, shape{people: 4, teams: 2, cohorts: 1, offers: 4, days: 6, fortnights: 3, themes: 4})
		p.Pins = nil
		least := oracle(p, unforced).Levels()
		if r := cbc.prove(t, p, LevelGrams, 60); r.levels != len(least) || r.optima != least {
			t.Errorf("programme %d: CBC proves %d levels, %v; the best is %v", seed, r.levels, r.optima, least)
		}
		for e := range p.Offers {
			p.Offers[e].Max++
		}
		if r := cbc.prove(t, p, LevelGrams, 60); r.optima != least {
			told++
		}
	}
	if told < 5 {
		t.Errorf("only %d of 40 programmes with larger groups are told apart", told)
	}
}
