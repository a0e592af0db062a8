package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

const (
	// maxHooks bounds how many mail providers' requests are taken at a time: each may
	// hold a large mail in memory. A provider that is put off tries again.
	maxHooks = 6
	// maxTextHooks bounds those of providers of texts, which are small. They wait for
	// their turn: many a provider calls once.
	maxTextHooks = 64
)

// Webhook is what answers a provider that calls the address with this token. An
// unknown one is not_found; so is that of a channel that takes nothing.
func (s *Service) Webhook(ctx context.Context, token string, to channel.Sink) (http.Handler, error) {
	var row parley.Channel
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.ChannelByHook(ctx, token)
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return nil, parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	if err != nil {
		return nil, fmt.Errorf("find webhook: %w", err)
	}
	o, err := s.openedWith(row)
	if err != nil {
		return nil, err
	}
	if o.sealed != nil {
		return nil, fmt.Errorf("open webhook: %w", o.sealed)
	}
	hook, ok := o.channel.(channel.Webhooker)
	if !ok {
		return nil, parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	handler := hook.Webhook(noted{to, s, row})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.admit(r.Context(), row.Type) {
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		defer s.dismiss(row.Type)
		a := answer{ResponseWriter: w}
		handler.ServeHTTP(&a, r)
		if words, ok := refusals[a.status]; ok {
			s.noteRefused(r.Context(), row, words)
		}
	}), nil
}

// refusals are why a call is not taken, for whoever reads the provider's log or the
// channel's page. They say no more than that: anybody may have called.
var refusals = map[int]string{
	http.StatusBadRequest: "A call to the webhook address was refused: it is not in the form of this provider.",
	http.StatusForbidden:  "A call to the webhook address was refused: it does not prove to be from the provider. Compare the signing key or secret on both sides.",
	http.StatusNotFound:   "A call to the webhook address was refused: it is for another number than this channel's.",
}

// answer is a response that says why, where it is a refusal.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	words, refused := refusals[status]
	if refused {
		a.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
	a.ResponseWriter.WriteHeader(status)
	if refused {
		_, _ = a.ResponseWriter.Write([]byte(words + "\n")) // whoever has gone needs no reason
	}
}

// noteRefused notes on the channel that a call was refused, until the next one is taken.
func (s *Service) noteRefused(ctx context.Context, row parley.Channel, words string) {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.WaysOf(ctx, row.AccountID, row.ID)
		if err != nil || was.InState == parley.WayFailed && was.InError == words {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: row.AccountID, Kind: parley.ChannelChanged, ChannelID: row.ID})
		return tx.NoteWayIn(ctx, row.AccountID, row.ID, "", parley.WayFailed, words, time.Time{})
	})
	if err != nil {
		s.log.Warn("the state of a webhook cannot be noted", "err", err, "channel_id", row.ID)
	}
}

// admit takes a place for one request; dismiss gives it back.
func (s *Service) admit(ctx context.Context, typ string) bool {
	if typ == setting.Text {
		select {
		case s.textHooks <- struct{}{}:
			return true
		case <-ctx.Done():
			return false
		}
	}
	select {
	case s.hooks <- struct{}{}:
		return true
	default:
		return false
	}
}

func (s *Service) dismiss(typ string) {
	if typ == setting.Text {
		<-s.textHooks
		return
	}
	<-s.hooks
}

// noted is a sink that notes that the way works.
type noted struct {
	channel.Sink
	s   *Service
	row parley.Channel
}

// Accept implements channel.Sink.
func (n noted) Accept(ctx context.Context, raw channel.Raw) error {
	if err := n.Sink.Accept(ctx, raw); err != nil {
		return err
	}
	err := n.s.db.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.WaysOf(ctx, n.row.AccountID, n.row.ID)
		if err != nil || was.InState == parley.WayOK && was.InAt != nil && tx.Now().Sub(*was.InAt) < time.Minute {
			return err
		}
		return tx.NoteWayIn(ctx, n.row.AccountID, n.row.ID, "", parley.WayOK, "", tx.Now())
	})
	if err != nil { // the mail is safe all the same
		n.s.log.Warn("the state of a webhook cannot be noted", "err", err, "channel_id", n.row.ID)
	}
	return nil
}
