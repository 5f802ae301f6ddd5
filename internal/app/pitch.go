package app

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/internal/domain"
	"tandem/internal/pitch"
	"tandem/internal/speech"
	"tandem/internal/storage"
)

// What a team prepares is its own: no role outside it holds Rehearse, so that each way in ends here.

// privately is a team's place as the asker stands to it: about them, where they are of the team.
func (a *App) privately(ctx context.Context, at domain.Place) (domain.Place, error) {
	who := actor(ctx).PersonID
	if who == "" {
		return at, nil
	}
	members, err := membersOfTeams(a.view(ctx)).get(ctx, at.Team)
	if slices.ContainsFunc(members, func(e *domain.Enrolment) bool { return e.PersonID == who }) {
		at.Person = who
	}
	return at, err
}

// rehearses is nil where the asker may reach what a team prepares; NOT_FOUND else, whether or not it is there.
func (a *App) rehearses(ctx context.Context, what string, at domain.Place) error {
	at, err := a.privately(ctx, at)
	switch {
	case err != nil:
		return err
	case !actor(ctx).SignedIn():
		return must(ctx, domain.Rehearse, at)
	case !may(ctx, domain.Rehearse, at):
		return domain.NotFound(what)
	}
	return nil
}

// missing is why nothing is there, which is what those hear who may not know either.
func missing(ctx context.Context, what string) error {
	if !actor(ctx).SignedIn() {
		return must(ctx, domain.Rehearse, domain.Place{})
	}
	return domain.NotFound(what)
}

// Pitch is one pitch, for its team.
func (a *App) Pitch(ctx context.Context, id string) (*domain.Pitch, error) {
	p, err := nouns[domain.Pitch](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, missing(ctx, "pitch")
	}
	if err := a.rehearses(ctx, "pitch", p.Place()); err != nil {
		return nil, err
	}
	return p, nil
}

// withWritten gives what a list found as the view holds it, and what a mutation of this request wrote, or would have written.
func withWritten[D any](v *view, found []*D) []*D {
	out := mine(v, found)
	for _, d := range held[D](v) {
		if !slices.ContainsFunc(out, func(o *D) bool { return idOf(o) == idOf(d) }) {
			out = append(out, d)
		}
	}
	return out
}

func pitchesOfTeams(v *view) *batch[*domain.Pitch] {
	return list(v, "pitches of teams", func(ctx context.Context, teams []string) (map[string]*domain.Pitch, error) {
		found, err := v.store.PitchesOf(ctx, teams)
		out := map[string]*domain.Pitch{}
		for _, p := range withWritten(v, found) {
			out[p.TeamID] = p
		}
		return out, err
	})
}

// PitchOf is a team's pitch; nil before there is one, and for those outside the team.
func (a *App) PitchOf(ctx context.Context, t *domain.Team) (*domain.Pitch, error) {
	at, err := a.privately(ctx, placeOfTeam(t))
	if err != nil || !may(ctx, domain.Rehearse, at) {
		return nil, err
	}
	return pitchesOfTeams(a.view(ctx)).get(ctx, t.ID)
}

// TeamOf is the team that a noun names.
func (a *App) TeamOf(ctx context.Context, id string) (*domain.Team, error) {
	return ref[domain.Team](ctx, a, id)
}

// Speaker is who presents a section; nil until chosen.
func (a *App) Speaker(ctx context.Context, s *domain.Section) (*domain.Enrolment, error) {
	return optional[domain.Enrolment](ctx, a, s.PresenterID)
}

// ClaimSection is where a claim is said; nil if nowhere yet.
func (a *App) ClaimSection(ctx context.Context, c *domain.Claim) (*domain.Section, error) {
	p, err := a.Pitch(ctx, c.PitchID)
	if err != nil || c.SectionID == nil {
		return nil, err
	}
	for _, s := range p.Sections {
		if s.ID == *c.SectionID {
			return s, nil
		}
	}
	return nil, nil
}

