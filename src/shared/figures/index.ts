/** Charts as plain data, their colours, and writers that need neither a browser nor Node. */
export { meanings, meaningColours, meaningLabels, seriesColours, resolveColour, type Meaning, type ThemeName } from './colours.ts'
export { paletteNames, paletteTable, paletteColour, paletteGradient, type PaletteName } from './palettes.ts'
export {
  figureThemes, type Figure, type FigureAxis, type FigureBar, type FigureBox, type FigureCell, type FigureLabel, type FigurePoint, type FigureSeries, type FigureTheme,
  type Interval, type Marker, type ReferenceLine, type SeriesOf, type XY,
} from './model.ts'
export { resolveAxis, formatTick, type ResolvedAxis } from './axis.ts'
export { niceTicks, logTicks, tickDecimals } from './ticks.ts'
export { figureToSvg, type SvgOptions } from './svg/figureToSvg.ts'
export { layoutFigure, inLegend, isHidden, type FigureLayout } from './svg/layout.ts'
export { seriesShapes, legendShape, shapeSvg, type PlotScale, type Shape } from './shapes.ts'
export { textWidth } from './text.ts'
export { figureToCsv } from './csv.ts'
export { hoverValues, valueAt, type HoverValue } from './hover.ts'
export { swarmOffsets } from './swarm.ts'
export * from './makers.ts'
export * from './studyFigures.ts'
export { flowSvg, type FlowColumn, type FlowDrawing } from './flow.ts'
export { matrixFigure, type MatrixCell } from './matrix.ts'
export { panelSvg, type PicturePanel } from './pictures.ts'
export { kappaInterval } from './kappaInterval.ts'
