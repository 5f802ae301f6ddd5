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
	Script                []Sentence
	voice                 string
	higher                float64 // than the voice is by itself
}

// Sentence is what is said, and how many milliseconds its speaker takes: as the synthesiser speaks it, so that times are the same with a voice and
// without.
type Sentence struct {
	Text         string
	Milliseconds int
}

// Slot is the length of the pitch in seconds; its sections' targets fill it.
const Slot = 150

// Parts are the pitch of team 5. The team is invented and speaks of its own homes alone; nothing in it is said of the challenge's owner.
var Parts = []Part{
	{"Problem", "TC19-005", 1, 2, 30, []Sentence{
		{"Good morning.", 778},
		{"Damp in a home starts small.", 2274},
		{"It sits behind a wardrobe or above a window.", 2977},
		{"Nobody looks there in the winter.", 2000},
		{"By the time somebody rings, the plaster is soft and the room smells.", 4458},
		{"The repair takes a week instead of an hour.", 2827},
		{"The family sleeps in one room while the work is done.", 2965},
		{"We asked ourselves why the house cannot tell us first.", 3736},
	}, "rms", 1},
	{"What we saw", "TC19-012", 3, 3, 33, []Sentence{
		{"We began with our own homes, because we could measure those at once.", 3601},
		{"Each of us put two small sensors in the coldest corner for eleven days.", 4524},
		{"All of us found a wet night that we had not noticed.", 2715},
		{"In one kitchen the air was wet every morning until ten.", 2677},
		{"We also learned what people fear.", 2037},
		{"Nobody wants to be told how to live by a box on the wall.", 3347},
		{"So we wrote down a rule before we wrote any code.", 2814},
		{"The readings belong to the people in the home.", 2180},
	}, "slt", 1},
	{"Idea", "TC19-019", 4, 5, 30, []Sentence{
		{"Our idea is a sensor that stays quiet.", 2484},
		{"It measures warmth and wet air four times an hour.", 2561},
		{"It sends a number and never a sound or a picture.", 2519},
		{"When the wall stays wet for three days it asks the tenant one question.", 3589},
		{"May we send somebody to look?", 1521},
		{"If the answer is yes, a visit is booked for the same week.", 3376},
		{"If the answer is no, nothing is sent at all.", 2887},
		{"Here is a first example.", 1463},
		{"A window that is left shut dries again when a fan is mended.", 3327},
		{"Here is a second example.", 1586},
		{"A gutter that leaks makes one wall wet only after rain, and the sensor sees the weather and the wall together.", 5487},
		{"We think that both can be found before the plaster goes.", 3331},
	}, "awb", 1},
	{"Proof", "TC19-026", 6, 7, 35, []Sentence{
		{"Does it work?", 631},
		{"We let it run on the readings from our own homes.", 2313},
		{"It raised three alarms in eleven days.", 1954},
		{"Two of them were true, and we found the cold corner behind each.", 3205},
		{"One was a pan of soup.", 1073},
		{"So we made the rule stricter, and the soup went quiet.", 2776},
		{"The battery should last five years, by the figures of the maker.", 3122},
		{"A sensor costs as much as a dinner for two.", 2305},
		{"We have not tried it with a hundred homes, and we say so.", 2705},
	}, "slt", 1.1},
	{"Ask", "TC19-033", 8, 8, 22, []Sentence{
		{"We ask for three things.", 1509},
		{"Give us fifty homes and one winter.", 1847},
		{"Give us one repair team that answers within a week.", 2251},
		{"And give us a person who speaks for the tenants and can stop the trial on any day.", 4369},
		{"Then we will come back with the number of wet walls that we found in time.", 3132},
		{"Thank you for listening.", 1201},
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

	// What comes of it: when each sentence begins and ends, and the run's events, those of sections with their titles.
	Said   []Said
	Events []pitch.Event
}

// Said is a sentence as it was spoken, in milliseconds from the start.
type Said struct {
	Part     Part
	Text     string
	From, To int
}

// Rehearsals are the three rehearsals, from the first to the last.
func Rehearsals() []*Performance {
	return performed(Parts,
		&Performance{Gaps: [4]int{2600, 2900, 1400, 900}, Lost: "One was a pan of soup.", LostMS: 5200},
		&Performance{Gaps: [4]int{1900, 2400, 1500, 600}, Skipped: "We also learned what people fear.", Asked: "If the answer is no, nothing is sent at all.", AskedMS: 8000},
		&Performance{Gaps: [4]int{1200, 3100, 1000, 700}, Lost: "Here is a second example.", LostMS: 4600})
}

func performed(parts []Part, all ...*Performance) []*Performance {
	for _, p := range all {
		p.perform(parts)
	}
	return all
}

const (
	between  = 550 // milliseconds of silence after a sentence
	settling = 600 // before the first word and after the last
	rate     = 16000
)

// perform lays the sentences out in time, with what happens between them.
func (p *Performance) perform(parts []Part) {
	at := settling
	p.Events = []pitch.Event{{Kind: pitch.Start}, {Kind: pitch.Slide, Slide: 1}}
	for i, part := range parts {
		if i > 0 {
			p.Events = append(p.Events, pitch.Event{Kind: pitch.HandOver, At: at}, pitch.Event{Kind: pitch.Begin, At: at, Section: part.Title},
				pitch.Event{Kind: pitch.Slide, At: at, Slide: part.FirstSlide})
			at += p.Gaps[i-1]
		}
		for k, s := range part.Script {
			if s.Text == p.Skipped {
				continue
			}
			if k == len(part.Script)/2 && part.LastSlide > part.FirstSlide {
				p.Events = append(p.Events, pitch.Event{Kind: pitch.Slide, At: at, Slide: part.LastSlide})
			}
			p.Said = append(p.Said, Said{Part: part, Text: s.Text, From: at, To: at + s.Milliseconds})
			at += s.Milliseconds
			switch {
			case s.Text == p.Lost:
				at += p.LostMS
			case s.Text == p.Asked:
				p.Events = append(p.Events, pitch.Event{Kind: pitch.Asked, At: at}, pitch.Event{Kind: pitch.Pause, At: at}, pitch.Event{Kind: pitch.Resume, At: at + p.AskedMS})
				at += p.AskedMS + between
			case k < len(part.Script)-1:
				at += between
			}
		}
	}
	p.Events = append(p.Events, pitch.Event{Kind: pitch.End, At: at + settling})
	for i := range p.Events {
		p.Events[i].Sequence = i + 1
	}
}

// ErrNoVoice says that the synthesiser of the sample's voices is not installed.
var ErrNoVoice = errors.New("the sample's rehearsals have no sound: apt-get install flite")

// Speak synthesises what was said in performances, each as its own sound from the start to the end; ErrNoVoice where there is nothing to
// speak with.
func Speak(all ...*Performance) ([]*speech.Sound, error) {
	program, err := exec.LookPath("flite")
	if err != nil {
		return nil, ErrNoVoice
	}
	folder, err := os.MkdirTemp("", "tandem-voices-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	voices := &synthesiser{program: program, folder: folder, said: map[string]*speech.Sound{}}
	var sounds []*speech.Sound
	for n, p := range all {
		sound := &speech.Sound{Rate: rate, Channels: 1, Samples: make([]float32, p.Events[len(p.Events)-1].At*rate/1000)}
		for _, s := range p.Said {
			said, err := voices.say(s.Part, s.Text)
			if err != nil {
				return nil, err
			}
			copy(sound.Samples[s.From*rate/1000:], said.Samples)
		}
		chance := rand.New(rand.NewPCG(uint64(n+1), 5)) // a room, so that there is something to tell speech from
		for i, x := range sound.Samples {
			sound.Samples[i] = float32(max(-1, min(float64(x)+0.0006*chance.NormFloat64(), 1)))
		}
		sounds = append(sounds, sound)
	}
	return sounds, nil
}

// synthesiser is flite, a program of its own, and what it has said.
type synthesiser struct {
	program, folder string
	said            map[string]*speech.Sound
}

// say gives a sentence in its speaker's voice from the first sound to the last.
func (s *synthesiser) say(part Part, text string) (*speech.Sound, error) {
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
