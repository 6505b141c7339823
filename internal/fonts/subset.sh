#!/bin/sh
# Makes the font files of this folder from the originals of the npm packages
#   @expo-google-fonts/noto-serif 0.4.2, @expo-google-fonts/noto-sans 0.4.2, @expo-google-fonts/amiri 0.4.1
# unpacked below $1 as noto-serif/, noto-sans/ and amiri/. Needs pyftsubset of fonttools 4.68 (pip install fonttools).
# Hinting goes: paper needs none, and screens of today smooth without it. The tables of ligatures, kerning and marks stay.
set -eu
from=$1
here=$(cd "$(dirname "$0")" && pwd)
# Latin with every accent, spacing letters, combining marks, Greek, Cyrillic with all additions, Vietnamese, punctuation,
# raised figures, currency, № ™ and the like, arrows, a few signs, replacement signs.
noto='U+0020-007E,U+00A0-024F,U+0259,U+0292,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,U+2070-209F,U+20A0-20BF,U+2100-218F,U+2190-2199,U+2200-22FF,U+25A0-25FF,U+FB00-FB06,U+FFFD'
# Arabic with the letters of Persian, Urdu, Kurdish and Uyghur; signs that stand between Arabic words.
arabic='U+0020-002F,U+003A-0040,U+005B-0060,U+007B-007E,U+00A0,U+00AB,U+00BB,U+0600-06FF,U+0750-077F,U+200C-200F,U+2010-2015,U+2018-201F,U+2026,U+2066-2069,U+FDF2,U+FDFA,U+FDFD'
cut() { # original, name, characters, features
	pyftsubset "$from/$1" --output-file="$here/$2.ttf" --unicodes="$3" --layout-features="$4" \
		--no-hinting --desubroutinize --name-IDs='0,1,2,3,4,5,6,13,14' --name-languages='0x409' --notdef-outline --no-glyph-names
}
n='kern,mark,mkmk,ccmp,locl,liga'
a='kern,curs,mark,mkmk,ccmp,locl,liga,rlig,calt,isol,init,medi,fina'
cut noto-serif/400Regular/NotoSerif_400Regular.ttf NotoSerif-Regular "$noto" "$n"
cut noto-serif/700Bold/NotoSerif_700Bold.ttf NotoSerif-Bold "$noto" "$n"
cut noto-serif/400Regular_Italic/NotoSerif_400Regular_Italic.ttf NotoSerif-Italic "$noto" "$n"
cut noto-sans/400Regular/NotoSans_400Regular.ttf NotoSans-Regular "$noto" "$n"
cut noto-sans/700Bold/NotoSans_700Bold.ttf NotoSans-Bold "$noto" "$n"
cut amiri/400Regular/Amiri_400Regular.ttf Amiri-Regular "$arabic" "$a"
cut amiri/700Bold/Amiri_700Bold.ttf Amiri-Bold "$arabic" "$a"
cp "$from/noto-serif/LICENSE_FONT" "$here/OFL-NotoSerif.txt"
cp "$from/noto-sans/LICENSE_FONT" "$here/OFL-NotoSans.txt"
cp "$from/amiri/LICENSE_FONT" "$here/OFL-Amiri.txt"
