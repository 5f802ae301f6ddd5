package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// rehearsed is a team of the sample with a pitch by two of its members, and a run of it.
type rehearsed struct {
	*visits
	team, pitch, run string
	speakers         []string
}

func openRehearsal(t *testing.T) *rehearsed {
	t.Helper()
	r := &rehearsed{visits: openVisits(t)}
	r.prepare(r.App, r.as())
	return r
}

// prepare writes the pitch and opens a run on an app.
func (r *rehearsed) prepare(a *app.App, ctx context.Context) {
	r.Helper()
	cohort := ok(a.Cohort(ctx, r.cohort))(r)
	team := ok(a.Teams(ctx, cohort, domain.Page{}))(r).Nodes[0]
	members := ok(a.Members(ctx, team))(r)
	r.team, r.speakers = team.ID, []string{members[0].ID, members[1].ID}
	slot := 120
	r.pitch = done(a.SavePitch(ctx, app.SavePitchInput{TeamID: team.ID, SlotSeconds: &slot, Sections: []*app.SectionInput{
		{Title: "Problem", PresenterID: &members[0].ID, TargetSeconds: 20, Script: "Forms are slow."},
		{Title: "Idea", PresenterID: &members[1].ID, TargetSeconds: 20, Script: "One form will do."}}, Command: key()}))(r).PitchID
	r.run = r.start(a, ctx)
}

// start opens a run of forty seconds, handed over in the middle.
func (r *rehearsed) start(a *app.App, ctx context.Context) string {
	r.Helper()
	run := done(a.StartRehearsal(ctx, app.StartRehearsalInput{PitchID: r.pitch, StartedAt: time.Date(2019, 2, 7, 10, 0, 0, 0, time.UTC), Command: key()}))(r).RehearsalID
	second := ok(a.Rehearsal(app.As(context.Background(), domain.LocalOwner()), run))(r).Plan[1].ID
	done(a.AppendRunEvents(ctx, app.AppendRunEventsInput{RehearsalID: run, Events: []*app.RunEventInput{
		{Sequence: 1, Kind: "START"}, {Sequence: 2, Kind: "HANDOVER", AtMilliseconds: 20_000}, {Sequence: 3, Kind: "SECTION", AtMilliseconds: 21_000, SectionID: &second},
		{Sequence: 4, Kind: "END", AtMilliseconds: 40_000}}, Command: key()}))(r)
	return run
}

// agree writes down what a speaker says at the team's own computer.
func (r *rehearsed) agree(speaker string, yes bool) {
	r.Helper()
	done(r.SetRecordingConsent(r.as(), app.SetRecordingConsentInput{RehearsalID: r.run, EnrolmentID: &speaker, Agreed: yes, Command: key()}))(r)
}

// upload sends a file in pieces, as the sound of a run where one is named.
func upload(t testing.TB, a *app.App, ctx context.Context, name string, file []byte, run *string) string {
	t.Helper()
	sum := sha256.Sum256(file)
	u := done(a.StartUpload(ctx, app.StartUploadInput{Name: name, Bytes: len(file), Sha256: hex.EncodeToString(sum[:]), RehearsalID: run, Command: key()}))(t)
	for at := 0; at < len(file); at += 128 << 10 {
		done(a.AppendUpload(ctx, app.AppendUploadInput{UploadID: u.ID, Offset: at, Data: base64.StdEncoding.EncodeToString(file[at:min(len(file), at+128<<10)]), Command: key()}))(t)
	}
	return u.ID
}

// voice is a WAV file of 16 bits that a recording of two speakers could be: a buzz at a pitch of each, in bursts of syllables,
// with noise 45 dB below, and a silence of 1.2 s about the hand-over at 20 s.
func voice(seconds float64) []byte {
	const rate = 16_000
	chance := rand.New(rand.NewPCG(7, 7))
	samples := make([]int16, int(seconds*rate))
	turns := 0.0 // of the voice so far
	for i := range samples {
		at := float64(i) / rate
		hz := 110.0
		if at > 20 {
			hz = 205
		}
		turns += hz * (1 + 0.12*math.Sin(2*math.Pi*0.7*at)) / rate
		x := 0.0
		if phrase := math.Mod(at, 4); phrase < 3.3 && math.Abs(at-20.1) > 0.6 {
			for k := 1.0; k <= 12; k++ {
				x += math.Sin(2*math.Pi*turns*k) / k
			}
			x *= 0.12 * (0.55 + 0.45*math.Sin(2*math.Pi*4*at))
		}
		samples[i] = int16(32767 * (x + 0.0008*chance.NormFloat64()))
	}
	var b bytes.Buffer
	b.WriteString("RIFF")
	binary.Write(&b, binary.LittleEndian, uint32(36+2*len(samples)))
	b.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16)} {
		binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString("data")
	binary.Write(&b, binary.LittleEndian, uint32(2*len(samples)))
	binary.Write(&b, binary.LittleEndian, samples)
	return b.Bytes()
}

