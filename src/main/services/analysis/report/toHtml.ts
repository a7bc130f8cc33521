import { figureToSvg } from '#shared/figures/index.ts'
import { panelSize } from '#main/formats/pdf/index.ts'
import type { ReportBlock, ReportDocument, ReportTable } from '#main/formats/pdf/index.ts'

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)

const STYLE = `
:root { color-scheme: light }
body { font: 13px/1.5 Roboto, "Segoe UI", Arial, sans-serif; color: #16191b; background: #fff; max-width: 1080px; margin: 40px auto; padding: 0 24px }
h1 { font-size: 26px; font-weight: 500; margin: 0 } h2 { font-size: 19px; font-weight: 500; margin: 44px 0 12px; padding-top: 12px; border-top: 1px solid #c9ced2 } h3 { font-size: 15px; font-weight: 500; margin: 28px 0 8px }
.sub, .quiet, caption small { color: #5a636a } .notice { background: #fdf6e3; border-left: 3px solid #b98900; padding: 8px 12px } p { max-width: 78ch }
dl { display: grid; grid-template-columns: 220px 1fr; gap: 4px 16px } dt { color: #5a636a } dd { margin: 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto; margin: 16px 0 24px; break-inside: avoid } table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 500; padding-bottom: 6px }
th { text-align: left; font-weight: 500; color: #5a636a; font-size: 12px; vertical-align: bottom } th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid #e3e6e8; vertical-align: top; overflow-wrap: break-word } table.wide { font-size: 12px } table.wide .r { white-space: normal } .r { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tr.groups th { text-align: center; border-bottom: 0; padding-bottom: 0 } .panels { display: grid; gap: 12px }
figure { margin: 20px 0 28px; break-inside: avoid } figure svg { max-width: 100%; height: auto; border: 1px solid #e3e6e8 } figcaption { color: #5a636a; max-width: 78ch } nav a { display: block; color: #1668b8; text-decoration: none } footer { margin-top: 48px; color: #5a636a; border-top: 1px solid #c9ced2; padding-top: 8px }
@media print { body { margin: 0; max-width: none } nav { display: none } .scroll { overflow: visible } thead { display: table-header-group } tr { break-inside: avoid } }`

function tableHtml(table: ReportTable): string {
  const side = (i: number): string => (table.columns[i]?.align === 'right' ? ' class="r"' : '')
  return `<div class="scroll"><table${table.columns.length >= 9 ? ' class="wide"' : ''}><caption>${escape(table.caption)}</caption><thead>${table.heads === undefined ? '' : `<tr class="groups">${table.heads.map((h) => `<th colspan="${h.span}">${escape(h.label)}</th>`).join('')}</tr>`}<tr>${table.columns.map((c, i) => `<th scope="col"${side(i)}>${escape(c.label)}</th>`).join('')}</tr></thead>
<tbody>${table.rows.map((row) => `<tr>${row.map((cell, i) => `<td${side(i)}>${escape(cell)}</td>`).join('')}</tr>`).join('\n')}</tbody></table>${table.note === undefined ? '' : `<p class="quiet">${escape(table.note)}</p>`}</div>`
}

function blockHtml(block: ReportBlock, index: number): string {
  switch (block.kind) {
    case 'heading': return block.level === 1 ? `<h2 id="s${index}">${escape(block.text)}</h2>` : `<h3>${escape(block.text)}</h3>`
    case 'text': return `<p${block.tone === undefined ? '' : ` class="${block.tone}"`}>${escape(block.text)}</p>`
    case 'facts': return `<dl>${block.rows.map(([label, value]) => `<dt>${escape(label)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`
    case 'table': return tableHtml(block.table)
    case 'panels': return `<figure><div class="panels" style="grid-template-columns: repeat(${block.across}, minmax(0, 1fr))">${block.figures.map((f) => figureToSvg(f, { ...panelSize(block.across, f), theme: 'light' })).join('')}</div><figcaption>${escape(block.caption)}</figcaption></figure>`
    case 'drawing': return `<figure>${block.drawing.svg}<figcaption>${escape(block.caption)}</figcaption></figure>`
    case 'figure': return `<figure>${figureToSvg(block.figure, { width: 860, height: 520, theme: 'light' })}<figcaption>${escape(block.caption)}</figcaption></figure>`
  }
}

/** One page that needs nothing beside it: no script, no font file, no picture. */
export function toHtml(report: ReportDocument): string {
  const contents = report.blocks.flatMap((b, i) => (b.kind === 'heading' && b.level === 1 ? [`<a href="#s${i}">${escape(b.text)}</a>`] : []))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(report.title)}</title><style>${STYLE}</style></head>
<body><header><h1>${escape(report.title)}</h1><p class="sub">${escape(report.subtitle)}</p></header>
<nav aria-label="Contents">${contents.join('')}</nav>
${report.blocks.map(blockHtml).join('\n')}
<footer>${escape(report.foot)}</footer></body></html>
`
}
