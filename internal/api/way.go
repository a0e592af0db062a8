package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
)

// Incoming is how a channel's mail comes in, and how that fares.
type Incoming struct {
	Way      parley.WayIn    `json:"way" enum:"forward,imap,webhook,smpp"`
	IMAP     *IMAPServer     `json:"imap" doc:"For those who may change it."`
	Webhook  *WebhookWay     `json:"webhook"`
	State    parley.WayState `json:"state" enum:"ok,connecting,failed,quiet"`
	Error    string          `json:"error" doc:"In words."`
	LastAt   *time.Time      `json:"last_at" doc:"When it worked last."`
	Backfill *Backfill       `json:"backfill" doc:"How much of the older mail has been taken."`
}

// Outgoing is how a channel's mail leaves, and how that fares.
type Outgoing struct {
	Way   string          `json:"way" enum:"default,smtp"`
	SMTP  *MailServer     `json:"smtp" doc:"For those who may change it."`
	State parley.WayState `json:"state" enum:"ok,connecting,failed"`
	Error string          `json:"error"`
}

// MailServer is one that we sign in at. What we sign in with is never shown.
type MailServer struct {
	Host     string `json:"host" maxLength:"320"`
	Port     int    `json:"port"`
	TLS      string `json:"tls" enum:"tls,starttls"`
	Username string `json:"username" maxLength:"320"`
	Auth     string `json:"auth" enum:"password,xoauth2"`
	OAuth    *OAuth `json:"oauth,omitempty" doc:"With xoauth2."`
}

// OAuth says who gives access.
type OAuth struct {
	Provider string `json:"provider" enum:"google,microsoft,custom"`
	ClientID string `json:"client_id" maxLength:"320"`
	TokenURL string `json:"token_url,omitempty" maxLength:"2000" doc:"Of custom."`
}

// IMAPServer is a mailbox that is fetched.
type IMAPServer struct {
	MailServer
	Mailbox string     `json:"mailbox,omitempty" maxLength:"320" doc:"INBOX if absent."`
	Since   *time.Time `json:"since" required:"false" doc:"Older mail from this moment on comes in as an archive: nobody hears of it."`
}

// WebhookWay is a mail provider that brings what it receives.
type WebhookWay struct {
	Provider string `json:"provider" enum:"postmark,mailgun,sendgrid,ses"`
	TopicARN string `json:"topic_arn,omitempty" maxLength:"320" doc:"Of ses: the one topic that is believed."`
}

// Backfill is how far the older mail has come in.
type Backfill struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// SecretBody is what we sign in with. What is left out stays, as long as server and user do.
type SecretBody struct {
	Password     string `json:"password,omitempty" maxLength:"8192" writeOnly:"true"`
	ClientSecret string `json:"client_secret,omitempty" maxLength:"8192" writeOnly:"true"`
	RefreshToken string `json:"refresh_token,omitempty" maxLength:"8192" writeOnly:"true"`
}

func (b SecretBody) secret() parley.ServerSecret {
	return parley.ServerSecret{Password: b.Password, ClientSecret: b.ClientSecret, RefreshToken: b.RefreshToken}
}

// IncomingBody changes how a channel's mail comes in.
type IncomingBody struct {
	Way     parley.WayIn `json:"way" enum:"forward,imap,webhook"`
	IMAP    *IMAPServer  `json:"imap,omitempty"`
	Webhook *WebhookWay  `json:"webhook,omitempty"`
	Key     string       `json:"key,omitempty" maxLength:"8192" writeOnly:"true" doc:"Of a webhook: the provider's signing key, or the password of its requests."`
	SecretBody
}

func (b IncomingBody) change() setting.IncomingChange {
	c := setting.IncomingChange{Incoming: parley.Incoming{Way: b.Way}, Secret: b.secret(), Key: b.Key}
	if b.IMAP != nil {
		c.IMAP = &parley.IMAPServer{MailServer: b.IMAP.server(), Mailbox: b.IMAP.Mailbox, Since: b.IMAP.Since}
	}
	if b.Webhook != nil {
		c.Webhook = &parley.Webhook{Provider: b.Webhook.Provider, TopicARN: b.Webhook.TopicARN}
	}
	return c
}

// OutgoingBody changes how a channel's mail leaves.
type OutgoingBody struct {
	Way  string      `json:"way" enum:"default,smtp"`
	SMTP *MailServer `json:"smtp,omitempty"`
	SecretBody
}

func (b OutgoingBody) change() (setting.OutgoingChange, error) {
	c := setting.OutgoingChange{Secret: b.secret()}
	if b.Way == "default" {
		return c, nil
	}
	if b.SMTP == nil {
		return c, parley.Errorf(parley.Invalid, "way.server_missing", "Say which mail server the mail leaves by.").On("smtp")
	}
	c.SMTP = new(b.SMTP.server())
	return c, nil
}

func (m MailServer) server() parley.MailServer {
	s := parley.MailServer{Host: m.Host, Port: m.Port, TLS: m.TLS, Username: m.Username, Auth: m.Auth}
	if m.OAuth != nil {
		s.OAuth = new(parley.OAuth(*m.OAuth))
	}
	return s
}

func newMailServer(m parley.MailServer) MailServer {
	s := MailServer{Host: m.Host, Port: m.Port, TLS: m.TLS, Username: m.Username, Auth: m.Auth}
	if m.OAuth != nil {
		s.OAuth = new(OAuth(*m.OAuth))
	}
	return s
}

