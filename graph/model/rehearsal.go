package model

import (
	"tandem/internal/app"
	"tandem/internal/domain"
)

// Of a team's rehearsals.
type (
	RehearsalConnection = domain.Paged[domain.Rehearsal]
	RehearsalEdge       = domain.Edge[domain.Rehearsal]

	SavePitchPayload           = domain.Reply[app.PitchReply]
	KeepQuestionPayload        = domain.Reply[app.PitchReply]
	PractiseQuestionPayload    = domain.Reply[app.PitchReply]
	StartRehearsalPayload      = domain.Reply[app.RehearsalReply]
	AppendRunEventsPayload     = domain.Reply[app.RehearsalReply]
	SetRecordingConsentPayload = domain.Reply[app.RehearsalReply]
	AttachDeckPayload          = domain.Reply[app.PitchReply]
	AttachRecordingPayload     = domain.Reply[app.RehearsalReply]
	AnalyseRehearsalPayload    = domain.Reply[app.AnalysisReply]
	GiveFeedbackPayload        = domain.Reply[app.FeedbackReply]
)
