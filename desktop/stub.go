//go:build !desktop

// Command desktop is Tandem's window. Built without the desktop's tags, which need GTK and WebKit, it says how to build it.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "tandem-desktop was built without a window. Build it with `make desktop`, or use `tandem serve` and a browser.")
	os.Exit(1)
}
