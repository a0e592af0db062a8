package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
)

// RoundTrip is a try of a channel with itself.
type RoundTrip struct {
	ID        parley.RoundTripID `json:"id"`
	State     string             `json:"state" enum:"sent,arrived,failed"`
	PlusTags  *bool              `json:"plus_tags" doc:"Whether mail to a +tag of the address arrives; null: not known yet."`
	Error     string             `json:"error" doc:"In words."`
	StartedAt time.Time          `json:"started_at"`
	TookMS    *int64             `json:"took_ms" doc:"Until the mail was here."`
}

// Confirmation is what a provider wants confirmed before it forwards mail.
type Confirmation struct {
	Code     string    `json:"code"`
	Link     string    `json:"link"`
	Provider string    `json:"provider" doc:"google, microsoft, or the domain that the mail is from."`
	At       time.Time `json:"at"`
}

// SenderRecord is a DNS record that receivers go by.
type SenderRecord struct {
	State  string `json:"state" enum:"ok,missing,wrong,unknown"`
	Name   string `json:"name" doc:"Where the record stands."`
	Record string `json:"record" doc:"As it is; empty: there is none."`
	Add    string `json:"add" doc:"What to put there; empty: nothing."`
}

// SenderCheck is what receivers can learn about whom a channel's mail is from.
type SenderCheck struct {
	Domain  string       `json:"domain"`
	SPF     SenderRecord `json:"spf"`
	DKIM    SenderRecord `json:"dkim"`
	DMARC   SenderRecord `json:"dmarc"`
	Aligned bool         `json:"aligned"`
	Notes   []string     `json:"notes" doc:"What follows from it, in words."`
}

func (s *Server) registerWayTests() {
	signedInOne(s, op(http.MethodPost, "/api/v1/channels/{id}/round-trip", "post-channels-id-round-trip", "Send a mail to the channel itself, and see it arrive"), s.startRoundTrip)
	signedInOne(s, op(http.MethodGet, "/api/v1/channels/{id}/round-trip", "get-channels-id-round-trip", "The newest mail that the channel sent to itself; null: it never did"), s.getRoundTrip)
	signedInOne(s, op(http.MethodGet, "/api/v1/channels/{id}/confirmation", "get-channels-id-confirmation", "What a provider wants confirmed before it forwards mail; null: nothing"), s.getConfirmation)
	signedInOne(s, op(http.MethodGet, "/api/v1/channels/{id}/sender-check", "get-channels-id-sender-check", "What receivers can learn about whom the channel's mail is from"), s.checkSender)
}

type channelPath struct {
	ID parley.ChannelID `path:"id"`
}

func (s *Server) roundTrip(r *parley.RoundTrip, err error) (*Body[*RoundTrip], error) {
	if err != nil || r == nil {
		return &Body[*RoundTrip]{}, err
	}
	out := RoundTrip{ID: r.ID, Error: r.Error, StartedAt: r.StartedAt}
	out.State, out.PlusTags = r.At(s.Now())
	if r.ArrivedAt != nil {
		out.TookMS = new(r.ArrivedAt.Sub(r.StartedAt).Milliseconds())
	}
	if out.State == parley.TripFailed && out.Error == "" {
		out.Error = "The mail was sent and did not arrive. Look at the forwarding, and in the spam folder of the mailbox."
	}
	return &Body[*RoundTrip]{&out}, nil
}

func (s *Server) startRoundTrip(ctx context.Context, actor parley.Actor, in *channelPath) (*Body[*RoundTrip], error) {
	return s.roundTrip(s.Gateway.StartRoundTrip(ctx, actor, in.ID))
}

func (s *Server) getRoundTrip(ctx context.Context, actor parley.Actor, in *channelPath) (*Body[*RoundTrip], error) {
	return s.roundTrip(s.Gateway.RoundTrip(ctx, actor, in.ID))
}

func (s *Server) getConfirmation(ctx context.Context, actor parley.Actor, in *channelPath) (*Body[*Confirmation], error) {
	c, err := s.Gateway.Confirmation(ctx, actor, in.ID)
	if err != nil || c == nil {
		return &Body[*Confirmation]{}, err
	}
	return &Body[*Confirmation]{&Confirmation{Code: c.Code, Link: c.Link, Provider: c.Provider, At: c.At}}, nil
}

func (s *Server) checkSender(ctx context.Context, actor parley.Actor, in *channelPath) (*Body[SenderCheck], error) {
	c, err := s.Gateway.CheckSender(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := SenderCheck{Domain: c.Domain, SPF: SenderRecord(c.SPF), DKIM: SenderRecord(c.DKIM), DMARC: SenderRecord(c.DMARC), Aligned: c.Aligned, Notes: c.Notes}
	if out.Notes == nil {
		out.Notes = []string{}
	}
	return &Body[SenderCheck]{out}, nil
}
