package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/internal/outbox"
	"parley/internal/parley"
)

// uploadOverhead is what a form may add to a file, in bytes.
const uploadOverhead = 64 << 10

// safeImages are shown where they stand; every other file is only downloaded.
var safeImages = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

type attachmentInput struct {
	ID     parley.AttachmentID `path:"id"`
	Inline bool                `query:"inline" doc:"Show an image instead of downloading it."`
}

func (s *Server) registerAttachments() {
	signedInTo(s, op(http.MethodGet, "/api/v1/attachments/{id}", "get-attachments-id", "A file's bytes"), s.getAttachment)
	s.registerUpload()
}

// registerUpload goes round huma's body handling: a file is streamed to where it is kept.
func (s *Server) registerUpload() {
	o := op(http.MethodPost, "/api/v1/attachments", "post-attachments", "Upload a file for a message")
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"file": {Type: "string", Format: "binary"},
		}}},
		"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary", Description: "With ?filename= and the file's Content-Type."}},
	}}
	registry := s.huma.OpenAPI().Components.Schemas
	o.Responses = map[string]*huma.Response{"201": {Description: "Created", Content: map[string]*huma.MediaType{
		"application/json": {Schema: huma.SchemaFromType(registry, attachmentType)},
	}}}
	s.huma.OpenAPI().AddOperation(&o)
	s.huma.Adapter().Handle(&o, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		a, err := s.upload(w, r)
		if err != nil {
			s.writeProblem(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(newAttachment(a)) // the uploader is gone if this fails
	})
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request) (parley.Attachment, error) {
	actor, err := s.actor(r)
	if err != nil {
		return parley.Attachment{}, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, outbox.MaxAttachments+uploadOverhead)
	name, contentType, content, err := uploaded(r)
	if err != nil {
		return parley.Attachment{}, uploadFault(err)
	}
	limited := &limitedReader{r: content, left: outbox.MaxAttachments}
	a, err := s.Outbox.Upload(r.Context(), actor, name, contentType, limited)
	return a, uploadFault(err)
}

// uploaded finds the file in a form, or takes the whole body as one.
func uploaded(r *http.Request) (name, contentType string, content io.Reader, err error) {
	contentType, _, err = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || contentType == "" {
		contentType = "application/octet-stream"
	}
	if contentType != "multipart/form-data" {
		return r.URL.Query().Get("filename"), contentType, r.Body, nil
	}
	form, err := r.MultipartReader()
	if err != nil {
		return "", "", nil, err
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", "", nil, parley.Errorf(parley.Invalid, "attachment.missing", "Send the file in the field “file”.").On("file")
		}
		if err != nil {
			return "", "", nil, err
		}
		if part.FormName() == "file" {
			contentType, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
			if err != nil {
				contentType = "application/octet-stream"
			}
			name := part.FileName()
			return name, contentType, part, nil
		}
	}
}

func uploadFault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok || errors.Is(err, errTooLarge) {
		return parley.Errorf(parley.TooLarge, "attachment.too_large", "A file may have %d MB. Send a link instead.", outbox.MaxAttachments>>20).On("file")
	}
	if _, ok := errors.AsType[*parley.Error](err); ok {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return parley.Errorf(parley.Invalid, "request.broken", "The upload broke off before its end. Send it again.").On("file")
	}
	return err
}

var errTooLarge = errors.New("the file is too large")

// limitedReader fails instead of ending early: half a file must not be kept.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func (s *Server) getAttachment(ctx context.Context, actor parley.Actor, in *attachmentInput) (*huma.StreamResponse, error) {
	a, err := s.Outbox.Attachment(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	content, err := s.Outbox.Open(ctx, actor, a.Blob)
	if err != nil {
		return nil, err
	}
	if slices.Contains(safeImages, a.ContentType) && (in.Inline || a.Inline) {
		return s.stream(content, a.ContentType, "inline"), nil
	}
	return s.download(content, a.ContentType, a.Filename), nil
}

// download answers with a file that no browser shows or runs.
func (s *Server) download(content io.ReadCloser, contentType, name string) *huma.StreamResponse {
	return s.stream(content, contentType, "attachment; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

func (s *Server) stream(content io.ReadCloser, contentType, disposition string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer func() { _ = content.Close() }() // it was only read
		ctx.SetHeader("Content-Type", contentType)
		ctx.SetHeader("Content-Disposition", disposition)
		ctx.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'")
		ctx.SetHeader("Cache-Control", "private, max-age=3600, immutable")
		if _, err := io.Copy(ctx.BodyWriter(), content); err != nil {
			s.Log.Warn("file not sent in full", "err", err, "request_id", requestID(ctx.Context()))
		}
	}}
}
