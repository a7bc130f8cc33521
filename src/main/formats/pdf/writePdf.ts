import PDFDocument from 'pdfkit'
import SVGtoPDF from 'svg-to-pdfkit'
import { figureToSvg, type Figure } from '#shared/figures/index.ts'
import { panelSize, type ReportBlock, type ReportDocument, type ReportTable } from './document.ts'
import { reportFonts, type ReportFonts } from './fonts.ts'

const MARGIN = 48
const INK = '#16191b', QUIET = '#5a636a', LINE = '#c9ced2', NOTICE = '#8a5a00'
const FIGURE = { width: 720, height: 440 }

interface Page { readonly doc: PDFKit.PDFDocument; readonly fonts: ReportFonts; readonly width: number; readonly bottom: number }

/** A4 with numbered pages; figures stay vectors. The time of making comes from the caller, so that equal reports are equal files. */
export function writePdf(report: ReportDocument, options: { readonly createdAt: Date }): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN, bufferPages: true, info: { Title: report.title, Creator: 'SLN workstation', CreationDate: options.createdAt, ModDate: options.createdAt } })
  const chunks: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  const fonts = reportFonts()
  doc.registerFont('regular', fonts.regular)
  doc.registerFont('bold', fonts.bold)
  const page: Page = { doc, fonts, width: doc.page.width - 2 * MARGIN, bottom: doc.page.height - MARGIN - 14 }
  write(page, report.title, { font: 'bold', size: 20 })
  write(page, report.subtitle, { size: 10, colour: QUIET })
  doc.moveDown(0.8)
  for (const [i, block] of report.blocks.entries()) {
    // A heading stays with the figure that it heads.
    if (block.kind === 'heading') heading(page, block.text, block.level, picture(report.blocks[i + 1], page.width))
    else if (block.kind === 'text') {
      write(page, block.text, { size: block.tone === 'quiet' ? 8.5 : 9.5, colour: block.tone === 'notice' ? NOTICE : block.tone === 'quiet' ? QUIET : INK })
      doc.moveDown(0.5)
    } else if (block.kind === 'facts') facts(page, block.rows)
    else if (block.kind === 'table') table(page, block.table)
    else if (block.kind === 'drawing') drawing(page, block.drawing.svg, { width: block.drawing.width, height: block.drawing.height }, block.caption)
    else if (block.kind === 'panels') panels(page, block.figures, block.across, block.caption)
    else drawing(page, figureToSvg(block.figure, { ...FIGURE, theme: 'light' }), FIGURE, block.caption)
  }
  footers(page, report.foot)
  doc.end()
  return done
}

/** The room that a picture after a heading needs, so that they stay together; 0 for anything else. */
function picture(block: ReportBlock | undefined, width: number): number {
  if (block?.kind === 'figure') return (width * FIGURE.height) / FIGURE.width + 100
  if (block?.kind === 'panels') { const size = panelSize(block.across, block.figures[0]); return (size.height / size.width) * (width / block.across) + 60 }
  return block?.kind === 'drawing' ? Math.min(520, (width * block.drawing.height) / block.drawing.width) + 100 : 0
}

function write({ doc, fonts, width }: Page, text: string, style: { font?: 'regular' | 'bold'; size: number; colour?: string }): void {
  doc.font(style.font ?? 'regular').fontSize(style.size).fillColor(style.colour ?? INK).text(fonts.text(text), MARGIN, doc.y, { width, lineGap: 1.5 })
}

function room({ doc, bottom }: Page, height: number): void {
  if (doc.y + height > bottom) doc.addPage()
}

function heading(page: Page, text: string, level: 1 | 2, needs: number): void {
  room(page, Math.max(needs, level === 1 ? 120 : 90))
  page.doc.moveDown(level === 1 ? 1 : 0.5)
  write(page, text, { font: 'bold', size: level === 1 ? 14 : 11 })
  page.doc.moveDown(0.35)
}

function facts(page: Page, rows: readonly (readonly [string, string])[]): void {
  const { doc, fonts, width } = page
  for (const [label, value] of rows) {
    doc.font('regular').fontSize(9)
    const height = doc.heightOfString(fonts.text(value), { width: width - 150 }) + 4
    room(page, height)
    const y = doc.y
    doc.fillColor(QUIET).text(fonts.text(label), MARGIN, y, { width: 142 })
    doc.fillColor(INK).text(fonts.text(value), MARGIN + 150, y, { width: width - 150 })
    doc.y = y + height
  }
  doc.moveDown(0.6)
}

/** Columns by their longest text or as they ask; where that is too much, each keeps its longest word, so that no number breaks. */
function columnWidths({ doc, fonts, width }: Page, { columns, rows }: ReportTable): number[] {
  doc.font('bold').fontSize(8)
  const known = new Map<string, number>()
  const wide = (text: string): number => {
    const width = known.get(text) ?? doc.widthOfString(fonts.text(text)) + 8
    known.set(text, width)
    return width
  }
  const texts = columns.map((c, i) => [c.label, ...rows.map((r) => r[i] ?? '')])
  const least = columns.map((c, i) => c.width === undefined ? Math.max(18, ...(texts[i] ?? []).flatMap((t) => t.split(' ')).map(wide)) : 0)
  const wants = columns.map((c, i) => c.width ?? Math.max(least[i] ?? 0, Math.min(170, Math.max(...(texts[i] ?? []).map(wide)))))
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)
  const spare = width - sum(least), asked = sum(wants) - sum(least)
  if (spare <= 0 || asked <= 0 || sum(wants) <= width) return wants.map((w) => (w / sum(wants)) * width)
  return least.map((l, i) => l + (((wants[i] ?? 0) - l) / asked) * spare)
}

