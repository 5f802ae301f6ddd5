package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tandem/internal/speech"
)

// schemaFields are the names that the schema has, as paths; typeFields those of a type.
func schemaFields(t *testing.T) (names []string) {
	t.Helper()
	data, err := os.ReadFile("docs/speech.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var walk func(at string, node map[string]any)
	walk = func(at string, node map[string]any) {
		if ref, ok := node["$ref"].(string); ok {
			node = schema["$defs"].(map[string]any)[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
		}
		if items, ok := node["items"].(map[string]any); ok {
			walk(at, items)
		}
		properties, _ := node["properties"].(map[string]any)
		for name, of := range properties {
			names = append(names, at+"."+name)
			walk(at+"."+name, of.(map[string]any))
		}
	}
	walk("", schema)
	slices.Sort(names)
	return names
}

func typeFields(at string, of reflect.Type) (names []string) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(of) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, at+"."+name)
		names = append(names, typeFields(at+"."+name, f.Type)...)
	}
	slices.Sort(names)
	return names
}

func TestSpeechSchemaNamesTheReport(t *testing.T) {
	if schema, report := schemaFields(t), typeFields("", reflect.TypeFor[speech.Report]()); !slices.Equal(schema, report) {
		t.Errorf("the schema has\n%s\nthe report\n%s", strings.Join(schema, "\n"), strings.Join(report, "\n"))
	}
}

// hiss is a WAV file of a second: a tone, or silence.
func hiss(t *testing.T, size float64) string {
	t.Helper()
	const rate = 16000
	b := []byte("RIFF\x24\x7d\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data\x00\x7d\x00\x00")
	for i := range rate {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(size*math.Sin(2*math.Pi*220*float64(i)/rate))))
	}
	file := filepath.Join(t.TempDir(), "tone.wav")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSpeechPrintsItsReport(t *testing.T) {
	out, said, code := tandem(t, "speech", hiss(t, 9000), "--json", "--frames")
	if code != 0 {
		t.Fatal(said)
	}
	var r speech.Report
	decode := json.NewDecoder(bytes.NewReader([]byte(out)))
	decode.DisallowUnknownFields()
	if err := decode.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if r.DurationSeconds != 1 || r.F0 == nil || math.Abs(r.F0.MedianHz-220) > 0.5 || len(r.Frames) != 97 {
		t.Errorf("a tone of 220 Hz: %s", out[:300])
	}
	out, said, code = tandem(t, "speech", hiss(t, 0), "--json")
	if code != 0 || !strings.Contains(out, `"pauses":[]`) || !strings.Contains(out, `"f0":null`) || !strings.Contains(out, "NO_SPEECH") {
		t.Errorf("silence: %s, %s", out, said)
	}
	text := filepath.Join(t.TempDir(), "text.wav")
	if err := os.WriteFile(text, []byte("no sound"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, said, code := tandem(t, "speech", text); code != 1 || !strings.Contains(said, "neither a WAV nor a FLAC file") {
		t.Errorf("a text: %d, %s", code, said)
	}
}
