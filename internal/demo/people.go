package demo

import (
	"strings"

	"parley/internal/parley"
)

// Person is somebody who writes to the business. All of them are invented, and
// their domains are set aside for examples (RFC 2606 3).
type Person struct {
	parley.Address
	About string // what they want of the business, in a few words
}

// people are those whom the page offers to write as.
var people = []Person{
	{parley.Address{Name: "Maya Okafor", Email: "maya@okafor.example"}, "rides to work, needs her brakes done"},
	{parley.Address{Name: "Jonas Lindqvist", Email: "jonas.lindqvist@northquay.example"}, "buys bikes for an architects' office"},
	{parley.Address{Name: "Priya Raman", Email: "priya@raman-family.example"}, "rents for family weekends"},
	{parley.Address{Name: "Carlos Mendes", Email: "c.mendes@riverside-school.example"}, "plans a school trip on thirty bikes"},
	{parley.Address{Name: "田中 愛子", Email: "aiko@tanaka.example"}, "visits the harbour in spring"},
	{parley.Address{Name: "Erik Solberg", Email: "erik@" + goneDomain}, "his provider closed his mailbox: answers are refused"},
}

// goneDomain is where no mailbox is left: mail to it is refused for good, so that
// one can see what the product makes of that.
const goneDomain = "gone.example"

// mayReceive reports whether there is a mailbox behind the address.
func mayReceive(a parley.Address) bool { return a.Domain() != goneDomain }

// localPart is what stands before the @.
func localPart(address string) string {
	local, _, _ := strings.Cut(address, "@")
	return local
}