func TestSoundComesInOnlyWithEverySpeakersWord(t *testing.T) {
	r := openRehearsal(t)
	file := voice(2)
	sum := sha256.Sum256(file)
	start := app.StartUploadInput{Name: "run.wav", Bytes: len(file), Sha256: hex.EncodeToString(sum[:]), RehearsalID: &r.run, Command: key()}
	if code := refused(r.StartUpload(r.as(), start))(t); code != domain.CodeNeedsConsent {
		t.Errorf("before anybody agreed: %s", code)
	}
	r.agree(r.speakers[0], true)
	start.Command = key()
	if code := refused(r.StartUpload(r.as(), start))(t); code != domain.CodeNeedsConsent {
		t.Errorf("before all agreed: %s", code)
	}
	r.agree(r.speakers[1], true)
	other := upload(t, r.App, r.as(), "deck.pdf", file, nil)
	if code := refused(r.AttachRecording(r.as(), app.AttachRecordingInput{RehearsalID: r.run, UploadID: other, Command: key()}))(t); code != domain.CodeInvalid {
		t.Errorf("an upload that was not begun for the run: %s", code)
	}
	id := upload(t, r.App, r.as(), "run.wav", file, &r.run)
	in := app.AttachRecordingInput{RehearsalID: r.run, UploadID: id, OffsetMilliseconds: 250, Command: key()}
	done(r.AttachRecording(r.as(), in))(t)
	again := ok(r.AttachRecording(r.as(), in))(t)
	if !again.Repeated || len(again.UserErrors) > 0 {
		t.Errorf("the same key again: %+v", again)
	}
	in.Command = key()
	if code := refused(r.AttachRecording(r.as(), in))(t); code != domain.CodeNotFound {
		t.Errorf("an upload that is used up: %s", code)
	}
	rec := ok(r.Recording(r.as(), ok(r.Rehearsal(r.as(), r.run))(t)))(t)
	if rec.Milliseconds != 2000 || rec.SampleRate != 16_000 || rec.OffsetMilliseconds != 250 || len(rec.Waveform(100)) != 100 || slices.Max(rec.Waveform(100)) < 0.05 {
		t.Errorf("%+v", rec)
	}
	var whole []byte
	for {
		piece := ok(r.FileData(r.as(), rec.ID, len(whole), 10_000))(t)
		if piece == nil {
			break
		}
		part := ok(base64.StdEncoding.DecodeString(*piece))(t)
		whole = append(whole, part...)
	}
	if len(whole) != rec.Bytes || !bytes.HasPrefix(whole, []byte("fLaC")) {
		t.Errorf("%d of %d bytes come out", len(whole), rec.Bytes)
	}
	for name, wrong := range map[string][]byte{"text": []byte("no sound"), "nothing but a head": file[:44], "half a head": file[:20]} {
		bad := upload(t, r.App, r.as(), name+".wav", wrong, &r.run)
		if code := refused(r.AttachRecording(r.as(), app.AttachRecordingInput{RehearsalID: r.run, UploadID: bad, Command: key()}))(t); code != domain.CodeInvalid {
			t.Errorf("%s: %s", name, code)
		}
	}
}

// traces looks for stretches of a sound in every file of a folder, as its bytes and as the Base64 in which pieces come.
func traces(t *testing.T, folder string, file []byte) (found int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		held := ok(os.ReadFile(name))(t)
		for at := 3 * 4096; at+120 < len(file); at += 3 * 8192 {
			if bytes.Contains(held, file[at:at+90]) || bytes.Contains(held, []byte(base64.StdEncoding.EncodeToString(file[at:at+90]))) {
				found++
			}
			swapped := slices.Clone(file[at+44&^1 : at+134&^1]) // FLAC writes the greater byte first
			for i := 0; i+1 < len(swapped); i += 2 {
				swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			}
			if bytes.Contains(held, swapped) {
				found++
			}
		}
	}
	return found
}

