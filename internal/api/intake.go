package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/parley"
)

// IntakeTotals are the sums of the journal: accepted = filed + failed + pending, at all times.
type IntakeTotals struct {
	Accepted int64 `json:"accepted"`
	Filed    int64 `json:"filed"`
	Failed   int64 `json:"failed" doc:"By a fault of ours: retry them."`
	Pending  int64 `json:"pending"`
}

// IntakeEntry is one thing that was accepted, and what it became.
type IntakeEntry struct {
	ID             parley.IntakeID  `json:"id"`
	ChannelID      parley.ChannelID `json:"channel_id"`
	State          string           `json:"state" enum:"pending,filed,failed"`
	Outcome        string           `json:"outcome" enum:"message,duplicate,report,round_trip,erased," doc:"What it became once filed."`
	Size           int64            `json:"size" doc:"In bytes."`
	MailFrom       string           `json:"mail_from"`
	RcptTo         []string         `json:"rcpt_to"`
	ReceivedAt     time.Time        `json:"received_at"`
	FiledAt        *time.Time       `json:"filed_at"`
	Tries          int              `json:"tries" doc:"That failed."`
	Error          string           `json:"error" doc:"Of the last try."`
	MessageID      *int64           `json:"message_id"`
	ConversationID *int64           `json:"conversation_id"`
}

func newIntakeEntry(e parley.Intake) IntakeEntry {
	return IntakeEntry{
		ID: e.ID, ChannelID: e.ChannelID, State: string(e.State), Outcome: string(e.Outcome), Size: e.Size, MailFrom: e.MailFrom, RcptTo: texts(e.RcptTo),
		ReceivedAt: e.ReceivedAt, FiledAt: e.FiledAt, Tries: e.Tries, Error: e.Error, MessageID: ref(e.MessageID), ConversationID: ref(e.ConversationID),
	}
}

// ChannelIntake are the sums of one channel.
type ChannelIntake struct {
	ChannelID parley.ChannelID `json:"channel_id"`
	IntakeTotals
}

// IntakeDay are the sums of what came in on one day.
type IntakeDay struct {
	Day string `json:"day" format:"date" doc:"In UTC."`
	IntakeTotals
	Channels []ChannelIntake `json:"channels"`
}

// IntakeRetry is what a retry of all that failed has done.
type IntakeRetry struct {
	Retried int   `json:"retried" doc:"How many it took: so many at once."`
	Failed  int64 `json:"failed" doc:"How many are still failed: call again for those."`
}

func newIntakeTotals(t parley.IntakeTotals) IntakeTotals {
	return IntakeTotals{Accepted: t.Accepted, Filed: t.Filed, Failed: t.Failed, Pending: t.Pending}
}

type intakeInput struct {
	ID parley.IntakeID `path:"id"`
}

func (s *Server) registerIntake() {
	signedIn(s, op(http.MethodGet, "/api/v1/intake", "get-intake", "What was accepted, and what became of it, in sums"), s.getIntake)
	signedIn(s, op(http.MethodGet, "/api/v1/intake/days", "get-intake-days", "The sums by day and channel, the newest days first"), s.listIntakeDays)
	signedIn(s, status(op(http.MethodPost, "/api/v1/intake/retry", "post-intake-retry", "File entries that failed anew, the oldest first and so many at once"), http.StatusOK), s.retryFailedIntake)
	signedIn(s, op(http.MethodGet, "/api/v1/intake/entries", "get-intake-entries", "The journal of what was accepted, the newest first"), s.listIntake)
	signedInOne(s, status(op(http.MethodPost, "/api/v1/intake/entries/{id}/retry", "post-intake-entries-id-retry", "File an entry that failed anew"), http.StatusOK), s.retryIntake)
	signedInOneTo(s, op(http.MethodGet, "/api/v1/intake/entries/{id}/raw", "get-intake-entries-id-raw", "An entry as it was accepted, byte for byte"), s.getIntakeRaw)
}

func (s *Server) getIntake(ctx context.Context, actor parley.Actor, _ *struct{}) (*Body[IntakeTotals], error) {
	t, err := s.Intake.Totals(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &Body[IntakeTotals]{newIntakeTotals(t)}, nil
}

func (s *Server) listIntakeDays(ctx context.Context, actor parley.Actor, in *struct{ Paging }) (*Body[Page[IntakeDay]], error) {
	days, next, err := s.Intake.Days(ctx, actor, parley.Day(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]IntakeDay, len(days))
	for i, d := range days {
		items[i] = IntakeDay{Day: string(d.Day), IntakeTotals: newIntakeTotals(d.IntakeTotals), Channels: make([]ChannelIntake, len(d.Channels))}
		for n, c := range d.Channels {
			items[i].Channels[n] = ChannelIntake{c.ChannelID, newIntakeTotals(c.IntakeTotals)}
		}
	}
	return newPage(items, string(next)), nil
}

func (s *Server) retryFailedIntake(ctx context.Context, actor parley.Actor, _ *struct{}) (*Body[IntakeRetry], error) {
	retried, failed, err := s.Intake.RetryFailed(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &Body[IntakeRetry]{IntakeRetry{Retried: retried, Failed: failed}}, nil
}

func (s *Server) listIntake(ctx context.Context, actor parley.Actor, in *struct {
	Paging
	State string `query:"state" enum:"pending,filed,failed" doc:"Every state, if absent."`
},
) (*Body[Page[IntakeEntry]], error) {
	before, err := idCursor[parley.Intake](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Intake.Entries(ctx, actor, parley.IntakeState(in.State), before, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]IntakeEntry, len(rows))
	for i, e := range rows {
		items[i] = newIntakeEntry(e)
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) retryIntake(ctx context.Context, actor parley.Actor, in *intakeInput) (*Body[IntakeEntry], error) {
	e, err := s.Intake.Retry(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[IntakeEntry]{newIntakeEntry(e)}, nil
}

func (s *Server) getIntakeRaw(ctx context.Context, actor parley.Actor, in *intakeInput) (*huma.StreamResponse, error) {
	content, e, err := s.Intake.Raw(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return s.download(content, "message/rfc822", "intake-"+e.ID.String()+".eml"), nil
}
