export { meanings, meaningColours, meaningLabels, seriesColours, resolveColour, type Meaning, type ThemeName } from './colours.ts'
export { paletteNames, paletteTable, paletteColour, paletteGradient, type PaletteName } from './palettes.ts'
