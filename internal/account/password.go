package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"parley/internal/parley"
)

// Cost is what one Argon2id hash costs (RFC 9106 3.1).
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// DefaultCost takes 64 MiB and, on one core of a small server, about a tenth of a second.
var DefaultCost = Cost{Memory: 64 << 10, Passes: 2, Threads: 1}

const (
	minPassword = 10 // characters
	maxPassword = 200
	saltSize    = 16
	hashSize    = 32
	// maxWaiting bounds how many wait for their turn to hash; more are turned away at once.
	maxWaiting = 64
)

// passwords hashes and checks, a few at a time: a burst of sign-ins must not
// take the machine's memory.
type passwords struct {
	cost    Cost
	random  io.Reader
	turns   chan struct{}
	waiting atomic.Int32
	dummy   string                                               // the hash of no password
	derive  func(password, salt []byte, c Cost, n uint32) []byte // Argon2id; tests count the calls
}

func newPasswords(c Cost, random io.Reader) (*passwords, error) {
	p := &passwords{
		cost: c, random: random,
		turns: make(chan struct{}, max(1, min(4, runtime.GOMAXPROCS(0)/2))), // the rest of the cores goes on serving
		derive: func(password, salt []byte, c Cost, n uint32) []byte {
			return argon2.IDKey(password, salt, c.Passes, c.Memory, c.Threads, n)
		},
	}
	raw := make([]byte, saltSize+hashSize)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	p.dummy = phc(c, raw[:saltSize], raw[saltSize:])
	return p, nil
}

// turn waits until this caller may hash. The memory of all that hash is bounded by the turns.
func (p *passwords) turn(ctx context.Context) (done func(), err error) {
	if p.waiting.Add(1) > maxWaiting {
		p.waiting.Add(-1)
		return nil, parley.Errorf(parley.Unavailable, "session.busy", "Too many people are signing in right now. Try again in a moment.")
	}
	defer p.waiting.Add(-1)
	select {
	case p.turns <- struct{}{}:
		return func() { <-p.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash makes the PHC string of a password.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(p.random, salt); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return phc(p.cost, salt, p.derive([]byte(password), salt, p.cost, hashSize)), nil
}

// verify reports whether hash is of password. An empty hash costs as much as any
// other and is of no password.
func (p *passwords) verify(ctx context.Context, hash, password string) (bool, error) {
	none := hash == ""
	if none {
		hash = p.dummy
	}
	c, salt, want, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	done, err := p.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	got := p.derive([]byte(password), salt, c, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && !none, nil
}

func phc(c Cost, salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads, b64(salt), b64(sum))
}

var errPHC = errors.New("password hash: not an Argon2id PHC string of ours")

// parsePHC reads a stored hash. Its cost is bounded: a row must not be able to take the machine's memory.
func parsePHC(s string) (c Cost, salt, sum []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil {
		return c, nil, nil, errPHC
	}
	if c.Memory < 8 || c.Memory > 1<<20 || c.Passes < 1 || c.Passes > 16 || c.Threads < 1 || c.Threads > 16 {
		return c, nil, nil, errPHC
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || sumErr != nil || len(salt) < 8 || len(sum) < 16 || len(sum) > 64 {
		return c, nil, nil, errPHC
	}
	return c, salt, sum, nil
}

// guesses are tried first by whoever guesses; what is left of a password without them must be enough.
var guesses = []string{"password", "passwort", "qwertyuiop", "qwertz", "qwerty", "letmein", "welcome", "iloveyou", "1234567890", "0123456789", "123456789", "12345678", "123456", "12345", "1234", "parley"}

// checkPassword says what is wrong with a new password, if something is.
// about is what anybody knows of the user: the email and names.
func checkPassword(password string, about ...string) *parley.Error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return parley.Errorf(parley.Invalid, "password.unreadable", "The password is not readable text. Type it again.").On("password")
	case n < minPassword:
		return parley.Errorf(parley.Invalid, "password.too_short", "Use at least %d characters. A few words in a row are easy to remember.", minPassword).
			On("password").With("min", fmt.Sprint(minPassword))
	case n > maxPassword:
		return parley.Errorf(parley.Invalid, "password.too_long", "Use at most %d characters.", maxPassword).On("password").With("max", fmt.Sprint(maxPassword))
	case !enough(password, about):
		return parley.Errorf(parley.Invalid, "password.too_easy", "This is easy to guess: too much of it is your name, your email or a common password. Choose something else.").On("password")
	}
	return nil
}

// enough reports whether a password has substance besides what is guessed first.
func enough(password string, about []string) bool {
	rest := strings.ToLower(password)
	words := slices.Clone(guesses)
	for _, a := range about {
		a = strings.ToLower(a)
		words = append(words, a)
		words = append(words, strings.FieldsFunc(a, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 3 {
			rest = strings.ReplaceAll(rest, w, "")
		}
	}
	distinct := map[rune]bool{}
	for _, r := range rest {
		distinct[r] = true
	}
	return utf8.RuneCountInString(rest) >= 6 && len(distinct) >= 4
}
