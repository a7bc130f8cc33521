/** The settings of the tools, shown in the option line above the image. Lengths in image pixels across (as long on the patient in every direction), intensities in the image's own numbers. */
export interface ToolOptions {
  /** The label that new contours get and that brush and region tools work on. */
  readonly label: string
  readonly freehandSmoothing: number
  readonly brushRadius: number
  readonly brushAdaptive: boolean
  /** How far an intensity may be from the brush's centre in adaptive mode, beside what the local noise allows. */
  readonly brushTolerance: number
  readonly floodMode: 'similar' | 'range'
  readonly floodTolerance: number
  readonly floodLow: number
  readonly floodHigh: number
  readonly morphologyRadius: number
  readonly smoothSigma: number
  readonly simplifyTolerance: number
}

export const DEFAULT_OPTIONS: ToolOptions = Object.freeze({
  label: 'lesion',
  freehandSmoothing: 1.5,
  brushRadius: 8,
  brushAdaptive: false,
  brushTolerance: 12,
  floodMode: 'similar',
  floodTolerance: 16,
  floodLow: 0,
  floodHigh: 60,
  morphologyRadius: 2,
  smoothSigma: 2,
  simplifyTolerance: 0.5,
})

export const MIN_BRUSH = 0.5, MAX_BRUSH = 200

/** One step of `[` or `]`, or of the wheel: a tenth, at least half a pixel. */
export function steppedBrush(radius: number, steps: number): number {
  let next = radius
  for (let i = 0; i < Math.abs(steps); i++) next += Math.sign(steps) * Math.max(0.5, Math.round(next / 5) / 2)
  return Math.min(MAX_BRUSH, Math.max(MIN_BRUSH, next))
}
