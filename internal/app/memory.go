package app

import (
	"os"
	"runtime/debug"
)

const (
	// gcPercent lets the heap grow to four times what lives in it: that is a few
	// megabytes, and at a hundred percent every twelfth part of the processor's
	// time went into collecting what answers leave behind.
	gcPercent = 300
	// softLimit is the heap from which on memory is dearer than time: a few mails
	// of 50 MB at once must not take four times their size.
	softLimit = 384 << 20
)

// tuneMemory leaves alone what whoever runs the server has set.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
}
