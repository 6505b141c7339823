// Package timestamp lets an outside authority say when bytes existed, and
// checks what it said years later without a network.
//
// A [Request] asks an authority for a token over bytes, usually a signed
// checkpoint of the evidence log: one token then dates every item and every
// custody event before it. The authority sees a SHA-256 and our address on the
// network, never the bytes. [Ask] sends the request over HTTP and [Verify]
// checks a kept token offline. Token and protocol are RFC 3161, updated by
// RFC 5816; the envelope is CMS, RFC 5652. A token is kept as it came, as DER,
// and "openssl ts -verify -token_in" reads it.
//
// A token proves that the bytes existed at its time, as surely as one trusts
// the authority. It does not prove who made them or that they are true.
package timestamp
