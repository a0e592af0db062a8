//go:build webdist

package web

import "embed"

//go:embed packed
var packed embed.FS

var files = below(packed, "packed")

const built = true
