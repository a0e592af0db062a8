package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"parley/internal/contact"
	"parley/internal/parley"
)

// Consent is one entry of the ledger of what people have said about being texted.
type Consent struct {
	ID        parley.ConsentID `json:"id"`
	ContactID *int64           `json:"contact_id"`
	Phone     string           `json:"phone"`
	State     string           `json:"state" enum:"opted_out,opted_in"`
	How       string           `json:"how" enum:"keyword,manual,provider,form,import"`
	UserID    *int64           `json:"user_id" doc:"Who noted it."`
	ChannelID *int64           `json:"channel_id"`
	MessageID *int64           `json:"message_id" doc:"In which it was said."`
	Evidence  string           `json:"evidence" doc:"The words themselves."`
	At        time.Time        `json:"at"`
}

func newConsent(c parley.Consent) Consent {
	return Consent{c.ID, ref(c.ContactID), c.Phone, string(c.State), string(c.How), ref(c.UserID), ref(c.ChannelID), ref(c.MessageID), c.Evidence, c.At}
}

// ConsentBody notes what somebody has said.
type ConsentBody struct {
	Phone    string `json:"phone" maxLength:"40"`
	Evidence string `json:"evidence,omitempty" maxLength:"4000" doc:"How and when they said it; needed to opt in."`
}

type consentInput struct {
	ContactInput
	Body ConsentBody
}

func (s *Server) registerConsents() {
	signedIn(s, status(op(http.MethodPost, "/api/v1/contacts/{id}/opt-out", "post-contacts-id-opt-out", "Note that a contact wants no texts"), http.StatusOK), s.optOut)
	signedIn(s, status(op(http.MethodPost, "/api/v1/contacts/{id}/opt-in", "post-contacts-id-opt-in", "Note that a contact wants texts again"), http.StatusOK), s.optIn)
	signedIn(s, op(http.MethodGet, "/api/v1/consents", "get-consents", "The ledger of consents, the newest first"), s.listConsents)
	s.mux.HandleFunc("GET /api/v1/consents.csv", s.exportConsents)
}

func (s *Server) optOut(ctx context.Context, actor parley.Actor, in *consentInput) (*Body[Contact], error) {
	return contactBody(s.Contact.OptOut(ctx, actor, in.ID, in.Body.Phone, in.Body.Evidence))
}

func (s *Server) optIn(ctx context.Context, actor parley.Actor, in *consentInput) (*Body[Contact], error) {
	return contactBody(s.Contact.OptIn(ctx, actor, in.ID, in.Body.Phone, in.Body.Evidence))
}

func (s *Server) listConsents(ctx context.Context, actor parley.Actor, in *struct {
	Paging
	ContactID parley.ContactID `query:"contact_id"`
	Phone     string           `query:"phone" maxLength:"40"`
},
) (*Body[Page[Consent]], error) {
	before, err := idCursor[parley.Consent](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Contact.Consents(ctx, actor, contact.ConsentQuery{ContactID: in.ContactID, Phone: in.Phone, Before: before}, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Consent, len(rows))
	for i, c := range rows {
		items[i] = newConsent(c)
	}
	return newPage(items, cursorOf(next)), nil
}

const exportPage = 500

// exportConsents writes the whole ledger, page by page: it is not held in memory.
func (s *Server) exportConsents(w http.ResponseWriter, r *http.Request) {
	actor, err := s.actor(r)
	var page []parley.Consent
	var next parley.ConsentID
	if err == nil {
		page, next, err = s.Contact.Consents(r.Context(), actor, contact.ConsentQuery{}, exportPage)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="consents.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"id", "at", "phone", "contact_id", "state", "how", "user_id", "channel_id", "message_id", "evidence"}) // Error tells at the end
	for {
		for _, c := range page {
			_ = out.Write([]string{
				c.ID.String(), c.At.Format(time.RFC3339), c.Phone, orBlank(c.ContactID), string(c.State), string(c.How),
				orBlank(c.UserID), orBlank(c.ChannelID), orBlank(c.MessageID), cell(c.Evidence),
			})
		}
		if next == 0 {
			break
		}
		if page, next, err = s.Contact.Consents(r.Context(), actor, contact.ConsentQuery{Before: next}, exportPage); err != nil {
			break
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		s.Log.Warn("an export broke off", "err", err)
		panic(http.ErrAbortHandler) // so that whoever reads it knows that it is not whole
	}
}

// orBlank is an id, or nothing where there is none.
func orBlank[Of any](id parley.ID[Of]) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// cell keeps a spreadsheet from taking what somebody wrote for a formula.
func cell(text string) string {
	if strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
