package api

import "github.com/danielgtaylor/huma/v2"

// nullable says in a schema that references may be null, which huma cannot say
// of a pointer to a struct: a $ref takes no word beside it that every reader heeds.
func nullable(s *huma.Schema, properties ...string) *huma.Schema {
	for _, name := range properties {
		s.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{s.Properties[name], {Type: "null"}}}
	}
	return s
}

// TransformSchema implements huma.SchemaTransformer.
func (*Conversation) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "follow_up_of")
}

// TransformSchema implements huma.SchemaTransformer.
func (*Contact) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "blocked")
}

// TransformSchema implements huma.SchemaTransformer.
func (*BlocklistEntry) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "contact")
}

// TransformSchema implements huma.SchemaTransformer.
func (*Message) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "auth")
}

// TransformSchema implements huma.SchemaTransformer.
func (*MessageItem) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "auth")
}

// TransformSchema implements huma.SchemaTransformer.
func (*Incoming) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "imap", "webhook", "backfill")
}

// TransformSchema implements huma.SchemaTransformer.
func (*Outgoing) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "smtp")
}

// TransformSchema implements huma.SchemaTransformer.
func (*Calendar) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return nullable(s, "organizer")
}
