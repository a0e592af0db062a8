//go:build webdist

package web

import "embed"

//go:embed all:dist
var dist embed.FS

var files = below(dist, "dist")

const built = true
