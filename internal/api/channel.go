package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
)

// Channel is one address through which people reach the account.
type Channel struct {
	ID              parley.ChannelID `json:"id"`
	Type            string           `json:"type" enum:"email,sms"`
	Name            string           `json:"name"`
	Address         string           `json:"address"`
	ForwardAddress  string           `json:"forward_address" doc:"Where mail for the address can be forwarded to."`
	FromName        string           `json:"from_name" doc:"Display name of what is sent; empty: the user's own."`
	InboxID         parley.InboxID   `json:"inbox_id" doc:"Where new conversations go."`
	ReopenDays      int              `json:"reopen_days" doc:"A reply to a closed conversation reopens it within so many days; of sms -1: always."`
	PlusTags        bool             `json:"plus_tags" doc:"Mail to the address with a +tag is known to arrive."`
	LastInboundAt   *time.Time       `json:"last_inbound_at"`
	AddSignature    bool             `json:"add_signature" doc:"To what is sent, unless a message says otherwise."`
	AutoresponderID *int64           `json:"autoresponder_id" doc:"The canned message that answers conversations that a contact begins."`
	QuietSince      *time.Time       `json:"quiet_since" doc:"Usually busy, and silent since then."`
	Incoming        Incoming         `json:"incoming"`
	Outgoing        Outgoing         `json:"outgoing"`
	WebhookURL      *string          `json:"webhook_url" doc:"What the provider calls; for those who may change it."`
	Number          string           `json:"number,omitempty" doc:"Of sms: our own number, E.164 or a short code."`
	HasSecrets      []string         `json:"has_secrets,omitempty" doc:"Of sms: the secret fields that have a value."`
	Limits          *TextLimits      `json:"limits,omitempty" doc:"Of sms: what one text may have."`
	TextMembers
	Disabled  bool      `json:"disabled"`
	CreatedAt time.Time `json:"created_at"`
}

// ChannelBody makes a channel.
type ChannelBody struct {
	Type       string         `json:"type" enum:"email,sms"`
	Name       string         `json:"name" maxLength:"200"`
	InboxID    parley.InboxID `json:"inbox_id,omitempty"`
	NewInbox   string         `json:"new_inbox,omitempty" maxLength:"200" doc:"In place of inbox_id: the name of an inbox that is made with the channel."`
	Address    string         `json:"address,omitempty" maxLength:"254" doc:"Of email."`
	Number     string         `json:"number,omitempty" maxLength:"40" doc:"Of sms: our own number."`
	FromName   string         `json:"from_name,omitempty" maxLength:"200"`
	ReopenDays *int           `json:"reopen_days,omitempty" doc:"30 if absent; of sms -1, which is always."`
	TextMembers
}

// ChannelPatch changes a channel. Its address stays: replies to what it sent arrive there.
type ChannelPatch struct {
	Name            *string                       `json:"name,omitempty" maxLength:"200"`
	InboxID         *parley.InboxID               `json:"inbox_id,omitempty"`
	FromName        *string                       `json:"from_name,omitempty" maxLength:"200"`
	ReopenDays      *int                          `json:"reopen_days,omitempty"`
	AddSignature    *bool                         `json:"add_signature,omitempty"`
	AutoresponderID Field[parley.CannedMessageID] `json:"autoresponder_id,omitempty"`
	Disabled        *bool                         `json:"disabled,omitempty"`
	TextMembers
}

func (s *Server) registerChannels() {
	signedIn(s, op(http.MethodGet, "/api/v1/channels", "get-channels", "The channels of the account"), s.listChannels)
	signedIn(s, op(http.MethodPost, "/api/v1/channels", "post-channels", "Make a channel"), s.createChannel)
	signedInOne(s, op(http.MethodGet, "/api/v1/channels/{id}", "get-channels-id", "A channel"), s.getChannel)
	signedIn(s, op(http.MethodPatch, "/api/v1/channels/{id}", "patch-channels-id", "Change a channel"), s.patchChannel)
	signedInOneTo(s, status(op(http.MethodDelete, "/api/v1/channels/{id}", "delete-channels-id", "Take a channel away"), http.StatusNoContent), s.deleteChannel)
}

