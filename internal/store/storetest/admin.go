package storetest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// admin runs one statement on the test server, outside any transaction.
func admin(server, statement string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
