function hash(x: number, y: number, salt: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ salt
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

export interface Cell {
  /** Second nearest minus nearest centre distance: 0 on the wall between two cells. */
  readonly wall: number
  /** How level the wall is: 1 horizontal (faces the beam), 0 vertical. */
  readonly level: number
  /** A number in [0, 1) that is the same all over the cell. */
  readonly tone: number
}

/** Jittered cells about one unit wide (Worley 1996) at elevation z, which moves their centres slowly: the lobules of fat. */
export function cellAt(x: number, y: number, z: number, salt: number): Cell {
  const cx = Math.floor(x), cy = Math.floor(y)
  let first = 9, second = 9, tone = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0
  for (let j = cy - 1; j <= cy + 1; j++) {
    for (let i = cx - 1; i <= cx + 1; i++) {
      const h = hash(i, j, salt)
      const phase = (h >>> 24) / 40.7 + z
      const dx = i + 0.5 + 0.7 * ((h & 1023) / 1024 - 0.5) + 0.15 * Math.cos(phase) - x
      const dy = j + 0.5 + 0.7 * (((h >>> 10) & 1023) / 1024 - 0.5) + 0.15 * Math.sin(phase) - y
      const d = dx * dx + dy * dy
      if (d < first) {
        second = first
        x2 = x1
        y2 = y1
        first = d
        x1 = dx
        y1 = dy
        tone = ((h >>> 7) & 4095) / 4096
      } else if (d < second) {
        second = d
        x2 = dx
        y2 = dy
      }
    }
  }
  const across = x2 - x1, down = y2 - y1
  return { wall: Math.sqrt(second) - Math.sqrt(first), level: down * down / (across * across + down * down + 1e-9), tone }
}
