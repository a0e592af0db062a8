package setting

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/merge"
	"parley/internal/parley"
	"parley/internal/store"
)

const maxDefault = 200 // characters

// MergeField is a field that letters and templates can name.
type MergeField struct {
	merge.Field
	Default string // what the account puts where the field has no value
}

// MergeFields lists all, in the order of menus.
func (s *Service) MergeFields(ctx context.Context, actor parley.Actor) ([]MergeField, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, err
	}
	var defaults map[string]string
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		defaults, err = tx.MergeDefaults(ctx, actor.AccountID)
		return err
	})
	out := make([]MergeField, len(merge.Fields))
	for i, f := range merge.Fields {
		out[i] = MergeField{f, defaults[f.Name]}
	}
	return out, err
}

// SetMergeDefault says what stands where a field has no value; empty: nothing.
func (s *Service) SetMergeDefault(ctx context.Context, actor parley.Actor, name, value string) (MergeField, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return MergeField{}, err
	}
	if !merge.Known(name) {
		return MergeField{}, gone()
	}
	if !merge.HasDefault(name) {
		return MergeField{}, parley.Errorf(parley.Invalid, "merge.no_default", "This field always has a value of its own.").On("default")
	}
	if strings.TrimSpace(value) != "" {
		var ok bool
		if value, ok = parley.Line(value, maxDefault); !ok {
			return MergeField{}, parley.Errorf(parley.Invalid, "field.line", "Enter one line of 1 to %d characters.", maxDefault).On("default").With("max", fmt.Sprint(maxDefault))
		}
	} else {
		value = ""
	}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SetMergeDefault(ctx, actor.AccountID, name, value); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.MergeFieldChanged, ActorID: actor.UserID})
		return nil
	})
	if err != nil {
		return MergeField{}, err
	}
	for _, f := range merge.Fields {
		if f.Name == name {
			return MergeField{f, value}, nil
		}
	}
	return MergeField{}, gone()
}
