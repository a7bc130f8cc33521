import { extent, signedDistance, type Outline } from './contour.ts'
import type { Grid } from './grid.ts'
import type { Noise } from './noise.ts'
import type { Scene } from './scene.ts'
import type { LesionPlan } from './types.ts'

/** dB lost (or, negative, regained through the time-gain compensation) per mm inside the lesion. */
function lesionRate(lesion: LesionPlan, heightMm: number): number {
  const total = lesion.shadow > 0 ? 15 * lesion.shadow : 6.5 * lesion.shadow
  return total / Math.max(6, heightMm)
}

function addLesion(loss: Float32Array, grid: Grid, scene: Scene, outline: Outline, lesion: LesionPlan, broad: Noise): void {
  const e = extent(outline), mean = lesionRate(lesion, e.up + e.down) * grid.step
  for (let i = 0; i < grid.width; i++) {
    const x = grid.left + i * grid.step - scene.lesion.x
    if (x < -e.left || x > e.right) continue
    const rate = mean * (1 + 0.6 * broad(x / 3.5 + 310, 5))
    let sum = 0
    for (let j = 0; j < grid.height; j++) {
      const y = j * grid.step - scene.lesion.y
      if (y > -e.up && y < e.down && signedDistance(outline, x, y) < 0) sum += rate
      else if (y > e.down) sum *= 1 - grid.step / 45
      loss[j * grid.width + i] = (loss[j * grid.width + i] as number) + sum
    }
  }
}

/** A vertical band that starts at depth y and widens a little: an edge shadow, a ligament's shadow, a column without contact. */
function addBand(loss: Float32Array, grid: Grid, x: number, y: number, halfWidth: number, db: number, widen = 0.02): void {
  for (let j = Math.max(0, Math.round(y / grid.step)); j < grid.height; j++) {
    const below = j * grid.step - y, width = halfWidth + widen * below, strength = db * Math.min(1, below / 2 + 0.2)
    const from = Math.max(0, Math.floor((x - 2.5 * width - grid.left) / grid.step))
    const to = Math.min(grid.width - 1, Math.ceil((x + 2.5 * width - grid.left) / grid.step))
    for (let i = from; i <= to; i++) {
      const d = (grid.left + i * grid.step - x) / width
      loss[j * grid.width + i] = (loss[j * grid.width + i] as number) + strength * Math.exp(-d * d)
    }
  }
}

function addMimics(loss: Float32Array, grid: Grid, scene: Scene): void {
  for (const m of scene.mimics) {
    if (m.kind !== 'cyst') continue
    addBand(loss, grid, m.x, m.y + 0.7 * m.halfHeight, 0.75 * m.halfWidth, -3.5, -0.004)
    for (const side of [-1, 1]) addBand(loss, grid, m.x + side * m.halfWidth, m.y + 0.4, 0.35, 3.5)
  }
}

/** Fewer elements of the array see its ends. */
const edgeLoss = (x: number, scene: Scene): number => 4 * Math.exp(-(scene.widthMm / 2 - Math.abs(x)) / 2)

/** Uneven loss in the overlying tissue and an imperfect time-gain curve. */
const shading = (x: number, y: number, broad: Noise): number => 2 * broad(y / 7, 260) + 3.5 * Math.min(1, y / 12) * broad(x / 13 + 290, y / 14)

/** Blurs each row by two running means, which the beam's width does to the edge of a shadow. */
function blurRows(values: Float32Array, grid: Grid, radius: number): void {
  const row = new Float32Array(grid.width)
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < grid.height; j++) {
      const start = j * grid.width
      let sum = 0
      const get = (i: number): number => values[start + Math.min(grid.width - 1, Math.max(0, i))] as number
      for (let i = -radius; i <= radius; i++) sum += get(i)
      for (let i = 0; i < grid.width; i++) {
        row[i] = sum / (2 * radius + 1)
        sum += get(i + radius + 1) - get(i - radius)
      }
      values.set(row, start)
    }
  }
}

/** Loss of echo in dB at each point of the grid: posterior shadow or enhancement, edge shadows, ligaments, poor contact, uneven coupling. */
export function renderAttenuation(scene: Scene, grid: Grid, outline: Outline, lesion: LesionPlan, broad: Noise): Float32Array {
  const loss = new Float32Array(grid.width * grid.height)
  addLesion(loss, grid, scene, outline, lesion, broad)
  blurRows(loss, grid, Math.max(1, Math.round(0.5 / grid.step)))
  const smooth = Math.max(0, 1 - 1.4 * Math.max(lesion.irregularity, lesion.spiculation))
  const e = extent(outline)
  if (e.right > 1) {
    addBand(loss, grid, scene.lesion.x - e.left, scene.lesion.y + 0.5, 0.5, 9 * smooth)
    addBand(loss, grid, scene.lesion.x + e.right, scene.lesion.y + 0.5, 0.5, 9 * smooth)
  }
  for (const l of scene.ligaments) addBand(loss, grid, l.x, scene.skinMm + 2, 0.7, l.shadowDb)
  addMimics(loss, grid, scene)
  for (const d of scene.dropouts) addBand(loss, grid, d.x, 0, d.halfWidth, d.db, 0.01)
  blurRows(loss, grid, Math.max(1, Math.round(0.3 / grid.step)))
  for (let i = 0; i < grid.width; i++) {
    const x = grid.left + i * grid.step, coupling = 1.8 * broad(x / 5, 200) + 0.8 * broad(x / 1.4, 230) + edgeLoss(x, scene)
    for (let j = 0; j < grid.height; j++) loss[j * grid.width + i] = (loss[j * grid.width + i] as number) + coupling + shading(x, j * grid.step, broad)
  }
  return loss
}
