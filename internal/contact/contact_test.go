package contact_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/contact"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

type world struct {
	db    *store.DB
	svc   *contact.Service
	actor parley.Actor
}

func newWorld(t testing.TB) world {
	t.Helper()
	db := storetest.Open(t)
	_, actor := storetest.Account(t, db)
	return world{db, contact.New(db), actor}
}

func (w world) create(t testing.TB, c contact.Change) parley.Contact {
	t.Helper()
	made, err := w.svc.Create(t.Context(), w.actor, c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestCreateAndUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, contact.Change{
		Name: new("  Zoë Ångström "), Company: new("Harbour"), Emails: new([]string{"Zoe@X.example", " zoe@x.example", "z@y.example"}),
		Phones: new([]string{"07700 900123"}), OwnerID: new(w.actor.UserID), Fields: new(parley.JSON(`{"tier":"gold"}`)),
	})
	if c.Name != "Zoë Ångström" || c.OwnerID != w.actor.UserID || string(c.Fields) == "" {
		t.Errorf("created %+v", c)
	}
	if diff := cmp.Diff([]string{"Zoe@X.example", "z@y.example"}, c.Emails()); diff != "" {
		t.Error(diff)
	}
	if c.Points[2].Key != "+447700900123" || c.Points[2].Kind != parley.PointPhone {
		t.Errorf("the number came back as %+v", c.Points[2])
	}
	got, err := w.svc.Update(t.Context(), w.actor, c.ID, contact.Change{JobTitle: new("Captain"), Emails: new([]string{"z@y.example", "new@x.example"}), Company: new("")})
	if err != nil {
		t.Fatal(err)
	}
	read, err := w.svc.Get(t.Context(), w.actor, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]parley.Contact{"answered": got, "read": read} {
		if c.Name != "Zoë Ångström" || c.JobTitle != "Captain" || c.Company != "" {
			t.Errorf("%s: %+v", what, c)
		}
		if diff := cmp.Diff([]string{"z@y.example", "new@x.example"}, c.Emails()); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if diff := cmp.Diff([]string{"07700 900123"}, c.Phones()); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	var kinds []parley.EventKind
	storetest.View(t, w.db, func(tx *store.Tx) error {
		events, err := tx.ListEventsAfter(t.Context(), w.actor.AccountID, 0, 10)
		for _, e := range events {
			if e.ContactID == c.ID && e.ActorID == w.actor.UserID {
				kinds = append(kinds, e.Kind)
			}
		}
		return err
	})
	if diff := cmp.Diff([]parley.EventKind{parley.ContactCreated, parley.ContactUpdated}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taken := w.create(t, contact.Change{Name: new("Bob"), Emails: new([]string{"bob@x.example"}), Phones: new([]string{"+447700900999"})})
	light := w.actor
	light.Role = parley.LightAgent
	_, stranger := storetest.Account(t, w.db)
	tests := map[string]struct {
		actor  parley.Actor
		change contact.Change
		code   parley.Code
		fields []string
	}{
		"nothing":            {w.actor, contact.Change{}, parley.Invalid, []string{"name"}},
		"a taken address":    {w.actor, contact.Change{Emails: new([]string{"free@x.example", "BOB@x.example"})}, parley.Conflict, []string{"emails[1]"}},
		"a taken number":     {w.actor, contact.Change{Phones: new([]string{"07700 900999"})}, parley.Conflict, []string{"phones[0]"}},
		"half a number":      {w.actor, contact.Change{Phones: new([]string{"0171 12"})}, parley.Invalid, []string{"phones[0]"}},
		"all at once":        {w.actor, contact.Change{Name: new("a\nb"), Emails: new([]string{"no"}), Phones: new([]string{"12"})}, parley.Invalid, []string{"name", "emails[0]", "phones[0]"}},
		"an unknown owner":   {w.actor, contact.Change{Name: new("A"), OwnerID: new(stranger.UserID)}, parley.Invalid, []string{"owner_id"}},
		"fields of no shape": {w.actor, contact.Change{Name: new("A"), Fields: new(parley.JSON(`[1]`))}, parley.Invalid, []string{"fields"}},
		"about with a NUL":   {w.actor, contact.Change{Name: new("A"), About: new("a\x00b")}, parley.Invalid, []string{"about"}},
		"a light agent":      {light, contact.Change{Name: new("A")}, parley.Forbidden, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := w.svc.Create(t.Context(), test.actor, test.change)
			e, ok := errors.AsType[*parley.Error](err)
			if !ok || e.Code != test.code {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			var fields []string
			for _, one := range append([]*parley.Error{e}, e.More...) {
				if one.Field != "" {
					fields = append(fields, one.Field)
				}
				if test.code == parley.Conflict && one.Params["contact_id"] != taken.ID.String() {
					t.Errorf("the conflict names contact %q", one.Params["contact_id"])
				}
			}
			if diff := cmp.Diff(test.fields, fields); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := w.svc.Update(t.Context(), stranger, taken.ID, contact.Change{Name: new("Mine")}); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("another account's contact: %v", err)
	}
	if _, err := w.svc.Get(t.Context(), stranger, taken.ID); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("another account's contact: %v", err)
	}
	if got, _, err := w.svc.List(t.Context(), stranger, "bob", 0, 10); err != nil || len(got) != 0 {
		t.Errorf("another account finds %v, %v", got, err)
	}
	if _, err := w.svc.Create(t.Context(), stranger, contact.Change{Emails: new([]string{"bob@x.example"})}); err != nil {
		t.Errorf("the same address in another account: %v", err)
	}
	// A refused change leaves nothing.
	if got, _, err := w.svc.List(t.Context(), w.actor, "", 0, 10); err != nil || len(got) != 1 {
		t.Errorf("%d contacts, %v, want Bob alone", len(got), err)
	}
}

// What mail came from may be odder than what a person may enter; it can stay.
func TestOddAddressesStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	odd := `"very odd"@x.example`
	var c parley.Contact
	storetest.Update(t, w.db, func(tx *store.Tx) (err error) {
		c, _, err = w.svc.FindOrCreateTx(t.Context(), tx, w.actor.AccountID, parley.Address{Email: odd})
		return err
	})
	got, err := w.svc.Update(t.Context(), w.actor, c.ID, contact.Change{Emails: new([]string{odd, "b@x.example"})})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{odd, "b@x.example"}, got.Emails()); diff != "" {
		t.Error(diff)
	}
}

func TestFindOrCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	find := func(from parley.Address) (c parley.Contact, created bool) {
		storetest.Update(t, w.db, func(tx *store.Tx) (err error) {
			c, created, err = w.svc.FindOrCreateTx(t.Context(), tx, w.actor.AccountID, from)
			return err
		})
		return c, created
	}
	a, created := find(parley.Address{Name: "ann@x.example", Email: "Ann@X.example"})
	if !created || a.Name != "" || a.Points[0].Value != "Ann@X.example" {
		t.Errorf("first: %+v, created %v", a, created)
	}
	b, created := find(parley.Address{Name: "Ann Archer", Email: "ann@x.EXAMPLE"})
	if created || b.ID != a.ID || b.Name != "Ann Archer" {
		t.Errorf("with a name: %+v, created %v", b, created)
	}
	c, created := find(parley.Address{Name: "Somebody Else", Email: "ann@x.example"})
	if created || c.Name != "Ann Archer" {
		t.Errorf("a name that is there stays: %+v, created %v", c, created)
	}
	d, created := find(parley.Address{Name: "Ann\u202eArcher", Email: "other@x.example"})
	if !created || d.Name != "" || d.ID == a.ID {
		t.Errorf("a name that hides something: %+v, created %v", d, created)
	}
	if e, created := find(parley.Address{Name: "Nobody"}); !created || len(e.Points) != 0 || e.Name != "Nobody" {
		t.Errorf("without an address: %+v, created %v", e, created)
	}
}

func TestOneContactForMailsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mu sync.Mutex
	ids := map[parley.ContactID]bool{}
	made := 0
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			var c parley.Contact
			var created bool
			err := w.db.Update(context.Background(), func(tx *store.Tx) (err error) {
				c, created, err = w.svc.FindOrCreateTx(context.Background(), tx, w.actor.AccountID, parley.Address{Email: "same@x.example"})
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			ids[c.ID] = true
			if created {
				made++
			}
		})
	}
	wg.Wait()
	all, _, err := w.svc.List(t.Context(), w.actor, "", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != 1 || made != 1 || len(all) != 1 {
		t.Errorf("%d contacts answered, %d said created, %d there", len(ids), made, len(all))
	}
}

func TestCreateOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.actor.Once = parley.Once{Key: "k", Fingerprint: "f"}
	a := w.create(t, contact.Change{Name: new("Ann")})
	b := w.create(t, contact.Change{Name: new("Ann")})
	if a.ID != b.ID {
		t.Errorf("the same request made %d and %d", a.ID, b.ID)
	}
}

func TestListAndSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := map[string]parley.ContactID{}
	for _, c := range []contact.Change{
		{Name: new("Zoë Ångström"), Company: new("Harbour Bikes"), Emails: new([]string{"zoe.a@mail.example"})},
		{Name: new("John Smith"), Phones: new([]string{"07700 900123"})},
		{Name: new("John Smythe"), Emails: new([]string{"js@harbour.example"})},
		{Name: new("東京 太郎")},
	} {
		made := w.create(t, c)
		names[made.Name] = made.ID
	}
	zoe, smith, smythe, taro := names["Zoë Ångström"], names["John Smith"], names["John Smythe"], names["東京 太郎"]
	tests := map[string][]parley.ContactID{
		"":                   {taro, smythe, smith, zoe},
		"john":               {smith, smythe},
		"jo sm":              {smith, smythe},
		"sm jo":              {smith, smythe},
		"smith":              {smith},
		"zoe":                {zoe},
		"ANGS":               {zoe},
		"harb":               {zoe, smythe},
		"zoe.a@mail.example": {zoe},
		"zoe.a@ma":           {zoe},
		"@harbour.example":   {smythe},
		"+44 7700":           {smith},
		"0044 7700 900123":   {smith},
		"07700 900":          {smith},
		"(07700) 900-123":    {smith},
		"東":                  {taro},
		"太郎":                 {taro},
		"nobody":             nil,
		"!":                  nil,
	}
	for q, want := range tests {
		got, next, err := w.svc.List(t.Context(), w.actor, q, 0, 10)
		if err != nil || next != 0 {
			t.Fatalf("%q: next %d, %v", q, next, err)
		}
		var ids []parley.ContactID
		for _, c := range got {
			ids = append(ids, c.ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("%q:\n%s", q, diff)
		}
	}
	first, next, err := w.svc.List(t.Context(), w.actor, "", 0, 3)
	if err != nil || len(first) != 3 || next != smith {
		t.Fatalf("first page: %d, next %d, %v", len(first), next, err)
	}
	second, next, err := w.svc.List(t.Context(), w.actor, "", next, 3)
	if err != nil || len(second) != 1 || next != 0 || second[0].ID != zoe || len(second[0].Points) != 1 {
		t.Errorf("second page: %+v, next %d, %v", second, next, err)
	}
}

