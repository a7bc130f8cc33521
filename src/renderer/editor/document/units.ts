import { imagePoint, type ImagePoint, type Point } from '#shared/geometry/index.ts'

/**
 * Coordinates of a document are whole multiples of 1/1024 pixel. Sums of whole numbers are exact, so a move is undone to the last bit by the
 * opposite move, and a journal entry of a move is three numbers however many vertices moved.
 */
export const UNITS_PER_PIXEL = 1024

export const toUnits = (pixels: number): number => Math.round(pixels * UNITS_PER_PIXEL)
export const toPixels = (units: number): number => units / UNITS_PER_PIXEL
export const snapPoint = (p: Point): ImagePoint => imagePoint(toPixels(toUnits(p.x)), toPixels(toUnits(p.y)))

/** Points as flat units: x0, y0, x1, y1, ... */
export const unitsOf = (points: readonly Point[]): number[] => points.flatMap((p) => [toUnits(p.x), toUnits(p.y)])
