import { err, ok, type Result } from '../lib/index.ts'
import type { Point } from './points.ts'

/** A line on a scale in the picture: its ends in pixels and its true length. */
export interface ScaleLine { readonly from: Point; readonly to: Point; readonly mm: number }
export interface PixelSize { readonly x: number; readonly y: number }

/** Shorter lines give a scale of less than two digits. */
export const SHORTEST_SCALE_PX = 20
const SMALLEST_MM = 0.002, LARGEST_MM = 10
/** Two lines that point the same way say nothing of the other direction. */
const SMALLEST_ANGLE = (25 * Math.PI) / 180
/** No scanner's pixels are more than so many times taller than wide, or wider than tall. */
const MOST_OBLONG = 20

export const scaleLineLength = (line: Pick<ScaleLine, 'from' | 'to'>): number => Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y)

/** Steepness of a line, from 0 (across) to pi/2 (down), whichever way it was drawn. */
const steepness = ({ from, to }: ScaleLine): number => Math.atan2(Math.abs(to.y - from.y), Math.abs(to.x - from.x))

/**
 * Millimetres a pixel from one line (pixels taken as square), or across and down from two lines of different directions: of a line that runs dx pixels across and dy down,
 * (dx x)^2 + (dy y)^2 = mm^2, which two lines make a linear system in x^2 and y^2. The error says in words why no ultrasound scale follows.
 */
export function pixelSizeOfLines(first: ScaleLine, second: ScaleLine | null = null): Result<PixelSize, string> {
  const lines = second === null ? [first] : [first, second]
  for (const line of lines) {
    if (!(scaleLineLength(line) >= SHORTEST_SCALE_PX)) return err(`the line is ${scaleLineLength(line).toFixed(1)} pixels long; one of at least ${SHORTEST_SCALE_PX} is needed for a scale worth having`)
    if (!(line.mm > 0)) return err('a line on a scale is longer than 0 mm')
  }
  if (second === null) return plausible({ x: first.mm / scaleLineLength(first), y: first.mm / scaleLineLength(first) })
  const angle = Math.abs(steepness(first) - steepness(second))
  if (angle < SMALLEST_ANGLE) return err(`the two lines point the same way (${Math.round((angle * 180) / Math.PI)} degrees apart); draw one across and one down`)
  const [a, b] = [(first.to.x - first.from.x) ** 2, (first.to.y - first.from.y) ** 2], [c, d] = [(second.to.x - second.from.x) ** 2, (second.to.y - second.from.y) ** 2]
  const determinant = a * d - b * c
  const x2 = (first.mm ** 2 * d - b * second.mm ** 2) / determinant, y2 = (a * second.mm ** 2 - first.mm ** 2 * c) / determinant
  if (!(x2 > 0 && y2 > 0)) return err('no size of a pixel makes both lines as long as they are said to be; look at the two lengths')
  return plausible({ x: Math.sqrt(x2), y: Math.sqrt(y2) })
}

function plausible(size: PixelSize): Result<PixelSize, string> {
  const wrong = [size.x, size.y].find((v) => !(v >= SMALLEST_MM && v <= LARGEST_MM))
  if (wrong !== undefined) return err(`that gives ${wrong.toPrecision(3)} mm a pixel, which no ultrasound image has`)
  const aspect = size.y / size.x
  return aspect > MOST_OBLONG || aspect < 1 / MOST_OBLONG ? err(`that makes a pixel ${Math.max(aspect, 1 / aspect).toFixed(0)} times longer than wide, which no ultrasound image has`) : ok(size)
}
