package sample

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"

	"tandem/internal/pitch"
	"tandem/internal/speech"
)

// Part is a section of the sample's pitch: who presents it (by the key in people.csv), on which slides, in how many seconds, and what is said.
type Part struct {
	Title, Presenter      string
	FirstSlide, LastSlide int
	TargetSeconds         int
	Script                []string
	voice                 string
	higher                float64 // than the voice is by itself
}

// Slot is the length of the pitch in seconds; its sections' targets fill it.
const Slot = 150

// Parts are the pitch of team 5. The team is invented and speaks of its own homes alone; nothing in it is said of the challenge's owner.
var Parts = []Part{
	{"Problem", "TC19-005", 1, 2, 30, []string{
		"Good morning.",
		"Damp in a home starts small.",
		"It sits behind a wardrobe or above a window.",
		"Nobody looks there in the winter.",
		"By the time somebody rings, the plaster is soft and the room smells.",
		"The repair takes a week instead of an hour.",
		"The family sleeps in one room while the work is done.",
		"We asked ourselves why the house cannot tell us first.",
	}, "rms", 1},
	{"What we saw", "TC19-012", 3, 3, 33, []string{
		"We began with our own homes, because we could measure those at once.",
		"Each of us put two small sensors in the coldest corner for eleven days.",
		"All of us found a wet night that we had not noticed.",
		"In one kitchen the air was wet every morning until ten.",
		"We also learned what people fear.",
		"Nobody wants to be told how to live by a box on the wall.",
		"So we wrote down a rule before we wrote any code.",
		"The readings belong to the people in the home.",
	}, "slt", 1},
	{"Idea", "TC19-019", 4, 5, 30, []string{
		"Our idea is a sensor that stays quiet.",
		"It measures warmth and wet air four times an hour.",
		"It sends a number and never a sound or a picture.",
		"When the wall stays wet for three days it asks the tenant one question.",
		"May we send somebody to look?",
		"If the answer is yes, a visit is booked for the same week.",
		"If the answer is no, nothing is sent at all.",
		"Here is a first example.",
		"A window that is left shut dries again when a fan is mended.",
		"Here is a second example.",
		"A gutter that leaks makes one wall wet only after rain, and the sensor sees the weather and the wall together.",
		"We think that both can be found before the plaster goes.",
	}, "awb", 1},
	{"Proof", "TC19-026", 6, 7, 35, []string{
		"Does it work?",
		"We let it run on the readings from our own homes.",
		"It raised three alarms in eleven days.",
		"Two of them were true, and we found the cold corner behind each.",
		"One was a pan of soup.",
		"So we made the rule stricter, and the soup went quiet.",
		"The battery should last five years, by the figures of the maker.",
		"A sensor costs as much as a dinner for two.",
		"We have not tried it with a hundred homes, and we say so.",
	}, "slt", 1.1},
	{"Ask", "TC19-033", 8, 8, 22, []string{
		"We ask for three things.",
		"Give us fifty homes and one winter.",
		"Give us one repair team that answers within a week.",
		"And give us a person who speaks for the tenants and can stop the trial on any day.",
		"Then we will come back with the number of wet walls that we found in time.",
		"Thank you for listening.",
	}, "kal16", 1},
}

// Performance is a rehearsal of the pitch as it was made, and so the truth that its page is to tell.
type Performance struct {
	// Gaps are the silences of the four hand-overs in milliseconds.
	Gaps [4]int
	// Skipped is a sentence that nobody says, "" for none: its section and its place in the script.
	Skipped string
	// Lost is the sentence after which its speaker lost the thread, and for how many milliseconds nobody speaks.
	Lost   string
	LostMS int
	// Asked is the sentence after which somebody asks; the clock stands for so many milliseconds.
	Asked   string
	AskedMS int

	// What comes of it: when each sentence begins and ends, and the run's events. Sound is nil where no synthesiser is installed.
	Said []Said
	// The section of an event is its title.
	Events []pitch.Event
	Sound  *speech.Sound
}

// Said is a sentence as it was spoken, in milliseconds from the start.
type Said struct {
	Part     int
	Text     string
	From, To int
}

// performances are the three rehearsals, from the first to the last.
func performances() []*Performance {
	return []*Performance{
		{Gaps: [4]int{2600, 2900, 1400, 900}, Lost: "One was a pan of soup.", LostMS: 5200},
		{Gaps: [4]int{1900, 2400, 1500, 600}, Skipped: "We also learned what people fear.", Asked: "If the answer is no, nothing is sent at all.", AskedMS: 8000},
		{Gaps: [4]int{1200, 3100, 1000, 700}, Lost: "Here is a second example.", LostMS: 4600},
	}
}

const (
	between  = 550 // milliseconds of silence after a sentence
	rate     = 16000
	perWord  = 360 // milliseconds, where nobody can be heard
	settling = 600 // before the first word and after the last
)

