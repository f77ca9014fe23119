/**
 * A self-signed pair (EC P-256, for "localhost", until 2126) for checks only. It is PUBLIC AND WORTHLESS: it
 * is published here, protects nothing, and is never part of an artifact. It replaces certificates that
 * exist only on the real host. HAProxy needs certificate and key in one file, which the other servers
 * accept as well.
 */
export const throwawayPair = `\
-----BEGIN CERTIFICATE-----
MIIByjCCAW+gAwIBAgIUOhdEYVQ4Rg43bod1pqrMvnU5XMwwCgYIKoZIzj0EAwIw
LjEsMCoGA1UEAwwjc2Vzc2N0bCBjaGVjaywgcHVibGljIGFuZCB3b3J0aGxlc3Mw
IBcNMjYxMTIxMDYzMzI3WhgPMjEyNjEwMjgwNjMzMjdaMC4xLDAqBgNVBAMMI3Nl
c3NjdGwgY2hlY2ssIHB1YmxpYyBhbmQgd29ydGhsZXNzMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEo9EvW3Xgk0PUabDjY1dWZb8z13HBKt7xQVR4uSoOvffVMkt3
RORYV5BQxNXDYeANLp64vnQvsLE8JIRaK33pgaNpMGcwHQYDVR0OBBYEFNwSPxaf
uh9L4+3XxYHRDlZ7Tcd8MB8GA1UdIwQYMBaAFNwSPxafuh9L4+3XxYHRDlZ7Tcd8
MA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0MAoGCCqGSM49
BAMCA0kAMEYCIQDphb9e9WZnT+4B52jc2Qd2gCHskUQRXWvxLvAKuPQZ/QIhAJMm
bM0aQvo78i8TsIYNOKiwFdkbpocV6Obviw1T1sTu
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+Zq2VJqpCZ1FaNXs
ayhcdAU+zWkfgWlPDgHdU+Z0lNKhRANCAASj0S9bdeCTQ9RpsONjV1ZlvzPXccEq
3vFBVHi5Kg6999UyS3dE5FhXkFDE1cNh4A0unri+dC+wsTwkhForfemB
-----END PRIVATE KEY-----
`
