package speech

// Verdict is what can be said of a recording beside its script.
type Verdict string

// Alignment is the script beside what was heard.
type Alignment struct {
	Verdict   Verdict    `json:"verdict"`
	Coverage  float64    `json:"coverage"`
	Sentences []Sentence `json:"sentences"`
}

// Sentence is one of the script's, and when it began; null where it was not said.
type Sentence struct {
	Text  string   `json:"text"`
	Start *float64 `json:"start"`
}
