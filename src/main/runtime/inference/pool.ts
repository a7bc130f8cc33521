/**
 * Float32 arrays that are used again, each over the whole of its buffer. The first touch of fresh memory costs several times what is done in it
 * here: about 10 MB an image, which the graphs would have to wait for.
 */
export interface Pool {
  take(length: number): Float32Array
  give(values: Float32Array): void
}

const MOST = 32

/** Memory that every thread of the process sees. */
export const shared = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length))

export function createPool(make: (length: number) => Float32Array): Pool {
  const spare: Float32Array[] = []
  return {
    take(length) {
      const at = spare.findIndex((values) => values.length === length)
      return at < 0 ? make(length) : (spare.splice(at, 1)[0] as Float32Array)
    },
    give(values) {
      if (values.length === 0 || values.byteLength !== values.buffer.byteLength) return
      spare.push(values)
      if (spare.length > MOST) spare.shift()
    },
  }
}
