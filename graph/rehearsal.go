package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

func (q queries) Pitch(ctx context.Context, id string) (*domain.Pitch, error) {
	return q.app.Pitch(ctx, id)
}

func (q queries) Rehearsal(ctx context.Context, id string) (*domain.Rehearsal, error) {
	return q.app.Rehearsal(ctx, id)
}

func (t teams) Pitch(ctx context.Context, o *domain.Team) (*domain.Pitch, error) {
	return t.app.PitchOf(ctx, o)
}

func (m mutations) SavePitch(ctx context.Context, in app.SavePitchInput) (*domain.Reply[app.PitchReply], error) {
	return m.app.SavePitch(ctx, in)
}

func (m mutations) StartRehearsal(ctx context.Context, in app.StartRehearsalInput) (*domain.Reply[app.RehearsalReply], error) {
	return m.app.StartRehearsal(ctx, in)
}

func (m mutations) AppendRunEvents(ctx context.Context, in app.AppendRunEventsInput) (*domain.Reply[app.RehearsalReply], error) {
	return m.app.AppendRunEvents(ctx, in)
}

func (m mutations) SetRecordingConsent(ctx context.Context, in app.SetRecordingConsentInput) (*domain.Reply[app.RehearsalReply], error) {
	return m.app.SetRecordingConsent(ctx, in)
}

func (m mutations) GiveFeedback(ctx context.Context, in app.GiveFeedbackInput) (*domain.Reply[app.FeedbackReply], error) {
	return m.app.GiveFeedback(ctx, in)
}

func (m mutations) KeepQuestion(ctx context.Context, in app.KeepQuestionInput) (*domain.Reply[app.PitchReply], error) {
	return m.app.KeepQuestion(ctx, in)
}

func (m mutations) PractiseQuestion(ctx context.Context, in app.PractiseQuestionInput) (*domain.Reply[app.PitchReply], error) {
	return m.app.PractiseQuestion(ctx, in)
}

// pitchReplies answer with the pitch that a mutation was about.
type pitchReplies struct{ *Root }

func (r *Root) SavePitchPayload() generated.SavePitchPayloadResolver       { return pitchReplies{r} }
func (r *Root) KeepQuestionPayload() generated.KeepQuestionPayloadResolver { return pitchReplies{r} }
func (r *Root) PractiseQuestionPayload() generated.PractiseQuestionPayloadResolver {
	return pitchReplies{r}
}

func (p pitchReplies) Pitch(ctx context.Context, o *domain.Reply[app.PitchReply]) (*domain.Pitch, error) {
	return p.app.RepliedPitch(ctx, o)
}

// rehearsalReplies answer with the run that a mutation was about.
type rehearsalReplies struct{ *Root }

func (r *Root) StartRehearsalPayload() generated.StartRehearsalPayloadResolver {
	return rehearsalReplies{r}
}

func (r *Root) AppendRunEventsPayload() generated.AppendRunEventsPayloadResolver {
	return rehearsalReplies{r}
}

func (r *Root) SetRecordingConsentPayload() generated.SetRecordingConsentPayloadResolver {
	return rehearsalReplies{r}
}

func (p rehearsalReplies) Rehearsal(ctx context.Context, o *domain.Reply[app.RehearsalReply]) (*domain.Rehearsal, error) {
	return p.app.RepliedRehearsal(ctx, o)
}

func (p rehearsalReplies) LastSequence(_ context.Context, o *domain.Reply[app.RehearsalReply]) (*int, error) {
	return p.app.RepliedSequence(o), nil
}

type feedbackReplies struct{ *Root }

func (r *Root) GiveFeedbackPayload() generated.GiveFeedbackPayloadResolver { return feedbackReplies{r} }

func (f feedbackReplies) Feedback(ctx context.Context, o *domain.Reply[app.FeedbackReply]) (*domain.PeerFeedback, error) {
	return f.app.RepliedFeedback(ctx, o)
}

type pitches struct{ *Root }

func (r *Root) Pitch() generated.PitchResolver { return pitches{r} }

func (p pitches) UpdatedBy(_ context.Context, o *domain.Pitch) (*string, error) {
	return &o.SavedBy, nil
}

func (p pitches) Team(ctx context.Context, o *domain.Pitch) (*domain.Team, error) {
	return p.app.TeamOf(ctx, o.TeamID)
}

func (p pitches) Rehearsals(ctx context.Context, o *domain.Pitch, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Rehearsal], error) {
	return p.app.Rehearsals(ctx, o, page(first, after, last, before))
}

