import { resolveColour } from '../colours.ts'
import { legendShape, seriesShapes, shapeSvg } from '../shapes.ts'
import { figureThemes, type Figure, type FigureTheme, type ReferenceLine } from '../model.ts'
import { bottomRows, isHidden, layoutFigure, type FigureLayout } from './layout.ts'
import { escapeXml, px, textWidth } from '../text.ts'

export interface SvgOptions { readonly width?: number; readonly height?: number; readonly theme?: 'light' | 'dark' }

interface TextStyle { readonly size?: number; readonly anchor?: 'start' | 'middle' | 'end'; readonly weight?: number; readonly rotate?: number }

/** One line of text. Baselines are placed by hand: PDF writers know no dominant-baseline. */
function text(content: string, x: number, y: number, fill: string, { size = 11, anchor = 'start', weight = 400, rotate }: TextStyle = {}): string {
  const turn = rotate === undefined ? '' : ` transform="rotate(${rotate} ${px(x)} ${px(y)})"`
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${fill}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}${weight === 400 ? '' : ` font-weight="${weight}"`}${turn}>${escapeXml(content)}</text>`
}

const path = (d: string, stroke: string, width = 1, more = ''): string => `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}"${more}/>`

function axes(figure: Figure, at: FigureLayout, theme: FigureTheme): string {
  const { plot, x, y, toX, toY } = at
  const bottom = plot.top + plot.height, right = plot.left + plot.width
  const grid = [
    ...(figure.x.grid === false || x.kind === 'category' ? [] : x.ticks.map((tick) => `M${px(toX(tick.value))} ${px(plot.top)}V${px(bottom)}`)),
    ...(figure.y.grid === false || y.kind === 'category' ? [] : y.ticks.map((tick) => `M${px(plot.left)} ${px(toY(tick.value))}H${px(right)}`)),
  ].join('')
  const marks = x.ticks.map((tick) => `M${px(toX(tick.value))} ${px(bottom)}v4`).join('') + y.ticks.map((tick) => `M${px(plot.left)} ${px(toY(tick.value))}h-4`).join('')
  return [
    grid ? path(grid, theme.grid) : '',
    path(`M${px(plot.left)} ${px(plot.top)}V${px(bottom)}H${px(right)}${marks}`, theme.axis),
    ...x.ticks.map((tick) => text(tick.text, toX(tick.value), bottom + 16, theme.quiet, { anchor: 'middle' })),
    ...y.ticks.map((tick) => text(tick.text, plot.left - 8, toY(tick.value) + 4, theme.quiet, { anchor: 'end' })),
    figure.x.label ? text(figure.x.label, plot.left + plot.width / 2, bottom + 34, theme.text, { anchor: 'middle' }) : '',
    figure.y.label ? text(figure.y.label, plot.left - at.yTickWidth - 16, plot.top + plot.height / 2, theme.text, { anchor: 'middle', rotate: -90 }) : '',
  ].join('')
}

function reference(line: ReferenceLine, at: FigureLayout, theme: FigureTheme): string {
  const { plot, toX, toY } = at
  const colour = resolveColour(line.colour ?? 'chance', theme.name)
  const dash = ` stroke-dasharray="${(line.dash ?? [4, 3]).join(' ')}"`
  if (line.axis === 'line') return path(`M${px(toX(line.from.x))} ${px(toY(line.from.y))}L${px(toX(line.to.x))} ${px(toY(line.to.y))}`, colour, 1, dash)
  return line.axis === 'x'
    ? path(`M${px(toX(line.value))} ${px(plot.top)}v${px(plot.height)}`, colour, 1, dash)
    : path(`M${px(plot.left)} ${px(toY(line.value))}h${px(plot.width)}`, colour, 1, dash)
}

function referenceLabel(line: ReferenceLine, at: FigureLayout, theme: FigureTheme): string {
  if (!line.label || line.axis === 'line') return ''
  return line.axis === 'x'
    ? text(line.label, at.toX(line.value) + 4, at.plot.top + 11, theme.quiet)
    : text(line.label, at.plot.left + at.plot.width - 4, at.toY(line.value) - 4, theme.quiet, { anchor: 'end' })
}

function legend(at: FigureLayout, theme: FigureTheme): string {
  const { left, top, entries, horizontal } = at.legend
  if (horizontal) {
    return bottomRows(entries, at.width - left - 16).map((row, i) => {
      let x = left
      return row.map((entry) => {
        const out = shapeSvg(legendShape(entry.series, x, top + i * 18, theme)) + text(entry.lines[0] ?? '', x + 24, top + i * 18 + 4, theme.text)
        x += textWidth(entry.lines[0] ?? '', 11) + 40
        return out
      }).join('')
    }).join('')
  }
  let y = top
  return entries.map((entry) => {
    const out = shapeSvg(legendShape(entry.series, left, y, theme)) + entry.lines.map((line, i) => text(line, left + 24, y + 4 + i * 14, i === 0 ? theme.text : theme.quiet)).join('')
    y += entry.lines.length * 14 + 6
    return out
  }).join('')
}

const columns = (at: FigureLayout, theme: FigureTheme): string => at.columns.map((column) =>
  text(column.label, column.right, at.plot.top - 8, theme.quiet, { anchor: 'end' })
  + column.values.map((value, i) => text(value, column.right, at.toY(i) + 4, theme.text, { anchor: 'end' })).join('')).join('')

/**
 * The figure as a stand-alone SVG document: plain shapes and texts with attributes only, as PDF writers and office programs read it.
 * Default 720 x 480, light. Hidden series are left out.
 */
export function figureToSvg(figure: Figure, options: SvgOptions = {}): string {
  const { width = 720, height = 480 } = options
  const theme = figureThemes[options.theme ?? 'light']
  const at = layoutFigure(figure, width, height)
  const clip = `clip-${figure.id.replace(/[^\w-]/g, '-')}`
  const { left, top, width: w, height: h } = at.plot
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Roboto, Arial, Helvetica, sans-serif" role="img">`,
    `<title>${escapeXml(figure.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${theme.background}"/>`,
    text(figure.title, 16, 28, theme.text, { size: 14, weight: 500 }),
    figure.subtitle ? text(figure.subtitle, 16, 45, theme.quiet) : '',
    axes(figure, at, theme),
    `<clipPath id="${clip}"><rect x="${px(left - 1)}" y="${px(top - 1)}" width="${px(w + 2)}" height="${px(h + 2)}"/></clipPath>`,
    `<g clip-path="url(#${clip})">`,
    ...(figure.references ?? []).map((line) => reference(line, at, theme)),
    ...figure.series.filter((series) => !isHidden(figure, series)).map((series) => `<g>${seriesShapes(series, at, theme).map(shapeSvg).join('')}</g>`),
    '</g>',
    ...(figure.references ?? []).map((line) => referenceLabel(line, at, theme)),
    ...(figure.labels ?? []).map((label) => text(label.text, at.toX(label.x), at.toY(label.y), theme.quiet, { anchor: label.anchor ?? 'start' })),
    columns(at, theme),
    legend(at, theme),
    ...at.notes.lines.map((line, i) => text(line, 16, at.notes.top + i * 15, theme.quiet)),
    '</svg>',
  ].filter(Boolean).join('\n')
}
