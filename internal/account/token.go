package account

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

// tokenPrefix lets people and secret scanners know a token when they see one.
const tokenPrefix = "parley_"

// maxTokens of one user.
const maxTokens = 100

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewToken is a token with its secret, which is told only when it is made.
type NewToken struct {
	parley.Token
	Secret string
}

// Tokens lists the actor's own tokens, the newest first, from before an id on
// (0: from the newest), and the id to go on from; 0 at the end.
func (s *Service) Tokens(ctx context.Context, actor parley.Actor, before parley.TokenID, limit int) ([]parley.Token, parley.TokenID, error) {
	if err := actor.Must(parley.Tokens, 0); err != nil {
		return nil, 0, err
	}
	var out []parley.Token
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListTokens(ctx, actor.AccountID, actor.UserID, before, limit+1)
		return err
	})
	out, next := page(out, limit, func(x parley.Token) parley.TokenID { return x.ID })
	return out, next, err
}

// CreateToken makes a token of the actor's own. A repeated request tells the same secret.
func (s *Service) CreateToken(ctx context.Context, actor parley.Actor, name string) (NewToken, error) {
	if err := actor.Must(parley.Tokens, 0); err != nil {
		return NewToken{}, err
	}
	var faults parley.Faults
	name = line(&faults, "name", name)
	if err := faults.Err(); err != nil {
		return NewToken{}, err
	}
	secret, err := s.tokenSecret(actor)
	if err != nil {
		return NewToken{}, err
	}
	out := NewToken{Secret: secret}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		id, err := store.Once(ctx, tx, actor, func() (parley.TokenID, error) { return insertToken(ctx, tx, actor, name, secret) })
		if err != nil {
			return err
		}
		out.Token, err = tx.TokenByID(ctx, actor.AccountID, actor.UserID, id)
		return orGone(err)
	})
	return out, err
}

func insertToken(ctx context.Context, tx *store.Tx, actor parley.Actor, name, secret string) (parley.TokenID, error) {
	have, err := tx.ListTokens(ctx, actor.AccountID, actor.UserID, 0, maxTokens)
	if err != nil {
		return 0, err
	}
	if len(have) == maxTokens {
		return 0, parley.Errorf(parley.Conflict, "token.too_many", "You have %d tokens, the most that one user can have. Revoke one that is not used.", maxTokens)
	}
	hash := sha256.Sum256([]byte(secret))
	t := parley.Token{AccountID: actor.AccountID, UserID: actor.UserID, Name: name, Hash: hash[:], Hint: secret[len(secret)-4:], CreatedAt: tx.Now()}
	if err := tx.InsertToken(ctx, &t); err != nil {
		if errors.Is(err, store.ErrTaken) { // derived from a key that was used before, and forgotten since
			return 0, parley.Errorf(parley.Conflict, "request.key_reused", "This Idempotency-Key was used before. Use a new key for each thing you do.")
		}
		return 0, err
	}
	tokenChanged(tx, actor)
	return t.ID, nil
}

// tokenSecret is 256 bits. A request that may be repeated must tell the same
// secret again, though only its hash is kept: there it is derived from the
// request's key.
func (s *Service) tokenSecret(actor parley.Actor) (string, error) {
	secret := make([]byte, 32)
	if actor.Once.Key == "" {
		if _, err := io.ReadFull(s.Random, secret); err != nil {
			return "", fmt.Errorf("random bytes: %w", err)
		}
	} else {
		message := binary.AppendVarint(nil, int64(actor.AccountID))
		message = binary.AppendVarint(message, int64(actor.UserID))
		message = append(message, actor.Once.Fingerprint+"\n"+actor.Once.Key...)
		secret = s.Secret.Sign("api token", message)
	}
	return tokenPrefix + tokenText.EncodeToString(secret), nil
}

// RevokeToken ends one of the actor's own tokens at once.
func (s *Service) RevokeToken(ctx context.Context, actor parley.Actor, id parley.TokenID) error {
	if err := actor.Must(parley.Tokens, 0); err != nil {
		return err
	}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.RevokeToken(ctx, actor.AccountID, actor.UserID, id); err != nil {
			return orGone(err)
		}
		tokenChanged(tx, actor)
		return nil
	})
	s.cache.dropUser(actor.AccountID, actor.UserID)
	return err
}

func tokenChanged(tx *store.Tx, actor parley.Actor) {
	tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.TokenChanged, ActorID: actor.UserID, UserID: actor.UserID})
}

func looksLikeToken(s string) bool {
	return strings.HasPrefix(s, tokenPrefix) && len(s) == len(tokenPrefix)+tokenText.EncodedLen(32)
}
