package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/app/apptest"
	"parley/internal/store/storetest"
)

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
			s, err := apptest.New(env.WorkDir, database(t))
			if err != nil {
				return err
			}
			env.Vars = append(env.Vars, append(s.Env, "HTTP="+s.HTTP, "SMTP="+s.SMTP)...)
			env.Values[siteKey{}], env.Values[answerKey{}] = s, &apptest.Answer{}
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
func finish(t reporter, s *apptest.Site) {
	err := s.Close()
	log, readErr := os.ReadFile(s.LogFile())
	t.Log("server log:\n" + strings.TrimSpace(string(log)))
	if err := errors.Join(err, readErr); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}
