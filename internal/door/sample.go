package door

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/sample"
)

// planFor is the most seconds that the first plan of a sample takes.
const planFor = 20

// openFresh opens a sample in a folder of its own, which is gone when the house closes: each start begins at the beginning.
// What loading made is kept in the user's cache for this very program, so that the next start takes a moment.
func openFresh(ctx context.Context, where Where) (*House, error) {
	kept, err := keptSample(ctx, where)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "tandem-sample-")
	if err != nil {
		return nil, err
	}
	h, err := func() (*House, error) {
		if kept != "" {
			if err := copyFile(kept, filepath.Join(folder, "tandem.db")); err != nil {
				return nil, err
			}
		}
		where.Data = folder
		return open(ctx, where)
	}()
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	h.ends = append([]func() error{func() error { return os.RemoveAll(folder) }}, h.ends...)
	return h, nil
}

// keptSample is the database of a loaded sample, made now if it was not; empty where this machine keeps nothing.
func keptSample(ctx context.Context, where Where) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil
	}
	cache = filepath.Join(cache, "tandem")
	build, err := thisProgram()
	if err != nil || os.MkdirAll(cache, 0o700) != nil {
		return "", nil
	}
	kind := map[Sample]string{Programme: "sample", ManyCohorts: "sample-scale", Played: "sample-played"}[where.Sample]
	name := filepath.Join(cache, fmt.Sprintf("%s-%s-%s.db", kind, string(where.Today), build))
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	folder, err := os.MkdirTemp(cache, "loading-")
	if err != nil {
		return "", nil
	}
	defer os.RemoveAll(folder)
	where.Data = filepath.Join(folder, "house")
	h, err := open(ctx, where)
	if err != nil {
		return "", err
	}
	if h.sampled != nil {
		fmt.Fprintln(where.Progress, "Speaking its rehearsals…")
		if err := h.speak(ctx, h.at(sample.Now())); err != nil {
			h.Close()
			return "", err
		}
	}
	made := filepath.Join(folder, "made.db")
	if err := h.store.Backup(ctx, made); err != nil {
		h.Close()
		return "", err
	}
	if err := h.Close(); err != nil {
		return "", err
	}
	if older, err := filepath.Glob(filepath.Join(cache, kind+"-"+string(where.Today)+"-*.db")); err == nil {
		for _, old := range older {
			os.Remove(old)
		}
	}
	return name, os.Rename(made, name) // whole or not at all, whoever else does the same
}

// thisProgram is a hash of the running program: another build loads the sample anew.
func thisProgram() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// load brings a sample in through the product's own import, and plans its visits once; what is there already stays. It gives
// the first cohort.
func (h *House) load(ctx context.Context, where Where) (cohort string, err error) {
	a := h.App
	if where.Sample == Played {
		a = h.at(sample.Now())
	}
	ctx = app.As(ctx, domain.LocalOwner())
	begin := time.Now()
	say := func(format string, args ...any) { fmt.Fprintf(where.Progress, format+"\n", args...) }
	key := sample.ProgrammeKey
	bring := sample.Load
	if where.Sample == ManyCohorts {
		key, bring = sample.ScaleKey, sample.LoadScale
	}
	if _, err := a.ProgrammeKeyed(ctx, key); errors.Is(err, domain.ErrNotFound) {
		say("Loading the sample through the import…")
	}
	if err := bring(ctx, a); err != nil {
		return "", err
	}
	ctx = app.As(ctx, domain.LocalOwner()) // a fresh view: what was just loaded is seen
	programme, err := a.ProgrammeKeyed(ctx, key)
	if err != nil {
		return "", err
	}
	cohorts, err := a.Cohorts(ctx, programme, domain.Page{})
	if err != nil {
		return "", err
	}
	if len(cohorts.Nodes) == 0 {
		return "", fmt.Errorf("the programme %s has no cohort", programme.Name)
	}
	ids := []string{}
	for _, c := range cohorts.Nodes {
		plans, err := a.VisitPlans(ctx, c, nil, domain.Page{})
		if err != nil {
			return "", err
		}
		if plans == nil || len(plans.Nodes) == 0 {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == len(cohorts.Nodes) {
		say("Planning its visits (%.1f s so far)…", time.Since(begin).Seconds())
		if err := planOnce(ctx, a, ids); err != nil {
			return "", err
		}
		say("Ready after %.1f s; the next start is faster.", time.Since(begin).Seconds())
	}
	first := cohorts.Nodes[0]
	if where.Sample == ManyCohorts {
		return first.ID, nil
	}
	told, err := a.Briefs(ctx, first, domain.Page{})
	if err != nil {
		return "", err
	}
	if len(told.Nodes) == 0 {
		if err := sample.Tell(ctx, h.at(sample.Now()), first); err != nil {
			return "", err
		}
	}
	if err := sample.Rehearse(ctx, h.at(sample.Now()), first); err != nil {
		return "", err
	}
	h.sampled = first
	if where.Sample == Played && len(told.Nodes) <= 1 {
		say("Playing its twelve weeks (%.1f s so far)…", time.Since(begin).Seconds())
		if err := sample.Play(ctx, h.at, first); err != nil {
			return "", err
		}
	}
	return first.ID, nil
}

// speak gives the sample's rehearsals their sound, where there is something to speak with.
func (h *House) speak(ctx context.Context, a *app.App) error {
	err := sample.Record(app.As(ctx, domain.LocalOwner()), a, h.sampled)
	if errors.Is(err, sample.ErrNoVoice) {
		h.log.Info(err.Error())
		return nil
	}
	return err
}

// keepSpeaking does so in the background, until it is done or ended.
func (h *House) keepSpeaking() (end func() error) {
	ctx, stop := context.WithCancel(context.Background())
	a, done := h.at(sample.Now()), make(chan struct{})
	go func() {
		defer close(done)
		if err := h.speak(ctx, a); err != nil && ctx.Err() == nil {
			h.log.Error("the sample's rehearsals have no sound", "error", err)
		}
	}()
	return func() error {
		stop()
		<-done
		return nil
	}
}

// at is the app on the same database at a moment that stands still; it ends with the house.
func (h *House) at(moment time.Time) *app.App {
	a := app.New(h.store, func() time.Time { return moment }, h.log)
	h.ends = append(h.ends, func() error { a.Close(); return nil })
	return a
}

// planOnce plans with a fixed seed, so that the sample opens on the same plan everywhere.
func planOnce(ctx context.Context, a *app.App, cohorts []string) error {
	seed := 1
	reply, err := a.PlanVisits(ctx, app.PlanVisitsInput{CohortIds: cohorts, Seed: &seed, SecondsMax: planFor, Command: domain.Command{IdempotencyKey: "the sample's first plan"}})
	if err != nil {
		return err
	}
	if len(reply.UserErrors) > 0 {
		return domain.Refusal(reply.UserErrors)
	}
	steps, err := a.JobProgressed(ctx, reply.Object.ID)
	if err != nil {
		return err
	}
	var last any
	for last = range steps {
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if job, ok := last.(*domain.VisitPlanning); ok && job.State == domain.JobFailed {
		return fmt.Errorf("planning: %s", *job.Failure)
	}
	return nil
}
