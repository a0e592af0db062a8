package api

import (
	"encoding/json"
	"net/mail"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Recipients is an address as text ("Ann <ann@x.test>") or a list of people.
type Recipients []Person

// UnmarshalJSON implements json.Unmarshaler.
func (r *Recipients) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return json.Unmarshal(b, (*[]Person)(r))
	}
	*r = split(text)
	return nil
}

// split reads addresses as people type them. What is none stays whole: the
// service says what is wrong with it, beside its field.
func split(text string) (out Recipients) {
	parsed, err := mail.ParseAddressList(text)
	if err != nil {
		return Recipients{{Email: text}}
	}
	for _, a := range parsed {
		out = append(out, Person{a.Name, a.Address})
	}
	return out
}

// Schema implements huma.SchemaProvider.
func (Recipients) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: "string"},
		{Type: "array", Items: r.Schema(reflect.TypeFor[Person](), true, "Person")},
	}}
}
