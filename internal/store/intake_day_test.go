package store_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// What the journal shows comes from an index, however long the journal is.
func TestJournalFollowsAnIndex(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	a, _ := storetest.Account(t, db)
	ch := storetest.Channel(t, db, a.ID)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	storetest.Update(t, db, func(tx *store.Tx) error {
		counts := store.IntakeCounts{}
		for i := range 600 {
			e := parley.Intake{AccountID: a.ID, ChannelID: ch.ID, ReceivedAt: at.Add(time.Duration(i) * 12 * time.Hour), Raw: []byte("x")}
			if err := tx.InsertIntake(t.Context(), &e); err != nil {
				return err
			}
			counts.Add(e)
		}
		return tx.AddIntakeAccepted(t.Context(), counts)
	})
	storetest.Update(t, db, func(tx *store.Tx) error { return tx.Analyze(t.Context()) })
	storetest.Update(t, db, func(tx *store.Tx) error {
		plans, err := tx.PlansOfJournal(t.Context(), a.ID)
		for what, plan := range plans {
			for line := range strings.SplitSeq(plan, "\n") {
				line = strings.TrimSpace(line)
				if strings.HasPrefix(line, "SCAN") || strings.Contains(line, "TEMP B-TREE FOR ORDER BY") || strings.Contains(line, "Seq Scan") || strings.HasPrefix(line, "SEARCH intake") && strings.HasSuffix(line, "(account_id=?)") {
					t.Errorf("%s: all of the journal is read\n%s", what, plan)
				}
			}
		}
		return err
	})
}
