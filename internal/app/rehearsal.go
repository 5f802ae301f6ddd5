package app

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/domain"
	"tandem/internal/pitch"
	"tandem/internal/storage"
)

func init() {
	primers[reflect.TypeFor[*domain.RunLog]()] = func(v *view, log any) {
		logsOfRuns(v).put(log.(*domain.RunLog).RehearsalID, log.(*domain.RunLog).Events)
	}
}

// Rehearsal is one run, for its team.
func (a *App) Rehearsal(ctx context.Context, id string) (*domain.Rehearsal, error) {
	r, err := nouns[domain.Rehearsal](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, missing(ctx, "rehearsal")
	}
	if err := a.rehearses(ctx, "rehearsal", r.Place()); err != nil {
		return nil, err
	}
	return r, nil
}

// PitchRehearsed is the pitch of a run.
func (a *App) PitchRehearsed(ctx context.Context, r *domain.Rehearsal) (*domain.Pitch, error) {
	return ref[domain.Pitch](ctx, a, r.PitchID)
}

func rehearsalsOfPitches(v *view) *batch[[]*domain.Rehearsal] {
	return list(v, "rehearsals of pitches", func(ctx context.Context, pitches []string) (map[string][]*domain.Rehearsal, error) {
		found, err := v.store.Rehearsals(ctx, pitches)
		found = withWritten(v, found)
		slices.SortFunc(found, func(x, y *domain.Rehearsal) int { return y.Number - x.Number })
		return byKey(pitches, found, func(r *domain.Rehearsal) string { return r.PitchID }), err
	})
}

func (a *App) rehearsalsOf(ctx context.Context, p *domain.Pitch) ([]*domain.Rehearsal, error) {
	return rehearsalsOfPitches(a.view(ctx)).get(ctx, p.ID)
}

// Rehearsals is a page of a pitch's runs, newest first.
func (a *App) Rehearsals(ctx context.Context, p *domain.Pitch, pg domain.Page) (*domain.Paged[domain.Rehearsal], error) {
	found, err := a.rehearsalsOf(ctx, p)
	if err != nil {
		return nil, err
	}
	return domain.Slice("rehearsals", found, func(r *domain.Rehearsal) string { return r.ID }, pg)
}

func logsOfRuns(v *view) *batch[[]*domain.RunEvent] {
	return list(v, "events of runs", func(ctx context.Context, runs []string) (map[string][]*domain.RunEvent, error) {
		found, err := v.store.RunEvents(ctx, runs)
		return byKey(runs, found, func(e *domain.RunEvent) string { return e.RehearsalID }), err
	})
}

// RunEvents is what happened in a run after a sequence number, in order.
func (a *App) RunEvents(ctx context.Context, r *domain.Rehearsal, after int) ([]*domain.RunEvent, error) {
	all, err := logsOfRuns(a.view(ctx)).get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return all[min(max(0, after), len(all)):], nil
}

// EventSection is the section that an event begins, as it stood in its run; nil for other events.
func (a *App) EventSection(ctx context.Context, e *domain.RunEvent) (*domain.Section, error) {
	if e.SectionID == nil {
		return nil, nil
	}
	r, err := ref[domain.Rehearsal](ctx, a, e.RehearsalID)
	if err != nil {
		return nil, err
	}
	return r.Section(*e.SectionID), nil
}

// happened is events as the engine takes them.
func happened(events []*domain.RunEvent) []pitch.Event {
	out := make([]pitch.Event, len(events))
	for i, e := range events {
		out[i] = pitch.Event{Sequence: e.Sequence, Kind: pitch.Kind(e.Kind), At: e.AtMilliseconds, Section: deref(e.SectionID)}
		set(&out[i].Slide, e.Slide)
	}
	return out
}

