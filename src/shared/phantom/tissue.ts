import { cellAt } from './cells.ts'
import { signedDistance, type Outline } from './contour.ts'
import type { Grid } from './grid.ts'
import { layersOf, type Layers } from './layers.ts'
import { noiseSlice, ridge, twoOctaves, type Noise } from './noise.ts'
import type { Scene } from './scene.ts'

/** Echo of the tissue on the grid: diffuse scattering in dB, and specular reflection in dB (very low where there is none). */
export interface Tissue {
  readonly diffuse: Float32Array
  readonly specular: Float32Array
}

interface Context {
  readonly scene: Scene
  readonly broad: Noise
  readonly fine: Noise
  readonly z: number
  readonly salt: number
}

const none = -90
const line = (distanceMm: number, widthMm: number): number => Math.exp(-((distanceMm / widthMm) ** 2))

function fat(c: Context, x: number, y: number, out: [number, number]): void {
  const cell = cellAt(x / 8 + 0.12 * c.fine(x / 3, y / 3), y / 4.2 + 0.5 * c.broad(x / 9, y / 9), c.z, c.salt)
  const septum = line(cell.wall, 0.07) * Math.max(0, 0.62 + 0.6 * c.broad(x / 5 + 40, y / 2.5))
  const streak = ridge(c.fine, x / 4.5 + 90, y / 0.8, 9)
  out[0] = -19 + 5 * (cell.tone - 0.5) + 2.6 * c.broad(x / 5, y / 2.2) + 5 * streak + 11 * septum
  out[1] = septum > 0.35 ? -16 + 12 * septum : streak > 0.8 ? -19 : none
}

function gland(c: Context, x: number, y: number, out: [number, number]): void {
  const bent = y + 1.1 * c.broad(x / 8, y / 8)
  const clumps = twoOctaves(c.broad, x / 5.5 + 7, bent / 2.6)
  const streak = ridge(c.fine, x / 5 + 33, bent / 0.95, 7)
  const inclusion = Math.max(0, Math.min(1, (c.broad(x / 8 + 61, y / 3.8 + 5) - (0.05 + 0.75 * c.scene.density)) * 5))
  const ducts = ridge(c.broad, x / 4 + 11, bent / 1.9 + 70, 9)
  const parenchyma = -8.5 + 5.5 * clumps + 5 * streak - 4.5 * ducts
  out[0] = parenchyma + inclusion * (-18 - parenchyma)
  out[1] = streak > 0.75 && inclusion < 0.3 ? -14 + 6 * clumps : none
}

function muscle(c: Context, x: number, y: number, out: [number, number]): void {
  const along = y - c.scene.fibreSlope * x + 0.5 * c.broad(x / 12, y / 6)
  const fibre = ridge(c.fine, x / 11 + 51, along / 1.05, 6)
  const bundle = ridge(c.broad, x / 20 + 3, along / 2.6 + 9, 10)
  out[0] = -19 + 2 * c.broad(x / 6, y / 2) + 8 * fibre + 7 * bundle
  out[1] = fibre > 0.6 ? -19 + 8 * fibre : none
}

/** Pulls or pushes the layers around the lesion: oval masses bend them, spiculated ones draw them in. Returns the depth to look up. */
function displaced(x: number, y: number, scene: Scene, outline: Outline, push: number): number {
  const dx = x - scene.lesion.x, dy = y - scene.lesion.y
  const gap = Math.max(0, signedDistance(outline, dx, dy))
  return y - push * Math.sign(dy) * Math.min(Math.abs(dy), 5) * Math.exp(-gap / 3.5)
}

function at(c: Context, layers: Layers, i: number, x: number, y: number, out: [number, number]): void {
  const skin = layers.skin[i] as number, top = layers.gland[i] as number, bottom = layers.retroFat[i] as number
  const pectoral = layers.muscle[i] as number, chest = layers.chest[i] as number
  const specular = 0.65 + 0.5 * c.broad(x / 3.5, y / 9 + 13)
  if (y < skin) {
    const edges = Math.max(line(y - 0.25, 0.28), line(y - skin + 0.15, 0.3))
    out[0] = -11 + 9 * edges + 2 * c.fine(x / 1.5, y / 0.4)
    out[1] = -14 + 12 * edges
    return
  }
  if (y < top) fat(c, x, y, out)
  else if (y < bottom) gland(c, x, y, out)
  else if (y < pectoral) fat(c, x + 200, y, out)
  else if (y < chest) muscle(c, x, y, out)
  else {
    out[0] = -25 + 3 * c.broad(x / 6, y / 1.5) - 0.5 * (y - chest)
    out[1] = none
  }
  const planes = Math.max(0.75 * line(y - top, 0.3), line(y - pectoral, 0.32), 0.9 * line(y - chest, 0.35), 0.5 * line(y - bottom, 0.3))
  const shine = planes * Math.max(0, specular)
  if (shine > 0.12) {
    out[0] = Math.max(out[0], -18 + 17 * shine)
    out[1] = Math.max(out[1], -24 + 20 * shine)
  }
}

function addLigaments(c: Context, x: number, y: number, top: number, skin: number, out: [number, number]): void {
  if (y < skin || y > top + 1) return
  for (const l of c.scene.ligaments) {
    const centre = l.x + l.lean * (top - y) + 0.8 * c.broad(y / 3 + l.x, 5.5)
    const strength = line(x - centre, 0.35) * (0.75 + 0.5 * c.fine(x / 2, y / 2))
    if (strength > 0.2) {
      out[0] = Math.max(out[0], -17 + 12 * strength)
      out[1] = Math.max(out[1], -22 + 11 * strength)
    }
  }
}

/** Echo of the healthy breast at elevation z (in lesion half-thicknesses) on the grid. `push` above 0 bends layers around the lesion, below 0 draws them in. */
export function renderTissue(seed: string, scene: Scene, grid: Grid, outline: Outline, push: number, z: number): Tissue {
  const broad = noiseSlice(`${seed}/broad`, 0.8 * z), fine = noiseSlice(`${seed}/fine`, 1.6 * z)
  const context = { scene, broad, fine, z: 0.8 * z, salt: Math.floor(1e9 * (1 + noiseSlice(`${seed}/salt`, 0)(0, 0))) }
  const layers = layersOf(scene, grid, broad, fine)
  const diffuse = new Float32Array(grid.width * grid.height), specular = new Float32Array(grid.width * grid.height)
  const out: [number, number] = [0, 0]
  for (let j = 0; j < grid.height; j++) {
    const y = j * grid.step
    for (let i = 0; i < grid.width; i++) {
      const x = grid.left + i * grid.step
      const depth = displaced(x, y, scene, outline, push)
      at(context, layers, i, x, depth, out)
      addLigaments(context, x, y, layers.gland[i] as number, layers.skin[i] as number, out)
      diffuse[j * grid.width + i] = out[0]
      specular[j * grid.width + i] = out[1]
    }
  }
  return { diffuse, specular }
}
