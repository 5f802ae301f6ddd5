// Package storagetest gives tests real databases: SQLite always, PostgreSQL where TANDEM_TEST_PG gives the address of
// a server (`scripts/postgres go test ./...` starts one). Without it those tests are skipped, and fail where
// TANDEM_REQUIRE=1 says that nothing may be missing.
package storagetest

import (
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// Each runs a test once on each engine, with the address of a fresh database of its own, for storage.Open.
func Each(t *testing.T, test func(t *testing.T, where string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, t.TempDir()) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Postgres makes a fresh PostgreSQL database for a test, gives its address, and drops it after.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TANDEM_TEST_PG")
	if server == "" {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatal("TANDEM_TEST_PG is not set: run `scripts/postgres go test ./...`")
		}
		t.Skip("no PostgreSQL: apt-get install postgresql, then `scripts/postgres go test ./...`")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "tandem_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	return server + " dbname=" + name // the last one said counts
}
