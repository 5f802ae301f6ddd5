//go:build desktop

package main

import (
	"fmt"
	"net/http"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"

	"tandem/desktop/frontend"
)

func main() {
	h := opening(http.FileServerFS(frontend.Screens()), "/c/x/visits")
	err := wails.Run(&options.App{Title: "Tandem", Width: 1280, Height: 800, AssetServer: &assetserver.Options{Handler: h}, Bind: []any{&Window{}},
		Linux: &linux.Options{WebviewGpuPolicy: linux.WebviewGpuPolicyOnDemand}})
	fmt.Println(err)
}