// run is a run as the engine takes it.
func (a *App) run(ctx context.Context, r *domain.Rehearsal) (pitch.Run, error) {
	events, err := a.RunEvents(ctx, r, 0)
	if err != nil {
		return pitch.Run{}, err
	}
	out := pitch.Run{ID: r.ID, Timeline: pitch.Replay(partsOf(r.Plan, nil), happened(events))}
	h, err := a.heard(ctx, r)
	if err != nil || h == nil {
		return out, err
	}
	recording, err := a.Recording(ctx, r)
	if err != nil || recording == nil {
		return out, err
	}
	from := recording.OffsetMilliseconds
	out.Timeline.HandOvers = pitch.Gaps(out.Timeline.HandOvers, stretches(h.Speech), pitch.Span{From: from, To: from + recording.Milliseconds})
	if h.Alignment != nil && h.Alignment.Refused == nil {
		for _, s := range h.Alignment.Sentences {
			out.Said = append(out.Said, pitch.Said{Section: s.SectionID, Sentence: pitch.Sentence{Text: s.Text, Words: s.Words}, At: s.StartMilliseconds})
		}
	}
	return out, nil
}

// stretches is spans as the engine takes them.
func stretches(spans []*domain.Span) []pitch.Span {
	out := make([]pitch.Span, len(spans))
	for i, s := range spans {
		out[i] = pitch.Span{From: s.FromMilliseconds, To: s.ToMilliseconds}
	}
	return out
}

// SectionTimes is how long each section of a run took, in order.
func (a *App) SectionTimes(ctx context.Context, r *domain.Rehearsal) ([]*domain.SectionTime, error) {
	run, err := a.run(ctx, r)
	if err != nil {
		return nil, err
	}
	out := make([]*domain.SectionTime, len(run.Timeline.Sections))
	for i, s := range run.Timeline.Sections {
		out[i] = &domain.SectionTime{Section: r.Section(s.Section.ID), FromMilliseconds: s.From, Milliseconds: s.Milliseconds, TargetMilliseconds: s.Section.TargetMilliseconds}
	}
	return out, nil
}

// Handovers is how each speaker of a run passed to the next, in order.
func (a *App) Handovers(ctx context.Context, r *domain.Rehearsal) ([]*domain.Handover, error) {
	run, err := a.run(ctx, r)
	if err != nil {
		return nil, err
	}
	out := make([]*domain.Handover, len(run.Timeline.HandOvers))
	for i, h := range run.Timeline.HandOvers {
		out[i] = &domain.Handover{FromID: h.From, ToID: h.To, AtMilliseconds: h.At}
		if h.Gap != nil {
			gap := h.Gap.Milliseconds()
			out[i].GapMilliseconds = &gap
		}
	}
	return out, nil
}

// DiffRehearsals sets a run beside another of its pitch, which counts as before.
func (a *App) DiffRehearsals(ctx context.Context, after *domain.Rehearsal, id string) (*domain.RehearsalDiff, error) {
	before, err := a.Rehearsal(ctx, id)
	if err != nil {
		return nil, err
	}
	if before.PitchID != after.PitchID {
		return nil, domain.NotFound("rehearsal of this pitch")
	}
	x, err := a.run(ctx, before)
	if err != nil {
		return nil, err
	}
	y, err := a.run(ctx, after)
	if err != nil {
		return nil, err
	}
	out := &domain.RehearsalDiff{Before: before, After: after, Sections: []*domain.SectionDiff{}}
	for _, d := range pitch.Diff(x, y) {
		s := after.Section(d.Section.ID)
		if s == nil {
			s = before.Section(d.Section.ID)
		}
		out.Sections = append(out.Sections, &domain.SectionDiff{Section: s, BeforeMilliseconds: d.Before, AfterMilliseconds: d.After, Dropped: present(d.Dropped), Added: present(d.Added)})
	}
	return out, nil
}

