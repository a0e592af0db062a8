package sms

import "github.com/nyaruka/phonenumbers"

// Region reports whether region is a country (ISO 3166) by whose rules numbers can be read.
func Region(region string) bool { return phonenumbers.GetCountryCodeForRegion(region) != 0 }
