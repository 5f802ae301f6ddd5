// Command tally reads `go test -json` from its input, shows what the runner says of each package and of what failed, and
// writes "passed failed skipped" to the file that it is given. A package that does not build, and a test that never ended,
// count as failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
)

type event struct {
	Action, Package, ImportPath, Test, Output string
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go test -json ./... | tally COUNTS")
		os.Exit(2)
	}
	type key struct{ pkg, test string }
	open := map[key]bool{} // begun and not ended
	said := map[key][]string{}
	skips := map[string]int{}
	var passed, failed, skipped int
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<16), 1<<26)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil || e.Action == "" {
			fmt.Println(in.Text()) // the runner itself speaks
			continue
		}
		k := key{e.Package, e.Test}
		switch e.Action {
		case "build-output":
			fmt.Print(e.Output)
		case "run":
			open[k] = true
		case "output":
			if e.Test == "" {
				if closing(e.Output) {
					fmt.Print(e.Output)
				} else {
					said[k] = append(said[k], e.Output)
				}
			} else if !strings.HasPrefix(e.Output, "=== ") {
				said[k] = append(said[k], e.Output)
			}
		case "pass", "fail", "skip":
			delete(open, k)
			if e.Test == "" {
				if e.Action == "fail" {
					fmt.Print(strings.Join(said[k], ""))
					whole := false // does a test of it say why?
					for other := range said {
						whole = whole || other.pkg == e.Package && other.test != ""
					}
					if !whole {
						failed++
					}
				}
				for other := range open { // what was running when the package ended
					if other.pkg == e.Package {
						failed++
						fmt.Printf("--- never ended: %s %s\n", other.pkg, other.test)
						delete(open, other)
					}
				}
				continue
			}
			switch e.Action {
			case "pass":
				passed++
				delete(said, k)
			case "fail":
				failed++
				fmt.Printf("--- %s\n%s", e.Package, strings.Join(said[k], ""))
			case "skip":
				skipped++
				for _, line := range said[k] {
					if _, why, ok := strings.Cut(line, ".go:"); ok {
						if _, why, ok = strings.Cut(why, ": "); ok {
							skips[strings.TrimSpace(why)]++
						}
					}
				}
				delete(said, k)
			}
		}
	}
	for k := range open {
		failed++
		fmt.Printf("--- never ended: %s %s\n", k.pkg, k.test)
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		failed++
	}
	whys := make([]string, 0, len(skips))
	for why := range skips {
		whys = append(whys, why)
	}
	sort.Strings(whys)
	for _, why := range whys {
		fmt.Printf("skipped %d: %s\n", skips[why], why)
	}
	if err := os.WriteFile(os.Args[1], fmt.Appendf(nil, "%d %d %d\n", passed, failed, skipped), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// closing reports whether a line is the runner's last word on a package.
func closing(line string) bool {
	for _, word := range []string{"ok  \t", "FAIL\t", "FAIL ", "panic: ", "?   \t", "---"} {
		if strings.HasPrefix(line, word) && word != "?   \t" {
			return true
		}
	}
	return false
}
