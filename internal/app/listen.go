package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/pitch"
	"tandem/internal/recogniser"
	"tandem/internal/speech"
	"tandem/internal/storage"
	"tandem/internal/transcriber"
)

func analysesOfRuns(v *view) *batch[[]*domain.VoiceAnalysis] {
	return list(v, "analyses of runs", func(ctx context.Context, runs []string) (map[string][]*domain.VoiceAnalysis, error) {
		found, err := v.store.AnalysesOf(ctx, runs)
		found = withWritten(v, found)
		slices.SortFunc(found, func(x, y *domain.VoiceAnalysis) int { return strings.Compare(y.ID, x.ID) })
		return byKey(runs, found, func(x *domain.VoiceAnalysis) string { return x.RehearsalID }), err
	})
}

// Analysis is what the voices of a run tell, the newest; nil before it is asked for.
func (a *App) Analysis(ctx context.Context, r *domain.Rehearsal) (*domain.VoiceAnalysis, error) {
	found, err := analysesOfRuns(a.view(ctx)).get(ctx, r.ID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// heard is what the newest analysis of a run that came to its end found; nil where there is none.
func (a *App) heard(ctx context.Context, r *domain.Rehearsal) (*domain.Heard, error) {
	found, err := analysesOfRuns(a.view(ctx)).get(ctx, r.ID)
	if i := slices.IndexFunc(found, func(x *domain.VoiceAnalysis) bool { return x.Heard != nil }); i >= 0 {
		return found[i].Heard, err
	}
	return nil, err
}

// VoiceAnalysis is one analysis, for the run's team.
func (a *App) VoiceAnalysis(ctx context.Context, id string) (*domain.VoiceAnalysis, error) {
	x, err := nouns[domain.VoiceAnalysis](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, missing(ctx, "analysis")
	}
	if _, err := a.Rehearsal(ctx, x.RehearsalID); err != nil {
		if isMissing(err) {
			err = domain.NotFound("analysis")
		}
		return nil, err
	}
	return x, nil
}

// RunHeard is the run of an analysis.
func (a *App) RunHeard(ctx context.Context, x *domain.VoiceAnalysis) (*domain.Rehearsal, error) {
	return ref[domain.Rehearsal](ctx, a, x.RehearsalID)
}

// Metrics is an analysis's figures of some names and one speaker; nil asks for all. Beside a speaker's own stand those of
// their earlier runs.
func (a *App) Metrics(ctx context.Context, x *domain.VoiceAnalysis, names []domain.MetricName, speaker *string) ([]*domain.Metric, error) {
	out := []*domain.Metric{}
	if x.Heard == nil {
		return out, nil
	}
	r, err := a.RunHeard(ctx, x)
	if err != nil {
		return nil, err
	}
	p, err := a.PitchRehearsed(ctx, r)
	if err != nil {
		return nil, err
	}
	runs, err := a.rehearsalsOf(ctx, p)
	if err != nil {
		return nil, err
	}
	var earlier []*domain.Heard
	for _, o := range runs {
		if o.Number >= r.Number {
			continue
		}
		h, err := a.heard(ctx, o)
		if err != nil {
			return nil, err
		}
		if h != nil {
			earlier = append(earlier, h)
		}
	}
	for _, m := range x.Heard.Metrics {
		if names != nil && !slices.Contains(names, m.Name) || speaker != nil && (m.SpeakerID == nil || *m.SpeakerID != *speaker) {
			continue
		}
		if m.Measured != nil && m.SpeakerID != nil && m.SectionID == nil {
			with, figure := *m, *m.Measured
			figure.Usual = usualBand(m, earlier)
			with.Measured = &figure
			m = &with
		}
		out = append(out, m)
	}
	return out, nil
}

// usualBand is the range of a speaker's figure in earlier runs; nil before there are two.
func usualBand(of *domain.Metric, earlier []*domain.Heard) *domain.Band {
	b := domain.Band{Low: math.Inf(1), High: math.Inf(-1)}
	for _, h := range earlier {
		for _, m := range h.Metrics {
			if m.Name == of.Name && m.SectionID == nil && m.SpeakerID != nil && *m.SpeakerID == *of.SpeakerID && m.Measured != nil {
				b.Low, b.High, b.Runs = min(b.Low, m.Measured.Value), max(b.High, m.Measured.Value), b.Runs+1
			}
		}
	}
	if b.Runs < 2 {
		return nil
	}
	return &b
}

// MetricSection is where a figure is from, as it stood in its run; nil for the whole run or speaker.
func (a *App) MetricSection(ctx context.Context, m *domain.Metric) (*domain.Section, error) {
	return a.sectionOfRun(ctx, m.RehearsalID, deref(m.SectionID))
}

// SentenceSection is the section of a sentence of a script.
func (a *App) SentenceSection(ctx context.Context, s *domain.AlignedSentence) (*domain.Section, error) {
	return a.sectionOfRun(ctx, s.RehearsalID, s.SectionID)
}

func (a *App) sectionOfRun(ctx context.Context, run, section string) (*domain.Section, error) {
	if section == "" {
		return nil, nil
	}
	r, err := ref[domain.Rehearsal](ctx, a, run)
	if err != nil {
		return nil, err
	}
	return r.Section(section), nil
}

// Analysers is what can listen to a recording on this computer, and why something cannot.
func (a *App) Analysers() []*domain.Analyser {
	local := &domain.Analyser{Level: domain.AnalyseLocalWords}
	if _, err := recogniser.Find(); err != nil {
		why := capitalised(err.Error())
		local.Problem = &why
	}
	remote := &domain.Analyser{Level: domain.AnalyseRemoteWords}
	if engine, err := transcriber.Find(); err != nil {
		why := capitalised(err.Error())
		remote.Problem = &why
	} else {
		host := engine.Host()
		remote.SendsTo = &host
	}
	return []*domain.Analyser{{Level: domain.AnalyseSignal}, local, remote}
}

// AnalysisReply names the analysis that a mutation began.
type AnalysisReply struct{ AnalysisID string }

// RepliedAnalysis is the analysis of a reply; nil where there is none.
func (a *App) RepliedAnalysis(ctx context.Context, r *domain.Reply[AnalysisReply]) (*domain.VoiceAnalysis, error) {
	if r.Object == nil {
		return nil, nil
	}
	x, err := a.VoiceAnalysis(ctx, r.Object.AnalysisID)
	if isMissing(err) { // its sound was taken back meanwhile
		return nil, nil
	}
	return x, err
}

// AnalyseRehearsal listens to a run's sound as a job. The run's team.
func (a *App) AnalyseRehearsal(ctx context.Context, in AnalyseRehearsalInput) (*domain.Reply[AnalysisReply], error) {
	r, err := a.Rehearsal(ctx, in.RehearsalID)
	if err != nil {
		return nil, err
	}
	reply, err := change(ctx, a, "analyseRehearsal", in.Command, in, func(tx *storage.Tx) (*AnalysisReply, []*domain.Impact, error) {
		for _, o := range a.Analysers() {
			if o.Level == in.Level && o.Problem != nil {
				return nil, nil, domain.Refuse(domain.CodeWrongState, "level", *o.Problem, "Choose another level.")
			}
		}
		if in.Level == domain.AnalyseRemoteWords {
			now, err := storage.One[domain.Rehearsal](ctx, tx.Reader, r.ID)
			if err != nil {
				return nil, nil, err
			}
			if wrong := unsent(now); wrong != nil {
				return nil, nil, wrong
			}
		}
		recordings, err := tx.RecordingsOf(ctx, []string{r.ID})
		if err != nil {
			return nil, nil, err
		}
		if len(recordings) == 0 {
			return nil, nil, domain.Refuse(domain.CodeWrongState, "rehearsalId", "The run has no recording.", "Attach one first.")
		}
		before, err := tx.AnalysesOf(ctx, []string{r.ID})
		if err != nil {
			return nil, nil, err
		}
		if slices.ContainsFunc(before, func(x *domain.VoiceAnalysis) bool { return !x.State.Over() }) {
			return nil, nil, domain.Refuse(domain.CodeWrongState, "rehearsalId", "It is being analysed already.", "Wait for its end, or stop it.")
		}
		progress := 0.0
		x := &domain.VoiceAnalysis{ID: newID("analysis"), RehearsalID: r.ID, State: domain.JobRunning, Progress: &progress, StartedAt: tx.Now(), Level: in.Level}
		return &AnalysisReply{x.ID}, []*domain.Impact{domain.Touch(domain.EffectCreated, "The run's sound is analysed.", r.ID)}, storage.Put(tx, x)
	})
	if err == nil && !in.DryRun && !reply.Repeated && len(reply.UserErrors) == 0 {
		go a.listen(a.jobs.begin(reply.Object.AnalysisID), actor(ctx), reply.Object.AnalysisID)
	}
	return reply, err
}

// listen runs an analysis to its end.
func (a *App) listen(ctx context.Context, who *domain.Actor, id string) {
	defer a.jobs.end(id)
	heard, err := a.hear(ctx, who, id)
	state, failure := domain.JobDone, (*string)(nil)
	switch {
	case ctx.Err() != nil:
		state, heard = domain.JobCancelled, nil
	case err != nil:
		a.log.Error("an analysis failed", "analysis", id, "error", err)
		why := "The sound could not be analysed: " + err.Error() + "."
		state, failure = domain.JobFailed, &why
	}
	err = a.keepAnalysis(context.WithoutCancel(ctx), who, id, func(tx *storage.Tx, x *domain.VoiceAnalysis) error {
		now := tx.Now()
		x.State, x.EndedAt, x.Failure, x.Heard = state, &now, failure, heard
		if heard == nil {
			return nil
		}
		whole := 1.0
		x.Progress = &whole
		before, err := tx.AnalysesOf(context.WithoutCancel(ctx), []string{x.RehearsalID})
		if err != nil {
			return err
		}
		return storage.Remove(tx, slices.DeleteFunc(before, func(o *domain.VoiceAnalysis) bool { return o.ID == id })...)
	})
	if err != nil {
		a.log.Error("an analysis could not be kept", "analysis", id, "error", err)
	}
}

// keepAnalysis changes a running analysis; one that is gone, with its sound, stays gone.
func (a *App) keepAnalysis(ctx context.Context, who *domain.Actor, id string, work func(*storage.Tx, *domain.VoiceAnalysis) error) error {
	_, err := a.store.Write(ctx, who, a.clock(), func(tx *storage.Tx) error {
		found, err := storage.Get[domain.VoiceAnalysis](ctx, tx.Reader, id)
		if err != nil || len(found) == 0 || found[0].State.Over() {
			return err
		}
		if err := work(tx, found[0]); err != nil {
			return err
		}
		if err := storage.Put(tx, found[0]); err != nil {
			return err
		}
		if !found[0].State.Over() {
			return nil
		}
		return tx.Audit("analyseRehearsal ended", id, nil)
	})
	a.jobs.move(id)
	return err
}

// hear is what is heard in a run's sound.
func (a *App) hear(ctx context.Context, who *domain.Actor, id string) (*domain.Heard, error) {
	ctx = As(ctx, who)
	advance := func(part float64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return a.keepAnalysis(ctx, who, id, func(_ *storage.Tx, x *domain.VoiceAnalysis) error { x.Progress = &part; return nil })
	}
	x, err := storage.One[domain.VoiceAnalysis](ctx, a.read(), id)
	if err != nil {
		return nil, err
	}
	r, err := a.Rehearsal(ctx, x.RehearsalID)
	if err != nil {
		return nil, err
	}
	run, err := a.run(ctx, r)
	if err != nil {
		return nil, err
	}
	recording, err := a.Recording(ctx, r)
	if err != nil || recording == nil {
		return nil, orMissing(err, "recording")
	}
	file, err := a.read().File(ctx, recording.ID, 0, recording.Bytes)
	if err != nil {
		return nil, err
	}
	sound, err := speech.Read(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if err := advance(0.1); err != nil {
		return nil, err
	}
	l := &listening{rehearsal: r, run: run, offset: recording.OffsetMilliseconds, sound: sound, file: file}
	if err := patiently(ctx, l.analyse); err != nil {
		return nil, err
	}
	if err := advance(0.6); err != nil {
		return nil, err
	}
	if x.Level != domain.AnalyseSignal && l.script().Sentences != nil {
		p, err := a.PitchRehearsed(ctx, r)
		if err != nil {
			return nil, err
		}
		if err := a.words(ctx, x.Level, p, l); err != nil {
			return nil, err
		}
		if err := advance(0.9); err != nil {
			return nil, err
		}
	}
	var heard *domain.Heard
	err = patiently(ctx, func() { heard = l.heard() })
	return heard, err
}

// patiently runs work that cannot be stopped, and leaves it behind where nobody waits for it any more.
func patiently(ctx context.Context, work func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// words sets the sound beside the script with an engine for words.
func (a *App) words(ctx context.Context, level domain.AnalysisLevel, p *domain.Pitch, l *listening) error {
	own := map[string]string{}
	for _, w := range p.Pronunciations {
		own[w.Word] = w.Sounds
	}
	if level == domain.AnalyseRemoteWords {
		return a.remoteWords(ctx, l)
	}
	sphinx, err := recogniser.Find()
	if err != nil {
		return err
	}
	l.alignment, err = sphinx.Align(ctx, l.sound, l.report, l.script(), own)
	return err
}

// remoteWords sends the sound to the engine that the computer's owner named. Who took their word back meanwhile is heard by nobody.
func (a *App) remoteWords(ctx context.Context, l *listening) error {
	engine, err := transcriber.Find()
	if err != nil {
		return err
	}
	now, err := storage.One[domain.Rehearsal](ctx, a.read(), l.rehearsal.ID)
	if err != nil {
		return err
	}
	if wrong := unsent(now); wrong != nil {
		return errors.New("a speaker does not agree that the sound leaves this computer")
	}
	words, err := engine.Words(ctx, l.file)
	if err != nil {
		return err
	}
	l.alignment = speech.Align(l.script(), words, l.report.Speech)
	if engine.Verbatim {
		l.verbatim = true
		for _, w := range words {
			if slices.Contains(fillerWords, w.Text) {
				l.heardFillers = append(l.heardFillers, l.at(w.Start))
			}
		}
	}
	return nil
}

// fillerWords are what a verbatim engine writes for a filler.
var fillerWords = []string{"um", "uh", "er", "erm", "hmm"}

// unsent says which speakers have not agreed that a run's sound leaves this computer.
func unsent(r *domain.Rehearsal) domain.Refusal {
	missing := 0
	for _, id := range r.Speakers() {
		if c := r.Consent(id); !c.Stands() || c.SendAgreedAt == nil {
			missing++
		}
	}
	if missing == 0 && len(r.Speakers()) > 0 {
		return nil
	}
	return domain.Refusal{domain.Problem(domain.CodeNeedsConsent, "level", fmt.Sprintf("%d of %d speakers have not agreed that the sound leaves this computer.", missing, len(r.Speakers())), "Ask each of them, or choose a level that stays here.")}
}

// listening is a run and its sound, on the way to what is heard in it.
type listening struct {
	rehearsal *domain.Rehearsal
	run       pitch.Run
	offset    int // milliseconds from the run's start to the first sample
	sound     *speech.Sound
	file      []byte // the sound as it is kept
	report    *speech.Report
	alignment *speech.Alignment // nil without an engine for words

	verbatim     bool  // whether the engine writes fillers down
	heardFillers []int // when it did, in the run's milliseconds
}

// analyse listens to the signal. What a key clicked is told it, so that it is not taken for speech.
func (l *listening) analyse() {
	var clicks []float64
	for _, at := range l.run.Timeline.Clicks {
		clicks = append(clicks, float64(at-l.offset)/1000)
	}
	l.report = speech.Analyse(l.sound, speech.Options{Frames: true, Clicks: clicks})
}

// script is all that the run's sections say, in order.
func (l *listening) script() speech.Script {
	var all speech.Script
	for _, s := range l.rehearsal.Plan {
		all.Sentences = append(all.Sentences, speech.ParseScript(s.Script).Sentences...)
	}
	return all
}

// span is a stretch of the sound in the run's time.
func (l *listening) span(s speech.Span) *domain.Span {
	return &domain.Span{FromMilliseconds: l.at(s.Start), ToMilliseconds: l.at(s.End)}
}

// at is a moment of the sound in the run's time.
func (l *listening) at(seconds float64) int { return l.offset + int(math.Round(1000*seconds)) }

// within is stretches of the run in the sound's time.
func (l *listening) within(visits []pitch.Span) []speech.Span {
	out := make([]speech.Span, len(visits))
	for i, v := range visits {
		out[i] = speech.Span{Start: float64(v.From-l.offset) / 1000, End: float64(v.To-l.offset) / 1000}
	}
	return out
}

// heard gathers what there is to tell.
func (l *listening) heard() *domain.Heard {
	h := &domain.Heard{Metrics: []*domain.Metric{}, Pauses: []*domain.Pause{}, Pace: []*domain.PacePoint{}, UnknownWords: []string{}, Warnings: []string{}, Speech: []*domain.Span{}}
	for _, w := range l.report.Warnings {
		h.Warnings = append(h.Warnings, warnings[w])
	}
	var voices []pitch.Span
	for _, s := range l.report.Speech {
		h.Speech = append(h.Speech, l.span(s))
		voices = append(voices, pitch.Span{From: l.at(s.Start), To: l.at(s.End)})
	}
	gaps := pitch.Gaps(l.run.Timeline.HandOvers, voices, pitch.Span{From: l.offset, To: l.at(l.sound.Seconds())})
	for _, p := range l.report.Pauses[:min(len(l.report.Pauses), pausesMax)] {
		at := l.span(p.Span)
		kind := domain.PauseKind(strings.ToUpper(string(p.Kind)))
		if slices.ContainsFunc(gaps, func(g pitch.HandedOver) bool {
			return g.Gap != nil && g.Gap.From < at.ToMilliseconds && at.FromMilliseconds < g.Gap.To
		}) {
			kind = domain.PauseHandover
		}
		h.Pauses = append(h.Pauses, &domain.Pause{Span: at, Kind: kind})
	}
	l.align(h)
	l.pace(h)
	var all []pitch.Span
	speakers := map[string][]pitch.Span{}
	l.measure(h, nil, nil, l.report, []pitch.Span{{From: 0, To: l.run.Timeline.Elapsed}})
	for _, s := range l.run.Timeline.Sections {
		id, speaker := s.Section.ID, s.Section.Speaker
		who := &speaker
		if speaker == "" {
			who = nil
		}
		l.measure(h, who, &id, l.report.Part(l.sound, l.within(s.Visits)), s.Visits)
		speakers[speaker] = append(speakers[speaker], s.Visits...)
		all = append(all, s.Visits...)
	}
	for _, speaker := range l.rehearsal.Speakers() {
		if visits := speakers[speaker]; len(visits) > 0 {
			slices.SortFunc(visits, func(x, y pitch.Span) int { return x.From - y.From })
			l.measure(h, &speaker, nil, l.report.Part(l.sound, l.within(visits)), visits)
		}
	}
	return h
}

// Bounds of what an analysis tells.
const (
	pausesMax   = 5_000
	evidenceFew = 20
)

// warnings is what the report's warnings mean to a person.
var warnings = map[speech.Warning]string{
	speech.NoSpeech: "No speech was found in the recording: was the microphone muted?",
	speech.Clipping: "The microphone was too loud, so that some of the sound is cut off: move it away, or turn it down.",
	speech.Noisy:    "The room is so loud that pauses cannot be trusted: come nearer to the microphone, or close a window.",
	speech.Short:    "There are less than 90 seconds of speech, so the rate of syllables is uncertain.",
	speech.Faint:    "The recording is very quiet: come nearer to the microphone.",
}

// align tells how the words met the script.
func (l *listening) align(h *domain.Heard) {
	a := l.alignment
	if a == nil {
		return
	}
	h.UnknownWords = present(a.Unknown)
	h.Alignment = &domain.Alignment{Sentences: []*domain.AlignedSentence{}}
	if a.Verdict != speech.Aligned {
		h.Alignment.Refused = l.refusal(a)
		return
	}
	k := 0
	for _, section := range l.rehearsal.Plan {
		for _, line := range speech.ParseScript(section.Script).Sentences {
			s := &domain.AlignedSentence{RehearsalID: l.rehearsal.ID, Text: line.Text, Words: len(line.Words), SectionID: section.ID}
			if start := a.Sentences[k].Start; start != nil {
				at := l.at(*start)
				s.StartMilliseconds = &at
			}
			h.Alignment.Sentences = append(h.Alignment.Sentences, s)
			k++
		}
	}
}

// refusal says which gate an alignment did not pass.
func (l *listening) refusal(a *speech.Alignment) *domain.NoVerdict {
	switch a.Verdict {
	case speech.UnknownWords:
		words := l.script().Words()
		unknown := 0
		for _, w := range words {
			if slices.Contains(a.Unknown, w) {
				unknown++
			}
		}
		share := float64(unknown) / float64(max(1, len(words)))
		return noVerdict(domain.GateUnknownWords, share, speech.UnknownShare, fmt.Sprintf("%.0f %% of the script's words are unknown to the engine, and %.0f %% is the most that it bears: say how they are pronounced.", 100*share, 100*speech.UnknownShare))
	case speech.TooNoisy:
		snr := 0.0
		set(&snr, l.report.SNRDB)
		return noVerdict(domain.GateSNR, snr, speech.AlignSNR, fmt.Sprintf("Speech stands %.0f dB over the noise, and words need %.0f dB.", snr, speech.AlignSNR))
	}
	return noVerdict(domain.GateSpeechSeconds, 0, speechLeast, "No word of the script was heard.")
}

func noVerdict(gate domain.VerdictGate, found, needed float64, text string) *domain.NoVerdict {
	return &domain.NoVerdict{Gate: gate, Found: found, Needed: needed, Text: text}
}

// perWord is how many syllables an English word is taken to have in running speech, for a pace that people can read.
const perWord = 1.5

// pace is a point every five seconds: words a minute over the fifteen seconds about it, estimated from syllables.
func (l *listening) pace(h *domain.Heard) {
	const step, reach = 5.0, 7.5
	for at := step; at < l.sound.Seconds(); at += step {
		about := speech.Span{Start: max(0, at-reach), End: min(l.sound.Seconds(), at+reach)}
		rate := float64(l.report.Nuclei(about)) / perWord / about.Seconds() * 60
		h.Pace = append(h.Pace, &domain.PacePoint{AtMilliseconds: l.at(at), WordsPerMinute: math.Round(10*rate) / 10})
	}
}

// speechLeast is the fewest seconds of speech of which a rate or a range is told: with less, one sentence decides.
const speechLeast = 10.0

// trustedSNR is the lowest ratio of voice to noise, in dB, at which pauses were measured.
const trustedSNR = 12.0

// measure adds the figures of the whole run, a section or a speaker: all that package speech reports, by its own methods.
func (l *listening) measure(h *domain.Heard, speaker, section *string, r *speech.Report, visits []pitch.Span) {
	add := func(name domain.MetricName, figure *domain.Measured, refused *domain.NoVerdict, evidence []*domain.Span) {
		h.Metrics = append(h.Metrics, &domain.Metric{RehearsalID: l.rehearsal.ID, Name: name, SpeakerID: speaker, SectionID: section, Measured: figure, Refused: refused, Evidence: evidence})
	}
	none := []*domain.Span{}
	for _, m := range r.Metrics {
		switch m.Name {
		case "snr":
			add(domain.SNRDecibels, measured(m.Value, m.Method, m.N, nil), nil, none)
		case "loudness":
			add(domain.LoudnessLUFS, measured(m.Value, m.Method, m.N, nil), nil, none)
		}
	}
	var gate *domain.NoVerdict
	snr := 0.0
	set(&snr, r.SNRDB)
	switch {
	case r.SpeechSeconds < speechLeast:
		gate = noVerdict(domain.GateSpeechSeconds, r.SpeechSeconds, speechLeast, fmt.Sprintf("There are %.1f s of speech, and a figure needs %.0f s.", r.SpeechSeconds, speechLeast))
	case snr < trustedSNR:
		gate = noVerdict(domain.GateSNR, snr, trustedSNR, fmt.Sprintf("Speech stands %.0f dB over the noise, and pauses need %.0f dB.", snr, trustedSNR))
	}
	if gate != nil {
		for _, name := range []domain.MetricName{domain.PausesPerMinute, domain.SyllablesPerSecond, domain.PitchHertz, domain.PitchRangeSemitones} {
			add(name, nil, gate, none)
		}
	} else {
		for _, m := range r.Metrics {
			switch m.Name {
			case "pauses":
				var where []*domain.Span
				for _, s := range m.Evidence {
					where = append(where, l.span(s))
				}
				minutes := 0.0
				for _, v := range visits {
					minutes += float64(v.Milliseconds()) / 60_000
				}
				if minutes > 0 {
					add(domain.PausesPerMinute, measured(m.Value/minutes, m.Method, m.N, percent(2)), nil, present(where))
				}
			case "syllableRate":
				figure := measured(m.Value, m.Method, m.N, percent(13))
				figure.Confidence = domain.Estimated
				add(domain.SyllablesPerSecond, figure, nil, l.longest(r))
			case "pitchRange":
				add(domain.PitchRangeSemitones, measured(m.Value, m.Method, m.N, percent(1)), nil, l.longest(r))
			}
		}
		if r.F0 != nil {
			add(domain.PitchHertz, measured(r.F0.MedianHz, "median of F0, Boersma 1993", len(r.Speech), percent(1)), nil, l.longest(r))
		}
	}
	l.fillers(add, visits)
	l.scripted(add, h.Alignment, section, speaker, visits)
}

// longest is the longest stretches of speech: where a voice is heard best.
func (l *listening) longest(r *speech.Report) []*domain.Span {
	spans := slices.Clone(r.Speech)
	slices.SortStableFunc(spans, func(x, y speech.Span) int { return int(math.Copysign(1, y.Seconds()-x.Seconds())) })
	out := []*domain.Span{}
	for _, s := range spans[:min(len(spans), 3)] {
		out = append(out, l.span(s))
	}
	return out
}

// measured is a figure that was measured, with its method's known error in percent of it.
func measured(value float64, method string, n int, percent *float64) *domain.Measured {
	return &domain.Measured{Value: value, Method: method, N: n, Confidence: domain.MeasuredDirectly, ErrorPercent: percent}
}

func percent(p float64) *float64 { return &p }

type adder func(name domain.MetricName, figure *domain.Measured, refused *domain.NoVerdict, evidence []*domain.Span)

// fillers counts those that a listener marked; an engine that leaves them out cannot.
func (l *listening) fillers(add adder, visits []pitch.Span) {
	minutes, where := 0.0, []*domain.Span{}
	n := 0
	marked := l.run.Timeline.Fillers
	if len(marked) == 0 {
		marked = l.heardFillers
	}
	for _, v := range visits {
		minutes += float64(v.Milliseconds()) / 60_000
		for _, at := range marked {
			if v.From <= at && at < v.To {
				if n++; len(where) < evidenceFew {
					where = append(where, &domain.Span{FromMilliseconds: max(0, at-2_000), ToMilliseconds: at + 1_000})
				}
			}
		}
	}
	switch {
	case len(l.run.Timeline.Fillers) > 0 && minutes > 0:
		add(domain.FillersPerMinute, measured(float64(n)/minutes, "marked by a listener during the run", n, nil), nil, where)
	case l.verbatim && minutes > 0:
		figure := measured(float64(n)/minutes, "um, uh, er, erm and hmm as the engine wrote them; never validated on people", n, nil)
		figure.Confidence = domain.Estimated
		add(domain.FillersPerMinute, figure, nil, where)
	case l.alignment != nil:
		add(domain.FillersPerMinute, nil, noVerdict(domain.GateVerbatim, 0, 1, "The engine does not write fillers down, and no listener marked any."), where)
	}
}

// scripted tells of the words of the script that lie in a part of the run.
func (l *listening) scripted(add adder, a *domain.Alignment, section, speaker *string, visits []pitch.Span) {
	if a == nil {
		return
	}
	names := []domain.MetricName{domain.WordsPerMinute, domain.ScriptCoverage, domain.VerbatimShare}
	if a.Refused != nil {
		for _, name := range names {
			add(name, nil, a.Refused, []*domain.Span{})
		}
		return
	}
	all, said, exact := 0, 0, 0.0
	skipped := []*domain.Span{}
	for i, s := range a.Sentences {
		in := l.rehearsal.Section(s.SectionID)
		if section != nil && s.SectionID != *section || section == nil && speaker != nil && deref(in.PresenterID) != *speaker {
			continue
		}
		all += s.Words
		if s.StartMilliseconds == nil {
			continue
		}
		said += s.Words
		exact += l.alignment.Sentences[i].Coverage * float64(s.Words)
	}
	minutes := 0.0
	for _, v := range visits {
		minutes += float64(v.Milliseconds()) / 60_000
	}
	if all == 0 || minutes == 0 {
		return
	}
	const method = "words set beside the script by weighted common subsequence"
	pace := measured(float64(said)/minutes, "words of the sentences said over the time they took", said, nil)
	pace.Confidence = domain.Estimated
	add(domain.WordsPerMinute, pace, nil, skipped)
	add(domain.ScriptCoverage, measured(exact/float64(all), method, all, nil), nil, skipped)
	if said > 0 {
		add(domain.VerbatimShare, measured(exact/float64(said), method, said, nil), nil, skipped)
	}
}

// recoverAnalyses ends the analyses that ran when the program last died: they failed, and say so.
func (a *App) recoverAnalyses(ctx context.Context) error {
	left, err := a.read().AnalysesUnfinished(ctx)
	if err != nil {
		return err
	}
	for _, x := range left {
		err := a.keepAnalysis(ctx, system(), x.ID, func(tx *storage.Tx, x *domain.VoiceAnalysis) error {
			now, why := tx.Now(), "Tandem was stopped while it listened; analyse the run again."
			x.State, x.EndedAt, x.Failure = domain.JobFailed, &now, &why
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
