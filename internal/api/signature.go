package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
)

// Signature stands below what is sent, above what is quoted.
type Signature struct {
	Level     string    `json:"level" enum:"account,inbox,channel,user" doc:"The most specific one holds: user, else channel, inbox, account."`
	OwnerID   int64     `json:"owner_id" doc:"The inbox, channel or user; 0 for the account's."`
	HTML      string    `json:"html" doc:"Sanitised; merge fields are chips."`
	Text      string    `json:"text" doc:"The plain twin, with {{ merge fields }}."`
	UpdatedAt time.Time `json:"updated_at"`
}

// SignatureInput names a signature in a path.
type SignatureInput struct {
	Level   string `path:"level" enum:"account,inbox,channel,user"`
	OwnerID string `path:"owner_id" maxLength:"20" doc:"0 for the account's."`
}

// MergeField is a field that letters and templates can name.
type MergeField struct {
	Name    string `json:"name"`
	Group   string `json:"group" enum:"contact,user,conversation,account,channel"`
	Label   string `json:"label" doc:"In English."`
	Sample  string `json:"sample"`
	Default string `json:"default" doc:"What the account puts where the field has no value."`
}

// MergeFields lists all fields.
type MergeFields struct {
	Items []MergeField `json:"items"`
}

func (s *Server) registerSignatures() {
	const one = "/api/v1/signatures/{level}/{owner_id}"
	signedIn(s, op(http.MethodGet, "/api/v1/signatures", "get-signatures", "The signatures that you may know"), s.listSignatures)
	signedIn(s, op(http.MethodPut, one, "put-signatures-level-owner_id", "Write a signature"), s.putSignature)
	signedInTo(s, status(op(http.MethodDelete, one, "delete-signatures-level-owner_id", "Delete a signature"), http.StatusNoContent), s.deleteSignature)
	signedIn(s, op(http.MethodGet, "/api/v1/merge-fields", "get-merge-fields", "The merge fields, with the account's defaults"), s.listMergeFields)
	signedIn(s, op(http.MethodPut, "/api/v1/merge-fields/{name}", "put-merge-fields-name", "Say what stands where a merge field has no value"), s.putMergeField)
}

func newSignature(g parley.Signature) Signature {
	return Signature{Level: string(g.Level), OwnerID: g.OwnerID, HTML: g.HTML, Text: g.Text, UpdatedAt: g.UpdatedAt}
}

func newMergeField(f setting.MergeField) MergeField {
	return MergeField{Name: f.Name, Group: f.Group, Label: f.Label, Sample: f.Sample, Default: f.Default}
}

// owner reads the path; what is no number is nobody.
func (in SignatureInput) owner() (int64, error) {
	if in.OwnerID == "0" {
		return 0, nil
	}
	id, err := parley.ParseID[any](in.OwnerID)
	return int64(id), err
}

func (s *Server) listSignatures(ctx context.Context, actor parley.Actor, in *Paging) (*Body[Page[Signature]], error) {
	after, err := idCursor[parley.Signature](*in)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Setting.Signatures(ctx, actor, after, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Signature, len(rows))
	for i, g := range rows {
		items[i] = newSignature(g)
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) putSignature(ctx context.Context, actor parley.Actor, in *struct {
	SignatureInput
	Body struct {
		HTML string `json:"html" doc:"What the editor makes; {{ merge fields }} that stand in its text become chips."`
	}
},
) (*Body[Signature], error) {
	owner, err := in.owner()
	if err != nil {
		return nil, err
	}
	g, err := s.Setting.SaveSignature(ctx, actor, parley.SignatureLevel(in.Level), owner, in.Body.HTML)
	if err != nil {
		return nil, err
	}
	return &Body[Signature]{newSignature(g)}, nil
}

func (s *Server) deleteSignature(ctx context.Context, actor parley.Actor, in *SignatureInput) (*Empty, error) {
	owner, err := in.owner()
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.Setting.DeleteSignature(ctx, actor, parley.SignatureLevel(in.Level), owner)
}

func (s *Server) listMergeFields(ctx context.Context, actor parley.Actor, _ *struct{}) (*Body[MergeFields], error) {
	all, err := s.Setting.MergeFields(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := MergeFields{Items: make([]MergeField, len(all))}
	for i, f := range all {
		out.Items[i] = newMergeField(f)
	}
	return &Body[MergeFields]{out}, nil
}

func (s *Server) putMergeField(ctx context.Context, actor parley.Actor, in *struct {
	Name string `path:"name" maxLength:"100"`
	Body struct {
		Default string `json:"default" maxLength:"1000" doc:"Empty: nothing."`
	}
},
) (*Body[MergeField], error) {
	f, err := s.Setting.SetMergeDefault(ctx, actor, in.Name, in.Body.Default)
	if err != nil {
		return nil, err
	}
	return &Body[MergeField]{newMergeField(f)}, nil
}
