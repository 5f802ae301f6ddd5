//go:build window

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestABlankWindowIsNoticed is the control of painted: an empty display has next to no colours. It runs first, before there is a window.
func TestABlankWindowIsNoticed(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: run scripts/window")
	}
	d := &driven{t: t}
	if colours := painted(d.picture("blank")); colours >= 20 {
		t.Errorf("an empty display has %d colours", colours)
	}
}

// TestTheWindow is the main job in the real window: it opens on the planner of the sample, plans, moves a visit by keyboard,
// releases, finds a way out when a host cancels, and exports the calendar through the desktop's own dialog.
func TestTheWindow(t *testing.T) {
	data := t.TempDir()
	d := drive(t, data, "--sample", "--data", data)

	t.Log("it opens on the planner, with a draft")
	d.heading("Visits, draft 1")
	d.until("a visit on the board", `document.querySelector("[data-visit]")`)
	if colours := painted(d.picture("opened")); colours < 20 {
		t.Fatalf("the window shows %d colours: it is blank", colours)
	}
	if !run[bool](d, `return typeof window.go?.main?.Window?.SaveText === "function" && !location.protocol.startsWith("http")`) {
		t.Error("this is no window of Tandem's own")
	}
	cohort := regexp.MustCompile(`/c/(cohort_[^/]+)/visits`).FindStringSubmatch(run[string](d, "return location.href"))[1]

	t.Log("plan again")
	d.press("p")
	d.heading("Visits, draft 2")
	d.until("a visit of the new draft", `document.querySelector("[data-visit]")`)

	t.Log("move a visit by keyboard to a day that breaks a rule, with a reason, and undo it")
	before := placesOf(d, cohort)
	run[bool](d, `document.querySelector("[data-visit]").focus(); return true`)
	d.press("Enter", "m")
	d.until("the lifted visit", `document.querySelector(".pl-grid.moving")`)
	d.press("Right")
	d.until("the rule that it breaks, and its cost", `document.querySelector(".pl-brks li") && /What it costs/.test(document.querySelector(".pl-insp").innerText)`)
	d.picture("moving")
	d.press("Enter")
	d.until("the question why", `document.activeElement.matches(".pl-insp input, .pl-insp textarea")`)
	d.press(strings.Split("The host asked", "")...)
	d.press("Enter")
	d.until("the visit put down", `!document.querySelector(".pl-grid.moving")`)
	if after := placesOf(d, cohort); before == after {
		t.Errorf("nothing moved: %s", after)
	}
	d.until("the way back", `/Moved /.test(document.querySelector(".pl-board").innerText)`)
	d.press("Ctrl+z")
	d.until("word of the undoing", `/Undone/.test(document.body.textContent)`)
	if after := placesOf(d, cohort); before != after {
		t.Errorf("undone, it is\n%s\nand was\n%s", after, before)
	}

	t.Log("move a person by keyboard to a group where it breaks nothing")
	m := movable(d, cohort)
	run[bool](d, `document.querySelector("[data-visit='" + arguments[0] + "']").focus(); return true`, m.visit)
	d.press("Enter")
	d.until("the person in the visit's group", `document.querySelector("[data-person='`+m.person+`']")`)
	run[bool](d, `document.querySelector("[data-person='" + arguments[0] + "']").focus(); return true`, m.person)
	d.press("m")
	d.until("the lifted person", `document.querySelector(".pl-grid.carrying")`)
	for range 4 { // groups of a day, and off the day
		if run[bool](d, `return document.querySelector(".pl-insp h2").textContent.includes(arguments[0])`, m.site) {
			break
		}
		d.press("Right")
	}
	d.press("Enter")
	d.until("the person put down", `!document.querySelector(".pl-grid.carrying")`)
	if group := groupsOf(d, cohort)[m.person+" "+m.on]; group != m.toGroup {
		t.Errorf("the person is in %q, and was moved to %q", group, m.toGroup)
	}
	d.press("Escape")
	d.picture("planner")

	t.Log("release")
	d.press("r")
	d.until("the dialog", `[...document.querySelectorAll("button")].some((b) => b.textContent.startsWith("Release as version") && !b.disabled)`)
	d.picture("releasing")
	d.focus("button", "Release as version")
	d.press("Enter")
	d.until("the release", `[...document.querySelectorAll("[role=dialog] h1, [role=dialog] h2")].some((h) => h.textContent === "Version 2 is in force")`)
	if !run[bool](d, `return document.querySelector("[role=dialog]").contains(document.activeElement)`) {
		t.Error("after the release the focus is no longer in the dialog: a keyboard does not reach it")
	}
	d.focus("[role=dialog] button", "Close")
	d.press("Enter")
	d.until("the dialog closed", `!document.querySelector("[role=dialog]")`)
	d.heading("Visits, version 2")

	t.Log("a host cancels: a way out is chosen, drafted and released by keyboard")
	hit := boardOf(d, cohort).Visits.Nodes[4]
	run[bool](d, `document.querySelector("[data-visit='" + arguments[0] + "']").focus(); return true`, hit.ID)
	d.press("Enter")
	d.until("what can be done about a visit", `/If it cannot be held/.test(document.querySelector(".pl-insp").innerText)`)
	d.press("x")
	d.until("the ways out under the hand", `document.activeElement.matches("[name=way-out]") && document.querySelector(".pl-insp .impacts")`)
	d.press("Down")
	d.until("whom it touches", `document.querySelector(".pl-insp .impacts")`)
	d.picture("repair")
	d.press("Enter")
	d.heading("Visits, draft 3")
	d.press("r")
	d.until("the dialog", `[...document.querySelectorAll("button")].some((b) => b.textContent.startsWith("Release as version") && !b.disabled)`)
	d.focus("button", "Release as version")
	d.press("Enter")
	d.until("the release", `[...document.querySelectorAll("[role=dialog] h1, [role=dialog] h2")].some((h) => h.textContent === "Version 3 is in force")`)
	d.focus("[role=dialog] button", "Close")
	d.press("Enter")
	d.heading("Visits, version 3")
	if strings.Contains(placesOf(d, cohort), hit.Offer.Site.Name) {
		t.Errorf("%s cancelled, and is visited all the same: %s", hit.Offer.Site.Name, placesOf(d, cohort))
	}

	t.Log("export the calendar")
	file := filepath.Join(t.TempDir(), "visits.ics")
	d.until("the calendar's button", `[...document.querySelectorAll("button")].some((b) => b.textContent.includes("Whole cohort"))`)
	d.focus("button", "Whole cohort")
	d.press("Enter")
	save(t, file)
	d.until("word of the saved file", `/Calendar file saved/.test(document.body.textContent)`)
	calendar, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(calendar); !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !strings.Contains(text, "BEGIN:VEVENT\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") {
		t.Errorf("no calendar:\n%.300s", text)
	}
	d.picture("released")
}

