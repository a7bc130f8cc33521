/**
 * How a nearest-neighbour resize picks the source of output index i (`in` source and `out` output samples):
 * - `floor`: floor(i in / out), as OpenCV INTER_NEAREST and torch "nearest";
 * - `half_pixel`: floor((i + 0.5) in / out), as Pillow NEAREST and torch "nearest-exact".
 * They differ by up to a source pixel, so a model must be fed by the rule it was trained with.
 */
export type NearestRule = 'floor' | 'half_pixel'

/** Source index of each output index, in exact integer arithmetic. O(out). Sizes are positive integers. */
export function nearestIndexMap(sourceSize: number, outputSize: number, rule: NearestRule): Uint32Array {
  if (!(Number.isInteger(sourceSize) && sourceSize > 0 && Number.isInteger(outputSize) && outputSize > 0)) {
    throw new Error(`nearestIndexMap: impossible sizes ${sourceSize} -> ${outputSize}`)
  }
  return Uint32Array.from({ length: outputSize }, (_, i) => rule === 'floor'
    ? quotient(i * sourceSize, outputSize)
    : Math.min(quotient((2 * i + 1) * sourceSize, 2 * outputSize), sourceSize - 1))
}

/** floor(a / b) without the rounding of a / b: products of image sizes are exact integers in a double. */
function quotient(a: number, b: number): number {
  return (a - (a % b)) / b
}