// ClaimInsights is the insights that a claim rests on, those that the asker may see.
func (a *App) ClaimInsights(ctx context.Context, c *domain.Claim) ([]*domain.Insight, error) {
	found, err := all(ctx, nouns[domain.Insight](a.view(ctx)), c.InsightIDs)
	return slices.DeleteFunc(found, func(i *domain.Insight) bool { return !may(ctx, domain.SeeInsights, placeOfInsight(i)) }), err
}

// sentences is a script as the engine reckons with it.
func sentences(script string) []pitch.Sentence {
	lines := speech.ParseScript(script).Sentences
	out := make([]pitch.Sentence, len(lines))
	for i, l := range lines {
		out[i] = pitch.Sentence{Text: l.Text, Words: len(l.Words)}
	}
	return out
}

// partsOf is sections as the engine takes them; names is what their speakers are called, by enrolment.
func partsOf(sections []*domain.Section, names map[string]string) []pitch.Section {
	out := make([]pitch.Section, len(sections))
	for i, s := range sections {
		out[i] = pitch.Section{ID: s.ID, Title: s.Title, Speaker: deref(s.PresenterID), Name: names[deref(s.PresenterID)],
			TargetMilliseconds: 1000 * s.TargetSeconds, Script: sentences(s.Script)}
		set(&out[i].FirstSlide, s.FirstSlide)
		set(&out[i].LastSlide, s.LastSlide)
	}
	return out
}

