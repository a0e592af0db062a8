package sms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/channel"
)

const maxFormParts = 200

// fields are what a call says by name: of its form, and else of its address.
func (c call) fields() (url.Values, error) {
	if c.method == http.MethodGet || len(bytes.TrimSpace(c.body)) == 0 {
		return c.query(), nil
	}
	kind, params, _ := mime.ParseMediaType(c.contentType)
	switch kind {
	case "application/json":
		return c.members()
	case "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]).ReadForm(maxCall)
		if err != nil || len(form.Value) > maxFormParts {
			return nil, fmt.Errorf("%w: form", channel.ErrUnreadable)
		}
		_ = form.RemoveAll() // it fits in memory
		return form.Value, nil
	}
	f, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, fmt.Errorf("%w: form: %w", channel.ErrUnreadable, err)
	}
	return f, nil
}

// members are those of a JSON object whose values are no objects or lists.
func (c call) members() (url.Values, error) {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	if err := d.Decode(&object); err != nil {
		return nil, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	f := url.Values{}
	for name, value := range object {
		if s, ok := scalar(value); ok {
			f.Set(name, s)
		}
	}
	return f, nil
}

// scalar writes a JSON value that is a string, a number or a boolean.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strings.ToLower(fmt.Sprint(v)), true
	}
	return "", false
}
