import type { Random } from '#shared/lib/index.ts'
import { extent, type Outline } from './contour.ts'
import type { LesionPlan } from './types.ts'

/** A second, smaller thing in the image that is not the lesion. */
export interface Mimic {
  readonly kind: 'cyst' | 'fat lobule'
  readonly x: number
  readonly y: number
  readonly halfWidth: number
  readonly halfHeight: number
  readonly tilt: number
}

/** Anatomy of one breast around one lesion. Lengths in mm, x from the middle of the field, y from the skin surface. */
export interface Scene {
  readonly widthMm: number
  readonly depthMm: number
  readonly skinMm: number
  readonly fatMm: number
  readonly glandMm: number
  readonly retroFatMm: number
  readonly muscleMm: number
  /** 0 a fatty breast, 1 a dense one. */
  readonly density: number
  /** Slope of the muscle fibres. */
  readonly fibreSlope: number
  readonly ligaments: readonly { readonly x: number; readonly lean: number; readonly lift: number; readonly shadowDb: number }[]
  readonly ribs: readonly { readonly x: number; readonly halfWidth: number }[]
  readonly lesion: { readonly x: number; readonly y: number }
  readonly mimics: readonly Mimic[]
  /** Columns with poor skin contact. */
  readonly dropouts: readonly { readonly x: number; readonly halfWidth: number; readonly db: number }[]
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next()
const depths = [30, 35, 40, 45, 50, 55, 60, 70]

/** Depth set on the scanner: the smallest step that holds the lesion with tissue around it, sometimes one step more. */
function drawDepth(random: Random, fieldRatio: number, outline: Outline): number {
  const e = extent(outline)
  const needed = Math.max(31 + 0.2 * (e.up + e.down), e.up + e.down + 15, (e.left + e.right + 7) / fieldRatio)
  const index = Math.max(0, depths.findIndex((d) => d >= needed))
  return depths[Math.min(depths.length - 1, index + random.int(2))] ?? 70
}

function placeLesion(random: Random, outline: Outline, scene: Pick<Scene, 'widthMm' | 'depthMm' | 'skinMm' | 'fatMm' | 'glandMm'>): { x: number; y: number } {
  const e = extent(outline)
  const free = Math.max(0, (scene.widthMm - e.left - e.right) / 2 - 2.5)
  const x = (e.left - e.right) / 2 + Math.max(-1, Math.min(1, 0.42 * random.normal())) * free
  const wanted = scene.skinMm + scene.fatMm + scene.glandMm * between(random, 0.2, 0.65)
  const top = scene.skinMm + 1.6 + e.up, bottom = scene.depthMm - 4 - e.down
  return { x, y: Math.max(top, Math.min(bottom, wanted)) }
}

function drawMimics(random: Random, outline: Outline, scene: Omit<Scene, 'mimics'>): Mimic[] {
  const e = extent(outline), mimics: Mimic[] = []
  for (let attempt = 0; attempt < 5; attempt++) {
    const cyst = random.next() < 0.35
    const halfWidth = cyst ? between(random, 1.3, 3.4) : between(random, 3, 6.5)
    const halfHeight = halfWidth * (cyst ? between(random, 0.6, 0.95) : between(random, 0.35, 0.6))
    const x = between(random, -0.46, 0.46) * scene.widthMm
    const y = scene.skinMm + scene.fatMm + between(random, 0.05, 0.95) * scene.glandMm
    const clearX = Math.abs(x - scene.lesion.x) > (x > scene.lesion.x ? e.right : e.left) + halfWidth + 2
    const clearY = Math.abs(y - scene.lesion.y) > (y > scene.lesion.y ? e.down : e.up) + halfHeight + 2
    const clearOthers = mimics.every((m) => Math.abs(m.x - x) > m.halfWidth + halfWidth + 1)
    const wanted = random.next() < (cyst ? 0.3 : 0.5)
    if (wanted && (clearX || clearY) && clearOthers && y + halfHeight < scene.depthMm - 3) {
      mimics.push({ kind: cyst ? 'cyst' : 'fat lobule', x, y, halfWidth, halfHeight, tilt: 0.25 * random.normal() })
    }
  }
  return mimics
}

/** Draws the anatomy around a lesion whose largest section has the given outline. `fieldRatio` is the field's width over its depth. */
export function drawScene(random: Random, lesion: LesionPlan, outline: Outline, fieldRatio: number): Scene {
  const depthMm = drawDepth(random.fork('depth'), fieldRatio, outline)
  const widthMm = depthMm * fieldRatio
  const density = random.next()
  const skinMm = between(random, 1.3, 2.3)
  const fatMm = between(random, 2.5, 6) + (1 - density) * between(random, 1, 5)
  const glandMm = Math.max(9 + 6 * density + between(random, -2, 5), 0.55 * lesion.sizeMm * Math.min(1, lesion.aspect) + 5)
  const base = {
    widthMm, depthMm, density, skinMm, fatMm, glandMm,
    retroFatMm: between(random, 0.6, 3),
    muscleMm: between(random, 6, 11),
    fibreSlope: between(random, -0.16, 0.16),
  }
  const ligaments = Array.from({ length: 2 + random.int(4) }, () => ({
    x: between(random, -0.55, 0.55) * widthMm, lean: between(random, -0.9, 0.9), lift: between(random, 0.8, 3.2), shadowDb: Math.max(0, between(random, -1.5, 3)),
  }))
  const rib = random.next() < 0.28
  const ribs = rib ? [{ x: between(random, -0.4, 0.4) * widthMm, halfWidth: between(random, 5, 8) }] : []
  const dropouts = random.next() < 0.35 ? [{ x: (random.next() < 0.5 ? -0.5 : 0.5) * widthMm, halfWidth: between(random, 2, 6), db: between(random, 5, 16) }] : []
  const scene = { ...base, ligaments, ribs, dropouts, lesion: placeLesion(random.fork('place'), outline, base) }
  return { ...scene, mimics: drawMimics(random.fork('mimics'), outline, scene) }
}