// board is the newest plan of a cohort.
type board struct {
	ID      string
	Version int
	Visits  struct {
		Nodes []struct {
			ID, On string
			Offer  struct{ Site struct{ Name string } }
			Group  struct {
				ID, Name string
				Members  []struct{ ID string }
			}
		}
	}
}

func boardOf(d *driven, cohort string) board {
	d.t.Helper()
	data := graph[struct {
		Cohort struct {
			VisitPlans struct{ Nodes []board }
		}
	}](d, `query Board($c: ID!) { cohort(id: $c) { visitPlans(first: 1) { nodes { id version visits(first: 100) { nodes { id on offer { site { name } } group { id name members { id } } } } } } } }`,
		map[string]string{"c": cohort})
	if len(data.Cohort.VisitPlans.Nodes) == 0 {
		d.t.Fatal("the cohort has no plan")
	}
	return data.Cohort.VisitPlans.Nodes[0]
}

// placesOf is where the visits of a cohort's newest plan are, as one text.
func placesOf(d *driven, cohort string) string {
	d.t.Helper()
	places := []string{}
	for _, v := range boardOf(d, cohort).Visits.Nodes {
		places = append(places, v.On+" "+v.Offer.Site.Name+" "+v.Group.Name)
	}
	return strings.Join(places, "; ")
}

// groupsOf is the group of each person on each day: "enrolment day".
func groupsOf(d *driven, cohort string) map[string]string {
	d.t.Helper()
	groups := map[string]string{}
	for _, v := range boardOf(d, cohort).Visits.Nodes {
		for _, m := range v.Group.Members {
			groups[m.ID+" "+v.On] = v.Group.ID
		}
	}
	return groups
}

// move is a person of a visit, and another group of the day where they may be.
type move struct {
	visit, person, on, toGroup, site string
}

// movable finds a move that breaks nothing, by running it dry.
func movable(d *driven, cohort string) move {
	d.t.Helper()
	b := boardOf(d, cohort)
	for _, from := range b.Visits.Nodes {
		for _, to := range b.Visits.Nodes {
			if from.On != to.On || from.Group.ID == to.Group.ID {
				continue
			}
			for _, m := range from.Group.Members {
				data := graph[struct {
					MoveVisitors struct{ UserErrors []struct{ Message string } }
				}](d, `mutation Try($i: MoveVisitorsInput!) { moveVisitors(input: $i) { userErrors { message } } }`, map[string]any{"i": map[string]any{
					"planId": b.ID, "enrolmentIds": []string{m.ID}, "on": from.On, "toGroupId": to.Group.ID, "expectedVersion": b.Version, "dryRun": true, "idempotencyKey": uuid.NewString()}})
				if len(data.MoveVisitors.UserErrors) == 0 {
					return move{from.ID, m.ID, from.On, to.Group.ID, to.Offer.Site.Name}
				}
			}
		}
	}
	d.t.Fatal("nobody in the sample's plan may be in another group: the sample has lost its room to move")
	return move{}
}

// save answers the desktop's save dialog with a file, as a person at the keyboard would.
func save(t *testing.T, file string) {
	t.Helper()
	for _, step := range [][]string{
		{"search", "--sync", "--onlyvisible", "--name", "^Save$", "windowactivate", "--sync"},
		{"key", "ctrl+a"},
		{"type", "--delay", "5", file},
		{"key", "Return"},
	} {
		if out, err := exec.Command("xdotool", step...).CombinedOutput(); err != nil {
			t.Fatalf("xdotool %v: %v: %s", step, err, out)
		}
	}
}
