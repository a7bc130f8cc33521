/** Used where the file names no frame rate; the bar says so. */
export const ASSUMED_RATE = 15
/** Ultrasound cines run at 5 to 120 frames a second; a tag beyond that is a slip of units. */
const SLOWEST = 0.5, FASTEST = 240

/** Frames a second, and whether the file said so. `frameTimeMs` is the time from one frame to the next. */
export function frameRate(frameTimeMs: number | null): { readonly perSecond: number; readonly stated: boolean } {
  const rate = frameTimeMs === null ? Number.NaN : 1000 / frameTimeMs
  return rate >= SLOWEST && rate <= FASTEST ? { perSecond: rate, stated: true } : { perSecond: ASSUMED_RATE, stated: false }
}

/** The frame to show `seconds` after `from` was shown, going round at the end. */
export function frameAfter(from: number, seconds: number, perSecond: number, frames: number): number {
  if (frames < 1) return 0
  return (from + Math.max(0, Math.floor(seconds * perSecond + 1e-9))) % frames
}

/** A step that goes round at both ends. */
export const stepFrame = (frame: number, by: number, frames: number): number => (frames < 1 ? 0 : (((frame + by) % frames) + frames) % frames)

/** Heights (0..1) of the areas over the frames, null where a frame was not measured. */
export function areaProfile(areas: readonly { readonly frame: number; readonly areaPx: number }[], frames: number): (number | null)[] {
  const top = areas.reduce((best, a) => Math.max(best, a.areaPx), 0)
  const of = new Map(areas.map((a) => [a.frame, a.areaPx]))
  return Array.from({ length: frames }, (_, i) => {
    const area = of.get(i)
    return area === undefined ? null : top === 0 ? 0 : area / top
  })
}
