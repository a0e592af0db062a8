// Package live carries the event log to browsers. A follower reads the log of
// every account that has somebody connected and publishes each event, ids only,
// on the channels of those who may see it: user:{id}, inbox:{id}, account:{id}.
// conversation:{id} carries presence and typing, which are not events.
//
// A publication tells the number before it on its channel, so that a browser
// notices a gap and asks for what it missed (Service.After).
//
// It refuses to be called from inside a change: whoever changes something
// appends an event, and the commit wakes the follower. Each node follows the log
// by itself and serves its own browsers.
package live
