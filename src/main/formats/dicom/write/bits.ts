/** One bit a pixel, the first in the lowest bit of the first byte; frames follow one another without padding (PS3.5 8.1.1, PS3.3 C.8.20.2). */
export function packBits(frames: readonly Uint8Array[]): Uint8Array {
  const total = frames.reduce((sum, frame) => sum + frame.length, 0)
  const out = new Uint8Array(Math.ceil(total / 16) * 2)
  let at = 0
  for (const frame of frames) for (const value of frame) {
    if (value) out[at >> 3] = (out[at >> 3] as number) | (1 << (at & 7))
    at++
  }
  return out
}

export function unpackBits(bytes: Uint8Array, frameSize: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, f) => {
    const frame = new Uint8Array(frameSize)
    for (let i = 0, at = f * frameSize; i < frameSize; i++, at++) frame[i] = ((bytes[at >> 3] as number) >> (at & 7)) & 1
    return frame
  })
}