func (p pitches) Forecast(ctx context.Context, o *domain.Pitch, liveDriftPercent float64) (*domain.Forecast, error) {
	return p.app.Forecast(ctx, o, liveDriftPercent)
}

func (p pitches) Questions(ctx context.Context, o *domain.Pitch) ([]*domain.Question, error) {
	return p.app.Questions(ctx, o)
}

func (p pitches) QuestionCoverage(ctx context.Context, o *domain.Pitch) (float64, error) {
	return p.app.QuestionCoverage(ctx, o)
}

type sections struct{ *Root }

func (r *Root) Section() generated.SectionResolver { return sections{r} }

func (s sections) Presenter(ctx context.Context, o *domain.Section) (*domain.Enrolment, error) {
	return s.app.Speaker(ctx, o)
}

func (s sections) WordBudget(ctx context.Context, o *domain.Section) (*int, error) {
	return s.app.WordBudget(ctx, o)
}

type claims struct{ *Root }

func (r *Root) Claim() generated.ClaimResolver { return claims{r} }

func (c claims) Section(ctx context.Context, o *domain.Claim) (*domain.Section, error) {
	return c.app.ClaimSection(ctx, o)
}

func (c claims) Insights(ctx context.Context, o *domain.Claim) ([]*domain.Insight, error) {
	return c.app.ClaimInsights(ctx, o)
}

type questions struct{ *Root }

func (r *Root) Question() generated.QuestionResolver { return questions{r} }

func (q questions) Claim(ctx context.Context, o *domain.Question) (*domain.Claim, error) {
	return q.app.QuestionClaim(ctx, o)
}

type forecasts struct{ *Root }

func (r *Root) ForecastExplanation() generated.ForecastExplanationResolver { return forecasts{r} }

func (f forecasts) Rehearsals(ctx context.Context, o *domain.ForecastExplanation) ([]*domain.Rehearsal, error) {
	return f.app.RehearsalsNamed(ctx, o.RehearsalIDs)
}

type rehearsals struct{ *Root }

func (r *Root) Rehearsal() generated.RehearsalResolver { return rehearsals{r} }

func (x rehearsals) UpdatedBy(_ context.Context, o *domain.Rehearsal) (*string, error) {
	return &o.SavedBy, nil
}

func (x rehearsals) Pitch(ctx context.Context, o *domain.Rehearsal) (*domain.Pitch, error) {
	return x.app.PitchRehearsed(ctx, o)
}

func (x rehearsals) Events(ctx context.Context, o *domain.Rehearsal, afterSequence int) ([]*domain.RunEvent, error) {
	return x.app.RunEvents(ctx, o, afterSequence)
}

func (x rehearsals) Sections(ctx context.Context, o *domain.Rehearsal) ([]*domain.SectionTime, error) {
	return x.app.SectionTimes(ctx, o)
}

func (x rehearsals) Handovers(ctx context.Context, o *domain.Rehearsal) ([]*domain.Handover, error) {
	return x.app.Handovers(ctx, o)
}

func (x rehearsals) DiffTo(ctx context.Context, o *domain.Rehearsal, id string) (*domain.RehearsalDiff, error) {
	return x.app.DiffRehearsals(ctx, o, id)
}

func (x rehearsals) Consents(_ context.Context, o *domain.Rehearsal) ([]*domain.RecordingConsent, error) {
	return x.app.Consents(o), nil
}

func (x rehearsals) FixNext(ctx context.Context, o *domain.Rehearsal) (*domain.FixNext, error) {
	return x.app.FixNext(ctx, o)
}

func (x rehearsals) Feedback(ctx context.Context, o *domain.Rehearsal) ([]*domain.PeerFeedback, error) {
	return x.app.Feedback(ctx, o)
}

type runEvents struct{ *Root }

func (r *Root) RunEvent() generated.RunEventResolver { return runEvents{r} }

func (e runEvents) Section(ctx context.Context, o *domain.RunEvent) (*domain.Section, error) {
	return e.app.EventSection(ctx, o)
}

type handovers struct{ *Root }

func (r *Root) Handover() generated.HandoverResolver { return handovers{r} }

func (h handovers) From(ctx context.Context, o *domain.Handover) (*domain.Enrolment, error) {
	return h.app.EnrolmentOf(ctx, o.FromID)
}

func (h handovers) To(ctx context.Context, o *domain.Handover) (*domain.Enrolment, error) {
	return h.app.EnrolmentOf(ctx, o.ToID)
}

type consents struct{ *Root }

func (r *Root) RecordingConsent() generated.RecordingConsentResolver { return consents{r} }

