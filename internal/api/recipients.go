package api

import (
	"encoding/json"
	"net/mail"
	"strings"

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
	if err != nil && !strings.Contains(text, "@") && strings.ContainsAny(text, "0123456789") {
		return Recipients{{Phone: text}}
	}
	if err != nil {
		return Recipients{{Email: text}}
	}
	for _, a := range parsed {
		out = append(out, Person{Name: a.Name, Email: a.Address})
	}
	return out
}

// Schema implements huma.SchemaProvider.
func (Recipients) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: "string"},
		{Type: "array", Items: &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{ // either email or phone
			"name": {Type: "string", MaxLength: new(500)}, "email": {Type: "string", MaxLength: new(254)}, "phone": {Type: "string", MaxLength: new(40)},
		}}},
	}}
}
