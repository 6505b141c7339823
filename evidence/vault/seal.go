package vault

// Seal returns b encrypted to the readers of this home's records, as an age
// file (age-encryption.org/v1). It is for what leaves the home for readers of
// the desk only.
func (h *Home) Seal(b []byte) ([]byte, error) { return seal(b, h.recipients...) }