// FixNext is the one thing to change before the next run; nil before the run's end.
func (a *App) FixNext(ctx context.Context, r *domain.Rehearsal) (*domain.FixNext, error) {
	if r.State != domain.RehearsalFinished {
		return nil, nil
	}
	p, err := a.PitchRehearsed(ctx, r)
	if err != nil {
		return nil, err
	}
	review := pitch.Review{SlotMilliseconds: 1000 * p.SlotSeconds}
	if review.Run, err = a.run(ctx, r); err != nil {
		return nil, err
	}
	names, err := a.speakers(ctx, r.Plan)
	if err != nil {
		return nil, err
	}
	for i := range review.Run.Timeline.Sections {
		s := &review.Run.Timeline.Sections[i].Section
		s.Name = names[s.Speaker]
	}
	heard, err := a.heard(ctx, r)
	if err != nil {
		return nil, err
	}
	if heard != nil {
		review.Silences = []pitch.Span{}
		for _, pause := range heard.Pauses {
			if pause.Kind != domain.PauseHandover {
				review.Silences = append(review.Silences, stretches([]*domain.Span{pause.Span})...)
			}
		}
	}
	if review.Questions, _, err = a.drill(ctx, p); err != nil {
		return nil, err
	}
	forecast, ok, err := a.forecastOf(ctx, p, usualDrift)
	if err != nil {
		return nil, err
	}
	if ok {
		review.Forecast = &forecast
	}
	f, ok := pitch.Fix(review)
	if !ok {
		return nil, nil
	}
	return &domain.FixNext{Text: f.Text, Explain: &domain.FixExplanation{Text: f.Because, Section: r.Section(f.Section.ID), SavesMilliseconds: f.Saves,
		OverrunAfter: f.OverrunAfter, Evidence: spansOf(f.Evidence)}}, nil
}

func spansOf(spans []pitch.Span) []*domain.Span {
	out := make([]*domain.Span, len(spans))
	for i, s := range spans {
		out[i] = &domain.Span{FromMilliseconds: s.From, ToMilliseconds: s.To}
	}
	return out
}

// Consents is the word of each speaker of a run, of those who have not answered as well.
func (a *App) Consents(r *domain.Rehearsal) []*domain.RecordingConsent {
	out := []*domain.RecordingConsent{}
	for _, id := range r.Speakers() {
		c := r.Consent(id)
		if c == nil {
			c = &domain.RecordingConsent{EnrolmentID: id}
		}
		out = append(out, c)
	}
	return out
}

func feedbackOfRuns(v *view) *batch[[]*domain.PeerFeedback] {
	return list(v, "feedback of runs", func(ctx context.Context, runs []string) (map[string][]*domain.PeerFeedback, error) {
		found, err := v.store.FeedbackOf(ctx, runs)
		return byKey(runs, withWritten(v, found), func(f *domain.PeerFeedback) string { return f.RehearsalID }), err
	})
}

// Feedback is what teammates said about a run, oldest first.
func (a *App) Feedback(ctx context.Context, r *domain.Rehearsal) ([]*domain.PeerFeedback, error) {
	return feedbackOfRuns(a.view(ctx)).get(ctx, r.ID)
}

// FeedbackSection is the section that feedback is about; nil for the whole run.
func (a *App) FeedbackSection(ctx context.Context, f *domain.PeerFeedback) (*domain.Section, error) {
	if f.SectionID == nil {
		return nil, nil
	}
	r, err := ref[domain.Rehearsal](ctx, a, f.RehearsalID)
	if err != nil {
		return nil, err
	}
	return r.Section(*f.SectionID), nil
}

// EnrolmentIf is the enrolment that a noun may name.
func (a *App) EnrolmentIf(ctx context.Context, id *string) (*domain.Enrolment, error) {
	return optional[domain.Enrolment](ctx, a, id)
}

// RehearsalReply names the run that a mutation was about. The kept reply holds no word of it.
type RehearsalReply struct {
	RehearsalID  string
	LastSequence *int
}

// RepliedRehearsal is the run of a reply as it now is, or would be; nil where there is none.
func (a *App) RepliedRehearsal(ctx context.Context, r *domain.Reply[RehearsalReply]) (*domain.Rehearsal, error) {
	if r.Object == nil {
		return nil, nil
	}
	return a.Rehearsal(ctx, r.Object.RehearsalID)
}

// RepliedSequence is the last sequence number that a reply says is kept; nil when refused.
func (a *App) RepliedSequence(r *domain.Reply[RehearsalReply]) *int {
	if r.Object == nil {
		return nil
	}
	return r.Object.LastSequence
}

const rehearsalsMax = 1_000

