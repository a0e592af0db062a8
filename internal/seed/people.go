package seed

import (
	"fmt"
	"strings"
	"time"

	"parley/internal/parley"
)

var (
	firstNames = []string{
		"Amara", "Ben", "Chloe", "Dario", "Elin", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kaya", "Liam", "Maya", "Nora", "Omar", "Priya",
		"Quinn", "Rosa", "Sami", "Tilda", "Uma", "Viktor", "Wanda", "Ximena", "Yusuf", "Zoë", "Anders", "Bianca", "Cédric", "Dana", "Eitan", "Freya",
	}
	lastNames = []string{
		"Adeyemi", "Brandt", "Castillo", "Dubois", "Eriksen", "Ferreira", "Gruber", "Haddad", "Ivanova", "Jensen", "Kovač", "Lindqvist", "Moreau", "Nakamura",
		"Okafor", "Petrov", "Quist", "Raman", "Solberg", "Tanaka", "Ueda", "Vogel", "Walsh", "Xu", "Yilmaz", "Zeman", "Abbott", "Blum", "Carver", "Dietz",
	}
	companies = []string{"Northquay", "Lantern", "Hadley", "Riverside", "Fernhill", "Brightwater", "Kestrel", "Oakfield", "Saltmarsh", "Tideway"}
	trades    = []string{"Architects", "Events", "Print", "School", "Logistics", "Foods", "Clinic", "Studio"}
)

func nameOf(i int) string {
	return firstNames[i%len(firstNames)] + " " + lastNames[i/len(firstNames)%len(lastNames)]
}

// contactOf is the i-th contact, who first wrote at a time.
func (p *plan) contactOf(i int, at time.Time) parley.Contact {
	r := source(p.Seed, ofPerson, uint64(i), 0)
	name := nameOf(r.IntN(len(firstNames) * len(lastNames)))
	email := fmt.Sprintf("%s%d@%s", local(name), i, p.domainOf(i))
	c := parley.Contact{
		AccountID: p.account.ID, Name: name, CreatedAt: at, UpdatedAt: at,
		Points: []parley.Point{{Kind: parley.PointEmail, Value: email, Key: email}},
	}
	if r.IntN(3) == 0 {
		c.Company = companies[r.IntN(len(companies))] + " " + trades[r.IntN(len(trades))]
	}
	if r.IntN(4) == 0 {
		number := fmt.Sprintf("+4477009%05d", i%100000)
		if i < 100000 { // a number is one contact's
			c.Points = append(c.Points, parley.Point{Kind: parley.PointPhone, Value: number, Key: number})
		}
	}
	return c
}

// domainOf: domains that are set aside for examples (RFC 2606 3).
func (p *plan) domainOf(i int) string {
	if i%3 == 0 {
		return fmt.Sprintf("%s%d.example", strings.ToLower(companies[i%len(companies)]), i%997)
	}
	return []string{"post.example", "mail.example", "inbox.example"}[i%3]
}

func local(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r
		case r == ' ':
			return '.'
		}
		return -1
	}, strings.ToLower(name))
}
