package store

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx/reflectx"
)

// fields finds columns in structs as sqlx does: by their db tag.
var fields = reflectx.NewMapperFunc("db", strings.ToLower)

// scanOne reads one row into dest, a pointer to a struct or to a single value, or
// sql.ErrNoRows. More rows are left unread.
func scanOne(rows pgx.Rows, dest any) error {
	if !rows.Next() {
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	v := reflect.ValueOf(dest).Elem()
	paths, err := columnPaths(rows, v.Type())
	if err != nil {
		return err
	}
	if err := rows.Scan(targets(v, paths)...); err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// scanAll appends all rows to dest, a pointer to a slice.
func scanAll(rows pgx.Rows, dest any) error {
	list := reflect.ValueOf(dest).Elem()
	one := list.Type().Elem()
	var paths [][]int
	for n := 0; rows.Next(); n++ {
		if n == 0 { // a query that failed has no columns to ask for
			var err error
			if paths, err = columnPaths(rows, one); err != nil {
				return err
			}
		}
		v := reflect.New(one).Elem()
		if err := rows.Scan(targets(v, paths)...); err != nil {
			return err
		}
		list.Set(reflect.Append(list, v))
	}
	rows.Close()
	return rows.Err()
}

// targets are pointers to the fields of v, or to v itself where there are no paths.
func targets(v reflect.Value, paths [][]int) []any {
	if paths == nil {
		return []any{v.Addr().Interface()}
	}
	out := make([]any, len(paths))
	for i, p := range paths {
		out[i] = reflectx.FieldByIndexes(v, p).Addr().Interface()
	}
	return out
}

type rowShape struct {
	row     reflect.Type
	columns string
}

var knownShapes sync.Map // rowShape -> [][]int

// columnPaths says which field of t each column goes to; nil: the row is a single value.
func columnPaths(rows pgx.Rows, t reflect.Type) ([][]int, error) {
	if isValue(t) {
		return nil, nil
	}
	var names strings.Builder
	for _, f := range rows.FieldDescriptions() {
		names.WriteString(f.Name)
		names.WriteByte(',')
	}
	shape := rowShape{t, names.String()}
	if known, ok := knownShapes.Load(shape); ok {
		return known.([][]int), nil
	}
	paths := [][]int{}
	for _, f := range rows.FieldDescriptions() {
		field := fields.TypeMap(t).GetByPath(f.Name)
		if field == nil {
			return nil, fmt.Errorf("column %s: there is no field for it in %s", f.Name, t)
		}
		paths = append(paths, field.Index)
	}
	knownShapes.Store(shape, paths)
	return paths, nil
}

var scanner = reflect.TypeFor[sql.Scanner]()

// isValue: one column fills it.
func isValue(t reflect.Type) bool {
	return t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(scanner) || len(fields.TypeMap(t).Index) == 0
}
