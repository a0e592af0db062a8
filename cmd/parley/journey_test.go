package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/store/storetest"
)

// ownerPassword is of every owner that a test makes.
const ownerPassword = "a long and quiet afternoon"

// TestMain runs this very program as parley where a test starts one, so that
// the race detector watches the server too.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"parley": main})
}

// TestJourneys drives the program as those who use it do: see commands.
func TestJourneys(t *testing.T) {
	if testing.Short() {
		t.Skip("journeys start servers: run them without -short")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		Cmds:                commands,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			if cond == "postgres" {
				return database(t) != "", nil
			}
			return false, errors.New("unknown condition")
		},
		Setup: func(env *testscript.Env) error {
			s, err := newSite(env.WorkDir, database(t))
			if err != nil {
				return err
			}
			env.Vars = append(env.Vars, append(s.env, "HTTP="+s.http, "SMTP="+s.smtp)...)
			env.Values[siteKey{}], env.Values[answerKey{}] = s, &answer{}
			env.Defer(func() { finish(env.T(), s) })
			return nil
		},
	})
}

// database is a fresh one for one test; empty: SQLite in the data folder.
func database(t *testing.T) string {
	if os.Getenv("PARLEY_TEST_DATABASE_URL") == "" {
		return ""
	}
	return storetest.Location(t).URL()
}

// reporter is what finish needs of a test.
type reporter interface {
	Log(args ...any)
	Fatal(args ...any)
}

// finish closes a test's installation. What the server logged is there for who looks into a failure.
func finish(t reporter, s *site) {
	err := s.close()
	log, readErr := os.ReadFile(s.logFile())
	t.Log("server log:\n" + strings.TrimSpace(string(log)))
	if err := errors.Join(err, readErr); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}