// ErrNoVoice says that the synthesiser of the sample's voices is not installed.
var ErrNoVoice = errors.New("the sample's rehearsals have no sound: apt-get install flite")

// Rehearsals performs the pitch three times.
func Rehearsals() ([]*Performance, error) {
	all := performances()
	return all, Perform(Parts, all...)
}

// Perform lays performances of a pitch out in time and speaks them. Without a synthesiser they come with ErrNoVoice, whole but for their sound, and with
// times by the number of words.
func Perform(parts []Part, all ...*Performance) error {
	voices := &synthesiser{said: map[string]*speech.Sound{}}
	program, missing := exec.LookPath("flite")
	if missing != nil {
		missing = ErrNoVoice
	} else {
		folder, err := os.MkdirTemp("", "tandem-voices-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		voices.program, voices.folder = program, folder
	}
	for i, p := range all {
		if err := p.perform(parts, voices, uint64(i+1)); err != nil {
			return err
		}
	}
	return missing
}

// perform lays the sentences out in time, with what happens between them.
func (p *Performance) perform(parts []Part, voices *synthesiser, seed uint64) error {
	var sound []float32
	at := settling
	p.Events = []pitch.Event{{Kind: pitch.Start}, {Kind: pitch.Slide, Slide: 1}}
	for i, part := range parts {
		if i > 0 {
			p.Events = append(p.Events, pitch.Event{Kind: pitch.HandOver, At: at}, pitch.Event{Kind: pitch.Begin, At: at, Section: part.Title},
				pitch.Event{Kind: pitch.Slide, At: at, Slide: part.FirstSlide})
			at += p.Gaps[i-1]
		}
		for k, text := range part.Script {
			if text == p.Skipped {
				continue
			}
			if k == len(part.Script)/2 && part.LastSlide > part.FirstSlide {
				p.Events = append(p.Events, pitch.Event{Kind: pitch.Slide, At: at, Slide: part.LastSlide})
			}
			said, err := voices.say(part, text)
			if err != nil {
				return err
			}
			long := perWord * len(speech.ParseScript(text).Words())
			if said != nil {
				long = len(said.Samples) * 1000 / rate
				sound = append(sound, make([]float32, max(0, at*rate/1000-len(sound)))...)
				sound = append(sound, said.Samples...)
			}
			p.Said = append(p.Said, Said{Part: i, Text: text, From: at, To: at + long})
			at += long
			switch {
			case text == p.Lost:
				at += p.LostMS
			case text == p.Asked:
				p.Events = append(p.Events, pitch.Event{Kind: pitch.Asked, At: at}, pitch.Event{Kind: pitch.Pause, At: at}, pitch.Event{Kind: pitch.Resume, At: at + p.AskedMS})
				at += p.AskedMS + between
			case k < len(part.Script)-1:
				at += between
			}
		}
	}
	at += settling
	p.Events = append(p.Events, pitch.Event{Kind: pitch.End, At: at})
	for i := range p.Events {
		p.Events[i].Sequence = i + 1
	}
	if voices.folder == "" {
		return nil
	}
	sound = append(sound, make([]float32, max(0, at*rate/1000-len(sound)))...)
	chance := rand.New(rand.NewPCG(seed, 5)) // a room, so that there is something to tell speech from
	for i := range sound {
		sound[i] = float32(max(-1, min(float64(sound[i])+0.0006*chance.NormFloat64(), 1)))
	}
	p.Sound = &speech.Sound{Rate: rate, Channels: 1, Samples: sound}
	return nil
}

// synthesiser is flite, a program of its own, and what it has said.
type synthesiser struct {
	program, folder string
	said            map[string]*speech.Sound
}

// say gives a sentence in its speaker's voice from the first sound to the last; nil where there is no voice.
func (s *synthesiser) say(part Part, text string) (*speech.Sound, error) {
	if s.folder == "" {
		return nil, nil
	}
	key := part.Presenter + text
	if s.said[key] != nil {
		return s.said[key], nil
	}
	file := filepath.Join(s.folder, "said.wav")
	if out, err := exec.Command(s.program, "-voice", part.voice, "-t", text, "-o", file).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("flite: %w: %s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sound, err := speech.Read(f)
	if err != nil {
		return nil, err
	}
	whole := sound.Samples
	if at := int(rate / part.higher); at != sound.Rate { // played faster, a voice is higher and its mouth smaller: another person
		whole = nil
		for _, x := range speech.Resampled(sound, at, speech.Span{End: sound.Seconds()}) {
			whole = append(whole, float32(x)/(1<<15))
		}
	}
	first, last := 0, len(whole)
	const quiet = 0.01 // what a synthesiser leaves before and after
	for first < last && max(whole[first], -whole[first]) < quiet {
		first++
	}
	for last > first && max(whole[last-1], -whole[last-1]) < quiet {
		last--
	}
	out := &speech.Sound{Rate: rate, Channels: 1, Samples: whole[first:last]}
	s.said[key] = out
	return out, nil
}
