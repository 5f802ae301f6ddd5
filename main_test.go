package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets the tests run this very program as the command: with TANDEM_AS_COMMAND set it is tandem.
func TestMain(m *testing.M) {
	if os.Getenv("TANDEM_AS_COMMAND") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "TANDEM_AS_COMMAND=1")
	return c
}

// tandem runs the command to its end and gives what it said and its exit code.
func tandem(t *testing.T, args ...string) (out, said string, code int) {
	t.Helper()
	c := command(args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		if _, ok := err.(*exec.ExitError); !ok {
			t.Fatal(err)
		}
	}
	return stdout.String(), stderr.String(), c.ProcessState.ExitCode()
}

// served is a running `tandem serve`.
type served struct {
	t       *testing.T
	process *exec.Cmd
	address string
	said    *bytes.Buffer
}

func serveWith(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{t: t, process: command(append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), said: &bytes.Buffer{}}
	s.process.Stderr = s.said
	out, err := s.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.process.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text()); at != "" {
			s.address = at
			go io.Copy(io.Discard, out)
			return s
		}
	}
	s.process.Wait()
	t.Fatalf("it ended without an address:\n%s", s.said)
	return nil
}

// ask posts a query, and gives the status and the answer.
func (s *served) ask(token, query string) (int, string) {
	s.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r, err := http.NewRequest(http.MethodPost, s.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// stop asks it to end, as a terminal or a service manager does, and gives the exit code.
func (s *served) stop() int {
	s.t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	s.process.Wait()
	return s.process.ProcessState.ExitCode()
}

func TestServeTheSampleOnAFreshFolder(t *testing.T) {
	data, tokenFile := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "token")
	s := serveWith(t, "--sample", "--data", data, "--token-file", tokenFile)
	info, err := os.Stat(tokenFile)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the token's file is %v", info.Mode().Perm())
	}
	secret, err := os.ReadFile(tokenFile)
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(string(secret))

	health, err := http.Get(s.address + "/healthz")
	if err != nil || health.StatusCode != http.StatusOK {
		t.Errorf("/healthz: %v %v", health, err)
	}
	const query = `{ viewer { grants { role } } programmes(first: 5) { nodes { name today cohorts(first: 5) { nodes { id enrolments(first: 1) { totalCount } visitPlans(first: 5) { nodes { state } } } } } } }`
	if status, answer := s.ask("", query); !strings.Contains(answer, "UNAUTHENTICATED") {
		t.Errorf("control: without a token it answers %d %s", status, answer)
	}
	_, answer := s.ask(token, query)
	for _, want := range []string{`"COORDINATOR"`, `"TechConnect 2019"`, `"2019-02-07"`, `"totalCount":38`, `"DRAFT"`} {
		if !strings.Contains(strings.ReplaceAll(answer, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("no %s in %s", want, answer)
		}
	}
	cohort := regexp.MustCompile(`cohort_[0-9a-f-]+`).FindString(answer)

	// Another that would work in the same folder is turned away; commands work beside it.
	if _, said, code := tandem(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(said, "another Tandem") {
		t.Errorf("a second server in the folder: %d %s", code, said)
	}
	if _, said, code := tandem(t, "serve", "--data", t.TempDir(), "--listen", strings.TrimPrefix(s.address, "http://")); code != 1 || !strings.Contains(said, "is taken") {
		t.Errorf("a second server on the port: %d %s", code, said)
	}
	out, said, code := tandem(t, "token", "create", "--data", data, "--role", "integrator", "--scope", "cohort_read", "--label", "nightly")
	if code != 0 {
		t.Fatalf("token create: %s", said)
	}
	nightly := strings.TrimSpace(out)
	if _, answer := s.ask(nightly, `{ viewer { name } }`); !strings.Contains(answer, "nightly") {
		t.Errorf("the new token: %s", answer)
	}
	id := regexp.MustCompile(`token_\S+`).FindString(said)
	if out, _, _ := tandem(t, "token", "list", "--data", data); !strings.Contains(out, id) || strings.Contains(out, nightly) {
		t.Errorf("the list of tokens:\n%s", out)
	}
	if _, said, code := tandem(t, "token", "revoke", "--data", data, id); code != 0 {
		t.Errorf("token revoke: %s", said)
	}
	if _, answer := s.ask(nightly, `{ viewer { name } }`); !strings.Contains(answer, "UNAUTHENTICATED") {
		t.Errorf("a revoked token still answers: %s", answer)
	}

	// What export writes, import reads, and knows every row again.
	table := filepath.Join(t.TempDir(), "people.xlsx")
	if _, said, code := tandem(t, "export", "--data", data, "--cohort", cohort, "--kind", "people", "--format", "xlsx", "-o", table); code != 0 {
		t.Fatalf("export: %s", said)
	}
	if out, said, code := tandem(t, "import", "--data", data, "--kind", "people", "--into", cohort, table); code != 0 || !strings.Contains(out, "38 rows: 0 new, 0 changed, 38 the same") {
		t.Errorf("import of what was exported: %d %s%s", code, out, said)
	}
	// A plan's journeys, of the one that is named where none is in force.
	if _, said, code := tandem(t, "export", "--data", data, "--cohort", cohort, "--kind", "journeys"); code == 0 || !strings.Contains(said, "name one with --plan") {
		t.Errorf("journeys of no plan: %d %s", code, said)
	}
	_, answer = s.ask(token, `{ programmes(first: 1) { nodes { cohorts(first: 1) { nodes { visitPlans(first: 1) { nodes { id } } } } } } }`)
	if out, said, code := tandem(t, "export", "--data", data, "--cohort", cohort, "--kind", "journeys", "--plan", regexp.MustCompile(`plan_[0-9a-f-]+`).FindString(answer)); code != 0 || !strings.HasPrefix(out, "\ufeffPerson,Team,Day,Host,Way,From,To,") {
		t.Errorf("journeys: %d %s%s", code, out, said)
	}
	// The sample's plan is the best there is, breaks no rule, leaves no theme unseen, and every reason in it is true: a
	// checker that shares no code with the planner says so. Control: the same plan with a false reason.
	problem := filepath.Join(t.TempDir(), "problem.json")
	if _, said, code := tandem(t, "export", "--data", data, "--cohort", cohort, "--kind", "problem", "--today", "2019-02-07", "-o", problem); code != 0 {
		t.Fatalf("export of the problem: %s", said)
	}
	planned, said, code := tandem(t, "plan", "--problem", problem, "--seed", "1", "--work", "100000", "--json")
	var found struct {
		Score        struct{ Uncovered int }
		ProvedLevels int
		Left         []struct{ Reason string }
	}
	if err := json.Unmarshal([]byte(planned), &found); code != 0 || err != nil {
		t.Fatalf("plan: %v %s", err, said)
	}
	if found.Score.Uncovered != 0 || found.ProvedLevels < 4 || len(found.Left) == 0 {
		t.Errorf("the sample's plan: %+v", found)
	}
	plan := filepath.Join(t.TempDir(), "plan.json")
	for text, want := range map[string]int{planned: 0, strings.Replace(planned, `"NO_OFFER"`, `"DAYS_SPENT"`, 1): 1} {
		if err := os.WriteFile(plan, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, said, code := tandem(t, "plan", "--check", problem, plan); code != want {
			t.Errorf("check: %d, want %d: %s%s", code, want, out, said)
		}
	}
	wrong := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(wrong, []byte("Name,E-mail,Employer,Home station\nNobody Known,not-an-address,,Atlantis\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, said, code := tandem(t, "import", "--data", data, "--kind", "people", "--into", cohort, wrong); code != 1 || !strings.Contains(said, "row 2") || !strings.Contains(said, "Atlantis") {
		t.Errorf("a wrong row: %d %s", code, said)
	}

	copied := filepath.Join(t.TempDir(), "tandem.db")
	if _, said, code := tandem(t, "backup", "--data", data, copied); code != 0 {
		t.Errorf("backup: %s", said)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("it was asked to end and ended with %d:\n%s", code, s.said)
	}
	again := serveWith(t, "--data", filepath.Dir(copied))
	if _, answer := again.ask(token, query); !strings.Contains(answer, "TechConnect 2019") {
		t.Errorf("the backup opened: %s", answer)
	}
	again.stop()
}

func TestPlanAndCheck(t *testing.T) {
	problem := filepath.Join("internal", "visit", "testdata", "c38-o14-s1.json")
	made, said, code := tandem(t, "plan", "--problem", problem, "--seed", "7", "--work", "3000", "--json")
	if code != 0 {
		t.Fatal(said)
	}
	if again, _, _ := tandem(t, "plan", "--problem", problem, "--seed", "7", "--work", "3000", "--json"); again != made {
		t.Error("the same seed and work gave another plan")
	}
	var plan map[string]any
	if err := json.Unmarshal([]byte(made), &plan); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"score", "bound", "provedLevels", "visits", "left", "seed", "work", "cancelled"} {
		if _, ok := plan[name]; !ok {
			t.Errorf("the plan has no %s", name)
		}
	}
	file := filepath.Join(t.TempDir(), "plan.json")
	write := func(p map[string]any) {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(plan)
	if out, said, code := tandem(t, "plan", "--check", problem, file); code != 0 {
		t.Errorf("a true plan: %s%s", out, said)
	}
	score := plan["score"].(map[string]any)
	score["minutes"] = score["minutes"].(float64) - 1
	write(plan)
	if _, said, code := tandem(t, "plan", "--check", problem, file); code != 1 || !strings.Contains(said, "minutes") {
		t.Errorf("a lie in the score: %d %s", code, said)
	}
}

func TestEveryCommandHasHelpAndAnExample(t *testing.T) {
	for _, c := range [][]string{{"serve"}, {"import"}, {"export"}, {"plan"}, {"backup"}, {"token", "create"}, {"token", "list"}, {"token", "revoke"}, {"version"}} {
		out, _, code := tandem(t, append(c, "--help")...)
		if code != 0 || !strings.Contains(out, "Example") || !strings.Contains(out, "tandem "+strings.Join(c, " ")) {
			t.Errorf("%v --help: %d\n%s", c, code, out)
		}
	}
	if out, _, code := tandem(t, "version"); code != 0 || !strings.HasPrefix(out, "tandem ") {
		t.Errorf("version: %d %q", code, out)
	}
	if _, said, code := tandem(t, "serve", "--sample", "--today", "soon"); code != 1 || !strings.Contains(said, "soon is no date") {
		t.Errorf("a wrong date: %d %s", code, said)
	}
}
