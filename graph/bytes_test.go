package graph_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