// Whatever points contacts are given and lose, no two ever have the same one, and
// each is found by exactly those it has.
func TestPointsAreOneContacts(t *testing.T) {
	t.Parallel()
	pool := []string{"a@x.example", "B@x.example", "c@x.example", "d@x.example"}
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		_, w.actor = storetest.Account(t, w.db)
		has := map[parley.ContactID][]string{}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			emails := rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, 3, rapid.ID[string]).Draw(rt, "emails")
			change := contact.Change{Name: new("N"), Emails: &emails}
			var c parley.Contact
			var err error
			if ids := slices.Sorted(maps.Keys(has)); len(ids) > 0 && rapid.Bool().Draw(rt, "edit") {
				c, err = w.svc.Update(t.Context(), w.actor, rapid.SampledFrom(ids).Draw(rt, "which"), change)
			} else {
				c, err = w.svc.Create(t.Context(), w.actor, change)
			}
			if parley.IsCode(err, parley.Conflict) {
				continue
			}
			if err != nil {
				rt.Fatal(err)
			}
			has[c.ID] = emails
		}
		for _, email := range pool {
			var want, got parley.ContactID
			for id, emails := range has {
				for _, e := range emails {
					if e == email {
						if want != 0 {
							rt.Fatalf("%s belongs to %d and %d", email, want, id)
						}
						want = id
					}
				}
			}
			storetest.View(t, w.db, func(tx *store.Tx) error {
				c, err := tx.ContactByPoint(t.Context(), w.actor.AccountID, parley.PointEmail, parley.Address{Email: email}.Key())
				got = c.ID
				if errors.Is(err, store.ErrNoRow) {
					return nil
				}
				return err
			})
			if got != want {
				rt.Fatalf("%s is found to be %d's, want %d", email, got, want)
			}
		}
	})
}
