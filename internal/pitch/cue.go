package pitch

// Steady is the least lead or lag, in milliseconds, of which a speaker is told.
const Steady = 10_000

// Cue is the one thing that a speaker is shown of their pace.
type Cue struct {
	// Expected is when the middle of this slide is due, in milliseconds of unpaused time from the run's start.
	Expected int
	// Ahead is how long before it the run is; negative when behind.
	Ahead int
	// Band is how far ahead or behind nothing need be said: Steady, or half a slide's own time where that is more.
	Band int
	// Beyond is whether Ahead lies outside the band.
	Beyond bool
}

// CueAt is the pace at a slide of a section, after so many milliseconds of unpaused time: the slide's middle is due at the targets of
// the sections before it and target × (slide − 0.5) / slides of its own. A slide outside the section's own counts as the nearest of them; a
// section without slides as one slide. Since paused time does not count, a pause for a question moves no target.
func CueAt(sections []Section, section, slide, unpaused int) Cue {
	due := 0
	for _, s := range sections[:section] {
		due += s.TargetMilliseconds
	}
	s := sections[section]
	n := s.slides()
	k := 1
	if s.FirstSlide > 0 {
		k = min(max(slide-s.FirstSlide+1, 1), n)
	}
	// In halves of a slide, so that integers stay exact until the one division.
	c := Cue{Expected: due + s.TargetMilliseconds*(2*k-1)/(2*n), Band: max(Steady, s.TargetMilliseconds/(2*n))}
	c.Ahead = c.Expected - unpaused
	c.Beyond = c.Ahead > c.Band || -c.Ahead > c.Band
	return c
}