// sectionAmong finds the section that an engine's answer is about.
func sectionAmong(sections []*domain.Section, id string) *domain.Section {
	for _, s := range sections {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// speakers is what the presenters of sections are called, by enrolment.
func (a *App) speakers(ctx context.Context, sections []*domain.Section) (map[string]string, error) {
	names := map[string]string{}
	for _, s := range sections {
		e, err := a.Speaker(ctx, s)
		if err != nil || e == nil {
			if err != nil {
				return nil, err
			}
			continue
		}
		p, err := ref[domain.Person](ctx, a, e.PersonID)
		if err != nil {
			return nil, err
		}
		names[e.ID] = p.Name
	}
	return names, nil
}

// WordBudget is how many words fit a section's target at its presenter's own rate; nil before there is one.
func (a *App) WordBudget(ctx context.Context, s *domain.Section) (*int, error) {
	p, err := a.Pitch(ctx, s.PitchID)
	if err != nil {
		return nil, err
	}
	budgets, err := once(ctx, a.view(ctx), "word budgets of "+p.ID, func(ctx context.Context) ([]*int, error) {
		runs, err := a.finished(ctx, p)
		return pitch.Budgets(partsOf(p.Sections, nil), runs), err
	})
	i := slices.IndexFunc(p.Sections, func(o *domain.Section) bool { return o.ID == s.ID })
	if err != nil || i < 0 {
		return nil, err
	}
	return budgets[i], nil
}

// finished is the finished runs of a pitch, newest first, as the engine takes them.
func (a *App) finished(ctx context.Context, p *domain.Pitch) ([]pitch.Run, error) {
	return once(ctx, a.view(ctx), "finished runs of "+p.ID, func(ctx context.Context) ([]pitch.Run, error) {
		rehearsals, err := a.rehearsalsOf(ctx, p)
		var runs []pitch.Run
		for _, r := range rehearsals {
			if err == nil && r.State == domain.RehearsalFinished {
				var run pitch.Run
				run, err = a.run(ctx, r)
				runs = append(runs, run)
			}
		}
		return runs, err
	})
}

// forecastOf is how long a pitch takes on the day; false before its first finished run.
func (a *App) forecastOf(ctx context.Context, p *domain.Pitch, drift float64) (pitch.Forecast, bool, error) {
	type made struct {
		pitch.Forecast
		ok bool
	}
	f, err := once(ctx, a.view(ctx), fmt.Sprint("forecast of ", p.ID, drift), func(ctx context.Context) (made, error) {
		runs, err := a.finished(ctx, p)
		if err != nil {
			return made{}, err
		}
		f, ok := pitch.Day{SlotMilliseconds: 1000 * p.SlotSeconds, Sections: partsOf(p.Sections, nil), Runs: runs, LiveDriftPercent: drift, Seed: forecastSeed}.Forecast()
		return made{f, ok}, nil
	})
	return f.Forecast, f.ok, err
}

// forecastSeed is the seed of every forecast, so that the same runs give the same numbers wherever they are.
const forecastSeed = 1

// usualDrift is how much longer a live audience is taken to make a pitch, in percent, where nobody says.
const usualDrift = 8.0

// Forecast is how long a pitch will take on the day; nil before its first finished run.
func (a *App) Forecast(ctx context.Context, p *domain.Pitch, drift float64) (*domain.Forecast, error) {
	if drift < -50 || drift > 100 {
		return nil, domain.Invalid("A live audience makes a pitch at most 100 % longer, and at most 50 % shorter.")
	}
	f, ok, err := a.forecastOf(ctx, p, drift)
	if err != nil || !ok {
		return nil, err
	}
	runs, err := a.finished(ctx, p)
	if err != nil {
		return nil, err
	}
	out := &domain.Forecast{Runs: f.Runs, P10Seconds: inSeconds(f.P10), MiddleSeconds: inSeconds(f.Middle), P90Seconds: inSeconds(f.P90), Overrun: f.Overrun,
		Cuts: []*domain.Cut{}, CutsSuffice: f.CutsSuffice, Explain: &domain.ForecastExplanation{LiveDriftPercent: drift, Seed: forecastSeed, RehearsalIDs: []string{}}}
	for _, ms := range f.EquallyLikely {
		out.EquallyLikelySeconds = append(out.EquallyLikelySeconds, inSeconds(ms))
	}
	for _, c := range f.Cuts {
		out.Cuts = append(out.Cuts, &domain.Cut{Section: sectionAmong(p.Sections, c.Section.ID), Text: c.Text, Words: c.Words, SavesSeconds: inSeconds(c.Saves), OverrunAfter: c.OverrunAfter})
	}
	for _, r := range runs[:f.Runs] {
		out.Explain.RehearsalIDs = append(out.Explain.RehearsalIDs, r.ID)
	}
	out.Explain.Text = fmt.Sprintf("%s of this pitch, each section shrunk towards its target where runs are few, with %g %% for a live audience: eight days in ten take %d to %d s, and the slot is %d s.",
		numbered(f.Runs, "finished run"), drift, out.P10Seconds, out.P90Seconds, p.SlotSeconds)
	return out, nil
}

func inSeconds(ms int) int { return (ms + 500) / 1000 }

func numbered(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// RehearsalsNamed is runs by id, in their order.
func (a *App) RehearsalsNamed(ctx context.Context, ids []string) ([]*domain.Rehearsal, error) {
	return all(ctx, nouns[domain.Rehearsal](a.view(ctx)), ids)
}

func questionsOfPitches(v *view) *batch[[]*domain.KeptQuestion] {
	return list(v, "questions of pitches", func(ctx context.Context, pitches []string) (map[string][]*domain.KeptQuestion, error) {
		found, err := v.store.KeptQuestions(ctx, pitches)
		return byKey(pitches, withWritten(v, found), func(q *domain.KeptQuestion) string { return q.PitchID }), err
	})
}

// drill is the questions to expect, and how many of them were practised.
func (a *App) drill(ctx context.Context, p *domain.Pitch) ([]pitch.Question, float64, error) {
	kept, err := questionsOfPitches(a.view(ctx)).get(ctx, p.ID)
	if err != nil {
		return nil, 0, err
	}
	in := pitch.Preparation{Sections: partsOf(p.Sections, nil), Practised: map[string]int{}}
	for _, c := range p.Claims {
		in.Claims = append(in.Claims, pitch.Claim{ID: c.ID, Text: c.Text, Supported: len(c.Evidence)+len(c.InsightIDs) > 0})
	}
	for _, c := range p.Criteria {
		in.Parts = append(in.Parts, pitch.Part{ID: strings.ToLower(c), Text: c})
	}
	t, err := ref[domain.Team](ctx, a, p.TeamID)
	if err != nil {
		return nil, 0, err
	}
	challenge, err := a.ChallengeIf(ctx, t.ChallengeID)
	if err != nil {
		return nil, 0, err
	}
	if challenge != nil {
		for _, s := range sentences(challenge.Need + "\n\n" + challenge.SuccessMeasures) {
			in.Parts = append(in.Parts, pitch.Part{ID: strings.ToLower(s.Text), Text: s.Text})
		}
	}
	for _, q := range kept {
		in.Practised[q.Key] = q.Practised
		if q.Text != "" {
			in.Asked = append(in.Asked, q.Text)
		}
	}
	questions, coverage := pitch.Drill(in)
	return questions, coverage, nil
}

// Questions is the questions to expect, the least practised first.
func (a *App) Questions(ctx context.Context, p *domain.Pitch) ([]*domain.Question, error) {
	found, _, err := a.drill(ctx, p)
	if err != nil {
		return nil, err
	}
	out := make([]*domain.Question, len(found))
	for i, q := range found {
		out[i] = &domain.Question{ID: "question_" + q.Key, PitchID: p.ID, Text: q.Text, Because: domain.QuestionCause(q.Because), Practised: q.Practised}
		if q.Claim != "" {
			out[i].ClaimID = &q.Claim
		}
	}
	return out, nil
}

// QuestionCoverage is the part of the questions to expect that was practised.
func (a *App) QuestionCoverage(ctx context.Context, p *domain.Pitch) (float64, error) {
	_, coverage, err := a.drill(ctx, p)
	return coverage, err
}

// QuestionClaim is the claim that a question is about; nil if none.
func (a *App) QuestionClaim(ctx context.Context, q *domain.Question) (*domain.Claim, error) {
	p, err := a.Pitch(ctx, q.PitchID)
	if err != nil || q.ClaimID == nil {
		return nil, err
	}
	for _, c := range p.Claims {
		if c.ID == *q.ClaimID {
			return c, nil
		}
	}
	return nil, nil
}

// PitchReply names the pitch that a mutation was about. The kept reply holds no word of it.
type PitchReply struct{ PitchID string }

// RepliedPitch is the pitch of a reply as it now is, or would be; nil where there is none.
func (a *App) RepliedPitch(ctx context.Context, r *domain.Reply[PitchReply]) (*domain.Pitch, error) {
	if r.Object == nil {
		return nil, nil
	}
	p, err := a.Pitch(ctx, r.Object.PitchID)
	if isMissing(err) { // one that was refused before it came into being
		return nil, nil
	}
	return p, err
}

// Bounds of a pitch.
const (
	sectionsMax       = 30
	claimsMax         = 100
	evidenceMax       = 20
	criteriaMax       = 12
	pronunciationsMax = 200
	scriptMax         = 20_000
	remarkMax         = 1_000
	titleMax          = 100
	slotMax           = 7_200
)

// SavePitch writes a team's pitch: what is left out stays. Its team.
func (a *App) SavePitch(ctx context.Context, in SavePitchInput) (*domain.Reply[PitchReply], error) {
	t, err := a.Team(ctx, in.TeamID)
	if err != nil {
		return nil, err
	}
	at, err := a.privately(ctx, placeOfTeam(t))
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.Rehearse, at); err != nil {
		return nil, err
	}
	return change(ctx, a, "savePitch", in.Command, in, func(tx *storage.Tx) (*PitchReply, []*domain.Impact, error) {
		found, err := tx.PitchesOf(ctx, []string{t.ID})
		if err != nil {
			return nil, nil, err
		}
		effect := domain.EffectChanged
		var p *domain.Pitch
		switch {
		case len(found) == 0:
			effect = domain.EffectCreated
			p = &domain.Pitch{ID: newID("pitch"), TeamID: t.ID, CohortID: t.CohortID, ProgrammeID: t.ProgrammeID, SlotSeconds: 300, QuestionSeconds: 300,
				Sections: []*domain.Section{}, Claims: []*domain.Claim{}, Criteria: []string{}, Pronunciations: []*domain.Pronunciation{}}
			if in.ExpectedVersion != nil && *in.ExpectedVersion != 0 {
				return nil, nil, domain.Refuse(domain.CodeNotFound, "expectedVersion", "The team has no pitch yet.", "Leave it out.")
			}
		case in.ExpectedVersion == nil:
			return &PitchReply{found[0].ID}, nil, domain.Refuse(domain.CodeRequired, "expectedVersion", "The team has a pitch already.", "Read it, and send the edit with its version.")
		default:
			p = found[0]
			if err := fresh(p.Edit, *in.ExpectedVersion); err != nil {
				return &PitchReply{p.ID}, nil, err
			}
		}
		reply := &PitchReply{p.ID}
		w := &pitchWriting{pitch: p}
		if err := w.write(ctx, tx, in); err != nil {
			return reply, nil, err
		}
		if w.wrong != nil {
			return reply, nil, w.wrong
		}
		return reply, []*domain.Impact{domain.Touch(effect, "The pitch is saved.", p.ID)}, storage.Put(tx, p)
	})
}

// pitchWriting writes an input into a pitch and gathers what is wrong with it.
type pitchWriting struct {
	pitch *domain.Pitch
	wrong domain.Refusal
}

func (w *pitchWriting) refuse(code domain.UserErrorCode, field, message, fix string) {
	w.wrong = append(w.wrong, domain.Problem(code, field, message, fix))
}

// within refuses a number outside its bounds.
func (w *pitchWriting) within(field, what string, n, least, most int) {
	if n < least || n > most {
		w.refuse(domain.CodeInvalid, field, fmt.Sprintf("%s is %d to %d; this is %d.", what, least, most, n), "Choose a number between.")
	}
}

// text gives a text without space around it, and refuses one that is missing or too long.
func (w *pitchWriting) text(field, what, text string, most int) string {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		w.refuse(domain.CodeRequired, field, what+" is missing.", "Write it, or take the line out.")
	case n > most:
		w.refuse(domain.CodeInvalid, field, fmt.Sprintf("%s has at most %d characters; this has %d.", what, most, n), "Shorten it.")
	}
	return text
}

// atMost refuses a list that is too long.
func (w *pitchWriting) atMost(field, what string, n, most int) bool {
	if n > most {
		w.refuse(domain.CodeInvalid, field, fmt.Sprintf("A pitch has at most %d %s; these are %d.", most, what, n), "Join some of them.")
	}
	return n <= most
}

func (w *pitchWriting) write(ctx context.Context, tx *storage.Tx, in SavePitchInput) error {
	if in.SlotSeconds != nil {
		w.within("slotSeconds", "A slot in seconds", *in.SlotSeconds, 10, slotMax)
		w.pitch.SlotSeconds = *in.SlotSeconds
	}
	if in.QuestionSeconds != nil {
		w.within("questionSeconds", "The time for questions in seconds", *in.QuestionSeconds, 0, slotMax)
		w.pitch.QuestionSeconds = *in.QuestionSeconds
	}
	if in.Sections != nil && w.atMost("sections", "sections", len(in.Sections), sectionsMax) {
		if err := w.sections(ctx, tx, in.Sections); err != nil {
			return err
		}
	}
	if in.Claims != nil && w.atMost("claims", "claims", len(in.Claims), claimsMax) {
		if err := w.claims(ctx, tx, in.Claims); err != nil {
			return err
		}
	}
	for _, c := range w.pitch.Claims {
		if c.SectionID != nil && sectionAmong(w.pitch.Sections, *c.SectionID) == nil {
			c.SectionID = nil // its section is gone
		}
	}
	if in.Criteria != nil && w.atMost("criteria", "criteria", len(in.Criteria), criteriaMax) {
		w.pitch.Criteria = []string{}
		for i, c := range in.Criteria {
			c = w.text(fmt.Sprintf("criteria.%d", i), "A criterion", c, titleMax)
			if slices.ContainsFunc(w.pitch.Criteria, func(o string) bool { return strings.EqualFold(o, c) }) {
				w.refuse(domain.CodeTaken, fmt.Sprintf("criteria.%d", i), "This criterion is there twice.", "Name it once.")
			}
			w.pitch.Criteria = append(w.pitch.Criteria, c)
		}
	}
	if in.Pronunciations != nil && w.atMost("pronunciations", "pronunciations", len(in.Pronunciations), pronunciationsMax) {
		w.pronunciations(in.Pronunciations)
	}
	return nil
}

func (w *pitchWriting) sections(ctx context.Context, tx *storage.Tx, in []*SectionInput) error {
	members, err := tx.Members(ctx, []string{w.pitch.TeamID})
	if err != nil {
		return err
	}
	before := w.pitch.Sections
	w.pitch.Sections = []*domain.Section{}
	for i, s := range in {
		field := func(part string) string { return fmt.Sprintf("sections.%d.%s", i, part) }
		id := newID("section")
		if s.ID != nil {
			if id = *s.ID; sectionAmong(before, id) == nil || sectionAmong(w.pitch.Sections, id) != nil {
				w.refuse(domain.CodeNotFound, field("id"), "The pitch has no such section, or it is named twice.", "Leave the id out for a new section.")
			}
		}
		title := w.text(field("title"), "A section's name", s.Title, titleMax)
		w.within(field("targetSeconds"), "A target in seconds", s.TargetSeconds, 1, slotMax)
		if n := utf8.RuneCountInString(s.Script); n > scriptMax {
			w.refuse(domain.CodeInvalid, field("script"), fmt.Sprintf("A section's script has at most %d characters; this has %d.", scriptMax, n), "Part the section.")
		}
		if s.PresenterID != nil && !slices.ContainsFunc(members, func(e *domain.Enrolment) bool { return e.ID == *s.PresenterID }) {
			w.refuse(domain.CodeNotFound, field("presenterId"), "This is nobody of the team.", "Choose one of its members.")
		}
		w.slides(field, s)
		w.pitch.Sections = append(w.pitch.Sections, &domain.Section{ID: id, PitchID: w.pitch.ID, Order: i + 1, Title: title, PresenterID: s.PresenterID,
			TargetSeconds: s.TargetSeconds, Script: s.Script, FirstSlide: s.FirstSlide, LastSlide: s.LastSlide})
	}
	return nil
}

func (w *pitchWriting) slides(field func(string) string, s *SectionInput) {
	if s.FirstSlide == nil {
		if s.LastSlide != nil {
			w.refuse(domain.CodeRequired, field("firstSlide"), "A last slide needs a first one.", "Give both, or neither.")
		}
		return
	}
	if s.LastSlide == nil {
		s.LastSlide = s.FirstSlide
	}
	most := remarkMax
	if w.pitch.Deck != nil {
		most = w.pitch.Deck.Slides
	}
	switch {
	case *s.FirstSlide < 1 || *s.FirstSlide > most:
		w.refuse(domain.CodeInvalid, field("firstSlide"), fmt.Sprintf("There is no slide %d: there are 1 to %d.", *s.FirstSlide, most), "Choose one of them.")
	case *s.LastSlide < *s.FirstSlide || *s.LastSlide > most:
		w.refuse(domain.CodeInvalid, field("lastSlide"), fmt.Sprintf("The last slide is %d to %d; this is %d.", *s.FirstSlide, most, *s.LastSlide), "Choose one of them.")
	}
}

func (w *pitchWriting) claims(ctx context.Context, tx *storage.Tx, in []*ClaimInput) error {
	before := map[string]bool{}
	for _, c := range w.pitch.Claims {
		before[c.ID] = true
	}
	var named []string
	for _, c := range in {
		named = append(named, c.InsightIds...)
	}
	insights, err := byIDs[domain.Insight](ctx, tx.Reader, named)
	if err != nil {
		return err
	}
	w.pitch.Claims = []*domain.Claim{}
	for i, c := range in {
		field := func(part string) string { return fmt.Sprintf("claims.%d.%s", i, part) }
		claim := &domain.Claim{ID: newID("claim"), PitchID: w.pitch.ID, Text: w.text(field("text"), "A claim", c.Text, remarkMax), Evidence: []*domain.ClaimEvidence{}, InsightIDs: []string{}}
		if c.ID != nil {
			if claim.ID = *c.ID; !before[claim.ID] {
				w.refuse(domain.CodeNotFound, field("id"), "The pitch has no such claim, or it is named twice.", "Leave the id out for a new claim.")
			}
			before[claim.ID] = false
		}
		if c.SectionOrder != nil {
			if *c.SectionOrder < 1 || *c.SectionOrder > len(w.pitch.Sections) {
				w.refuse(domain.CodeInvalid, field("sectionOrder"), fmt.Sprintf("There is no section %d: there are %d.", *c.SectionOrder, len(w.pitch.Sections)), "Choose one of them, or leave it out.")
			} else {
				claim.SectionID = &w.pitch.Sections[*c.SectionOrder-1].ID
			}
		}
		if len(c.Evidence) > evidenceMax {
			w.refuse(domain.CodeInvalid, field("evidence"), fmt.Sprintf("A claim rests on at most %d pieces of evidence.", evidenceMax), "Keep the strongest.")
		}
		for k, e := range c.Evidence {
			claim.Evidence = append(claim.Evidence, &domain.ClaimEvidence{
				Text:   w.text(field(fmt.Sprintf("evidence.%d.text", k)), "What was found", e.Text, remarkMax),
				Source: w.text(field(fmt.Sprintf("evidence.%d.source", k)), "Where it is from", e.Source, remarkMax)})
		}
		for k, id := range c.InsightIds {
			if x := insights[id]; x == nil || x.CohortID != w.pitch.CohortID {
				w.refuse(domain.CodeNotFound, field(fmt.Sprintf("insightIds.%d", k)), "The cohort has no such insight.", "Choose one of its insights.")
			} else if !slices.Contains(claim.InsightIDs, id) {
				claim.InsightIDs = append(claim.InsightIDs, id)
			}
		}
		w.pitch.Claims = append(w.pitch.Claims, claim)
	}
	slices.SortStableFunc(w.pitch.Claims, func(x, y *domain.Claim) int { return w.order(x) - w.order(y) })
	return nil
}

// order is the place of a claim's section, after all for one that is said nowhere.
func (w *pitchWriting) order(c *domain.Claim) int {
	if c.SectionID == nil {
		return len(w.pitch.Sections)
	}
	return slices.IndexFunc(w.pitch.Sections, func(s *domain.Section) bool { return s.ID == *c.SectionID })
}

var (
	spokenWord = regexp.MustCompile(`^[\pL\d'&-]+$`)
	sounds     = regexp.MustCompile(`^[A-Z]{1,2}( [A-Z]{1,2})*$`)
)

func (w *pitchWriting) pronunciations(in []*PronunciationInput) {
	w.pitch.Pronunciations = []*domain.Pronunciation{}
	for i, p := range in {
		word := strings.ToLower(strings.TrimSpace(p.Word))
		said := strings.Join(strings.Fields(strings.NewReplacer("0", "", "1", "", "2", "").Replace(strings.ToUpper(p.Sounds))), " ")
		if !spokenWord.MatchString(word) {
			w.refuse(domain.CodeInvalid, fmt.Sprintf("pronunciations.%d.word", i), "This is not one word.", "Name each word by itself.")
		}
		if !sounds.MatchString(said) {
			w.refuse(domain.CodeInvalid, fmt.Sprintf("pronunciations.%d.sounds", i), "These are no sounds of the CMU dictionary.", "Write them as in T AE N D AH M.")
		}
		w.pitch.Pronunciations = append(w.pitch.Pronunciations, &domain.Pronunciation{Word: word, Sounds: said})
	}
}

// KeepQuestion writes a question down that was asked. The pitch's team.
func (a *App) KeepQuestion(ctx context.Context, in KeepQuestionInput) (*domain.Reply[PitchReply], error) {
	p, err := a.Pitch(ctx, in.PitchID)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, "keepQuestion", in.Command, in, func(tx *storage.Tx) (*PitchReply, []*domain.Impact, error) {
		reply := &PitchReply{p.ID}
		w := &pitchWriting{pitch: p}
		text := w.text("text", "The question", in.Text, remarkMax)
		if w.wrong != nil {
			return reply, nil, w.wrong
		}
		asked, _ := pitch.Drill(pitch.Preparation{Asked: []string{text}})
		key := asked[0].Key
		kept, err := tx.KeptQuestions(ctx, []string{p.ID})
		if err != nil {
			return nil, nil, err
		}
		if slices.ContainsFunc(kept, func(q *domain.KeptQuestion) bool { return q.Key == key }) {
			return reply, nil, domain.Refuse(domain.CodeTaken, "text", "This question is kept already, in these words or nearly.", "Practise it instead.")
		}
		if len(kept) >= 500 {
			return reply, nil, domain.Refuse(domain.CodeInvalid, "text", "A pitch keeps at most 500 questions.", "")
		}
		q := &domain.KeptQuestion{ID: newID("question"), PitchID: p.ID, Key: key, Text: text, AskedAt: tx.Now()}
		return reply, []*domain.Impact{domain.Touch(domain.EffectChanged, "The question is kept.", p.ID)}, storage.Put(tx, q)
	})
}