func (c consents) Enrolment(ctx context.Context, o *domain.RecordingConsent) (*domain.Enrolment, error) {
	return c.app.EnrolmentOf(ctx, o.EnrolmentID)
}

type feedback struct{ *Root }

func (r *Root) PeerFeedback() generated.PeerFeedbackResolver { return feedback{r} }

func (f feedback) Author(ctx context.Context, o *domain.PeerFeedback) (*domain.Enrolment, error) {
	return f.app.EnrolmentIf(ctx, o.AuthorID)
}

func (f feedback) Section(ctx context.Context, o *domain.PeerFeedback) (*domain.Section, error) {
	return f.app.FeedbackSection(ctx, o)
}

func (m mutations) AttachDeck(ctx context.Context, in app.AttachDeckInput) (*domain.Reply[app.PitchReply], error) {
	return m.app.AttachDeck(ctx, in)
}

func (m mutations) AttachRecording(ctx context.Context, in app.AttachRecordingInput) (*domain.Reply[app.RehearsalReply], error) {
	return m.app.AttachRecording(ctx, in)
}

func (m mutations) AnalyseRehearsal(ctx context.Context, in app.AnalyseRehearsalInput) (*domain.Reply[app.AnalysisReply], error) {
	return m.app.AnalyseRehearsal(ctx, in)
}

func (r *Root) AttachDeckPayload() generated.AttachDeckPayloadResolver { return pitchReplies{r} }
func (r *Root) AttachRecordingPayload() generated.AttachRecordingPayloadResolver {
	return rehearsalReplies{r}
}

type analysisReplies struct{ *Root }

func (r *Root) AnalyseRehearsalPayload() generated.AnalyseRehearsalPayloadResolver {
	return analysisReplies{r}
}

func (a analysisReplies) Analysis(ctx context.Context, o *domain.Reply[app.AnalysisReply]) (*domain.VoiceAnalysis, error) {
	return a.app.RepliedAnalysis(ctx, o)
}

func (p pitches) Analysers(context.Context, *domain.Pitch) ([]*domain.Analyser, error) {
	return p.app.Analysers(), nil
}

type decks struct{ *Root }

func (r *Root) Deck() generated.DeckResolver { return decks{r} }

func (d decks) Pdfpc(_ context.Context, o *domain.Deck) (string, error) {
	return d.app.DeckNotes(o), nil
}

func (d decks) Data(ctx context.Context, o *domain.Deck, offset, bytes int) (*string, error) {
	return d.app.FileData(ctx, o.FileID, offset, bytes)
}

func (x rehearsals) Recording(ctx context.Context, o *domain.Rehearsal) (*domain.Recording, error) {
	return x.app.Recording(ctx, o)
}

func (x rehearsals) Analysis(ctx context.Context, o *domain.Rehearsal) (*domain.VoiceAnalysis, error) {
	return x.app.Analysis(ctx, o)
}

type recordings struct{ *Root }

func (r *Root) Recording() generated.RecordingResolver { return recordings{r} }

func (x recordings) Waveform(_ context.Context, o *domain.Recording, points int) ([]float64, error) {
	return x.app.Waveform(o, points)
}

func (x recordings) Data(ctx context.Context, o *domain.Recording, offset, bytes int) (*string, error) {
	return x.app.FileData(ctx, o.ID, offset, bytes)
}

type analyses struct{ *Root }

func (r *Root) VoiceAnalysis() generated.VoiceAnalysisResolver { return analyses{r} }

func (a analyses) Rehearsal(ctx context.Context, o *domain.VoiceAnalysis) (*domain.Rehearsal, error) {
	return a.app.RunHeard(ctx, o)
}

func (a analyses) Metrics(ctx context.Context, o *domain.VoiceAnalysis, names []domain.MetricName, speaker *string) ([]*domain.Metric, error) {
	return a.app.Metrics(ctx, o, names, speaker)
}

type metrics struct{ *Root }

func (r *Root) Metric() generated.MetricResolver { return metrics{r} }

func (m metrics) Speaker(ctx context.Context, o *domain.Metric) (*domain.Enrolment, error) {
	return m.app.EnrolmentIf(ctx, o.SpeakerID)
}

func (m metrics) Section(ctx context.Context, o *domain.Metric) (*domain.Section, error) {
	return m.app.MetricSection(ctx, o)
}

type alignedSentences struct{ *Root }

func (r *Root) AlignedSentence() generated.AlignedSentenceResolver { return alignedSentences{r} }

func (s alignedSentences) Section(ctx context.Context, o *domain.AlignedSentence) (*domain.Section, error) {
	return s.app.SentenceSection(ctx, o)
}
