import type { Random } from '#shared/lib/index.ts'
import type { Hospital } from './types.ts'

/** How a hospital's scanner makes and shows an image. */
export interface Scanner {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** The ultrasound field inside the image, in pixels. */
  readonly field: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Standard deviations of the point-spread function, in mm: axial, and lateral at the focus. */
  readonly axialMm: number
  readonly lateralMm: number
  /** Growth of the lateral width away from the focus, a mm of it for each mm of depth. */
  readonly spread: number
  readonly focusMm: number
  readonly dynamicRangeDb: number
  readonly gainDb: number
  /** Residual of the time-gain compensation, dB at the bottom of the image. */
  readonly deepDb: number
  readonly gamma: number
  /** Share of the speckle, in dB, that compounding of several looks averages away. */
  readonly looks: number
  /** Share of a 3 x 3 mean in the displayed image. */
  readonly compounding: number
  /** Electronic noise below full scale, in dB. */
  readonly noiseDb: number
  readonly tint: readonly [number, number, number]
}

const jitter = (random: Random, centre: number, spread: number): number => centre + spread * (2 * random.next() - 1)

/** The scanner of one examination: the hospital's machine with this operator's knobs. */
export function drawScanner(random: Random, hospital: Hospital): Scanner {
  if (hospital === 'A') {
    return {
      width: 560, height: 440, channels: 1, field: { x: 22, y: 16, width: 512, height: 408 },
      axialMm: jitter(random, 0.075, 0.012), lateralMm: jitter(random, 0.16, 0.035), spread: 0.006, focusMm: jitter(random, 18, 6),
      dynamicRangeDb: jitter(random, 62, 4), gainDb: jitter(random, 0, 4), deepDb: jitter(random, -11, 8), gamma: jitter(random, 1.3, 0.15),
      looks: jitter(random, 0.42, 0.12), compounding: jitter(random, 0.35, 0.15), noiseDb: -50, tint: [1, 1, 1],
    }
  }
  return {
    width: 640, height: 480, channels: 3, field: { x: 48, y: 34, width: 548, height: 420 },
    axialMm: jitter(random, 0.105, 0.015), lateralMm: jitter(random, 0.24, 0.05), spread: 0.01, focusMm: jitter(random, 22, 6),
    dynamicRangeDb: jitter(random, 53, 4), gainDb: jitter(random, 1, 5), deepDb: jitter(random, -7, 8), gamma: jitter(random, 1.05, 0.15),
    looks: jitter(random, 0.22, 0.1), compounding: jitter(random, 0.15, 0.1), noiseDb: -46, tint: [1, 0.985, 0.93],
  }
}
