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
	parsed, err := mail.ParseAddressList(text)
	if err != nil {
		*r = Recipients{{Email: text}} // the service says what is wrong with it, beside its field
		return nil
	}
	*r = nil
	for _, a := range parsed {
		*r = append(*r, Person{a.Name, a.Address})
	}
	return nil
}

// Schema implements huma.SchemaProvider.
func (Recipients) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: "string"},
		{Type: "array", Items: r.Schema(reflect.TypeFor[Person](), true, "Person")},
	}}
}
