const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value))

/** Full-range YCbCr to RGB (PS3.3 C.7.6.3.1.2, the inverse of its YBR_FULL equations), in a new array of interleaved triples. */
export function rgbFromYbrFull(ybr: Uint8Array): Uint8Array {
  const out = new Uint8Array(ybr.length)
  for (let i = 0; i + 2 < ybr.length; i += 3) {
    const y = ybr[i] as number, cb = (ybr[i + 1] as number) - 128, cr = (ybr[i + 2] as number) - 128
    out[i] = clamp(y + 1.402 * cr)
    out[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr)
    out[i + 2] = clamp(y + 1.772 * cb)
  }
  return out
}
