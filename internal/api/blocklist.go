package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/conversation"
	"parley/internal/parley"
)

// BlockedContact is whose address or number an entry of the blocklist is.
type BlockedContact struct {
	ID   parley.ContactID `json:"id"`
	Name string           `json:"name"`
}

// BlocklistEntry is an address, a domain or a number from which mail is filed as spam.
type BlocklistEntry struct {
	ID      int64           `json:"id"`
	Kind    string          `json:"kind" enum:"email,phone,domain"`
	Value   string          `json:"value"`
	Contact *BlockedContact `json:"contact"`
	Why     string          `json:"why"`
	ByID    *int64          `json:"by_id"`
	At      time.Time       `json:"at"`
}

// BlocklistBody puts something on the blocklist.
type BlocklistBody struct {
	Value string `json:"value" maxLength:"254" doc:"An email address, a domain with or without an @ before it, or a telephone number."`
	Why   string `json:"why,omitempty" maxLength:"2000"`
}

func newBlocklistEntry(b conversation.Blocked) BlocklistEntry {
	out := BlocklistEntry{ID: b.ID, Kind: string(b.Kind), Value: b.Key, Why: b.Why, ByID: ref(b.UserID), At: b.CreatedAt}
	if b.ContactID != 0 {
		out.Contact = &BlockedContact{b.ContactID, b.ContactName}
	}
	return out
}

func (s *Server) registerBlocklist() {
	signedIn(s, op(http.MethodGet, "/api/v1/blocklist", "get-blocklist", "The spam blocklist, the newest first"), s.listBlocklist)
	signedIn(s, op(http.MethodPost, "/api/v1/blocklist", "post-blocklist", "Block an address, a domain or a number, and whoever has it"), s.addToBlocklist)
	signedInTo(s, status(op(http.MethodDelete, "/api/v1/blocklist/{id}", "delete-blocklist-id", "Take an entry off, with all of the contact that it was blocked for"), http.StatusNoContent), s.removeFromBlocklist)
}

func (s *Server) listBlocklist(ctx context.Context, actor parley.Actor, in *struct {
	Paging
	Query string `query:"q" maxLength:"200" doc:"A part of the address, domain or number."`
},
) (*Body[Page[BlocklistEntry]], error) {
	before, err := idCursor[conversation.Blocked](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Conversation.Blocklist(ctx, actor, in.Query, int64(before), in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]BlocklistEntry, len(rows))
	for i, b := range rows {
		items[i] = newBlocklistEntry(b)
	}
	return newPage(items, cursorOf(parley.ID[conversation.Blocked](next))), nil
}

func (s *Server) addToBlocklist(ctx context.Context, actor parley.Actor, in *Body[BlocklistBody]) (*Body[BlocklistEntry], error) {
	b, err := s.Conversation.Block(ctx, actor, in.Body.Value, in.Body.Why)
	if err != nil {
		return nil, err
	}
	return &Body[BlocklistEntry]{newBlocklistEntry(b)}, nil
}

func (s *Server) removeFromBlocklist(ctx context.Context, actor parley.Actor, in *struct {
	ID int64 `path:"id"`
},
) (*Empty, error) {
	return &Empty{}, s.Conversation.Unblock(ctx, actor, in.ID)
}
