package pitch

// Near is how far from the moment of a hand-over its silence may lie, in milliseconds: a key is pressed a little early or late.
const Near = 3_000

// Gaps finds the silence of each hand-over in a recording. The speech is where voices were heard, in order, in the run's own
// milliseconds, heard the part of the run that was recorded. The gap is the silence that holds the moment of the hand-over, else the
// nearest within Near.
//
// One microphone tells how long nobody spoke. It does not tell voices apart: where no silence of 0.3 s is near, the second followed at
// once or both spoke together, and the gap stays nil. A silence that the recording begins or ends in is none either.
func Gaps(handOvers []HandedOver, speech []Span, heard Span) []HandedOver {
	out := make([]HandedOver, 0, len(handOvers))
	for _, h := range handOvers {
		h.Gap = nil
		nearest := Near + 1
		for i := 1; i < len(speech); i++ {
			silence := Span{speech[i-1].To, speech[i].From}
			away := max(0, silence.From-h.At, h.At-silence.To)
			if silence.Milliseconds() > 0 && away < nearest && heard.From <= silence.From && silence.To <= heard.To {
				nearest, h.Gap = away, &silence
			}
		}
		out = append(out, h)
	}
	return out
}
