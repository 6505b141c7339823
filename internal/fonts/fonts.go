// Package fonts holds the type of the printed page: Noto Serif for what
// somebody says, Noto Sans for labels, Amiri for Arabic. The files are cut
// down to the scripts the house writes (subset.sh says how) and lie
// uncompressed in the program, so that loading one costs no unpacking and
// nothing happens before the first use.
//
// The fonts are under the SIL Open Font License 1.1; the three OFL files
// beside this one are their licences.
package fonts

import _ "embed"

// The faces, as TrueType files of 1000 units per em. Callers must not change
// the bytes.
var (
	//go:embed NotoSerif-Regular.ttf
	SerifRegular []byte
	//go:embed NotoSerif-Bold.ttf
	SerifBold []byte
	//go:embed NotoSerif-Italic.ttf
	SerifItalic []byte
	//go:embed NotoSans-Regular.ttf
	SansRegular []byte
	//go:embed NotoSans-Bold.ttf
	SansBold []byte
	//go:embed Amiri-Regular.ttf
	ArabicRegular []byte
	//go:embed Amiri-Bold.ttf
	ArabicBold []byte
)
