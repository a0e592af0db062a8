package api

import (
	"context"
	"net/http"
	"reflect"

	"parley/internal/live"
	"parley/internal/parley"
)

var attachmentType = reflect.TypeFor[Attachment]()

// EventPage answers what happened after a number.
type EventPage struct {
	Items   []live.Publication `json:"items"`
	NextSeq parley.Seq         `json:"next_seq" doc:"Ask again with after=next_seq."`
	Reset   bool               `json:"reset" doc:"Too much was missed: load everything anew."`
}

func (s *Server) registerLive() {
	signedIn(s, op(http.MethodGet, "/api/v1/events", "get-events", "What happened after a number, as far as you may see it"), s.listEvents)
	socket := s.Live.Handler()
	s.mux.HandleFunc("GET /api/v1/live", func(w http.ResponseWriter, r *http.Request) {
		actor, err := s.actor(r)
		if err != nil {
			s.writeProblem(w, r, err)
			return
		}
		again := r.Clone(context.WithoutCancel(r.Context()))
		caller := live.Caller{Actor: actor, Recheck: func(context.Context) error {
			_, err := s.actor(again)
			return err
		}}
		socket.ServeHTTP(hijackable(w), r.WithContext(live.WithCaller(r.Context(), caller)))
	})
}

func (s *Server) listEvents(ctx context.Context, actor parley.Actor, in *struct {
	After parley.Seq `query:"after" minimum:"0" doc:"The last number that is known."`
	Limit int        `query:"limit" minimum:"1" maximum:"500" default:"500"`
},
) (*Body[EventPage], error) {
	items, next, reset, err := s.Live.After(ctx, actor, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	if items == nil {
		items = []live.Publication{}
	}
	return &Body[EventPage]{EventPage{items, next, reset}}, nil
}

// hijackable finds the connection's own writer below our recorders: a WebSocket takes it over.
func hijackable(w http.ResponseWriter) http.ResponseWriter {
	for {
		if _, ok := w.(http.Hijacker); ok {
			return w
		}
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = inner.Unwrap()
	}
}
