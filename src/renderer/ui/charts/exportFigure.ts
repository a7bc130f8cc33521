import { figureToCsv, figureToSvg, type Figure } from '#shared/figures/index.ts'

export type FigureFormat = 'png' | 'svg' | 'csv'
export interface FigureSize { readonly width: number; readonly height: number }

const withoutHidden = (figure: Figure, hidden: ReadonlySet<string>): Figure => ({ ...figure, series: figure.series.map((series) => (hidden.has(series.id) ? { ...series, hidden: true } : series)) })

async function drawPng(svg: string, size: FigureSize, scale: number): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = size.width * scale
  canvas.height = size.height * scale
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser has no canvas')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the image could not be written'))), 'image/png'))
}

/** The figure as a file, on paper colours, as it is shown: series switched off in the legend are left out of PNG and SVG, never of the CSV. PNG at 300 dpi of its size. */
export async function figureBlob(figure: Figure, format: FigureFormat, hidden: ReadonlySet<string> = new Set(), size: FigureSize = { width: 720, height: 480 }): Promise<Blob> {
  if (format === 'csv') return new Blob([figureToCsv(figure)], { type: 'text/csv;charset=utf-8' })
  const svg = figureToSvg(withoutHidden(figure, hidden), { ...size, theme: 'light' })
  return format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : drawPng(svg, size, 300 / 96)
}

/** Offers a file for download under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Puts the figure on the clipboard as an image. */
export async function copyFigure(figure: Figure, hidden: ReadonlySet<string>, size: FigureSize): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': figureBlob(figure, 'png', hidden, size) })])
}
