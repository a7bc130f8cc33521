import type { Random } from '#shared/lib/index.ts'
import type { LesionPlan } from './types.ts'

/** Directions of a contour: 512 equal steps of angle. */
export const directions = 512

/** A star-shaped outline: radius in mm for each of 512 directions, from +x towards +y (down). */
export interface Outline {
  readonly radius: Float64Array
}

const turn = 2 * Math.PI
const angleGap = (a: number, b: number): number => Math.abs(((a - b + 3 * Math.PI) % turn + turn) % turn - Math.PI)

/** Largest diameter of an outline, in the outline's unit (every pair of 512 / 2 directions). */
export function largestDiameter({ radius }: Outline): number {
  const xs: number[] = [], ys: number[] = []
  for (let i = 0; i < directions; i += 2) {
    xs.push((radius[i] as number) * Math.cos(turn * i / directions))
    ys.push((radius[i] as number) * Math.sin(turn * i / directions))
  }
  let best = 0
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      const dx = (xs[i] as number) - (xs[j] as number), dy = (ys[i] as number) - (ys[j] as number)
      best = Math.max(best, dx * dx + dy * dy)
    }
  }
  return Math.sqrt(best)
}

interface Spike { readonly angle: number; readonly width: number; readonly height: number }

function drawSpikes(random: Random, lesion: LesionPlan): Spike[] {
  const count = Math.round(3 + 11 * lesion.spiculation)
  return Array.from({ length: count }, (_, i) => ({
    angle: turn * (i + 1.8 * (random.next() - 0.5)) / count,
    width: (0.1 + 0.2 * random.next()) * 14 / (count + 6),
    height: lesion.spiculation ** 1.5 * (0.06 + 0.5 * random.next() ** 2),
  }))
}

/**
 * Outline of a lesion at elevation z (-1 to 1 through the lesion, 0 its largest section): an ellipse with smooth harmonics for irregularity,
 * arcs for lobulation and pointed spikes for spiculation. Scaled so that the largest diameter at z = 0 is `sizeMm`.
 */
export function lesionOutline(random: Random, lesion: LesionPlan, z: number): Outline {
  const tilt = 0.35 * random.normal() * (lesion.aspect > 1 ? 0.5 : 1)
  const harmonics = Array.from({ length: 7 }, (_, i) => ({ k: i + 2, amplitude: random.normal(), phase: turn * random.next(), drift: random.normal() }))
  const spikes = drawSpikes(random, lesion)
  const lobes = 3 + random.int(3), lobePhase = turn * random.next(), lobeSkew = turn * random.next()
  const shapeAt = (level: number): Outline => {
    const radius = new Float64Array(directions)
    for (let i = 0; i < directions; i++) {
      const angle = turn * i / directions, c = Math.cos(angle - tilt), s = Math.sin(angle - tilt)
      const ellipse = 1 / Math.hypot(c * Math.sqrt(lesion.aspect), s / Math.sqrt(lesion.aspect))
      let change = 0
      for (const h of harmonics) change += h.amplitude * Math.cos(h.k * angle + h.phase + 0.9 * h.drift * level) / h.k ** 0.9
      change *= 0.025 + 0.2 * lesion.irregularity
      change += 0.21 * lesion.lobulation * (1 + 0.7 * Math.cos(angle - lobeSkew)) * (Math.abs(Math.cos(lobes * (angle - lobePhase + 0.3 * Math.sin(angle - lobeSkew)) / 2 + 0.3 * level)) - 0.6)
      for (const spike of spikes) {
        const gap = angleGap(angle, spike.angle + 0.25 * level) / spike.width
        if (gap < 1) change += spike.height * (1 - gap) ** 1.4 * Math.max(0.2, 1 - 0.5 * Math.abs(level))
      }
      radius[i] = ellipse * Math.max(0.42, 1 + change)
    }
    return { radius }
  }
  const section = Math.sqrt(Math.max(0, 1 - z * z))
  const scale = section * lesion.sizeMm / largestDiameter(shapeAt(0))
  const outline = shapeAt(z)
  return { radius: outline.radius.map((r) => r * scale) }
}

/** Extent of an outline around its centre, in mm: left, right, up, down (all positive). */
export function extent({ radius }: Outline): { left: number; right: number; up: number; down: number } {
  const out = { left: 0, right: 0, up: 0, down: 0 }
  radius.forEach((r, i) => {
    const x = r * Math.cos(turn * i / directions), y = r * Math.sin(turn * i / directions)
    out.left = Math.max(out.left, -x)
    out.right = Math.max(out.right, x)
    out.up = Math.max(out.up, -y)
    out.down = Math.max(out.down, y)
  })
  return out
}

/**
 * Signed distance from a point to an outline centred at the origin, in mm, negative inside: exact on the outline,
 * first order in the radial gap elsewhere (the gap along the ray, shortened by the outline's slope).
 */
export function signedDistance({ radius }: Outline, x: number, y: number): number {
  const rho = Math.hypot(x, y)
  const t = ((Math.atan2(y, x) / turn) + 1) * directions
  const i = Math.floor(t), f = t - i
  const a = radius[i & (directions - 1)] as number, b = radius[(i + 1) & (directions - 1)] as number
  const r = a + f * (b - a)
  const slope = (b - a) * directions / turn / Math.max(r, 0.5)
  return (rho - r) / Math.sqrt(1 + slope * slope)
}
