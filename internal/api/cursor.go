package api

import (
	"strconv"

	"parley/internal/parley"
)

// idCursor reads the cursor of a list that is ordered by id; empty: from the start.
func idCursor[K any](p Paging) (parley.ID[K], error) {
	if p.Cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(p.Cursor, 36, 64)
	if err != nil || n <= 0 {
		return 0, parley.Errorf(parley.Invalid, "cursor.invalid", "This cursor is not one that the API gave out. Begin without one.").On("cursor")
	}
	return parley.ID[K](n), nil
}

// cursorOf is the cursor behind an id; empty for 0, the end.
func cursorOf[K any](id parley.ID[K]) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 36)
}