function table(page: Page, given: ReportTable): void {
  const { doc, fonts, width } = page
  room(page, 70)
  write(page, given.caption, { font: 'bold', size: 9 })
  doc.moveDown(0.25)
  const widths = columnWidths(page, given)
  const row = (cells: readonly string[], font: 'regular' | 'bold', colour: string): void => {
    doc.font(font).fontSize(8)
    const height = Math.max(...cells.map((cell, i) => doc.heightOfString(fonts.text(cell), { width: (widths[i] ?? 40) - 6 }))) + 5
    if (doc.y + height > page.bottom) {
      doc.addPage()
      if (font === 'regular') row(given.columns.map((c) => c.label), 'bold', QUIET)
      doc.font(font).fontSize(8)
    }
    const y = doc.y
    let x = MARGIN
    for (const [i, cell] of cells.entries()) {
      doc.fillColor(colour).text(fonts.text(cell), x, y + 2, { width: (widths[i] ?? 40) - 6, align: given.columns[i]?.align ?? 'left' })
      x += widths[i] ?? 40
    }
    doc.moveTo(MARGIN, y + height).lineTo(MARGIN + width, y + height).lineWidth(0.5).strokeColor(LINE).stroke()
    doc.y = y + height
  }
  if (given.heads !== undefined) groupHeads(page, given.heads, widths)
  row(given.columns.map((c) => c.label), 'bold', QUIET)
  for (const cells of given.rows) row(cells, 'regular', INK)
  doc.moveDown(0.3)
  if (given.note !== undefined) write(page, given.note, { size: 8, colour: QUIET })
  doc.moveDown(0.8)
}

/** Names above groups of columns, centred, with a line below each. */
function groupHeads({ doc, fonts }: Page, heads: NonNullable<ReportTable['heads']>, widths: readonly number[]): void {
  const y = doc.y
  let x = MARGIN, at = 0
  for (const { label, span } of heads) {
    const wide = widths.slice(at, at + span).reduce((a, b) => a + b, 0)
    if (label !== '') {
      doc.font('bold').fontSize(8).fillColor(QUIET).text(fonts.text(label), x, y + 2, { width: wide - 6, align: 'center' })
      doc.moveTo(x + 4, y + 13).lineTo(x + wide - 8, y + 13).lineWidth(0.5).strokeColor(LINE).stroke()
    }
    x += wide
    at += span
  }
  doc.y = y + 14
}

/** A drawing over the whole width, made smaller where it would not fit a page. */
function drawing(page: Page, svg: string, size: { width: number; height: number }, caption: string): void {
  const { doc, fonts, width: available } = page
  doc.font('regular').fontSize(8.5)
  const words = doc.heightOfString(fonts.text(caption), { width: available, lineGap: 1.5 }) + 24
  const scale = Math.min(available / size.width, (page.bottom - MARGIN - words) / size.height)
  const width = size.width * scale, height = size.height * scale
  room(page, height + words)
  const y = doc.y
  svgAt(page, svg, MARGIN, y, width, height)
  doc.y = y + height + 4
  write(page, caption, { size: 8.5, colour: QUIET })
  doc.moveDown(0.9)
}

/** Rows of panels; a row is never cut, and the caption stays with the last one. */
function panels(page: Page, figures: readonly Figure[], across: number, caption: string): void {
  const { doc, fonts, width: available } = page
  const width = (available - 10 * (across - 1)) / across
  const heightOf = (figure: Figure): number => { const size = panelSize(across, figure); return (size.height / size.width) * width }
  doc.font('regular').fontSize(8.5)
  const words = doc.heightOfString(fonts.text(caption), { width: available, lineGap: 1.5 }) + 14
  for (let i = 0; i < figures.length; i += across) {
    const row = figures.slice(i, i + across), height = Math.max(...row.map(heightOf))
    room(page, height + (i + across >= figures.length ? words : 0) + 6)
    const y = doc.y
    for (const [k, one] of row.entries()) svgAt(page, figureToSvg(one, { ...panelSize(across, one), theme: 'light' }), MARGIN + k * (width + 10), y, width, heightOf(one))
    doc.y = y + height + 4
  }
  write(page, caption, { size: 8.5, colour: QUIET })
  doc.moveDown(0.9)
}

function svgAt({ doc, fonts }: Page, svg: string, x: number, y: number, width: number, height: number): void {
  SVGtoPDF(doc, fonts.text(svg), x, y, { width, height, assumePt: true, preserveAspectRatio: 'xMinYMin meet', fontCallback: (_family, bold) => (bold ? 'bold' : 'regular'), warningCallback: () => undefined })
}

function footers({ doc, fonts, width }: Page, foot: string): void {
  const { start, count } = doc.bufferedPageRange()
  for (let i = start; i < start + count; i++) {
    doc.switchToPage(i)
    // Below the margin pdfkit would start a new page.
    doc.page.margins.bottom = 0
    const y = doc.page.height - MARGIN + 4
    doc.font('regular').fontSize(7.5).fillColor(QUIET)
    doc.text(fonts.text(foot), MARGIN, y, { width: width - 60, lineBreak: false, ellipsis: true })
    doc.text(`${i - start + 1} / ${count}`, MARGIN + width - 60, y, { width: 60, align: 'right', lineBreak: false })
  }
}
