import { escapeXml, px } from './text.ts'
import type { FlowDrawing } from './flow.ts'

/** A picture as a PNG in base64, with its words below it. */
export interface PicturePanel { readonly letter: string; readonly png: string; readonly width: number; readonly height: number; readonly lines: readonly string[] }

/** Pictures side by side at one height, a letter above each, as a figure of a paper; `scale` is the palette of a heat map, lowest first. */
export function panelSvg(panels: readonly PicturePanel[], scale: { readonly low: string; readonly high: string; readonly colours: readonly string[] } | null, title: string): FlowDrawing {
  const width = 860, gap = 18, left = 16
  const each = (width - 2 * left - gap * (panels.length - 1)) / Math.max(1, panels.length)
  const heights = panels.map((p) => (p.height / p.width) * each), tallest = Math.max(40, ...heights)
  const rows = Math.max(0, ...panels.map((p) => p.lines.length))
  const parts = panels.map((p, i) => {
    const x = left + i * (each + gap)
    return `<text x="${px(x)}" y="26" font-size="13" font-weight="500" fill="#16191b">${escapeXml(p.letter)}</text><image x="${px(x)}" y="${px(36)}" width="${px(each)}" height="${px(heights[i] ?? each)}" href="data:image/png;base64,${p.png}" xlink:href="data:image/png;base64,${p.png}"/>`
      + p.lines.map((line, k) => `<text x="${px(x)}" y="${px(36 + tallest + 18 + k * 15)}" font-size="11" fill="#495157">${escapeXml(line)}</text>`).join('')
  })
  const foot = 36 + tallest + 18 + rows * 15
  const step = scale === null ? 0 : 200 / scale.colours.length
  const bar = scale === null ? '' : scale.colours.map((c, i) => `<rect x="${px(left + 60 + i * step)}" y="${px(foot + 2)}" width="${px(step + 0.5)}" height="8" fill="${c}"/>`).join('')
    + `<text x="${px(left)}" y="${px(foot + 10)}" font-size="11" fill="#495157">${escapeXml(scale.low)}</text><text x="${px(left + 268)}" y="${px(foot + 10)}" font-size="11" fill="#495157">${escapeXml(scale.high)}</text>`
  const height = Math.ceil(foot + (scale === null ? 4 : 24))
  return { width, height, svg: `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Roboto, Arial, Helvetica, sans-serif" role="img"><title>${escapeXml(title)}</title><rect width="${width}" height="${height}" fill="#ffffff"/>${parts.join('')}${bar}</svg>` }
}
