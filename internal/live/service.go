package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"parley/internal/parley"
	"parley/internal/store"
)

// recheck is how often a connection proves again that its session holds.
const recheck = time.Minute

// Grants loads what a user may see now.
type Grants interface {
	Actor(ctx context.Context, account parley.AccountID, user parley.UserID) (parley.Actor, error)
}

// Caller is who opens a connection, as the HTTP edge found out.
type Caller struct {
	Actor parley.Actor
	// Recheck authenticates again; an error ends the connection.
	Recheck func(context.Context) error
}

type callerKey struct{}

// WithCaller hands the caller to Handler.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// Service is the realtime room of one node.
type Service struct {
	db     *store.DB
	grants Grants
	log    *slog.Logger
	node   *centrifuge.Node

	mu       sync.Mutex
	accounts map[parley.AccountID]*followed
}

// followed is an account with somebody connected here.
type followed struct {
	seq         parley.Seq            // read up to here
	start       parley.Seq            // where following began
	last        map[string]parley.Seq // channel -> number published last
	connections int
}

// New makes the room; Run starts it.
func New(db *store.DB, grants Grants, log *slog.Logger) (*Service, error) {
	node, err := centrifuge.New(centrifuge.Config{
		LogLevel:                     centrifuge.LogLevelError,
		LogHandler:                   func(e centrifuge.LogEntry) { log.Error("realtime node", "err", e.Message) },
		ClientChannelLimit:           512,
		UserConnectionLimit:          50,
		ClientQueueMaxSize:           1 << 20,
		ClientPresenceUpdateInterval: 25 * time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("realtime node: %w", err)
	}
	s := &Service{db: db, grants: grants, log: log, node: node, accounts: map[parley.AccountID]*followed{}}
	node.OnConnecting(s.connecting)
	node.OnConnect(s.connected)
	return s, nil
}

// Handler upgrades to a WebSocket; the request's context holds the Caller.
func (s *Service) Handler() http.Handler {
	return centrifuge.NewWebsocketHandler(s.node, centrifuge.WebsocketConfig{MessageSizeLimit: 16 << 10, UseWriteBufferPool: true})
}

// Run follows the log until ctx ends, then closes all connections.
func (s *Service) Run(ctx context.Context) error {
	if err := s.node.Run(); err != nil {
		return fmt.Errorf("start realtime: %w", err)
	}
	s.follow(ctx)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return s.node.Shutdown(end)
}

func (s *Service) connecting(ctx context.Context, _ centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	if !ok {
		return centrifuge.ConnectReply{}, centrifuge.DisconnectInvalidToken
	}
	info, err := json.Marshal(map[string]parley.UserID{"user_id": c.Actor.UserID})
	if err != nil {
		return centrifuge.ConnectReply{}, err
	}
	if err := s.enter(ctx, c.Actor.AccountID); err != nil {
		s.log.Error("log not followed", "err", err)
		return centrifuge.ConnectReply{}, centrifuge.DisconnectServerError
	}
	return centrifuge.ConnectReply{
		Credentials: &centrifuge.Credentials{UserID: userKey(c.Actor.AccountID, c.Actor.UserID), Info: info, ExpireAt: time.Now().Add(recheck).Unix()},
	}, nil
}

func userKey(account parley.AccountID, user parley.UserID) string {
	return account.String() + ":" + user.String()
}

func (s *Service) connected(client *centrifuge.Client) {
	c, _ := client.Context().Value(callerKey{}).(Caller)
	client.OnRefresh(func(_ centrifuge.RefreshEvent, cb centrifuge.RefreshCallback) {
		if c.Recheck != nil && c.Recheck(client.Context()) != nil {
			cb(centrifuge.RefreshReply{Expired: true}, nil)
			return
		}
		cb(centrifuge.RefreshReply{ExpireAt: time.Now().Add(recheck).Unix()}, nil)
	})
	client.OnSubscribe(func(e centrifuge.SubscribeEvent, cb centrifuge.SubscribeCallback) {
		reply, err := s.subscribe(client.Context(), c.Actor, e.Channel)
		cb(reply, err)
	})
	client.OnPublish(func(e centrifuge.PublishEvent, cb centrifuge.PublishCallback) {
		cb(centrifuge.PublishReply{}, typing(e.Channel, e.Data))
	})
	client.OnPresence(func(_ centrifuge.PresenceEvent, cb centrifuge.PresenceCallback) {
		cb(centrifuge.PresenceReply{}, nil) // only subscribers may ask, and they were let in
	})
	client.OnDisconnect(func(centrifuge.DisconnectEvent) { s.leave(c.Actor.AccountID) })
}

// typing is all that a browser may publish: that its user writes in a conversation.
func typing(channel string, data []byte) error {
	var m struct {
		Typing *string `json:"typing"` // "reply", "note", or "" for no longer
	}
	noun, _ := splitChannel(channel)
	if noun != "conversation" || len(data) > 64 || json.Unmarshal(data, &m) != nil || m.Typing == nil {
		return centrifuge.ErrorPermissionDenied
	}
	return nil
}

func (s *Service) subscribe(ctx context.Context, known parley.Actor, channel string) (centrifuge.SubscribeReply, error) {
	actor, err := s.grants.Actor(ctx, known.AccountID, known.UserID)
	if err != nil {
		return centrifuge.SubscribeReply{}, centrifuge.ErrorPermissionDenied
	}
	ok, err := s.maySubscribe(ctx, actor, channel)
	if err != nil {
		s.log.Error("subscription not checked", "err", err, "user_id", actor.UserID)
		return centrifuge.SubscribeReply{}, centrifuge.ErrorInternal
	}
	if !ok {
		return centrifuge.SubscribeReply{}, centrifuge.ErrorPermissionDenied
	}
	noun, _ := splitChannel(channel)
	if noun == "conversation" {
		return centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{EmitPresence: true, EmitJoinLeave: true, PushJoinLeave: true}}, nil
	}
	data, err := json.Marshal(map[string]parley.Seq{"prev": s.lastOn(actor.AccountID, channel)})
	return centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{Data: data}}, err
}

func (s *Service) maySubscribe(ctx context.Context, a parley.Actor, channel string) (ok bool, err error) {
	noun, id := splitChannel(channel)
	switch noun {
	case "user":
		return parley.UserID(id) == a.UserID, nil
	case "account":
		return parley.AccountID(id) == a.AccountID, nil
	case "inbox", "conversation":
	default:
		return false, nil
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		inbox := parley.InboxID(id)
		if noun == "conversation" {
			found, err := tx.ConversationInbox(ctx, a.AccountID, parley.ConversationID(id), a.UserID)
			if err != nil {
				return err
			}
			inbox = found
		} else if err := tx.CheckInbox(ctx, a.AccountID, inbox); err != nil {
			return err
		}
		ok = a.May(parley.Read, inbox)
		return nil
	})
	if errors.Is(err, store.ErrNoRow) {
		return false, nil
	}
	return ok, err
}