// CheckAnswer is what a try of settings has shown.
type CheckAnswer struct {
	OK    bool   `json:"ok"`
	Key   string `json:"key" doc:"Which fault it is; empty: none."`
	Field string `json:"field" doc:"What to look at."`
	Error string `json:"error" doc:"In words."`
}

type incomingInput struct {
	ID   parley.ChannelID `path:"id"`
	Body IncomingBody
}

type outgoingInput struct {
	ID   parley.ChannelID `path:"id"`
	Body OutgoingBody
}

func (s *Server) registerWays() {
	signedIn(s, op(http.MethodPut, "/api/v1/channels/{id}/incoming", "put-channels-id-incoming", "Say how a channel's mail comes in"), s.putIncoming)
	signedIn(s, op(http.MethodPut, "/api/v1/channels/{id}/outgoing", "put-channels-id-outgoing", "Say how a channel's mail leaves"), s.putOutgoing)
	check := func(way, what string) {
		o := status(op(http.MethodPost, "/api/v1/channels/{id}/"+way+"/check", "post-channels-id-"+way+"-check", "Try "+what+" without saving"), http.StatusOK)
		if way == "incoming" {
			signedIn(s, o, s.checkIncoming)
			return
		}
		signedIn(s, o, s.checkOutgoing)
	}
	check("incoming", "how a channel's mail would come in")
	check("outgoing", "how a channel's mail would leave")
}

func (s *Server) putIncoming(ctx context.Context, actor parley.Actor, in *incomingInput) (*Body[Channel], error) {
	c, err := s.Setting.SetIncoming(ctx, actor, in.ID, in.Body.change())
	s.Gateway.Look()
	return s.channelBody(ctx, actor, c, err)
}

func (s *Server) putOutgoing(ctx context.Context, actor parley.Actor, in *outgoingInput) (*Body[Channel], error) {
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	c, err := s.Setting.SetOutgoing(ctx, actor, in.ID, change)
	if err == nil && change.SMTP != nil {
		err = s.Gateway.ProbeOutgoing(ctx, c)
	}
	return s.channelBody(ctx, actor, c, err)
}

func (s *Server) checkIncoming(ctx context.Context, actor parley.Actor, in *incomingInput) (*Body[CheckAnswer], error) {
	return checked(s.Gateway.CheckIncoming(ctx, actor, in.ID, in.Body.change()))
}

func (s *Server) checkOutgoing(ctx context.Context, actor parley.Actor, in *outgoingInput) (*Body[CheckAnswer], error) {
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	return checked(s.Gateway.CheckOutgoing(ctx, actor, in.ID, change))
}

// checked answers what a try has shown. That it could not be made is a problem.
func checked(fault *parley.Error, err error) (*Body[CheckAnswer], error) {
	if err != nil {
		return nil, err
	}
	if fault == nil {
		return &Body[CheckAnswer]{CheckAnswer{OK: true}}, nil
	}
	return &Body[CheckAnswer]{CheckAnswer{Key: fault.Key, Field: fault.Field, Error: fault.Text}}, nil
}

// incoming is the way in as this actor may see it.
func newIncoming(actor parley.Actor, set parley.ChannelSettings, w parley.Ways) Incoming {
	in := Incoming{Way: w.In, State: w.InState, Error: w.InError, LastAt: w.InAt}
	if w.ArchivedOf > 0 {
		in.Backfill = &Backfill{Done: w.Archived, Total: w.ArchivedOf}
	}
	if !actor.May(parley.Settings, 0) {
		return in
	}
	if m := set.Incoming.IMAP; m != nil {
		in.IMAP = &IMAPServer{MailServer: newMailServer(m.MailServer), Mailbox: m.Mailbox, Since: m.Since}
	}
	if h := set.Incoming.Webhook; h != nil {
		in.Webhook = new(WebhookWay(*h))
	}
	return in
}

func (s *Server) newOutgoing(actor parley.Actor, set parley.ChannelSettings, w parley.Ways) Outgoing {
	out := Outgoing{Way: "default", State: w.OutState, Error: w.OutError}
	if set.Text != nil { // texts leave by their provider, whatever becomes of mail
		return out
	}
	if set.Outgoing.SMTP == nil {
		out.State, out.Error = parley.WayOK, ""
		if !s.Relay {
			out.State, out.Error = parley.WayFailed, "This server was started without a relay, so replies fail. Give the channel a mail server of its own, or set PARLEY_RELAY_URL on the server and restart it: that one is for all channels."
		}
		return out
	}
	out.Way = "smtp"
	if actor.May(parley.Settings, 0) {
		out.SMTP = new(newMailServer(*set.Outgoing.SMTP))
	}
	return out
}

// webhookURL is what the provider is to call: whoever knows it may knock.
func (s *Server) webhookURL(actor parley.Actor, set parley.ChannelSettings, w parley.Ways) *string {
	if w.HookToken == "" || !actor.May(parley.Settings, 0) {
		return nil
	}
	address := s.BaseURL + "/hooks/" + w.HookToken
	if h := set.Incoming.Webhook; h != nil && h.Provider == "mailgun" {
		address += "/mime" // so Mailgun knows that it is to send the mail as it came
	}
	return &address
}
