package endure

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/channel/carrier"
	"parley/internal/channel/channeltest"
)

// TestTexts brings texts by webhooks while the server is killed every second: each
// that was answered with success is there exactly once, those of a number in one
// conversation and in order.
func TestTexts(t *testing.T) {
	t.Parallel()
	phones, texts, every := 16, 400, 150*time.Millisecond
	if *long {
		phones, texts, every = 100, 10_000, time.Second
	}
	tr := newTrial(t, channeltest.SMTPOptions{}, "PARLEY_ALLOW_PRIVATE=127.0.0.1")
	c := tr.carrier("+14155550100")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	var again atomic.Int64
	for p := range phones {
		clients.Go(func() {
			for n := range texts / phones {
				again.Add(bring(ctx, t, c, fmt.Sprintf("+1415556%04d", p), fmt.Sprintf("text %d of phone %d", n, p)))
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		clients.Wait()
	}()
	kills := tr.killEvery(every, done)
	t.Logf("%d texts of %d phones through %d kills; %d were brought again", texts/phones*phones, phones, kills, again.Load())
	want := totals{Accepted: texts / phones * phones, Filed: texts / phones * phones}
	if got := tr.drained(); got != want {
		t.Errorf("the journal counts %+v, not %+v", got, want)
	}
	found := tr.conversations()
	if len(found) != phones {
		t.Errorf("%d conversations, not %d", len(found), phones)
	}
	for _, c := range found {
		n, phone := 0, ""
		for _, i := range tr.timeline(c.ID) {
			if i.Kind != "message" {
				continue
			}
			_, whose, _ := strings.Cut(i.Text, " of ")
			if n == 0 {
				phone = whose
			}
			if want := fmt.Sprintf("text %d of %s", n, phone); i.Text != want {
				t.Errorf("conversation %d shows %q where %q was written", c.ID, i.Text, want)
			}
			n++
		}
		if n != texts/phones {
			t.Errorf("conversation %d has %d texts, not %d", c.ID, n, texts/phones)
		}
	}
}

// carrier is a provider with one number of ours.
func (tr *trial) carrier(number string) *carrier.Carrier {
	tr.Helper()
	c := carrier.New(carrier.Config{})
	api := httptest.NewServer(c)
	c.Locate(api.URL)
	tr.Cleanup(func() {
		c.Close()
		api.Close()
	})
	a, err := tr.Ask(tr.Token, http.MethodPost, "/channels", fmt.Sprintf(`{"type":"sms","name":"Texts","inbox_id":%s,"number":%q,"provider":"twilio",
		"settings":{"account_sid":%q,"auth_token":"token","api_base":%q}}`, tr.Inbox, number, "AC"+strings.Repeat("0", 32), api.URL))
	if err != nil {
		tr.Fatal(err)
	}
	hook, err := a.Read("webhook_url")
	if err != nil {
		tr.Fatal(err)
	}
	c.AddNumber(carrier.Number{Number: number, URL: hook})
	return c
}

// bring has a phone write a text, and the provider bring it until it is answered
// with success. It tells how often that was tried again.
func bring(ctx context.Context, t *testing.T, c *carrier.Carrier, phone, body string) (again int64) {
	text, err := c.Text(ctx, phone, "+14155550100", body)
	for ; err != nil; again++ {
		if status, ok := errors.AsType[*carrier.StatusError](err); ok && status.Status != http.StatusServiceUnavailable {
			t.Errorf("%q is answered with %d", body, status.Status)
			return again
		}
		pause(ctx, 20*time.Millisecond)
		if ctx.Err() != nil {
			return again
		}
		err = c.Resend(ctx, text)
	}
	return again
}

// killEvery ends the server at intervals and starts it again, until done.
func (tr *trial) killEvery(interval time.Duration, done <-chan struct{}) (kills int) {
	tr.Helper()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return kills
		case <-tick.C:
		}
		if err := tr.Kill(); err != nil {
			tr.Fatal(err)
		}
		kills++
		if err := tr.Serve(); err != nil {
			tr.Fatal(err)
		}
	}
}
