import { escapeXml, px, textWidth, wrapText } from './text.ts'

/** The flow of one hospital's cases. */
export interface FlowColumn {
  readonly title: string
  readonly recorded: number
  readonly excluded: readonly { readonly reason: string; readonly cases: number }[]
  readonly included: number
  readonly cohorts: readonly { readonly name: string; readonly cases: number; readonly lines: readonly string[] }[]
}
export interface FlowDrawing { readonly svg: string; readonly width: number; readonly height: number }

interface Box { readonly x: number; readonly y: number; readonly width: number; readonly lines: readonly string[]; readonly strong?: boolean }
const INK = '#16191b', QUIET = '#495157', LINE = '#858d92', FILL = '#f4f6f7'
const ROW = 15, PAD = 9, GAP = 34

const heightOf = (box: Pick<Box, 'lines'>): number => box.lines.length * ROW + 2 * PAD - 3

function boxSvg(box: Box): string {
  const height = heightOf(box)
  const words = box.lines.map((line, i) => `<text x="${px(box.x + box.width / 2)}" y="${px(box.y + PAD + 9 + i * ROW)}" font-size="${i === 0 ? 12 : 11}" text-anchor="middle" fill="${i === 0 ? INK : QUIET}"${i === 0 ? ' font-weight="500"' : ''}>${escapeXml(line)}</text>`).join('')
  return `<rect x="${px(box.x)}" y="${px(box.y)}" width="${px(box.width)}" height="${px(height)}" rx="3" fill="${box.strong === true ? FILL : '#ffffff'}" stroke="${LINE}"/>${words}`
}

const arrow = (x1: number, y1: number, x2: number, y2: number): string => {
  const head = x1 === x2 ? `M${px(x2 - 4)} ${px(y2 - 6)}L${px(x2)} ${px(y2)}L${px(x2 + 4)} ${px(y2 - 6)}` : `M${px(x2 - 6)} ${px(y2 - 4)}L${px(x2)} ${px(y2)}L${px(x2 - 6)} ${px(y2 + 4)}`
  return `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}${head}" fill="none" stroke="${LINE}"/>`
}

const cases = (n: number): string => `${n} case${n === 1 ? '' : 's'}`

interface Placed { readonly svg: string; readonly bottom: number }

function column(c: FlowColumn, x: number, width: number, includedY: number, cohortY: number): Placed {
  const main = width * 0.46, middle = x + main / 2, sideX = x + main + 26, side = width - main - 26
  const top: Box = { x, y: 16, width: main, strong: true, lines: [c.title, `${cases(c.recorded)} recorded`] }
  const excluded = c.excluded.reduce((s, e) => s + e.cases, 0)
  const reasons = c.excluded.flatMap((e) => wrapText(`${e.reason}: ${e.cases}`, 11, side - 14))
  const out: Box = { x: sideX, y: 16 + heightOf(top) + 12, width: side, lines: [`${excluded} excluded`, ...reasons] }
  const kept: Box = { x, y: includedY, width: main, strong: true, lines: [`${cases(c.included)} included`] }
  const parts = [boxSvg(top), boxSvg(kept), arrow(middle, 16 + heightOf(top), middle, includedY)]
  if (excluded > 0) parts.push(boxSvg(out), arrow(middle, out.y + heightOf(out) / 2, sideX, out.y + heightOf(out) / 2))
  const each = c.cohorts.length === 0 ? width : (width - 14 * (c.cohorts.length - 1)) / c.cohorts.length
  const boxes = c.cohorts.map((k, i): Box => ({ x: x + i * (each + 14), y: cohortY, width: each, lines: [...wrapText(k.name, 12, each - 8), cases(k.cases), ...k.lines.flatMap((l) => wrapText(l, 11, each - 8))] }))
  const bend = includedY + heightOf(kept) + (cohortY - includedY - heightOf(kept)) / 2
  for (const box of boxes) {
    const centre = box.x + box.width / 2
    parts.push(boxSvg(box), `<path d="M${px(middle)} ${px(includedY + heightOf(kept))}V${px(bend)}H${px(centre)}" fill="none" stroke="${LINE}"/>`, arrow(centre, bend, centre, cohortY))
  }
  return { svg: parts.join(''), bottom: Math.max(cohortY, ...boxes.map((b) => b.y + heightOf(b))) }
}

/** The flow of cases, a column a hospital: recorded, excluded by reason, included, and the cohorts they went to; `foot` is a box below all of them. */
export function flowSvg(columns: readonly FlowColumn[], foot: readonly string[], title = 'Flow of cases'): FlowDrawing {
  const width = 860, gap = 36, each = (width - 32 - gap * (columns.length - 1)) / Math.max(1, columns.length)
  const side = each - each * 0.46 - 26
  const outHeight = Math.max(0, ...columns.map((c) => (c.excluded.length === 0 ? 0 : heightOf({ lines: ['', ...c.excluded.flatMap((e) => wrapText(`${e.reason}: ${e.cases}`, 11, side - 14))] }))))
  const includedY = 16 + heightOf({ lines: ['', ''] }) + 12 + Math.max(outHeight, 20) + 14, cohortY = includedY + heightOf({ lines: [''] }) + GAP
  const placed = columns.map((c, i) => column(c, 16 + i * (each + gap), each, includedY, cohortY))
  const bottom = Math.max(cohortY, ...placed.map((p) => p.bottom))
  const footWidth = Math.min(width - 32, Math.max(260, ...foot.map((l) => textWidth(l, 12) + 32)))
  const footBox: Box = { x: (width - footWidth) / 2, y: bottom + GAP, width: footWidth, strong: true, lines: foot }
  const end = foot.length === 0 ? bottom : footBox.y + heightOf(footBox)
  const tail = foot.length === 0 ? '' : boxSvg(footBox) + arrow(width / 2, bottom + 8, width / 2, footBox.y)
  const height = Math.ceil(end + 16)
  return { width, height, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Roboto, Arial, Helvetica, sans-serif" role="img"><title>${escapeXml(title)}</title><rect width="${width}" height="${height}" fill="#ffffff"/>${placed.map((p) => p.svg).join('')}${tail}</svg>` }
}
