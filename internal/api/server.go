package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/internal/account"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/gateway"
	"parley/internal/image"
	"parley/internal/intake"
	"parley/internal/live"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/setting"
)

// Authenticator says who is calling. Both values may be empty.
type Authenticator interface {
	Authenticate(ctx context.Context, cookie, bearer string) (parley.Actor, error)
}

// Deps are what the API calls.
type Deps struct {
	Auth         Authenticator
	Account      *account.Service
	Setting      *setting.Service
	Contact      *contact.Service
	Conversation *conversation.Service
	Outbox       *outbox.Service
	Intake       *intake.Service
	Live         *live.Service
	Gateway      *gateway.Service
	Images       *image.Service
	Sample       Sample
	Log          *slog.Logger
	Now          func() time.Time
	Version      string
	Web          fs.FS // the built web app; nil: none
	Ready        func(context.Context) error
	Secure       bool     // cookies only over HTTPS
	Proxies      []string // CIDRs whose X-Forwarded-For is believed

	BaseURL    string // the address that browsers use
	MailDomain string // of the forwarding addresses
	Relay      bool   // mail can be sent
}

// Server is the API.
type Server struct {
	Deps
	huma    huma.API
	mux     *http.ServeMux
	proxies []netip.Prefix
}

// New builds the handler for everything under the base address.
func New(d Deps) *Server {
	s := &Server{Deps: d, mux: http.NewServeMux()}
	for _, cidr := range d.Proxies {
		s.proxies = append(s.proxies, netip.MustParsePrefix(cidr)) // config has checked them
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	cfg := huma.DefaultConfig("Parley", s.Version)
	cfg.Info.Description = "The team shared inbox. The web app uses nothing else."
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/openapi", "", ""
	cfg.CreateHooks = nil // no $schema member in answers
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	s.huma = humago.New(s.mux, cfg)
	s.routes()
	return s
}

// routes lists every part of the API; each registers its own operations.
func (s *Server) routes() {
	s.registerHealth()
	s.registerSession()
	s.registerMe()
	s.registerUsers()
	s.registerTokens()
	s.registerInboxes()
	s.registerChannels()
	s.registerWays()
	s.registerTexts()
	s.registerConsents()
	s.registerMedia()
	s.registerWayTests()
	s.registerHooks()
	s.registerCannedMessages()
	s.registerSignatures()
	s.registerContacts()
	s.registerConversations()
	s.registerTimeline()
	s.registerNotes()
	s.registerDrafts()
	s.registerMessages()
	s.registerCompose()
	s.registerAttachments()
	s.registerImages()
	s.registerCalendar()
	s.registerBlocklist()
	s.registerIntake()
	s.registerSample()
	if s.Live != nil {
		s.registerLive()
	}
	s.registerWeb()
}

// Handler is the whole server with what surrounds every request.
func (s *Server) Handler() http.Handler {
	var h http.Handler = s.mux
	h = s.withIdempotencyKey(h)
	h = http.NewCrossOriginProtection().Handler(h)
	h = withSecurityHeaders(h)
	h = s.withRemoteAddr(h)
	h = s.withRecovery(h)
	return s.withRequestID(h)
}

// OpenAPI is the document of all operations, as JSON.
func (s *Server) OpenAPI() ([]byte, error) { return s.huma.OpenAPI().MarshalJSON() }
