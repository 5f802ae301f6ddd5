// Command tandem runs public and private innovation programmes: it serves the GraphQL API with its screens, plans visits,
// and brings tables in and out.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/door"
)

// commands is what one can ask of the program, each with an example in its help.
type commands struct {
	Serve   serve       `cmd:"" help:"Serve the screens and the GraphQL API."`
	Import  imports     `cmd:"" help:"Load a table of people, challenges, offers or programmes."`
	Export  export      `cmd:"" help:"Write a table that import reads."`
	Plan    plan        `cmd:"" help:"Plan visits from a file, or check a plan."`
	Speech  hear        `cmd:"" help:"Hear a recording of a pitch: pauses, pace, pitch, loudness, and its script."`
	Verify  verifyBrief `cmd:"" name:"verify-brief" help:"Re-run the receipt of every figure of sponsors' briefs."`
	Backup  backup      `cmd:"" help:"Write a consistent copy of the database."`
	Token   tokens      `cmd:"" help:"Make, list and end tokens for programs and people."`
	Version version     `cmd:"" help:"Say which version this is."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parser := kong.Must(&c, kong.Name("tandem"), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.Description("Runs public and private innovation programmes: balanced cohorts, site visits that suit everyone, real challenges."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	chosen, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := chosen.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tandem:", sentence(err))
		os.Exit(1)
	}
}

// sentence is an error for people: a refusal says each problem and the way out.
func sentence(err error) string {
	var refusal domain.Refusal
	if !errors.As(err, &refusal) {
		return err.Error()
	}
	text := ""
	for i, e := range refusal {
		if i > 0 {
			text += "\n        "
		}
		text += e.Message
		if e.Fix != nil {
			text += " " + *e.Fix
		}
	}
	return text
}

// database is the flags that say which database is meant.
type database struct {
	Data     string `placeholder:"DIR" type:"path" help:"Folder of the embedded database. Default: a folder of your own, or $TANDEM_DATA."`
	Database string `placeholder:"URL" env:"TANDEM_DATABASE" help:"A PostgreSQL database instead (postgres://…)."`
	Today    string `placeholder:"DATE" help:"The day on which the clock starts, such as 2019-02-07; with a sample that is the default."`
}

// open opens the house for one command, beside a server that may be running, and acts as the owner of this computer.
func (d database) open(ctx context.Context) (context.Context, *door.House, error) {
	h, err := door.Open(ctx, door.Where{Data: d.Data, Database: d.Database, Today: domain.Date(d.Today), Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	return app.As(ctx, domain.LocalOwner()), h, err
}

type version struct{}

func (version) Help() string { return "Example: tandem version" }

func (version) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this program does not know how it was built")
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	fmt.Printf("tandem %s%s%s (%s)\n", info.Main.Version, commit, changed, info.GoVersion)
	return nil
}

type backup struct {
	database
	File string `arg:"" type:"path" help:"The new file; it must not exist."`
}

func (backup) Help() string {
	return "Others go on reading and writing meanwhile. To restore, put the file into an empty folder as tandem.db. PostgreSQL is backed up with pg_dump.\n\nExample: tandem backup ~/tandem-2019-02-07.db"
}

func (b backup) Run(ctx context.Context) error {
	ctx, h, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Store().Backup(ctx, b.File); err != nil {
		return err
	}
	fmt.Println("Copied to", b.File)
	return nil
}
