// Package storage remembers: the domain's nouns, the audit chain, the change feed and the keys of answered mutations, over
// embedded SQLite or PostgreSQL alike. Nobody else knows GORM.
package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3" // the version is pinned in go.mod: the driver's own default has the WAL-reset bug
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"tandem/internal/domain"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open database. Reads go to read-only connections, writes to one writer.
type Store struct {
	writer, readers *gorm.DB
	dialect         goose.Dialect
	path            string // the file of an embedded database
	counter         *counter
}

// Open opens a database and brings its tables up to date: a folder for embedded SQLite ("/var/lib/tandem"), or a
// PostgreSQL address ("postgres://…" or "host=… dbname=…").
func Open(ctx context.Context, where string) (*Store, error) {
	s := &Store{counter: newCounter()}
	var err error
	if strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://") || strings.HasPrefix(where, "host=") {
		err = s.openPostgres(where)
	} else {
		err = s.openSQLite(where)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("bring the database up to date: %w", err)
	}
	return s, nil
}

func settings() *gorm.Config {
	return &gorm.Config{Logger: logger.Discard, TranslateError: true, SkipDefaultTransaction: true,
		NowFunc: func() time.Time { return time.Now().UTC() }}
}

func (s *Store) openSQLite(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	s.dialect = goose.DialectSQLite3
	s.path = filepath.Join(folder, "tandem.db")
	file := "file:" + (&url.URL{Path: s.path}).EscapedPath()
	writer, err := gorm.Open(sqlite.Open(file+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000&_txlock=immediate&_secure_delete=on"), settings())
	if err != nil {
		return err
	}
	s.writer = writer
	readers, err := gorm.Open(sqlite.Open(file+"?mode=ro&_query_only=on&_foreign_keys=on&_busy_timeout=5000"), settings())
	if err != nil {
		return err
	}
	s.readers = readers
	if err := s.limit(s.writer, 1); err != nil {
		return err
	}
	if err := s.limit(s.readers, 8); err != nil {
		return err
	}
	return s.readers.Use(s.counter)
}

func (s *Store) openPostgres(address string) error {
	s.dialect = goose.DialectPostgres
	db, err := gorm.Open(postgres.Open(address), settings())
	if err != nil {
		return err
	}
	s.writer, s.readers = db, db
	if err := s.limit(db, 16); err != nil {
		return err
	}
	return db.Use(s.counter)
}

func (s *Store) limit(db *gorm.DB, connections int) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	pool, err := s.writer.DB()
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(s.dialect, pool, files)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// Close lets the database go.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.readers, s.writer} {
		if db == nil {
			continue
		}
		if pool, err := db.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	pool, err := s.readers.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// Backup writes a consistent copy of an embedded database to a new file, while others go on reading and writing.
// A PostgreSQL database is backed up with its own tools.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.path == "" {
		return domain.Invalid("A PostgreSQL database is backed up with pg_dump.")
	}
	if _, err := os.Stat(file); err == nil {
		return domain.Invalid(file + " exists already; name a new file.")
	}
	return s.writer.WithContext(ctx).Exec("VACUUM INTO ?", file).Error
}

// Reader reads; outside a transaction from the read-only connections.
type Reader struct {
	db *gorm.DB
}

// Read gives a reader that sees what is committed.
func (s *Store) Read() Reader { return Reader{s.readers} }

// DataVersion is the point in history up to which everything is committed.
func (r Reader) DataVersion(ctx context.Context) (int64, error) {
	var l ledgerRow
	err := r.db.WithContext(ctx).Take(&l, 1).Error
	return l.DataVersion, err
}

// Tx is a writing transaction. Writers follow one another: each holds the ledger's row until it ends, so that versions are
// given out in the order of commit, on PostgreSQL as on SQLite. Written lists what was put, as it will be read.
type Tx struct {
	Reader
	Written []any
	now     time.Time
	actor   *domain.Actor
	ledger  ledgerRow
	changes []changeRow
	seen    map[string]int // place in changes by node
}

// ErrDry ends a transaction that was to keep nothing.
var ErrDry = errors.New("run dry")

// Write runs work in one transaction, with the audit row of its command and a change row for each noun that it touched.
// Nothing is kept where work fails; ErrDry from work is passed on as such.
func (s *Store) Write(ctx context.Context, actor *domain.Actor, now time.Time, work func(*Tx) error) (int64, error) {
	var version int64
	err := s.writer.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		tx := &Tx{Reader: Reader{db}, now: now.UTC().Truncate(time.Microsecond), actor: actor, seen: map[string]int{}}
		lock := db
		if s.dialect == goose.DialectPostgres { // an immediate SQLite transaction holds the whole file already
			lock = db.Clauses(clause.Locking{Strength: "UPDATE"})
		}
		if err := lock.Take(&tx.ledger, 1).Error; err != nil {
			return err
		}
		if err := work(tx); err != nil {
			return err
		}
		if err := tx.flush(); err != nil {
			return err
		}
		version = tx.ledger.DataVersion
		return nil
	}, &sql.TxOptions{})
	return version, err
}

// Version is the point in history that the transaction reaches with what it has changed so far.
func (tx *Tx) Version() int64 { return tx.ledger.DataVersion + int64(len(tx.changes)) }

// Began is the data version at which the transaction began.
func (tx *Tx) Began() int64 { return tx.ledger.DataVersion }

// Now is the transaction's moment.
func (tx *Tx) Now() time.Time { return tx.now }

func (tx *Tx) changed(kind, id string, gone bool, at domain.Place) {
	if kind == "" {
		return
	}
	if i, ok := tx.seen[id]; ok {
		tx.changes[i].Gone = gone
		return
	}
	tx.seen[id] = len(tx.changes)
	tx.changes = append(tx.changes, changeRow{At: tx.now, Type: kind, NodeID: id, Gone: gone,
		ProgrammeID: at.Programme, CohortID: at.Cohort, TeamID: at.Team, PersonID: at.Person})
}

// Touch writes into the change feed that enrolments are to be read again, though their own rows stay as they are.
func (tx *Tx) Touch(enrolments ...*domain.Enrolment) {
	for _, e := range enrolments {
		tx.changed("Enrolment", e.ID, false, e.Place())
	}
}

// flush numbers the changes and moves the data version on.
func (tx *Tx) flush() error {
	for i := range tx.changes {
		tx.ledger.DataVersion++
		tx.changes[i].Version = tx.ledger.DataVersion
	}
	if len(tx.changes) > 0 {
		if err := tx.db.CreateInBatches(tx.changes, 200).Error; err != nil {
			return err
		}
	}
	return tx.db.Model(&ledgerRow{}).Where("id = 1").
		Updates(map[string]any{"data_version": tx.ledger.DataVersion, "audit_hash": tx.ledger.AuditHash}).Error
}
