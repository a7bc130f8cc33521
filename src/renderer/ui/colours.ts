/** The renderer's door to the colours with a meaning; they live in shared so that the report and the CLI draw the same. */
export {
  meanings, meaningColours, meaningLabels, seriesColours, resolveColour, paletteNames, paletteTable, paletteColour, paletteGradient,
  type Meaning, type ThemeName, type PaletteName,
} from '#shared/figures/index.ts'
