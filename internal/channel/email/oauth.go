package email

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"parley/internal/parley"
)

// Where access tokens come from (RFC 6749 3.2).
const (
	googleTokens    = "https://oauth2.googleapis.com/token"
	microsoftTokens = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
)

// TokensConfig says how access tokens are got.
type TokensConfig struct {
	HTTP *http.Client     // of dial
	Now  func() time.Time // nil: time.Now
	// Google and Microsoft are their token endpoints, where others than theirs are to be asked.
	Google, Microsoft string
	// Renewed is told of a refresh token that its giver has replaced: the old one will end.
	Renewed func(ctx context.Context, id parley.ChannelID, old, renewed string) error
}

// Tokens get access tokens for refresh tokens, and keep them until they end. It
// is safe for concurrent use.
type Tokens struct {
	cfg TokensConfig

	mu   sync.Mutex
	kept map[string]accessToken // by refresh token
}

type accessToken struct {
	value string
	until time.Time
}

// NewTokens makes a Tokens.
func NewTokens(c TokensConfig) *Tokens {
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Google, c.Microsoft = cmp.Or(c.Google, googleTokens), cmp.Or(c.Microsoft, microsoftTokens)
	return &Tokens{cfg: c, kept: map[string]accessToken{}}
}

const (
	maxTokenAnswer = 64 << 10
	maxKeptTokens  = 10_000
	// early is how long before its end a token is given up.
	early = time.Minute
)

// Access gives an access token for a channel. A fault is a *parley.Error in words.
func (t *Tokens) Access(ctx context.Context, id parley.ChannelID, o parley.OAuth, s parley.ServerSecret) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock() // one at a time: two would make their giver replace the refresh token twice
	if kept, ok := t.kept[s.RefreshToken]; ok && t.cfg.Now().Before(kept.until) {
		return kept.value, nil
	}
	answer, err := t.ask(ctx, o, s)
	if err != nil {
		return "", err
	}
	got := accessToken{value: answer.AccessToken, until: t.cfg.Now().Add(time.Duration(answer.ExpiresIn)*time.Second - early)}
	if len(t.kept) >= maxKeptTokens {
		clear(t.kept)
	}
	t.kept[s.RefreshToken] = got
	if answer.RefreshToken != "" && answer.RefreshToken != s.RefreshToken {
		t.kept[answer.RefreshToken] = got
		if t.cfg.Renewed != nil {
			if err := t.cfg.Renewed(ctx, id, s.RefreshToken, answer.RefreshToken); err != nil {
				return "", fmt.Errorf("keep refresh token: %w", err)
			}
		}
	}
	return got.value, nil
}

// Forget drops what is kept for a refresh token: a server has refused it.
func (t *Tokens) Forget(s parley.ServerSecret) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.kept, s.RefreshToken)
}

// tokenAnswer is RFC 6749 5.1 or 5.2.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int64  `json:"expires_in"`
	Error        string `json:"error"`
	Description  string `json:"error_description"`
}

func (t *Tokens) ask(ctx context.Context, o parley.OAuth, s parley.ServerSecret) (tokenAnswer, error) {
	where := map[string]string{parley.OAuthGoogle: t.cfg.Google, parley.OAuthMicrosoft: t.cfg.Microsoft, parley.OAuthCustom: o.TokenURL}[o.Provider]
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.RefreshToken}, "client_id": {o.ClientID}}
	if s.ClientSecret != "" {
		form.Set("client_secret", s.ClientSecret)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, where, strings.NewReader(form.Encode()))
	if err != nil {
		return tokenAnswer{}, fmt.Errorf("token address: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	resp, err := t.cfg.HTTP.Do(r)
	if err != nil {
		return tokenAnswer{}, spoken(err, func(err error) *parley.Error { return unreachable(r.URL.Hostname(), err) })
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it is wanted
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenAnswer))
	if err != nil {
		return tokenAnswer{}, spoken(err, func(err error) *parley.Error { return unreachable(r.URL.Hostname(), err) })
	}
	return readTokenAnswer(resp.StatusCode, body)
}

// readTokenAnswer reads what a token endpoint says.
func readTokenAnswer(status int, body []byte) (tokenAnswer, error) {
	var a tokenAnswer
	err := json.Unmarshal(body, &a)
	switch {
	case status/100 == 5 || status == http.StatusTooManyRequests:
		return a, parley.Errorf(parley.Unavailable, "way.oauth_busy", "The sign-in service does not answer just now (%d).", status)
	case err == nil && a.Error == "" && a.AccessToken != "" && strings.IndexFunc(a.AccessToken, isControl) < 0:
		a.ExpiresIn = min(max(a.ExpiresIn, int64(2*early/time.Second)), 24*3600)
		return a, nil
	}
	reason := clean(cmp.Or(a.Description, a.Error, fmt.Sprintf("status %d", status)))
	return a, parley.Errorf(parley.Forbidden, "way.oauth", "The sign-in service gives no access: %s. Connect the mailbox anew.", strings.TrimSuffix(reason, ".")).
		On("refresh_token").With("reason", reason)
}

// xoauth2 is what Google and Microsoft sign in with. It is a SASL client for IMAP
// and, by its Start and Next, for SMTP.
type xoauth2 struct{ user, token string }

func (x xoauth2) initial() []byte {
	return []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01")
}

// Start implements sasl.Client.
func (x xoauth2) Start() (mechanism string, initial []byte, err error) {
	return "XOAUTH2", x.initial(), nil
}

// errToken: the server does not take the access token.
var errToken = errors.New("the server refuses the access token")

// Next implements sasl.Client: a server that refuses tells why first, in JSON.
func (x xoauth2) Next([]byte) ([]byte, error) { return nil, errToken }
