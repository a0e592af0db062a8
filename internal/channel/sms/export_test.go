package sms

// TwilioSigned is twilioSigned.
var TwilioSigned = twilioSigned

// Phone is phone.
var Phone = phone

// StandardSigned is standardSigned.
var StandardSigned = standardSigned

// VonageSigned is vonageSigned.
var VonageSigned = vonageSigned
