package api

import (
	"context"
	"net/http"

	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/setting"
)

// TextProvider is a company or protocol that carries texts, and what it needs to know.
type TextProvider struct {
	Name      string      `json:"name"`
	Images    bool        `json:"images" doc:"Pictures can be sent (MMS)."`
	MaxImages int64       `json:"max_images" doc:"Bytes of the pictures of one text together."`
	Lists     bool        `json:"lists" doc:"It tells which numbers the account has."`
	Answers   bool        `json:"answers" doc:"It answers STOP, START and HELP itself unless told not to."`
	Session   bool        `json:"session" doc:"It is reached over a connection that is kept, and calls no webhook."`
	Fields    []TextField `json:"fields"`
}

// TextField is one thing that a provider needs to know.
type TextField struct {
	Name     string   `json:"name"`
	Secret   bool     `json:"secret"`
	Required bool     `json:"required"`
	Default  string   `json:"default"`
	Choices  []string `json:"choices"`
	Lines    bool     `json:"lines" doc:"It may have several lines."`
}

// TextMembers are the members of a channel of texts.
type TextMembers struct {
	Provider        *string           `json:"provider,omitempty" maxLength:"40" doc:"Of sms: one of those that /channels/providers lists."`
	Settings        map[string]string `json:"settings,omitempty" doc:"Of sms: the provider's fields. A secret that is left out stays."`
	Region          *string           `json:"region,omitempty" maxLength:"2" doc:"ISO 3166: how numbers without + are read."`
	Rate            *float64          `json:"rate,omitempty" doc:"Texts a second that the number may send; 0: no limit."`
	Price           *string           `json:"price,omitempty" maxLength:"12" doc:"Of a segment, as a decimal."`
	Currency        *string           `json:"currency,omitempty" maxLength:"3"`
	ProviderAnswers *bool             `json:"provider_answers,omitempty" doc:"STOP, START and HELP are answered by the provider."`
	StopText        *string           `json:"stop_text,omitempty" maxLength:"2000"`
	StartText       *string           `json:"start_text,omitempty" maxLength:"2000"`
	HelpText        *string           `json:"help_text,omitempty" maxLength:"2000"`
	QuietFrom       *string           `json:"quiet_from,omitempty" maxLength:"5" doc:"15:04, in the contact's time zone."`
	QuietTo         *string           `json:"quiet_to,omitempty" maxLength:"5"`
}

func (m TextMembers) change() setting.TextChange {
	return setting.TextChange{
		Provider: m.Provider, Fields: m.Settings, Region: m.Region, Rate: m.Rate, Price: m.Price, Currency: m.Currency,
		ProviderAnswers: m.ProviderAnswers, StopText: m.StopText, StartText: m.StartText, HelpText: m.HelpText, QuietFrom: m.QuietFrom, QuietTo: m.QuietTo,
	}
}

func (m TextMembers) given() bool {
	return m.Settings != nil || m.Provider != nil || m.Region != nil || m.Rate != nil || m.Price != nil || m.Currency != nil ||
		m.ProviderAnswers != nil || m.StopText != nil || m.StartText != nil || m.HelpText != nil || m.QuietFrom != nil || m.QuietTo != nil
}

// textOf are a channel's members as they are shown. Of a secret only that it is there.
func textOf(actor parley.Actor, c parley.Channel, t *parley.TextSettings) (TextMembers, string, *TextLimits) {
	if t == nil {
		return TextMembers{}, "", nil
	}
	provider, _ := parley.TextProviderNamed(t.Provider)
	m := TextMembers{
		Provider: &t.Provider, Region: &t.Region, Rate: &t.Rate, Price: &t.Price, Currency: &t.Currency, ProviderAnswers: &t.ProviderAnswers,
		StopText: &t.StopText, StartText: &t.StartText, HelpText: &t.HelpText, QuietFrom: &t.QuietFrom, QuietTo: &t.QuietTo,
	}
	if actor.May(parley.Settings, 0) {
		m.Settings = t.Options
	}
	return m, c.Address, new(TextLimits(provider.Limits()))
}

// TextLimits are what a provider takes as one text.
type TextLimits struct {
	Segments     int      `json:"segments" doc:"Of a text without pictures."`
	Characters   int      `json:"characters" doc:"Of a text with pictures: it goes as an MMS, which has no segments."`
	Pictures     int      `json:"pictures" doc:"0: it sends none."`
	PictureBytes int64    `json:"picture_bytes" doc:"Of the pictures of one text together."`
	PictureTypes []string `json:"picture_types"`
}

