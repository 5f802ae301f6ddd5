package domain

import "time"

// Recording is the sound of a run, kept as pieces under its id. Peaks is its outline: the greatest sample, 0 to 1, of each of
// evenly spaced stretches.
type Recording struct {
	ID                 string
	RehearsalID        string
	Milliseconds       int
	OffsetMilliseconds int
	SampleRate         int
	Bytes              int
	MediaType          string
	Peaks              []float64
}

// Waveform is that many peaks of the outline, evenly spaced.
func (r *Recording) Waveform(points int) []float64 {
	out := make([]float64, min(points, len(r.Peaks)))
	for i := range out {
		for _, p := range r.Peaks[i*len(r.Peaks)/len(out) : (i+1)*len(r.Peaks)/len(out)] {
			out[i] = max(out[i], p)
		}
	}
	return out
}

// AnalysisLevel is what does an analysis.
type AnalysisLevel string

const (
	AnalyseSignal      AnalysisLevel = "SIGNAL"
	AnalyseLocalWords  AnalysisLevel = "LOCAL_WORDS"
	AnalyseRemoteWords AnalysisLevel = "REMOTE_WORDS"
)

// Analyser is a level of analysis, and why it is not to be had; SendsTo is the host to which the sound would go.
type Analyser struct {
	Level   AnalysisLevel
	Problem *string
	SendsTo *string
}

// VoiceAnalysis is a job that listens to a recording. Heard is nil before it is done.
type VoiceAnalysis struct {
	ID          string
	RehearsalID string
	State       JobState
	Progress    *float64
	StartedAt   time.Time
	EndedAt     *time.Time
	Failure     *string
	Level       AnalysisLevel
	Heard       *Heard
}

// IsNode makes the analysis a node.
func (VoiceAnalysis) IsNode() {}

// Stands is how far the job has come.
func (v VoiceAnalysis) Stands() JobState { return v.State }

// Heard is what an analysis found. Speech is where voices were heard; all times are milliseconds from the run's start.
type Heard struct {
	Metrics      []*Metric
	Pauses       []*Pause
	Pace         []*PacePoint
	Alignment    *Alignment
	UnknownWords []string
	Warnings     []string
	Speech       []*Span
}

// Pauses is the silences of 0.3 seconds or more.
func (v *VoiceAnalysis) Pauses() []*Pause {
	if v.Heard == nil {
		return []*Pause{}
	}
	return v.Heard.Pauses
}

// Pace is the pace over time.
func (v *VoiceAnalysis) Pace() []*PacePoint {
	if v.Heard == nil {
		return []*PacePoint{}
	}
	return v.Heard.Pace
}

// Alignment is how the words met the script.
func (v *VoiceAnalysis) Alignment() *Alignment {
	if v.Heard == nil {
		return nil
	}
	return v.Heard.Alignment
}

// UnknownWords is the script's words that the engine knows no sound of.
func (v *VoiceAnalysis) UnknownWords() []string {
	if v.Heard == nil {
		return []string{}
	}
	return v.Heard.UnknownWords
}

// Warnings is what makes the figures less than they seem.
func (v *VoiceAnalysis) Warnings() []string {
	if v.Heard == nil {
		return []string{}
	}
	return v.Heard.Warnings
}

// MetricName is what is measured.
type MetricName string

const (
	WordsPerMinute      MetricName = "WORDS_PER_MINUTE"
	SyllablesPerSecond  MetricName = "SYLLABLES_PER_SECOND"
	PausesPerMinute     MetricName = "PAUSES_PER_MINUTE"
	LoudnessLUFS        MetricName = "LOUDNESS_LUFS"
	PitchHertz          MetricName = "PITCH_HERTZ"
	PitchRangeSemitones MetricName = "PITCH_RANGE_SEMITONES"
	SNRDecibels         MetricName = "SNR_DECIBELS"
	FillersPerMinute    MetricName = "FILLERS_PER_MINUTE"
	ScriptCoverage      MetricName = "SCRIPT_COVERAGE"
	VerbatimShare       MetricName = "VERBATIM_SHARE"
)

// Metric is a figure about a voice, or why there is none. SpeakerID nil is the whole run or section, SectionID nil the
// whole run or speaker.
type Metric struct {
	RehearsalID string
	Name        MetricName
	SpeakerID   *string
	SectionID   *string
	Measured    *Measured
	Refused     *NoVerdict
	Evidence    []*Span
}

// Value is the figure, or why there is none.
func (m *Metric) Value() MetricValue {
	if m.Measured != nil {
		return m.Measured
	}
	return m.Refused
}

// MetricValue is a *Measured or a *NoVerdict.
type MetricValue interface{ IsMetricValue() }

// Confidence is how far to trust a figure.
type Confidence string

const (
	MeasuredDirectly Confidence = "MEASURED"
	Estimated        Confidence = "ESTIMATED"
)

// Measured is a figure, and Usual the same of the speaker's own earlier runs.
type Measured struct {
	Value        float64
	Method       string
	N            int
	Confidence   Confidence
	ErrorPercent *float64
	Usual        *Band
}

// Band is from the lowest to the highest of earlier values.
type Band struct {
	Low, High float64
	Runs      int
}

// VerdictGate is a gate before a figure.
type VerdictGate string

const (
	GateSNR           VerdictGate = "SNR_DECIBELS"
	GateUnknownWords  VerdictGate = "UNKNOWN_WORDS"
	GateSpeechSeconds VerdictGate = "SPEECH_SECONDS"
	GateVerbatim      VerdictGate = "VERBATIM"
)

// NoVerdict is why a figure is refused.
type NoVerdict struct {
	Text          string
	Gate          VerdictGate
	Found, Needed float64
}

// IsMetricValue makes a figure a value.
func (*Measured) IsMetricValue() {}

// IsMetricValue makes a refusal a value.
func (*NoVerdict) IsMetricValue() {}

// PauseKind is what sort of silence.
type PauseKind string

const PauseHandover PauseKind = "HANDOVER"

// Pause is a silence.
type Pause struct {
	Span *Span
	Kind PauseKind
}

// PacePoint is the pace at a moment.
type PacePoint struct {
	AtMilliseconds int
	WordsPerMinute float64
}

// Alignment is how the words met the script.
type Alignment struct {
	Refused   *NoVerdict
	Sentences []*AlignedSentence
}

// AlignedSentence is a sentence of the script; Words is how many it has, StartMilliseconds nil where it was skipped.
type AlignedSentence struct {
	RehearsalID       string
	Text              string
	Words             int
	SectionID         string
	StartMilliseconds *int
}