// PractiseQuestion counts that an answer was practised. The pitch's team.
func (a *App) PractiseQuestion(ctx context.Context, in PractiseQuestionInput) (*domain.Reply[PitchReply], error) {
	p, err := a.Pitch(ctx, in.PitchID)
	if err != nil {
		return nil, err
	}
	expected, err := a.Questions(ctx, p)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, "practiseQuestion", in.Command, in, func(tx *storage.Tx) (*PitchReply, []*domain.Impact, error) {
		reply := &PitchReply{p.ID}
		if !slices.ContainsFunc(expected, func(q *domain.Question) bool { return q.ID == in.QuestionID }) {
			return reply, nil, domain.Refuse(domain.CodeNotFound, "questionId", "The pitch expects no such question.", "Choose one of its questions.")
		}
		kept, err := tx.KeptQuestions(ctx, []string{p.ID})
		if err != nil {
			return nil, nil, err
		}
		key := strings.TrimPrefix(in.QuestionID, "question_")
		q := &domain.KeptQuestion{ID: newID("question"), PitchID: p.ID, Key: key, AskedAt: tx.Now()}
		if i := slices.IndexFunc(kept, func(q *domain.KeptQuestion) bool { return q.Key == key }); i >= 0 {
			q = kept[i]
		}
		q.Practised++
		return reply, []*domain.Impact{domain.Touch(domain.EffectChanged, "One more practice of an answer is counted.", p.ID)}, storage.Put(tx, q)
	})
}
