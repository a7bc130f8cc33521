import type { Ink, NomogramDrawing, Part } from './layout.ts'

export type Palette = Readonly<Record<Ink, string>>
/** On white paper. */
export const paper: Palette = { line: '#495157', text: '#16191b', quiet: '#60686e', mark: '#16191b', whatIf: '#0b66c3' }

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const n = (value: number): string => String(Number(value.toFixed(2)))

/** The outline of a mark: a triangle that stands on the axis, or a ring around the place. */
export const trianglePoints = (x: number, y: number): string => `${n(x)},${n(y)} ${n(x - 5)},${n(y - 9)} ${n(x + 5)},${n(y - 9)}`

function partText(part: Part, c: Palette): string {
  switch (part.kind) {
    case 'line': return `<line x1="${n(part.x1)}" y1="${n(part.y1)}" x2="${n(part.x2)}" y2="${n(part.y2)}" stroke="${c[part.ink]}"${part.dashed === true ? ' stroke-dasharray="3 3"' : ''}/>`
    case 'text': return `<text x="${n(part.x)}" y="${n(part.y)}" fill="${c[part.ink]}" font-size="${part.small === true ? 10 : 11.5}" text-anchor="${part.anchor}">${escape(part.text)}</text>`
    case 'mark': return part.ink === 'mark' ? `<polygon points="${trianglePoints(part.x, part.y)}" fill="${c.mark}"/>` : `<circle cx="${n(part.x)}" cy="${n(part.y)}" r="5" fill="none" stroke="${c.whatIf}" stroke-width="2"/>`
  }
}

/** A whole SVG file on white, with a title that says what it shows. */
export function nomogramSvg(drawing: NomogramDrawing, title: string, lines: readonly string[], c: Palette = paper): string {
  const head = 34, foot = 10 + lines.length * 15
  const height = drawing.height + head + foot
  const notes = lines.map((line, i) => `<text x="12" y="${n(head + drawing.height + 14 + i * 15)}" fill="${c.quiet}" font-size="11">${escape(line)}</text>`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${drawing.width}" height="${n(height)}" viewBox="0 0 ${drawing.width} ${n(height)}" font-family="Roboto, Helvetica, Arial, sans-serif"><title>${escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>`
    + `<text x="12" y="20" fill="${c.text}" font-size="13" font-weight="500">${escape(title)}</text><g transform="translate(0 ${head})" stroke-linecap="square">${drawing.parts.map((p) => partText(p, c)).join('')}</g>${notes}</svg>`
}
