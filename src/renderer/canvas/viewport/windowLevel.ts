/** A grey window in the image's 8-bit values: `centre - width/2` becomes black, `centre + width/2` white. */
export interface WindowLevel { readonly centre: number; readonly width: number }

/** The image as it was stored. */
export const fullWindow: WindowLevel = Object.freeze({ centre: 127.5, width: 255 })

export interface WindowPreset { readonly id: string; readonly label: string; readonly window: WindowLevel }

/** Presets for B-mode: what helps to see a hypoechoic lesion, its margin, and what lies behind a shadow. */
export const windowPresets: readonly WindowPreset[] = [
  { id: 'full', label: 'Full range', window: fullWindow },
  { id: 'lesion', label: 'Lesion (dark half)', window: { centre: 72, width: 144 } },
  { id: 'margin', label: 'Margin (high contrast)', window: { centre: 96, width: 112 } },
  { id: 'shadow', label: 'Behind a shadow', window: { centre: 36, width: 72 } },
  { id: 'bright', label: 'Bright tissue', window: { centre: 184, width: 144 } },
]

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** Centre 0..255, width 1..510: beyond that nothing changes any more. */
export const clampWindow = (w: WindowLevel): WindowLevel => ({ centre: clamp(w.centre, 0, 255), width: clamp(w.width, 1, 510) })

export const isFullWindow = (w: WindowLevel): boolean => w.centre === fullWindow.centre && w.width === fullWindow.width

/** out = slope * in + intercept for values in 0..1, to be clipped to 0..1. */
export function windowTransfer(w: WindowLevel): { readonly slope: number; readonly intercept: number } {
  const slope = 255 / w.width
  return { slope, intercept: -((w.centre - w.width / 2) / 255) * slope }
}

/** The window as a table of 256 bytes. */
export function windowTable(w: WindowLevel): Uint8ClampedArray {
  const { slope, intercept } = windowTransfer(w)
  return Uint8ClampedArray.from({ length: 256 }, (_, i) => Math.round((slope * i + intercept * 255)))
}

/** A drag: to the right widens, upwards lowers the centre (brighter), as in PACS viewers; a width of the image runs through all. */
export const dragWindow = (from: WindowLevel, dx: number, dy: number): WindowLevel =>
  clampWindow({ centre: from.centre + dy * 0.5, width: from.width + dx * 0.75 })
