package sms

// TwilioSigned is twilioSigned.
var TwilioSigned = twilioSigned

// Phone is phone.
var Phone = phone