// StartRehearsal opens a run against the pitch's sections as they stand. The pitch's team.
func (a *App) StartRehearsal(ctx context.Context, in StartRehearsalInput) (*domain.Reply[RehearsalReply], error) {
	if _, err := a.Pitch(ctx, in.PitchID); err != nil {
		return nil, err
	}
	return change(ctx, a, "startRehearsal", in.Command, in, func(tx *storage.Tx) (*RehearsalReply, []*domain.Impact, error) {
		p, err := storage.One[domain.Pitch](ctx, tx.Reader, in.PitchID)
		if err != nil {
			return nil, nil, err
		}
		runs, err := tx.Rehearsals(ctx, []string{p.ID})
		if err != nil {
			return nil, nil, err
		}
		switch {
		case len(p.Sections) == 0:
			return nil, nil, domain.Refuse(domain.CodeWrongState, "pitchId", "The pitch has no section, so there is nothing to time.", "Give it one at least.")
		case len(runs) >= rehearsalsMax:
			return nil, nil, domain.Refuse(domain.CodeInvalid, "pitchId", fmt.Sprintf("A pitch keeps at most %d runs.", rehearsalsMax), "")
		case in.StartedAt.Year() < 2000:
			return nil, nil, domain.Refuse(domain.CodeInvalid, "startedAt", "A run did not begin before 2000.", "Set the device's clock.")
		}
		r := &domain.Rehearsal{ID: newID("rehearsal"), PitchID: p.ID, TeamID: p.TeamID, CohortID: p.CohortID, ProgrammeID: p.ProgrammeID, Number: 1, State: domain.RehearsalRunning,
			StartedAt: in.StartedAt.UTC().Truncate(time.Millisecond), Plan: p.Sections, Consents: []*domain.RecordingConsent{}}
		if len(runs) > 0 {
			r.Number = runs[0].Number + 1
		}
		return &RehearsalReply{RehearsalID: r.ID}, []*domain.Impact{domain.Touch(domain.EffectCreated, "A run is opened.", r.ID)}, storage.Put(tx, r)
	})
}

const eventsMax = 500

// AppendRunEvents adds what happened in a run. Events that are there already are passed over, so that a batch may come late,
// twice, or from a device that was offline. Its team.
func (a *App) AppendRunEvents(ctx context.Context, in AppendRunEventsInput) (*domain.Reply[RehearsalReply], error) {
	if _, err := a.Rehearsal(ctx, in.RehearsalID); err != nil {
		return nil, err
	}
	return change(ctx, a, "appendRunEvents", in.Command, in, func(tx *storage.Tx) (*RehearsalReply, []*domain.Impact, error) {
		r, err := storage.One[domain.Rehearsal](ctx, tx.Reader, in.RehearsalID)
		if err != nil {
			return nil, nil, err
		}
		reply := &RehearsalReply{RehearsalID: r.ID}
		if len(in.Events) == 0 || len(in.Events) > eventsMax {
			return reply, nil, domain.Refuse(domain.CodeInvalid, "events", fmt.Sprintf("A batch holds 1 to %d events; this one holds %d.", eventsMax, len(in.Events)), "Send several batches.")
		}
		kept, err := tx.RunEvents(ctx, []string{r.ID})
		if err != nil {
			return nil, nil, err
		}
		sections := partsOf(r.Plan, nil)
		batch := make([]*domain.RunEvent, len(in.Events))
		for i, e := range in.Events {
			batch[i] = &domain.RunEvent{RehearsalID: r.ID, Sequence: e.Sequence, Kind: e.Kind, AtMilliseconds: e.AtMilliseconds, SectionID: e.SectionID, Slide: e.Slide}
		}
		fresh, err := pitch.Accept(sections, happened(kept), happened(batch))
		if refusal, ok := errors.AsType[*pitch.Refusal](err); ok {
			return reply, nil, refusedEvent(refusal)
		}
		if err != nil {
			return nil, nil, err
		}
		if len(fresh) > 0 {
			kept = append(kept, batch[len(batch)-len(fresh):]...)
			t := pitch.Replay(sections, happened(kept))
			r.LastSequence, r.State, r.Milliseconds = len(kept), domain.RehearsalRunning, nil
			if t.Finished {
				r.State, r.Milliseconds = domain.RehearsalFinished, &t.Milliseconds
			}
			if err := storage.Put(tx, r); err != nil {
				return nil, nil, err
			}
		}
		reply.LastSequence = &r.LastSequence
		impact := []*domain.Impact{domain.Touch(domain.EffectChanged, "The run's log is longer.", r.ID)}
		return reply, impact, tx.AddRunEvents(&domain.RunLog{RehearsalID: r.ID, Events: kept}, len(fresh))
	})
}

