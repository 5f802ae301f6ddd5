// Package door opens Tandem for whoever comes in, by the command or by the window: the folder and its lock, the database,
// the app with its clock, a sample programme, and the handler that answers.
package door

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	_ "time/tzdata" // a bare machine may have no time zones

	"tandem/desktop/frontend"
	"tandem/graph"
	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/web"
	"tandem/sample"
)

// Sample names what to open on.
type Sample int

const (
	NoSample    Sample = iota
	Programme          // TechConnect 2019: 38 people
	ManyCohorts        // ten cohorts, 2,000 people
	Played             // TechConnect 2019 after its twelve weeks
)

// SampleToday is the day on which the sample programme begins.
const SampleToday = domain.Date("2019-02-07")

// Where says what to open.
type Where struct {
	Data     string      // the folder of the embedded database; empty: DataFolder, or for a sample a fresh one
	Database string      // the address of a PostgreSQL database instead of a folder
	Sample   Sample      // a sample to load where the database has none yet
	Today    domain.Date // the day on which the clock starts, at the time of day it is; empty: today, or SampleToday
	Alone    bool        // take the folder's lock: whoever works in the background (serve, the window)
	Log      *slog.Logger
	Progress io.Writer // where long steps say what they do
}

// House is Tandem, opened.
type House struct {
	App     *app.App
	Clock   func() time.Time
	Cohort  string         // the sample's first cohort; empty without a sample
	Folder  string         // the folder of the embedded database; empty with PostgreSQL
	sampled *domain.Cohort // of the sample's programme, whose team rehearses
	store   *storage.Store
	log     *slog.Logger
	ends    []func() error
}

// Server is the screens and the graph over HTTP. In a window, which opens no port, everybody is the owner.
func (h *House) Server(window bool) *web.Server {
	return web.New(web.Config{App: h.App, Schema: generated.NewExecutableSchema(generated.Config{Resolvers: graph.New(h.App)}),
		Screens: frontend.Screens(), LocalOwner: window, Clock: h.Clock, Log: h.log})
}

// Store is the database of the house, for a backup.
func (h *House) Store() *storage.Store { return h.store }

// Close stops what works in the background, lets the database go, and then its lock.
func (h *House) Close() error {
	if h.App != nil {
		h.App.Close()
	}
	var errs []error
	for i := len(h.ends) - 1; i >= 0; i-- {
		errs = append(errs, h.ends[i]())
	}
	h.ends = nil
	return errors.Join(errs...)
}

// Open opens the house. ErrInUse where another process works in the folder. The sound of a sample's rehearsals, which takes a while to make, may come
// after it.
func Open(ctx context.Context, where Where) (*House, error) {
	h, err := open(ctx, where)
	if err == nil && where.Alone && h.sampled != nil {
		h.ends = append(h.ends, h.keepSpeaking())
	}
	return h, err
}

func open(ctx context.Context, where Where) (_ *House, err error) {
	if where.Log == nil {
		where.Log = slog.New(slog.DiscardHandler)
	}
	if where.Progress == nil {
		where.Progress = io.Discard
	}
	if _, err := time.Parse(time.DateOnly, string(where.Today)); where.Today != "" && err != nil {
		return nil, fmt.Errorf("%s is no date: write it as 2019-02-07", string(where.Today))
	}
	if where.Today == "" && where.Sample == Played {
		where.Today = sample.Ended
	}
	if where.Today == "" && where.Sample != NoSample {
		where.Today = SampleToday
	}
	if where.Sample != NoSample && where.Data == "" && where.Database == "" {
		return openFresh(ctx, where)
	}
	address := where.Database
	if address == "" {
		if address = where.Data; address == "" {
			if address, err = DataFolder(); err != nil {
				return nil, err
			}
		}
	}
	opened := &House{log: where.Log}
	if where.Database == "" {
		opened.Folder = address
	}
	defer func() {
		if err != nil {
			opened.Close()
		}
	}()
	if where.Database == "" && where.Alone {
		release, err := lock(address)
		if err != nil {
			return nil, err
		}
		opened.ends = append(opened.ends, release)
	}
	if opened.store, err = storage.Open(ctx, address); err != nil {
		return nil, err
	}
	opened.ends = append(opened.ends, opened.store.Close)
	opened.Clock = clock(where.Today, time.Now)
	opened.App = app.New(opened.store, opened.Clock, where.Log)
	if where.Alone {
		if err = opened.App.Recover(app.As(ctx, domain.LocalOwner())); err != nil {
			return nil, err
		}
		if err = opened.App.ForgetExpired(app.As(ctx, domain.LocalOwner())); err != nil {
			return nil, err
		}
		opened.ends = append(opened.ends, opened.keepForgetting())
	}
	if where.Sample != NoSample {
		if opened.Cohort, err = opened.load(ctx, where); err != nil {
			return nil, fmt.Errorf("load the sample: %w", err)
		}
	}
	return opened, nil
}

// forgetEvery is how often what may not be kept any longer is looked for: a document outlives its last day by less.
const forgetEvery = time.Hour

// keepForgetting deletes expired identity documents again and again, until it is ended.
func (h *House) keepForgetting() (end func() error) {
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		due := time.NewTicker(forgetEvery)
		defer due.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-due.C:
			}
			if err := h.App.ForgetExpired(app.As(ctx, domain.LocalOwner())); err != nil && ctx.Err() == nil {
				h.log.Error("expired identity documents could not be deleted; it is tried again within the hour", "error", err)
			}
		}
	}()
	return func() error {
		stop()
		<-stopped
		return nil
	}
}

// DataFolder is where a person's own programmes are kept: $TANDEM_DATA, else a folder of the operating system's choice.
func DataFolder() (string, error) {
	if d := os.Getenv("TANDEM_DATA"); d != "" {
		return d, nil
	}
	if runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		if d := os.Getenv("XDG_DATA_HOME"); d != "" {
			return filepath.Join(d, "tandem"), nil
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("%w: name a folder with --data", err)
		}
		return filepath.Join(home, ".local", "share", "tandem"), nil
	}
	d, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("%w: name a folder with --data", err)
	}
	return filepath.Join(d, "Tandem"), nil
}

// clock starts at a day, at the time of day it is in London, and goes on from there; without a day it is the machine's.
func clock(day domain.Date, machine func() time.Time) func() time.Time {
	if day == "" {
		return machine
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		london = time.UTC
	}
	start := machine()
	at := start.In(london)
	first, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return machine
	}
	first = time.Date(first.Year(), first.Month(), first.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), london)
	return func() time.Time { return first.Add(machine().Sub(start)) }
}

// ErrInUse says that another process has the folder.
var ErrInUse = errors.New("another Tandem works with this folder already")

// lock takes a folder for this process until it ends, however it ends.
func lock(folder string) (release func() error, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(folder, "lock")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := take(f); err != nil {
		who, _ := io.ReadAll(io.LimitReader(f, 100))
		f.Close()
		if pid := strings.TrimSpace(string(who)); pid != "" {
			return nil, fmt.Errorf("%s: %w (process %s); close it, or name another folder with --data", folder, ErrInUse, pid)
		}
		return nil, fmt.Errorf("%s: %w; close it, or name another folder with --data", folder, ErrInUse)
	}
	if err := f.Truncate(0); err == nil {
		fmt.Fprintln(f, os.Getpid())
	}
	return f.Close, nil
}
