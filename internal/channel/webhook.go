package channel

import (
	"errors"
	"net/http"

	"parley/internal/parley"
)

// Why a Webhooker does not take a call.
var (
	ErrForged     = errors.New("the call is not signed by the provider")
	ErrUnreadable = errors.New("the call is not of the provider's form")
)

// CallStatus is what a provider's call is answered with. Where the reason lies with
// us it is 503, so that the call is made again.
func CallStatus(err error) int {
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, ErrForged):
		return http.StatusForbidden
	case errors.Is(err, ErrUnreadable):
		return http.StatusBadRequest
	case errors.As(err, &large), parley.IsCode(err, parley.TooLarge):
		return http.StatusRequestEntityTooLarge
	case parley.IsCode(err, parley.NotFound):
		return http.StatusNotFound
	}
	return http.StatusServiceUnavailable
}
