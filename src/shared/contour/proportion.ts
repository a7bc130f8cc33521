import { imagePoint, type ImagePoint, type Point } from '#shared/geometry/index.ts'

/**
 * Changes a line in true proportions: where pixels are `pixelAspect` times taller than wide, lengths down are that much longer before the change and
 * shorter after it, so that what is as much of a length in every direction of the patient is that on the image too.
 */
export function inProportion(line: readonly Point[], pixelAspect: number, change: (line: readonly ImagePoint[]) => readonly Point[]): ImagePoint[] {
  return change(line.map((p) => imagePoint(p.x, p.y * pixelAspect))).map((p) => imagePoint(p.x, p.y / pixelAspect))
}