func (s *Server) newChannel(actor parley.Actor, c parley.Channel, w parley.Ways) Channel {
	var set parley.ChannelSettings
	if err := json.Unmarshal(c.Settings, &set); err != nil && len(c.Settings) > 0 {
		s.Log.Error("the settings of a channel cannot be read", "err", err, "channel_id", c.ID)
	}
	text, number, limits := textOf(actor, c, set.Text)
	return Channel{
		TextMembers: text, Number: number, Limits: limits, HasSecrets: s.Setting.SecretsOf(actor, c),
		ID: c.ID, Type: c.Type, Name: c.Name, Address: c.Address, ForwardAddress: s.Setting.ForwardAddress(c), FromName: c.FromName, InboxID: c.InboxID,
		ReopenDays: c.ReopenDays, PlusTags: c.PlusTags, AddSignature: c.AddSignature, AutoresponderID: ref(c.AutoresponderID), LastInboundAt: c.LastInboundAt,
		QuietSince: w.QuietSince, Incoming: newIncoming(actor, set, w), Outgoing: s.newOutgoing(actor, set, w), WebhookURL: s.webhookURL(actor, set, w), Disabled: c.DisabledAt != nil, CreatedAt: c.CreatedAt,
	}
}

func (s *Server) channelBody(ctx context.Context, actor parley.Actor, c parley.Channel, err error) (*Body[Channel], error) {
	if err != nil {
		return nil, err
	}
	ways, err := s.Setting.Ways(ctx, actor, c)
	if err != nil {
		return nil, err
	}
	return &Body[Channel]{s.newChannel(actor, c, ways[c.ID])}, nil
}

func (s *Server) listChannels(ctx context.Context, actor parley.Actor, in *Paging) (*Body[Page[Channel]], error) {
	after, err := idCursor[parley.Channel](*in)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Setting.Channels(ctx, actor, after, in.Limit)
	if err != nil {
		return nil, err
	}
	ways, err := s.Setting.Ways(ctx, actor, rows...)
	if err != nil {
		return nil, err
	}
	items := make([]Channel, len(rows))
	for i, c := range rows {
		items[i] = s.newChannel(actor, c, ways[c.ID])
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) createChannel(ctx context.Context, actor parley.Actor, in *Body[ChannelBody]) (*Body[Channel], error) {
	b := in.Body
	c, err := s.Setting.CreateChannel(ctx, actor, setting.NewChannel{
		Type: b.Type, Name: b.Name, InboxID: b.InboxID, NewInbox: b.NewInbox, Address: b.Address, FromName: b.FromName,
		ReopenDays: b.ReopenDays, Number: b.Number, Text: b.change(),
	})
	if err == nil && c.Type == setting.Text {
		s.Gateway.Look()
		err = s.Gateway.ProbeOutgoing(ctx, c)
	}
	return s.channelBody(ctx, actor, c, err)
}

func (s *Server) getChannel(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.ChannelID `path:"id"`
},
) (*Body[Channel], error) {
	c, err := s.Setting.Channel(ctx, actor, in.ID)
	return s.channelBody(ctx, actor, c, err)
}

func (s *Server) patchChannel(ctx context.Context, actor parley.Actor, in *struct {
	ID   parley.ChannelID `path:"id"`
	Body ChannelPatch
},
) (*Body[Channel], error) {
	b := in.Body
	c := setting.ChannelChange{
		Name: b.Name, InboxID: b.InboxID, FromName: b.FromName, ReopenDays: b.ReopenDays, AddSignature: b.AddSignature, Disabled: b.Disabled,
	}
	if b.AutoresponderID.Set {
		c.AutoresponderID = &b.AutoresponderID.Value // null: none
	}
	if b.given() {
		c.Text = new(b.change())
	}
	out, err := s.Setting.UpdateChannel(ctx, actor, in.ID, c)
	if err == nil && c.Text != nil {
		s.Gateway.Look()
		err = s.Gateway.ProbeOutgoing(ctx, out)
	}
	return s.channelBody(ctx, actor, out, err)
}

func (s *Server) deleteChannel(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.ChannelID `path:"id"`
},
) (*Empty, error) {
	return &Empty{}, s.Setting.DeleteChannel(ctx, actor, in.ID)
}
