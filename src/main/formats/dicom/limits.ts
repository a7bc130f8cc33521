/** What a file may ask of this program. Every allocation that follows a number in a file is checked against one of these first. */
export interface DicomLimits {
  readonly maxFileBytes: number
  /** Everything in front of the pixel data; scanners keep raw volumes in private elements there. */
  readonly maxHeaderBytes: number
  /** A deflated dataset may not inflate to more than this. */
  readonly maxInflatedBytes: number
  readonly maxFramePixels: number
  readonly maxFrames: number
  /** All frames together: ten thousand of 1024 x 768. */
  readonly maxPixels: number
  /** Pixels that a byte of compressed data may stand for in a file of more than 64 Mi pixels; black frames of real codecs stay below. */
  readonly maxPixelsPerByte: number
  /** Sequences within sequences; real objects stay below ten. */
  readonly maxNesting: number
}

const MiB = 1024 * 1024

export const DEFAULT_LIMITS: DicomLimits = {
  maxFileBytes: 4096 * MiB,
  maxHeaderBytes: 256 * MiB,
  maxInflatedBytes: 512 * MiB,
  maxFramePixels: 36 * MiB,
  maxFrames: 20_000,
  maxPixels: 8192 * MiB,
  maxPixelsPerByte: 4096,
  maxNesting: 64,
}
