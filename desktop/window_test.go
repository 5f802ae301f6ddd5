//go:build window

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheWindow is the main job in the real window: it opens on the planner of the sample, plans, moves a visit by keyboard,
// releases, and exports the calendar through the desktop's own dialog.
func TestTheWindow(t *testing.T) {
	d := drive(t, "--sample", "--data", t.TempDir())

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

	t.Log("move a visit by keyboard to another day that breaks nothing")
	movable := movableVisit(d, cohort)
	before := placesOf(d, cohort)
	run[bool](d, `document.querySelector("[data-visit='" + arguments[0] + "']").focus(); return true`, movable)
	d.press("Enter", "m")
	d.until("the nearest day that breaks nothing", `[...document.querySelectorAll(".pl-insp button")].some((b) => b.textContent.startsWith("Use "))`)
	d.press("w")
	d.until("its verdict and its cost", `/Breaks nothing/.test(document.querySelector(".pl-insp").innerText) && /What it costs/.test(document.querySelector(".pl-insp").innerText)`)
	d.picture("moving")
	d.press("Enter")
	d.until("the visit put down", `!document.querySelector(".pl-grid.moving")`)
	if after := placesOf(d, cohort); before == after {
		t.Errorf("nothing moved: %s", after)
	}
	d.press("Escape")
	d.picture("planner")

	t.Log("release")
	d.press("r")
	d.until("the dialog", `[...document.querySelectorAll("button")].some((b) => b.textContent.startsWith("Release as version") && !b.disabled)`)
	d.picture("releasing")
	d.focus("button", "Release as version")
	d.press("Enter")
	d.until("the release", `/is in force/.test(document.querySelector("[role=dialog]")?.innerText ?? "")`)
	d.press("Escape") // the dialog
	d.heading("Visits, version 2")
	d.press("Escape") // back to the whole plan

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

// movableVisit is a visit of the newest plan that may be on another day as well.
func movableVisit(d *driven, cohort string) string {
	d.t.Helper()
	type slot struct {
		On     string
		Broken []struct{ Rule string }
	}
	data := graph[struct {
		Cohort struct {
			VisitPlans struct {
				Nodes []struct {
					Visits struct {
						Nodes []struct {
							ID      string
							On      string
							Explain struct{ Alternatives []slot }
						}
					}
				}
			}
		}
	}](d, `query Movable($c: ID!) { cohort(id: $c) { visitPlans(first: 1) { nodes { visits(first: 100) { nodes { id on explain { alternatives { on broken { rule } } } } } } } } }`,
		map[string]string{"c": cohort})
	for _, p := range data.Cohort.VisitPlans.Nodes {
		for _, v := range p.Visits.Nodes {
			for _, a := range v.Explain.Alternatives {
				if a.On != v.On && len(a.Broken) == 0 {
					return v.ID
				}
			}
		}
	}
	d.t.Fatal("no visit of the sample's plan may be on another day: the sample has lost its room to move")
	return ""
}

// placesOf is where the visits of a cohort's newest plan are, as one text.
func placesOf(d *driven, cohort string) string {
	type visit struct {
		On    string
		Offer struct{ Site struct{ Name string } }
		Group struct{ Name string }
	}
	data := graph[struct {
		Cohort struct {
			VisitPlans struct {
				Nodes []struct {
					Number int
					Visits struct{ Nodes []visit }
				}
			}
		}
	}](d, `query Places($c: ID!) { cohort(id: $c) { visitPlans(first: 1) { nodes { number visits(first: 100) { nodes { on offer { site { name } } group { name } } } } } } }`,
		map[string]string{"c": cohort})
	places := []string{}
	for _, p := range data.Cohort.VisitPlans.Nodes {
		for _, v := range p.Visits.Nodes {
			places = append(places, v.On+" "+v.Offer.Site.Name+" "+v.Group.Name)
		}
	}
	return strings.Join(places, "; ")
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

// TestABlankWindowIsNoticed is the control of painted: an empty display has next to no colours.
func TestABlankWindowIsNoticed(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: run scripts/window")
	}
	d := &driven{t: t}
	if colours := painted(d.picture("blank")); colours >= 20 {
		t.Errorf("an empty display has %d colours", colours)
	}
}
