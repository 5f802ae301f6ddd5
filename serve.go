package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"tandem/desktop/frontend"
	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/door"
)

// serve serves the screens and the API.
type serve struct {
	database
	Listen      string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen; port 0 takes any that is free."`
	Sample      bool   `xor:"sample" help:"Open on TechConnect 2019, a programme of 38 invented people. Without --data it begins anew each time."`
	SampleEnded bool   `xor:"sample" help:"The same after its twelve weeks, with three briefs to its sponsor."`
	SampleScale bool   `xor:"sample" help:"The same with ten cohorts and 2,000 people."`
	TokenFile   string `placeholder:"FILE" type:"path" help:"Write a coordinator's token there, for this user's eyes only."`
}

func (serve) Help() string {
	return `Whoever asks needs a token (tandem token create). Only this computer can connect unless --listen names another address; then put TLS in front.

Examples:
  tandem serve --sample
  tandem serve --data ~/programmes --listen 127.0.0.1:9000
  tandem serve --database postgres://tandem@db/tandem`
}

func (s serve) Run(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	listener, err := listen(ctx, s.Listen) // before the long part, so that a port that is taken is said at once
	if err != nil {
		return err
	}
	defer listener.Close()
	h, err := door.Open(ctx, door.Where{Data: s.Data, Database: s.Database, Sample: s.sample(), Today: domain.Date(s.Today), Alone: true, Log: log, Progress: os.Stderr})
	if err != nil {
		return err
	}
	defer h.Close()
	secret := ""
	if s.TokenFile != "" || h.Cohort != "" {
		made, err := makeToken(app.As(ctx, domain.LocalOwner()), h.App, app.CreateApiTokenInput{Label: "made by tandem serve", Role: domain.Coordinator, ExpiresAt: time.Now().AddDate(0, 0, 30)})
		if err != nil {
			return err
		}
		secret = *made.Secret
	}
	if s.TokenFile != "" {
		if err := writeSecret(s.TokenFile, secret); err != nil {
			return err
		}
	}
	address := "http://" + listener.Addr().String()
	if !frontend.Built() {
		fmt.Println("The screens were not built into this program (`make run` builds them); /graphql answers all the same.")
	}
	if h.Cohort != "" {
		fmt.Printf("Tandem is at %s/#token=%s\n", address, secret)
	} else {
		fmt.Printf("Tandem is at %s\n", address)
	}
	return h.Server(false).Serve(ctx, listener)
}

func (s serve) sample() door.Sample {
	switch {
	case s.Sample:
		return door.Programme
	case s.SampleEnded:
		return door.Played
	case s.SampleScale:
		return door.ManyCohorts
	}
	return door.NoSample
}

// listen takes the address, or says plainly who is in the way.
func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: choose another port with --listen, or 127.0.0.1:0 for any that is free", address)
	}
	return l, err
}

// writeSecret writes a file that only this user reads, whole or not at all.
func writeSecret(file, secret string) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".token-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString(secret + "\n"); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
