// Package speech listens to a rehearsed pitch: where there is speech and where pauses are, how loud, how fast, how high
// and how varied the voice is. It works offline on samples in memory and is a pure function of them; what it cannot hear it
// leaves out instead of guessing. docs/rehearsal.md says what each figure means and how far it is off.
//
// Read reads a file, Analyse makes the report; Align sets what a recogniser heard against a script.
package speech