// refusedEvent tells of an event that cannot be kept.
func refusedEvent(r *pitch.Refusal) error {
	code := domain.CodeInvalid
	if r.Conflict {
		code = domain.CodeTaken
	}
	why, fix, _ := strings.Cut(r.Text, "; ")
	return domain.Refuse(code, fmt.Sprintf("events.%d.%s", r.Index, r.Field), fmt.Sprintf("Event %d: %s.", r.Sequence, why), capitalised(fix))
}

// capitalised makes a clause a sentence; "" stays.
func capitalised(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}

// SetRecordingConsent writes down whether a speaker agrees to be recorded. The speaker alone; at the team's own computer
// whoever is told by the speaker.
func (a *App) SetRecordingConsent(ctx context.Context, in SetRecordingConsentInput) (*domain.Reply[RehearsalReply], error) {
	r, err := a.Rehearsal(ctx, in.RehearsalID)
	if err != nil {
		return nil, err
	}
	speaker, err := a.speakingFor(ctx, r, in.EnrolmentID)
	if err != nil {
		return nil, err
	}
	var hushed []string
	reply, err := change(ctx, a, "setRecordingConsent", in.Command, in, func(tx *storage.Tx) (*RehearsalReply, []*domain.Impact, error) {
		r, err := storage.One[domain.Rehearsal](ctx, tx.Reader, in.RehearsalID)
		if err != nil {
			return nil, nil, err
		}
		reply := &RehearsalReply{RehearsalID: r.ID}
		switch {
		case speaker == "":
			return reply, nil, domain.Refuse(domain.CodeRequired, "enrolmentId", "It must be said who agrees.", "Name the speaker who says so.")
		case !slices.Contains(r.Speakers(), speaker):
			return reply, nil, domain.Refuse(domain.CodeNotFound, "enrolmentId", "This is no speaker of the run.", "Choose one of its speakers.")
		case !in.Agreed && in.Send:
			return reply, nil, domain.Refuse(domain.CodeInvalid, "send", "Sound that is not recorded cannot be sent.", "Agree to both, or to neither.")
		}
		c := r.Consent(speaker)
		if c == nil {
			c = &domain.RecordingConsent{EnrolmentID: speaker}
			r.Consents = append(r.Consents, c)
		}
		now, by := tx.Now(), actor(ctx).Name
		c.WrittenBy = &by
		because := "A speaker agrees to be recorded."
		switch {
		case in.Agreed:
			if !c.Stands() {
				c.GivenAt, c.WithdrawnAt = &now, nil
			}
			if c.SendAgreedAt == nil && in.Send {
				c.SendAgreedAt = &now
			}
			if !in.Send {
				c.SendAgreedAt = nil
			}
		default:
			because = "A speaker does not agree to be recorded."
			c.SendAgreedAt = nil
			if c.GivenAt != nil && c.WithdrawnAt == nil {
				because = "A speaker takes their word back; no sound of the run is kept."
				c.WithdrawnAt = &now
			}
		}
		if !c.Stands() {
			analyses, err := tx.AnalysesOf(ctx, []string{r.ID})
			if err != nil {
				return nil, nil, err
			}
			hushed = idsOf(analyses)
			if err := silence(ctx, tx, r.ID); err != nil {
				return nil, nil, err
			}
		}
		return reply, []*domain.Impact{domain.Touch(domain.EffectChanged, because, r.ID)}, storage.Put(tx, r)
	})
	if err == nil && !in.Agreed && !in.DryRun && len(reply.UserErrors) == 0 {
		a.hush(ctx, hushed)
	}
	return reply, err
}

