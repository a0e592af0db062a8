package demo

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/parley"
	"parley/internal/store/storetest"
)

func TestSampleOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	secret, err := account.NewSecret([]byte("a key of thirty-two characters.."))
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(account.Options{DB: s.db, Secret: secret, Cost: account.Cost{Memory: 8, Passes: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api.New(api.Deps{Auth: accounts, Account: accounts, Setting: s.settings, Sample: s.sample}).Handler())
	t.Cleanup(srv.Close)
	token := func(actor parley.Actor) string {
		made, err := accounts.CreateToken(t.Context(), actor, "test")
		if err != nil {
			t.Fatal(err)
		}
		return made.Secret
	}
	owner, agent := token(s.owner), token(storetest.User(t, s.db, s.owner.AccountID))
	for _, c := range []struct {
		who, method, path string
		status            int
		sample            any // account.sample_data of the answer, where there is one
	}{
		{owner, http.MethodGet, "/me", http.StatusOK, false},
		{agent, http.MethodGet, "/sample", http.StatusForbidden, nil},
		{agent, http.MethodPost, "/sample", http.StatusForbidden, nil},
		{"", http.MethodPost, "/sample", http.StatusUnauthorized, nil},
		{owner, http.MethodPost, "/sample", http.StatusCreated, true},
		{owner, http.MethodPost, "/sample", http.StatusConflict, nil},
		{owner, http.MethodGet, "/sample", http.StatusOK, true},
		{owner, http.MethodGet, "/me", http.StatusOK, true},
		{agent, http.MethodDelete, "/sample", http.StatusForbidden, nil},
		{owner, http.MethodDelete, "/sample", http.StatusNoContent, nil},
		{owner, http.MethodDelete, "/sample", http.StatusNoContent, nil},
		{owner, http.MethodGet, "/sample", http.StatusOK, false},
		{owner, http.MethodGet, "/me", http.StatusOK, false},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, srv.URL+"/api/v1"+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.who != "" {
			r.Header.Set("Authorization", "Bearer "+c.who)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Account map[string]any
			Present any
		}
		if len(text) > 0 && json.Unmarshal(text, &body) != nil {
			t.Fatalf("%s %s: %s", c.method, c.path, text)
		}
		there := body.Account["sample_data"]
		if body.Present != nil {
			there = body.Present
		}
		if res.StatusCode != c.status || there != c.sample {
			t.Errorf("%s %s: %d %s, want %d and sample %v", c.method, c.path, res.StatusCode, text, c.status, c.sample)
		}
	}
}
