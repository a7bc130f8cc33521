import type { DicomDataset } from '../read/dataset.ts'
import type { Samples } from './samples.ts'

export interface Window { readonly centre: number; readonly width: number; readonly shape: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID' }

/** The first window of the file; null where there is none that can be used (PS3.3 C.11.2). */
export function windowOf(dataset: DicomDataset): Window | null {
  const centre = dataset.decimals('00281050')[0]
  const width = dataset.decimals('00281051')[0]
  if (centre === undefined || width === undefined || width < 1) return null
  const named = dataset.text('00281056')
  return { centre, width, shape: named === 'SIGMOID' || named === 'LINEAR_EXACT' ? named : 'LINEAR' }
}

function curve({ centre, width, shape }: Window): (value: number) => number {
  switch (shape) {
    case 'LINEAR': return width <= 1 ? (x) => (x <= centre - 0.5 ? 0 : 1) : (x) => (x - (centre - 0.5)) / (width - 1) + 0.5
    case 'LINEAR_EXACT': return (x) => (x - centre) / width + 0.5
    case 'SIGMOID': return (x) => 1 / (1 + Math.exp((-4 * (x - centre)) / width))
  }
}

/** The window that spreads the frame's own values over the grey scale; padding is left out. */
function minMaxWindow(data: Samples, slope: number, intercept: number, padding: number | null): Window {
  let low = Infinity, high = -Infinity
  for (const value of data) {
    if (value === padding) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low)) return { centre: (Number.isFinite(low) ? low : 0) * slope + intercept, width: 1, shape: 'LINEAR_EXACT' }
  const a = low * slope + intercept, b = high * slope + intercept
  return { centre: (a + b) / 2, width: Math.abs(b - a), shape: 'LINEAR_EXACT' }
}

/**
 * Grey values of more than 8 bits (or signed ones) to 8 bits: modality rescale, then the file's first window, else the frame's minimum
 * and maximum; a shade's fraction is cut off, so that pixels equal dcmtk's. Unsigned values of 8 bits or fewer are never windowed: what the scanner stored is what is shown and measured.
 */
export function greyTo8Bit(data: Samples, bitsStored: number, signed: boolean, dataset: DicomDataset): Uint8Array {
  if (bitsStored <= 8 && !signed) {
    if (bitsStored === 8) return data instanceof Uint8Array ? data : Uint8Array.from(data)
    const top = (1 << bitsStored) - 1
    return Uint8Array.from(data, (value) => Math.round((value * 255) / top))
  }
  const slope = dataset.decimals('00281053')[0] || 1
  const intercept = dataset.decimals('00281052')[0] ?? 0
  const padding = dataset.number('00280120', signed ? 'SS' : 'US')
  const map = curve(windowOf(dataset) ?? minMaxWindow(data, slope, intercept, padding))
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const shade = map((data[i] as number) * slope + intercept) * 255
    out[i] = shade <= 0 ? 0 : shade >= 255 ? 255 : Math.floor(shade + 1e-9)
  }
  return out
}
