package table

import (
	"bytes"
	"encoding/json"
	"strings"
)

func isZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// foreign names what a file looks like where that is neither text nor a zip; "" where it may be one of them.
func foreign(data []byte) string {
	for _, f := range []struct{ start, what string }{
		{"%PDF", "a PDF"},
		{"\x89PNG", "a picture (PNG)"},
		{"\xff\xd8\xff", "a picture (JPEG)"},
		{"GIF8", "a picture (GIF)"},
		{"{\\rtf", "a rich-text document (RTF)"},
		{"\x1f\x8b", "a gzip archive"},
		{"7z\xbc\xaf", "a 7-Zip archive"},
		{"Rar!", "a RAR archive"},
		{"SQLite format 3\x00", "a database (SQLite)"},
		{"PK\x05\x06", "an empty zip archive"},
	} {
		if bytes.HasPrefix(data, []byte(f.start)) {
			return f.what
		}
	}
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		if bytes.Contains(data, utf16LE("EncryptedPackage")) {
			return "a workbook with a password"
		}
		return "an old Excel workbook (XLS) or another old Office file"
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	start := strings.ToLower(string(text[:min(len(text), 200)]))
	switch {
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<table"), strings.HasPrefix(start, "<meta"):
		return "a web page (HTML)"
	case strings.HasPrefix(start, "<?xml"):
		return "an XML file"
	case (strings.HasPrefix(start, "{") || strings.HasPrefix(start, "[")) && json.Valid(text):
		return "a JSON file"
	}
	return ""
}

func utf16LE(ascii string) []byte {
	var b []byte
	for i := range len(ascii) {
		b = append(b, ascii[i], 0)
	}
	return b
}
