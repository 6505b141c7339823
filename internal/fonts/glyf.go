package fonts

import (
	"encoding/binary"
	"errors"
)

// Components calls renumber for the parts of a composed glyph and writes the
// answers into g; a glyph that is not composed is left as it is (OpenType,
// glyf: composite glyph description).
func Components(g []byte, renumber func(uint16) uint16) error {
	if len(g) <= 10 || int16(binary.BigEndian.Uint16(g)) >= 0 {
		return nil
	}
	for i := 10; ; {
		if i+4 > len(g) {
			return errors.New("a composed glyph is cut off")
		}
		flags := binary.BigEndian.Uint16(g[i:])
		binary.BigEndian.PutUint16(g[i+2:], renumber(binary.BigEndian.Uint16(g[i+2:])))
		i += 4
		if flags&0x0001 != 0 {
			i += 4
		} else {
			i += 2
		}
		switch {
		case flags&0x0008 != 0:
			i += 2
		case flags&0x0040 != 0:
			i += 4
		case flags&0x0080 != 0:
			i += 8
		}
		if flags&0x0020 == 0 {
			return nil
		}
	}
}
