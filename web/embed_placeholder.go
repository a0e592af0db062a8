//go:build !webdist

package web

import "embed"

//go:embed placeholder
var placeholder embed.FS

var files = below(placeholder, "placeholder")

const built = false