// speakingFor is whose word the asker may give: their own, or at the team's own computer that of whoever tells them; "" where
// nobody is named.
func (a *App) speakingFor(ctx context.Context, r *domain.Rehearsal, named *string) (string, error) {
	if actor(ctx).AtHome {
		return deref(named), nil
	}
	own, err := a.ownPlace(ctx, r.TeamID)
	if err != nil || own == nil {
		return "", err
	}
	if named != nil && *named != own.ID {
		return "", domain.Forbidden("Only the speaker says whether they agree to be recorded.")
	}
	return own.ID, nil
}

// ownPlace is the asker's own enrolment in a team; nil where they have none.
func (a *App) ownPlace(ctx context.Context, team string) (*domain.Enrolment, error) {
	members, err := membersOfTeams(a.view(ctx)).get(ctx, team)
	if i := slices.IndexFunc(members, func(e *domain.Enrolment) bool { return e.PersonID != "" && e.PersonID == actor(ctx).PersonID }); i >= 0 {
		return members[i], err
	}
	return nil, err
}

const feedbackMax = 100

// FeedbackReply names the feedback that a mutation wrote.
type FeedbackReply struct{ RehearsalID, FeedbackID string }

// RepliedFeedback is the feedback of a reply; nil where there is none.
func (a *App) RepliedFeedback(ctx context.Context, r *domain.Reply[FeedbackReply]) (*domain.PeerFeedback, error) {
	if r.Object == nil {
		return nil, nil
	}
	run, err := a.Rehearsal(ctx, r.Object.RehearsalID)
	if err != nil {
		return nil, err
	}
	all, err := a.Feedback(ctx, run)
	if i := slices.IndexFunc(all, func(f *domain.PeerFeedback) bool { return f.ID == r.Object.FeedbackID }); i >= 0 {
		return all[i], err
	}
	return nil, err
}

// GiveFeedback says something about a run to the team: words, or a level by one of the pitch's criteria. Its team.
func (a *App) GiveFeedback(ctx context.Context, in GiveFeedbackInput) (*domain.Reply[FeedbackReply], error) {
	r, err := a.Rehearsal(ctx, in.RehearsalID)
	if err != nil {
		return nil, err
	}
	p, err := a.PitchRehearsed(ctx, r)
	if err != nil {
		return nil, err
	}
	own, err := a.ownPlace(ctx, r.TeamID)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, "giveFeedback", in.Command, in, func(tx *storage.Tx) (*FeedbackReply, []*domain.Impact, error) {
		f := &domain.PeerFeedback{ID: newID("feedback"), RehearsalID: r.ID, SectionID: in.SectionID, Criterion: in.Criterion, Level: in.Level, Text: strings.TrimSpace(in.Text), At: tx.Now()}
		if own != nil {
			f.AuthorID = &own.ID
		}
		var wrong domain.Refusal
		if f.Text == "" && f.Level == nil {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "text", "There is nothing to tell.", "Say something, or give a level by a criterion."))
		}
		if n := utf8.RuneCountInString(f.Text); n > remarkMax {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "text", fmt.Sprintf("Feedback has at most %d characters; this has %d.", remarkMax, n), "Shorten it."))
		}
		if f.SectionID != nil && r.Section(*f.SectionID) == nil {
			wrong = append(wrong, domain.Problem(domain.CodeNotFound, "sectionId", "The run has no such section.", "Choose one of its sections."))
		}
		if f.Criterion != nil && !slices.Contains(p.Criteria, *f.Criterion) {
			wrong = append(wrong, domain.Problem(domain.CodeNotFound, "criterion", "The pitch has no such criterion.", "Choose one of its criteria."))
		}
		if f.Level != nil && (*f.Level < 1 || *f.Level > 5 || f.Criterion == nil) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "level", "A level is 1 to 5, by a criterion.", "Name the criterion, and a level from 1 to 5."))
		}
		said, err := tx.FeedbackOf(ctx, []string{r.ID})
		if err != nil {
			return nil, nil, err
		}
		if len(said) >= feedbackMax {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rehearsalId", fmt.Sprintf("A run holds at most %d pieces of feedback.", feedbackMax), ""))
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		return &FeedbackReply{r.ID, f.ID}, []*domain.Impact{domain.Touch(domain.EffectCreated, "Something is said about the run.", r.ID)}, storage.Put(tx, f)
	})
}
