package carrier_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"parley/internal/channel/carrier"
)

func Example() {
	product := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.PostFormValue("From"), "writes", r.PostFormValue("Body"))
	}))
	defer product.Close()
	c := carrier.New(carrier.Config{HTTP: product.Client()})
	defer c.Close()
	c.AddNumber(carrier.Number{Number: "+14155550100", URL: product.URL})
	_, err := c.Text(context.Background(), "+14155550123", "+14155550100", "Are you open?")
	fmt.Println(err)
	// Output:
	// +14155550123 writes Are you open?
	// <nil>
}
