package model

import (
	"fmt"
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"tandem/internal/domain"
)

// MarshalDate writes a day as ISO 8601.
func MarshalDate(d domain.Date) graphql.Marshaler { return graphql.MarshalString(string(d)) }

// UnmarshalDate reads a day, and refuses one that does not exist.
func UnmarshalDate(v any) (domain.Date, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("a Date is a text such as 2019-04-23")
	}
	return domain.ParseDate(s)
}

// MarshalUUID writes a key as it came.
func MarshalUUID(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalUUID reads a UUID in its 36-character form.
func UnmarshalUUID(v any) (string, error) {
	s, ok := v.(string)
	if !ok || len(s) != 36 || uuid.Validate(s) != nil {
		return "", fmt.Errorf("a UUID is a text such as 0190d5a4-7d2c-7c3e-9a51-3f1c2b7e4d60")
	}
	return s, nil
}

// MarshalDataVersion writes a version as a decimal string: 64 bits do not fit JSON's numbers.
func MarshalDataVersion(v int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { io.WriteString(w, strconv.Quote(strconv.FormatInt(v, 10))) })
}

// UnmarshalDataVersion reads a version.
func UnmarshalDataVersion(v any) (int64, error) {
	s, ok := v.(string)
	n, err := strconv.ParseInt(s, 10, 64)
	if !ok || err != nil || n < 0 {
		return 0, fmt.Errorf("a DataVersion is a text of up to 19 digits")
	}
	return n, nil
}
