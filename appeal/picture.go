package appeal

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
)

// pictures looks for the place of exposure in the photographs of a document: a
// camera writes it unasked, and it stays in the file when the picture is
// pasted.
func (s *source) pictures(p *parts) {
	for _, f := range p.z.File {
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".jpg", ".jpeg":
			if b, err := p.read(f.Name); err == nil && hasGPS(b) {
				s.file.Properties["gps"] = "the place where " + path.Base(f.Name) + " was taken"
			}
		}
	}
}

// hasGPS reports whether some Exif block in b points to GPS data (Exif 2.32,
// 4.6.3: tag 0x8825 of the first directory).
func hasGPS(b []byte) bool {
	for {
		_, rest, found := bytes.Cut(b, []byte("Exif\x00\x00"))
		if !found {
			return false
		}
		if gpsPointer(rest) {
			return true
		}
		b = rest
	}
}

// gpsPointer reads the first directory of a TIFF header.
func gpsPointer(t []byte) bool {
	if len(t) < 8 {
		return false
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(t[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return false
	}
	at := uint64(order.Uint32(t[4:]))
	if at+2 > uint64(len(t)) {
		return false
	}
	n := uint64(order.Uint16(t[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > uint64(len(t)) {
			return false
		}
		if order.Uint16(t[e:]) == 0x8825 {
			return true
		}
	}
	return false
}
