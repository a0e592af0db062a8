package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"parley/internal/seal"
)

func key(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func Example() {
	box, err := seal.New(key(1))
	if err != nil {
		panic(err)
	}
	sealed, err := box.Seal("channel 12", []byte("hush"))
	if err != nil {
		panic(err)
	}
	plain, err := box.Open("channel 12", sealed)
	fmt.Println(string(plain), err, bytes.Contains(sealed, []byte("hush")))
	// Output: hush <nil> false
}

func TestOpen(t *testing.T) {
	t.Parallel()
	old, err := seal.New(key(1))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := old.Seal("channel 1", []byte("hush"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := old.Seal("channel 1", []byte("hush"))
	if err != nil || bytes.Equal(sealed, again) {
		t.Errorf("the same secret looks the same twice, %v", err)
	}
	rotated, err := seal.New(key(2), key(1))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := rotated.Open("channel 1", sealed); err != nil || string(plain) != "hush" {
		t.Errorf("after the keys rotated: %q, %v", plain, err)
	}
	stranger, err := seal.New(key(2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Open("channel 1", sealed); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("another key: %v", err)
	}
	if _, err := old.Open("channel 2", sealed); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("another place: %v", err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := old.Open("channel 1", bad); !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
		if _, err := old.Open("channel 1", sealed[:i]); !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
}

func TestNewRefusesWeakKeys(t *testing.T) {
	t.Parallel()
	for _, keys := range [][][]byte{nil, {key(1)[:31]}, {key(1), nil}} {
		if _, err := seal.New(keys...); err == nil {
			t.Errorf("%d keys were taken", len(keys))
		}
	}
}
