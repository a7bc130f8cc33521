import PDFDocument from 'pdfkit'
import SVGtoPDF from 'svg-to-pdfkit'
import { figureToSvg, type Figure } from '#shared/figures/index.ts'
import type { ReportDocument, ReportTable } from './document.ts'
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
    if (block.kind === 'heading') heading(page, block.text, block.level, report.blocks[i + 1]?.kind === 'figure' ? (page.width * FIGURE.height) / FIGURE.width + 100 : 0)
    else if (block.kind === 'text') {
      write(page, block.text, { size: block.tone === 'quiet' ? 8.5 : 9.5, colour: block.tone === 'notice' ? NOTICE : block.tone === 'quiet' ? QUIET : INK })
      doc.moveDown(0.5)
    } else if (block.kind === 'facts') facts(page, block.rows)
    else if (block.kind === 'table') table(page, block.table)
    else figure(page, block.figure, block.caption)
  }
  footers(page, report.foot)
  doc.end()
  return done
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

/** Widths in proportion to the longest word and text of each column, or as the column asks. */
function columnWidths({ doc, fonts, width }: Page, { columns, rows }: ReportTable): number[] {
  doc.font('regular').fontSize(8)
  const wants = columns.map((c, i) => c.width ?? Math.min(170, Math.max(26, ...[c.label, ...rows.map((r) => r[i] ?? '')].map((t) => doc.widthOfString(fonts.text(t)) + 8))))
  const total = wants.reduce((a, b) => a + b, 0)
  return wants.map((w) => (w / total) * width)
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
  row(given.columns.map((c) => c.label), 'bold', QUIET)
  for (const cells of given.rows) row(cells, 'regular', INK)
  doc.moveDown(0.3)
  if (given.note !== undefined) write(page, given.note, { size: 8, colour: QUIET })
  doc.moveDown(0.8)
}

function figure(page: Page, given: Figure, caption: string): void {
  const { doc, fonts, width } = page
  const height = (width * FIGURE.height) / FIGURE.width
  room(page, height + 40)
  const y = doc.y
  SVGtoPDF(doc, fonts.text(figureToSvg(given, { ...FIGURE, theme: 'light' })), MARGIN, y, { width, height, assumePt: true, preserveAspectRatio: 'xMinYMin meet', fontCallback: (_family, bold) => (bold ? 'bold' : 'regular'), warningCallback: () => undefined })
  doc.y = y + height + 4
  write(page, caption, { size: 8.5, colour: QUIET })
  doc.moveDown(0.9)
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
