import type { DisplayFrame } from '../pixels/displayFrame.ts'

/** Least recently used frames by their bytes; the oldest go when the sum passes the limit. */
export interface FrameCache {
  get(key: string): DisplayFrame | undefined
  put(key: string, frame: DisplayFrame): void
  readonly bytes: number
}

export function createFrameCache(limit: number): FrameCache {
  const frames = new Map<string, DisplayFrame>()
  let bytes = 0
  return {
    get bytes() { return bytes },
    get(key) {
      const frame = frames.get(key)
      if (frame) {
        frames.delete(key)
        frames.set(key, frame)
      }
      return frame
    },
    put(key, frame) {
      bytes += frame.data.length - (frames.get(key)?.data.length ?? 0)
      frames.delete(key)
      frames.set(key, frame)
      for (const [oldest, old] of frames) {
        if (bytes <= limit || frames.size === 1) break
        bytes -= old.data.length
        frames.delete(oldest)
      }
    },
  }
}