// ChannelReach is whether and where a contact can be written to on a channel.
type ChannelReach struct {
	ChannelID parley.ChannelID `json:"channel_id"`
	OK        bool             `json:"ok"`
	Reason    outbox.Unreached `json:"reason" enum:"no_email,no_phone,opted_out,blocked," doc:"Empty: they can be."`
	Points    []PointReach     `json:"points" doc:"Their addresses or numbers."`
}

// PointReach is one of a contact's addresses or numbers.
type PointReach struct {
	Value  string           `json:"value"`
	OK     bool             `json:"ok"`
	Reason outbox.Unreached `json:"reason" enum:"opted_out,bounced,unreachable," doc:"Bounced and unreachable ones may be tried all the same."`
}

func (s *Server) listReaches(ctx context.Context, actor parley.Actor, in *struct {
	ContactID parley.ContactID `query:"contact_id" required:"true"`
},
) (*Body[Page[ChannelReach]], error) {
	found, err := s.Outbox.Reaches(ctx, actor, in.ContactID)
	if err != nil {
		return nil, err
	}
	items := make([]ChannelReach, len(found))
	for i, r := range found {
		items[i] = ChannelReach{r.ChannelID, r.Why == "", r.Why, make([]PointReach, len(r.Points))}
		for j, p := range r.Points {
			items[i].Points[j] = PointReach{p.Value, p.Why != outbox.OptedOut, p.Why}
		}
	}
	return newPage(items, ""), nil
}

// NumbersBody asks which numbers a provider account has.
type NumbersBody struct {
	ChannelID parley.ChannelID  `json:"channel_id,omitempty" doc:"Whose secrets are used where they are left out."`
	Provider  string            `json:"provider" maxLength:"40"`
	Settings  map[string]string `json:"settings,omitempty"`
}

// ProviderNumber is a number that a provider account has.
type ProviderNumber struct {
	Number string `json:"number"`
	Name   string `json:"name"`
	SMS    bool   `json:"sms"`
	MMS    bool   `json:"mms"`
	Taken  bool   `json:"taken" doc:"By a channel already."`
}

// TestTextBody asks for one text to be sent now.
type TestTextBody struct {
	To   string `json:"to" maxLength:"40"`
	Text string `json:"text,omitempty" maxLength:"1600"`
}

func (s *Server) registerTexts() {
	signedIn(s, op(http.MethodGet, "/api/v1/channels/providers", "get-channels-providers", "Who can carry texts, and what they need to know"), s.listTextProviders)
	signedIn(s, status(op(http.MethodPost, "/api/v1/channels/numbers", "post-channels-numbers", "Ask a provider which numbers the account has"), http.StatusOK), s.listNumbers)
	signedIn(s, status(op(http.MethodPost, "/api/v1/channels/{id}/test-text", "post-channels-id-test-text", "Send one text of a channel now"), http.StatusOK), s.sendTestText)
}

func (s *Server) listTextProviders(_ context.Context, actor parley.Actor, _ *struct{}) (*Body[Page[TextProvider]], error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return nil, err
	}
	items := make([]TextProvider, len(parley.TextProviders))
	for i, p := range parley.TextProviders {
		items[i] = TextProvider{Name: p.Name, Images: p.Images, MaxImages: p.MaxImages, Lists: p.Lists, Answers: p.Answers, Session: p.Session, Fields: []TextField{}}
		for _, f := range p.Fields {
			field := TextField{Name: f.Name, Secret: f.Secret, Required: f.Required, Default: f.Default, Choices: f.Choices, Lines: f.Lines}
			if field.Choices == nil {
				field.Choices = []string{}
			}
			items[i].Fields = append(items[i].Fields, field)
		}
	}
	return newPage(items, ""), nil
}

func (s *Server) listNumbers(ctx context.Context, actor parley.Actor, in *Body[NumbersBody]) (*Body[Page[ProviderNumber]], error) {
	b := in.Body
	found, err := s.Gateway.ListNumbers(ctx, actor, b.ChannelID, setting.TextChange{Provider: &b.Provider, Fields: b.Settings})
	if err != nil {
		return nil, err
	}
	items := make([]ProviderNumber, len(found))
	for i, n := range found {
		items[i] = ProviderNumber{Number: n.Number, Name: n.Name, SMS: n.SMS, MMS: n.MMS, Taken: n.Taken}
	}
	return newPage(items, ""), nil
}

func (s *Server) sendTestText(ctx context.Context, actor parley.Actor, in *struct {
	ID   parley.ChannelID `path:"id"`
	Body TestTextBody
},
) (*Body[CheckAnswer], error) {
	return checked(s.Gateway.SendTestText(ctx, actor, in.ID, in.Body.To, in.Body.Text))
}