// TestAWordTakenBackRemovesTheSoundEverywhere scans every file of the data folder, log included, for the sound. The control
// is the folder before: there it must be found. What was still on its way goes as well.
func TestAWordTakenBackRemovesTheSoundEverywhere(t *testing.T) {
	r := openRehearsal(t)
	file := voice(41)
	for _, s := range r.speakers {
		r.agree(s, true)
	}
	id := upload(t, r.App, r.as(), "run.wav", file, &r.run)
	done(r.AttachRecording(r.as(), app.AttachRecordingInput{RehearsalID: r.run, UploadID: id, Command: key()}))(t)
	analysis := r.analysed(domain.AnalyseSignal)
	upload(t, r.App, r.as(), "second.wav", file, &r.run)
	if n := traces(t, r.where, file); n < 10 {
		t.Fatalf("control: the sound is found %d times before", n)
	}
	r.agree(r.speakers[1], false)
	if n := traces(t, r.where, file); n > 0 {
		t.Errorf("the sound is found %d times after", n)
	}
	run := ok(r.Rehearsal(r.as(), r.run))(t)
	if rec := ok(r.Recording(r.as(), run))(t); rec != nil {
		t.Errorf("a recording is left: %+v", rec)
	}
	if a := ok(r.Analysis(r.as(), run))(t); a != nil {
		t.Errorf("an analysis is left: %+v", a)
	}
	if _, err := r.VoiceAnalysis(r.as(), analysis.ID); err == nil {
		t.Error("the analysis is read by its id")
	}
	c := run.Consent(r.speakers[1])
	if c.Stands() || c.WithdrawnAt == nil {
		t.Errorf("%+v", c)
	}
	if code := refused(r.AnalyseRehearsal(r.as(), app.AnalyseRehearsalInput{RehearsalID: r.run, Level: domain.AnalyseSignal, Command: key()}))(t); code != domain.CodeWrongState {
		t.Errorf("analysed without a recording: %s", code)
	}
}

// analysed runs an analysis to its end.
func (r *rehearsed) analysed(level domain.AnalysisLevel) *domain.VoiceAnalysis {
	r.Helper()
	begun := done(r.AnalyseRehearsal(r.as(), app.AnalyseRehearsalInput{RehearsalID: r.run, Level: level, Command: key()}))(r)
	var last *domain.VoiceAnalysis
	for m := range ok(r.JobProgressed(r.as(), begun.AnalysisID))(r) {
		last = m.(*domain.VoiceAnalysis)
	}
	if last.State != domain.JobDone || last.Heard == nil || *last.Progress != 1 {
		why := ""
		if last.Failure != nil {
			why = *last.Failure
		}
		r.Fatalf("the analysis is %s: %s", last.State, why)
	}
	return last
}

// TestAnAnalysisTellsWhatIsInTheSound compares with what was built into it: two pitches, a silence at the hand-over.
func TestAnAnalysisTellsWhatIsInTheSound(t *testing.T) {
	r := openRehearsal(t)
	for n := range 3 {
		if n > 0 {
			r.run = r.start(r.App, r.as())
		}
		for _, s := range r.speakers {
			r.agree(s, true)
		}
		id := upload(t, r.App, r.as(), "run.wav", voice(41), &r.run)
		done(r.AttachRecording(r.as(), app.AttachRecordingInput{RehearsalID: r.run, UploadID: id, Command: key()}))(t)
		r.analysed(domain.AnalyseSignal)
	}
	run := ok(r.Rehearsal(r.as(), r.run))(t)
	a := ok(r.Analysis(r.as(), run))(t)
	for i, hz := range []float64{110, 205} {
		found := ok(r.Metrics(r.as(), a, []domain.MetricName{domain.PitchHertz}, &r.speakers[i]))(t)
		var whole *domain.Metric
		for _, m := range found {
			if m.SectionID == nil {
				whole = m
			}
		}
		if whole == nil || whole.Measured == nil || math.Abs(whole.Measured.Value-hz) > 0.06*hz || len(whole.Evidence) == 0 {
			t.Errorf("speaker %d: %+v %+v", i, whole, whole.Measured)
			continue
		}
		if u := whole.Measured.Usual; u == nil || u.Runs != 2 || u.Low != u.High {
			t.Errorf("the speaker's earlier runs: %+v", u)
		}
	}
	handovers := ok(r.Handovers(r.as(), run))(t)
	if len(handovers) != 1 || handovers[0].GapMilliseconds == nil || *handovers[0].GapMilliseconds < 1_000 || *handovers[0].GapMilliseconds > 2_200 {
		t.Errorf("the hand-over: %+v", handovers)
	}
	kinds := map[domain.PauseKind]int{}
	for _, p := range a.Pauses() {
		kinds[p.Kind]++
	}
	if kinds[domain.PauseHandover] != 1 || len(a.Pauses()) < 7 || len(a.Pace()) != 8 {
		t.Errorf("pauses %v, pace %d points", kinds, len(a.Pace()))
	}
	if fix := ok(r.FixNext(r.as(), run))(t); fix == nil || fix.Text == "" {
		t.Errorf("%+v", fix)
	}
}

