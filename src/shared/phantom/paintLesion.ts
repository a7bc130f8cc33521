import type { Random } from '#shared/lib/index.ts'
import { extent, signedDistance, type Outline } from './contour.ts'
import type { EchoField } from './echoField.ts'
import { ridge, twoOctaves, type Noise } from './noise.ts'
import type { LesionPlan } from './types.ts'

interface Place { readonly x: number; readonly y: number }

/** Mean diffuse echo on a ring around the lesion, so that its contrast is against what it lies in. */
function surroundings(field: EchoField, outline: Outline, place: Place): number {
  let sum = 0, count = 0
  for (let k = 0; k < outline.radius.length; k += 8) {
    const angle = 2 * Math.PI * k / outline.radius.length, r = (outline.radius[k] as number) + 1.8
    const i = Math.round((place.x + r * Math.cos(angle) - field.left) / field.mmPerPx), j = Math.round((place.y + r * Math.sin(angle)) / field.mmPerPx)
    if (i < 0 || j < 0 || i >= field.width || j >= field.height) continue
    sum += field.diffuse[j * field.width + i] as number
    count++
  }
  return count > 0 ? sum / count : -10
}

/** Echogenic rim and radiating strands, outside the contour: added to the diffuse echo in dB. */
function outside(lesion: LesionPlan, d: number, angle: number, rho: number, broad: Noise, fine: Noise): number {
  const thickness = 0.7 + 1.4 * lesion.halo
  const rim = 6.5 * lesion.halo * Math.exp(-(((d - 0.6 * thickness) / thickness) ** 2)) * (0.75 + 0.6 * broad(5 * Math.cos(angle), 5 * Math.sin(angle))) * (1 - 0.5 * Math.max(0, Math.sin(angle)))
  if (lesion.spiculation < 0.3) return rim
  const reach = Math.exp(-d / (1 + 3.2 * lesion.spiculation))
  const bright = ridge(fine, 3.4 * angle + 60, rho / 9, 7), dark = ridge(fine, 3.4 * angle + 160, rho / 9, 8)
  return rim + lesion.spiculation * reach * (9 * bright - 11 * dark)
}

/** Texture inside the lesion in dB around its mean echo. */
function inside(lesion: LesionPlan, d: number, x: number, y: number, broad: Noise): number {
  const patches = (1 + 5.5 * lesion.heterogeneity) * twoOctaves(broad, x / 3.2 + 150, y / 2.4 + 150)
  const core = 1.5 - 5 * Math.min(1, Math.max(0, -d / 4))
  return patches + core
}

/** Paints the lesion over the tissue: darker inside, a margin that fades over `marginMm`, rim and strands outside. */
export function paintLesion(field: EchoField, outline: Outline, lesion: LesionPlan, place: Place, broad: Noise, fine: Noise): void {
  const e = extent(outline), reach = 3.5 + 4 * lesion.spiculation
  const around = surroundings(field, outline, place)
  const level = Math.min(around - 0.75 * lesion.contrastDb, -11 - 0.8 * lesion.contrastDb)
  const margin = (angle: number): number => lesion.marginMm * (1 + 1.6 * Math.max(0, broad(2.2 * Math.cos(angle) + 70, 2.2 * Math.sin(angle) + 70)))
  const i0 = Math.max(0, Math.floor((place.x - e.left - reach - field.left) / field.mmPerPx))
  const i1 = Math.min(field.width - 1, Math.ceil((place.x + e.right + reach - field.left) / field.mmPerPx))
  const j0 = Math.max(0, Math.floor((place.y - e.up - reach) / field.mmPerPx))
  const j1 = Math.min(field.height - 1, Math.ceil((place.y + e.down + reach) / field.mmPerPx))
  for (let j = j0; j <= j1; j++) {
    const y = j * field.mmPerPx - place.y
    for (let i = i0; i <= i1; i++) {
      const x = field.left + i * field.mmPerPx - place.x, k = j * field.width + i
      const d = signedDistance(outline, x, y)
      if (d > reach) continue
      const before = field.diffuse[k] as number
      const angle = Math.atan2(y, x)
      const outer = d > 0 ? before + outside(lesion, d, angle, Math.hypot(x, y), broad, fine) : before + 6 * lesion.halo
      const weight = 1 / (1 + Math.exp(3.6 * d / margin(angle)))
      field.diffuse[k] = weight < 0.002 ? outer : outer + weight * (level + inside(lesion, d, x, y, broad) - outer)
      if (weight > 0.05) field.specular[k] = (field.specular[k] as number) - 60 * weight
    }
  }
}

/** Scatters bright points of calcification through the lesion, in one or two clusters. */
export function paintCalcifications(field: EchoField, random: Random, outline: Outline, lesion: LesionPlan, place: Place): void {
  if (lesion.calcifications <= 0) return
  const e = extent(outline), count = Math.round(4 + 16 * lesion.calcifications)
  const centre = { x: (random.next() - 0.5) * e.right, y: (random.next() - 0.5) * e.down }
  for (let n = 0; n < count; n++) {
    const x = centre.x + 0.35 * e.right * random.normal(), y = centre.y + 0.35 * e.down * random.normal(), db = -8 + 9 * random.next()
    if (signedDistance(outline, x, y) > -0.3) continue
    const i = Math.round((place.x + x - field.left) / field.mmPerPx), j = Math.round((place.y + y) / field.mmPerPx)
    for (const [di, dj] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
      if (i + di >= 0 && i + di < field.width && j + dj >= 0 && j + dj < field.height) field.specular[(j + dj) * field.width + i + di] = db
    }
  }
}
