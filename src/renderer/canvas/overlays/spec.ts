import type { Point, Rect, RleMask } from '#shared/geometry/index.ts'
import type { PaletteName } from '#shared/figures/index.ts'

/** A dense mask: one byte a pixel, 0 is off. */
export interface DenseMask { readonly width: number; readonly height: number; readonly data: Uint8Array }
export type MaskSource = RleMask | DenseMask

interface OverlayBase {
  readonly id: string
  /** For the legend; without it the overlay is not in the legend. */
  readonly label?: string | undefined
  /** A short number beside the legend's label: a Dice. */
  readonly note?: string | undefined
  readonly visible?: boolean | undefined
  /** Where the overlay's own grid lies in the image, in image pixels; default: over the whole image. */
  readonly extent?: Rect | undefined
}

interface LineStyle {
  /** A CSS colour: the meaning's colour (`meaningColours.dark`) on an image. */
  readonly colour: string
  /** In screen pixels at any zoom. Default 1.5. */
  readonly lineWidth?: number | undefined
  readonly dash?: readonly number[] | undefined
}

/** A mask as tinted fill (opacity 0..1, default 0.22) and outline (default on). `hatch`: thin diagonal lines in place of a tint. */
export interface MaskOverlay extends OverlayBase, LineStyle {
  readonly kind: 'mask'
  readonly mask: MaskSource
  readonly fill?: number | undefined
  readonly outline?: boolean | undefined
  readonly hatch?: boolean | undefined
}

/** Closed rings (or open lines) in image pixels. */
export interface ContourOverlay extends OverlayBase, LineStyle {
  readonly kind: 'contour'
  readonly rings: readonly (readonly Point[])[]
  readonly open?: boolean | undefined
  readonly fill?: number | undefined
}

/** A map of values (probability, Grad-CAM) through a palette. Below `threshold` (in the map's values) nothing is drawn. */
export interface HeatOverlay extends OverlayBase {
  readonly kind: 'heat'
  readonly width: number
  readonly height: number
  readonly values: Float32Array | Uint8Array
  readonly range: readonly [low: number, high: number]
  readonly palette: PaletteName
  readonly opacity: number
  readonly threshold?: number | undefined
  /** The opacity also grows with the value, so that low values leave the image readable. */
  readonly fade?: boolean | undefined
  /** What the numbers are, for the scale bar: 'Probability'. */
  readonly unit?: string | undefined
}

/** A rectangle in image pixels: the crop that the network saw. */
export interface BoxOverlay extends OverlayBase, LineStyle {
  readonly kind: 'box'
  readonly box: Rect
}

export type OverlaySpec = MaskOverlay | ContourOverlay | HeatOverlay | BoxOverlay