// TestACancelledAnalysisSaysSo stops one at once.
func TestACancelledAnalysisSaysSo(t *testing.T) {
	r := openRehearsal(t)
	for _, s := range r.speakers {
		r.agree(s, true)
	}
	id := upload(t, r.App, r.as(), "run.wav", voice(41), &r.run)
	done(r.AttachRecording(r.as(), app.AttachRecordingInput{RehearsalID: r.run, UploadID: id, Command: key()}))(t)
	begun := done(r.AnalyseRehearsal(r.as(), app.AnalyseRehearsalInput{RehearsalID: r.run, Level: domain.AnalyseSignal, Command: key()}))(t)
	if code := refused(r.AnalyseRehearsal(r.as(), app.AnalyseRehearsalInput{RehearsalID: r.run, Level: domain.AnalyseSignal, Command: key()}))(t); code != domain.CodeWrongState {
		t.Errorf("a second one at the same time: %s", code)
	}
	stopped := done(r.CancelJob(r.as(), app.CancelJobInput{JobID: begun.AnalysisID, Command: key()}))(t)
	x := ok(r.VoiceAnalysis(r.as(), stopped.JobID))(t)
	if x.State != domain.JobCancelled || x.Heard != nil || x.EndedAt == nil {
		t.Errorf("%+v", x)
	}
}

// TestAnEngineElsewhereHearsOnlyWithEverySpeakersYes analyses with a stand-in for a user's own engine, which writes fillers down.
func TestAnEngineElsewhereHearsOnlyWithEverySpeakersYes(t *testing.T) {
	asked := 0
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		io.WriteString(w, `{"words": [{"word": "Forms", "start": 0.1, "end": 0.4}, {"word": "um", "start": 0.6, "end": 0.8}, {"word": "are", "start": 1, "end": 1.2}, {"word": "slow.", "start": 1.3, "end": 2}]}`)
	}))
	defer engine.Close()
	r := openRehearsal(t)
	for _, s := range r.speakers {
		r.agree(s, true)
	}
	id := upload(t, r.App, r.as(), "run.wav", voice(41), &r.run)
	done(r.AttachRecording(r.as(), app.AttachRecordingInput{RehearsalID: r.run, UploadID: id, Command: key()}))(t)
	in := app.AnalyseRehearsalInput{RehearsalID: r.run, Level: domain.AnalyseRemoteWords, Command: key()}
	if code := refused(r.AnalyseRehearsal(r.as(), in))(t); code != domain.CodeWrongState {
		t.Errorf("without an engine: %s", code)
	}
	t.Setenv("TANDEM_WORDS_URL", engine.URL)
	t.Setenv("TANDEM_WORDS_VERBATIM", "1")
	in.Command = key()
	if code := refused(r.AnalyseRehearsal(r.as(), in))(t); code != domain.CodeNeedsConsent || asked > 0 {
		t.Errorf("without their yes: %s, asked %d times", code, asked)
	}
	for _, s := range r.speakers {
		done(r.SetRecordingConsent(r.as(), app.SetRecordingConsentInput{RehearsalID: r.run, EnrolmentID: &s, Agreed: true, Send: true, Command: key()}))(t)
	}
	a := r.analysed(domain.AnalyseRemoteWords)
	if asked != 1 {
		t.Errorf("the engine was asked %d times", asked)
	}
	s := a.Alignment().Sentences
	if len(s) != 2 || s[0].StartMilliseconds == nil || *s[0].StartMilliseconds > 150 || s[1].StartMilliseconds != nil {
		t.Errorf("%+v", s)
	}
	for _, m := range ok(r.Metrics(r.as(), a, []domain.MetricName{domain.FillersPerMinute}, nil))(t) {
		if m.SpeakerID == nil && m.SectionID == nil && (m.Measured == nil || m.Measured.N != 1) {
			t.Errorf("fillers: %+v", m)
		}
	}
}
