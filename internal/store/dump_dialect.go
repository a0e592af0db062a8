package store

func (sqliteDialect) catalog() catalog {
	return catalog{
		begin:   "BEGIN",
		tables:  "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
		columns: "SELECT name, type FROM pragma_table_info(?) ORDER BY cid",
		parents: `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?) ORDER BY 1`,
		last:    "SELECT name, seq FROM sqlite_sequence",
		cast:    func(c Column) string { return c.Name },
		number:  func(table string) string { return "UPDATE sqlite_sequence SET seq = ? WHERE name = '" + table + "'" },
	}
}

func (postgresDialect) catalog() catalog {
	return catalog{
		begin:   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		tables:  "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1",
		columns: "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
		parents: "SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::text::regclass ORDER BY 1",
		// An identity column's sequence has no name of ours; last_value is NULL before the first id.
		last: `SELECT t.relname, COALESCE(s.last_value, 0) FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid
			JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_sequences s ON s.schemaname = n.nspname AND s.sequencename = q.relname
			WHERE d.deptype = 'i' AND n.nspname = current_schema() AND d.classid = 'pg_class'::regclass`,
		cast: func(c Column) string {
			if c.Kind == KindText {
				return c.Name + "::text"
			}
			return c.Name
		},
		number: func(table string) string { return "SELECT setval(pg_get_serial_sequence('" + table + "', 'id'), $1)" },
	}
}
