//go:build desktop

// Command desktop is Tandem's window: the same screens and the same graph as `tandem serve`, in process, so that no port is
// opened. It works on an embedded database, whose owner the person at the window is, or shows a team's server.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"
	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"

	"tandem/desktop/frontend"
	"tandem/internal/domain"
	"tandem/internal/door"
)

type command struct {
	Data   string `placeholder:"DIR" type:"path" xor:"where" help:"Folder of the embedded database. Default: a folder of your own, or $TANDEM_DATA."`
	Sample bool   `help:"Open on the visit planner of TechConnect 2019, a programme of 38 invented people. Without --data it begins anew each time."`
	Today  string `placeholder:"DATE" help:"The day on which the clock starts; with the sample 2019-02-07 is the default."`
	Server string `placeholder:"URL" xor:"where" help:"Show a team's server instead."`
	Token  string `placeholder:"SECRET" env:"TANDEM_TOKEN" help:"The token for --server."`
}

func main() {
	var c command
	kong.Parse(&c, kong.Name("tandem-desktop"), kong.Description("Tandem's window."))
	if err := c.open(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "tandem-desktop:", err)
		os.Exit(1)
	}
}

func (c command) open(ctx context.Context) error {
	if !frontend.Built() {
		return errors.New("the screens were not built into this program: build it with `make desktop`")
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if c.Server != "" {
		remote, err := beyond(c.Server, c.Token, log)
		if err != nil {
			return err
		}
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		return show(remote, newRecorder(filepath.Join(cache, "tandem", "recordings")), func() {}, c.command())
	}
	sample := door.NoSample
	if c.Sample {
		sample = door.Programme
	}
	h, err := door.Open(ctx, door.Where{Data: c.Data, Sample: sample, Today: domain.Date(c.Today), Alone: true, Log: log, Progress: os.Stderr})
	if err != nil {
		return err
	}
	defer h.Close()
	first := ""
	if h.Cohort != "" {
		first = "/c/" + h.Cohort + "/visits"
	}
	server := h.Server(true)
	return show(opening(server, first), newRecorder(filepath.Join(h.Folder, "recordings")), server.Drain, c.command())
}

// command is how the same thing is seen in a browser.
func (c command) command() string {
	switch {
	case c.Server != "":
		return "Open " + c.Server + " in a browser instead."
	case c.Sample:
		return "Use `tandem serve --sample` and a browser instead."
	}
	return "Use `tandem serve` and a browser instead."
}

// show opens the window and returns when it is closed.
func show(screens http.Handler, recorder *Recorder, drain func(), instead string) (err error) {
	if os.Getenv("WEBKIT_DISABLE_DMABUF_RENDERER") == "" { // else some graphics drivers leave the window blank
		os.Setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
	}
	defer func() {
		if r := recover(); r != nil { // GTK without a display panics
			err = fmt.Errorf("%v", r)
		}
		if err != nil {
			err = fmt.Errorf("the window cannot start: %w.\n%s", err, instead)
		}
	}()
	w := &Window{}
	return wails.Run(&options.App{
		Title: "Tandem", Width: 1280, Height: 800, MinWidth: 1080, MinHeight: 680,
		BackgroundColour:         options.NewRGB(0xf2, 0xf3, 0xf0),
		AssetServer:              &assetserver.Options{Handler: screens},
		Bind:                     []any{w, recorder},
		OnStartup:                func(ctx context.Context) { w.ctx = ctx; recorder.start(ctx) },
		OnShutdown:               func(context.Context) { recorder.close(); drain() },
		EnableDefaultContextMenu: true,
		LogLevelProduction:       logger.ERROR,
		Linux:                    &linux.Options{WebviewGpuPolicy: linux.WebviewGpuPolicyOnDemand, ProgramName: "tandem"},
	})
}

// beyond passes what the screens ask on to a team's server and adds the token here, where no script can read it.
func beyond(server, token string, log *slog.Logger) (http.Handler, error) {
	to, err := url.Parse(server)
	if err != nil || to.Host == "" || to.Scheme != "https" && to.Scheme != "http" {
		return nil, fmt.Errorf("--server %s is no address: write it as https://tandem.example.org", server)
	}
	if to.Scheme == "http" && token != "" && !loopback(to.Hostname()) {
		return nil, fmt.Errorf("--server %s would carry the token in the open: use https", server)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = to.Host
			r.Out.Header.Del("Origin") // the window's own scheme, which means nothing over there
			if token != "" {
				r.Out.Header.Set("Authorization", "Bearer "+token)
			}
		},
		FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			log.Error("the server does not answer", "error", err)
			http.Error(w, "The server does not answer.", http.StatusBadGateway)
		},
	}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
