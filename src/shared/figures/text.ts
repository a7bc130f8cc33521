/** Text for XML; control characters that XML forbids are dropped. */
export const escapeXml = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const narrow = new Set('fijlrtI.,:;|!\'()[] /−-')
const wide = new Set('mwMW@%—')

/** About how wide a text is in a sans-serif face, without a font at hand: good enough to lay out margins. */
export function textWidth(text: string, size: number): number {
  let ems = 0
  for (const letter of text) ems += narrow.has(letter) ? 0.34 : wide.has(letter) ? 0.86 : letter >= 'A' && letter <= 'Z' ? 0.7 : 0.58
  return ems * size
}

/** Lines no wider than `width`, broken at spaces. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word
    if (line && textWidth(longer, size) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  if (line) lines.push(line)
  return lines
}

/** A coordinate with at most two decimals. */
export const px = (value: number): string => String(Math.round(value * 100) / 100)
