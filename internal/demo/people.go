package demo

import (
	"strings"

	"parley/internal/parley"
)

// Person is somebody outside the business. All of them are invented, and their
// domains are set aside for examples (RFC 2606 3).
type Person struct {
	parley.Address
	Wants    string // of the business, in a few words: the page offers to write as them; empty: it does not
	Company  string
	JobTitle string
	Phone    string // one set aside for drama, as it is written down
	About    string // what the team has noted
}

// goneDomain is where no mailbox is left: mail to it is refused for good, so that
// one can see what the product makes of that.
const goneDomain = "gone.example"

var (
	maya = Person{
		Address: parley.Address{Name: "Maya Okafor", Email: "maya@okafor.example"}, Wants: "rides to work, needs her brakes done",
		Phone: "+44 7700 900142", About: "Green Tern, frame 2231. Rides to the hospital and back every day, so she needs it the same day.",
	}
	jonas = Person{
		Address: parley.Address{Name: "Jonas Lindqvist", Email: "jonas.lindqvist@northquay.example"}, Wants: "buys bikes for an architects' office",
		Company: "Northquay Architects", JobTitle: "Office manager", Phone: "+44 7700 900114",
	}
	priya = Person{
		Address: parley.Address{Name: "Priya Raman", Email: "priya@raman-family.example"}, Wants: "rents for family weekends",
		Phone: "+44 7700 900371", About: "Two children: 20-inch and 24-inch. Likes the front-loader.",
	}
	carlos = Person{
		Address: parley.Address{Name: "Carlos Mendes", Email: "c.mendes@riverside-school.example"}, Wants: "plans a school trip on thirty bikes",
		Company: "Riverside School", JobTitle: "Geography teacher", Phone: "+44 7700 900512",
	}
	noor = Person{Address: parley.Address{Name: "Noor Haddad", Email: "n.haddad@riverside-school.example"}, Company: "Riverside School"}
	aiko = Person{Address: parley.Address{Name: "田中 愛子", Email: "aiko@tanaka.example"}, Wants: "visits the harbour in spring", Phone: "+44 7700 900077"}
	erik = Person{
		Address: parley.Address{Name: "Erik Solberg", Email: "erik@" + goneDomain}, Wants: "his mailbox was closed: answers are refused",
		Phone: "+44 7700 900265",
	}
	liam = Person{
		Address: parley.Address{Name: "Liam Walsh", Email: "liam.walsh@walsh-home.example"}, Phone: "+44 7700 900418",
		About: "Heron e-bike, bought in the spring sale. Battery replaced under warranty.",
	}
	sofie = Person{Address: parley.Address{Name: "Sofie Brandt", Email: "sofie@brandt.example"}, Wants: "drops in for small things", Phone: "+44 7700 900533"}
	grace = Person{
		Address: parley.Address{Name: "Grace Adeyemi", Email: "grace.adeyemi@lantern-events.example"},
		Company: "Lantern Events", JobTitle: "Producer", Phone: "+44 1632 960177",
	}
	tom = Person{
		Address: parley.Address{Name: "Tom Hadley", Email: "tom@hadley-print.example"},
		Company: "Hadley Print", JobTitle: "Owner", About: "Three courier bikes on the yearly service plan. Wants paper invoices.",
	}
	hana   = Person{Address: parley.Address{Name: "Hana Kovač", Email: "orders@spoke-and-rim.example"}, Company: "Spoke & Rim Wholesale", JobTitle: "Orders"}
	eleni  = Person{Address: parley.Address{Name: "Ελένη Παπαδάκη", Email: "eleni@papadaki.example"}}
	wei    = Person{Address: parley.Address{Name: "Wei Zhang", Email: "wei.zhang@harbour-mail.example"}, Phone: "+44 7700 900690"}
	zoe    = Person{Address: parley.Address{Name: "Zoe Hartmann", Email: "zoe@hartmann.example"}}
	omar   = Person{Address: parley.Address{Name: "Omar Nasser", Email: "omar.nasser@nasser.example"}, Phone: "+44 7700 900808"}
	bram   = Person{Address: parley.Address{Name: "Bram de Vries", Email: "bram@devries.example"}, Phone: "+44 7700 900157"}
	nadia  = Person{Address: parley.Address{Name: "Nadia Petrova", Phone: "+447700900623"}, Wants: "wants no texts, and said STOP"}
	seller = Person{Address: parley.Address{Name: "Rank First Media", Email: "growth@rankfirst.example"}}
)

// everybody is who writes in the sample.
var everybody = []Person{maya, jonas, priya, carlos, noor, aiko, erik, liam, sofie, grace, tom, hana, eleni, wei, zoe, omar, nadia, seller, bram}

// number is the person's telephone number (E.164), if there is one.
func (p Person) number() string {
	if p.Address.Phone != "" {
		return p.Address.Phone
	}
	return strings.ReplaceAll(p.Phone, " ", "")
}

// people are those whom the page offers to write as.
var people = []Person{maya, jonas, priya, carlos, aiko, erik, sofie, nadia}

// mayReceive reports whether there is a mailbox behind the address.
func mayReceive(a parley.Address) bool { return a.Domain() != goneDomain }

// localPart is what stands before the @.
func localPart(address string) string {
	local, _, _ := strings.Cut(address, "@")
	return local
}
