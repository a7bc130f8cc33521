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
  const cell = cellAt(x / 9 + 0.12 * c.fine(x / 3, y / 3), y / 4.6 + 0.45 * c.broad(x / 9, y / 9) + 0.05 * c.fine(x / 1.5, y / 1.5), c.z, c.salt)
  const presence = 0.45 + 0.9 * c.broad(x / 4.5 + 40, y / 2.2)
  const septum = line(cell.wall, 0.05) * Math.max(0, Math.min(1, presence)) * (0.3 + 0.7 * cell.level)
  const streak = ridge(c.fine, x / 5 + 90, y / 0.75, 10) * Math.max(0, Math.min(1, 0.3 + 1.2 * c.broad(x / 4 + 12, y / 2 + 70)))
  out[0] = -20.5 + 4 * (cell.tone - 0.5) + 2.5 * c.broad(x / 5, y / 2.2) + 7 * streak + 10 * septum
  out[1] = Math.max(septum > 0.1 ? -31 + 18 * septum : none, streak > 0.4 ? -34 + 12 * streak : none)
}

function gland(c: Context, x: number, y: number, out: [number, number]): void {
  const bent = y + 2.4 * c.broad(x / 10, y / 8) + 0.35 * c.fine(x / 3, y / 3)
  const clumps = twoOctaves(c.broad, x / 7 + 7, bent / 2.6)
  const patch = Math.max(0, Math.min(1, 0.6 + 1.1 * c.broad(x / 6 + 31, bent / 2.2 + 17)))
  const streak = patch * Math.max(ridge(c.fine, x / 6.5 + 33, bent / 0.7, 8), 0.85 * ridge(c.fine, x / 3.5 + 133, bent / 0.5 + 50, 10))
  const inclusion = Math.max(0, Math.min(1, (c.broad(x / 8 + 61, y / 3.8 + 5) - (0.02 + 0.75 * c.scene.density)) * 4))
  const ducts = ridge(c.broad, x / 5 + 11, bent / 1.5 + 70, 8)
  const parenchyma = -13 + 6 * clumps + 9.5 * streak - 4.5 * ducts
  out[0] = parenchyma + inclusion * (-19.5 + 6 * streak - parenchyma)
  out[1] = streak > 0.35 && inclusion < 0.5 ? -34 + 17 * streak + 6 * clumps : none
}

function muscle(c: Context, x: number, y: number, out: [number, number]): void {
  const along = y - c.scene.fibreSlope * x + 0.6 * c.broad(x / 12, y / 6) + 0.2 * c.fine(x / 5, y / 4)
  const presence = Math.max(0, Math.min(1, 0.7 + 0.9 * c.broad(x / 7 + 80, along / 1.6)))
  const fibre = presence * ridge(c.fine, x / 9 + 51, along / 0.55, 8)
  const bundle = presence * ridge(c.broad, x / 16 + 3, along / 1.7 + 9, 14)
  out[0] = -22.5 + 2.5 * c.broad(x / 6, y / 2) + 9 * fibre + 6 * bundle
  out[1] = Math.max(fibre, bundle) > 0.3 ? -35 + 18 * Math.max(fibre, bundle) : none
}

/** Behind the muscle: fading echoes with faint level reverberations. */
function chestWall(c: Context, x: number, y: number, below: number, out: [number, number]): void {
  const reverberation = ridge(c.fine, x / 16 + 9, y / 1.3, 7) * Math.exp(-below / 6)
  out[0] = -23 + 3 * c.broad(x / 6, y / 1.5) - 0.6 * below + 8 * reverberation
  out[1] = none
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
  const specular = 0.5 + 0.55 * c.broad(x / 4.5, y / 9 + 13) + 0.3 * c.fine(x / 1.3, y / 2)
  if (y < skin) {
    const edges = Math.max(line(y - 0.25, 0.28), line(y - skin + 0.15, 0.3))
    out[0] = -13 + 8 * edges + 2 * c.fine(x / 1.5, y / 0.4)
    out[1] = -30 + 15 * edges + 3 * c.fine(x / 2, 7)
    return
  }
  if (y < top) fat(c, x, y, out)
  else if (y < bottom) gland(c, x, y, out)
  else if (y < pectoral) fat(c, x + 200, y, out)
  else if (y < chest) muscle(c, x, y, out)
  else chestWall(c, x, y, y - chest, out)
  const ply = 0.5 + 0.4 * c.broad(x / 8 + 15, 3)
  const planes = Math.max(
    0.7 * line(y - top, 0.2), 0.85 * line(y - pectoral, 0.2), 0.6 * line(y - pectoral - ply, 0.18),
    0.8 * line(y - chest, 0.24), 0.5 * line(y - chest + ply, 0.2), 0.45 * line(y - bottom, 0.2),
  )
  const shine = planes * Math.max(0, specular)
  if (shine > 0.12) {
    out[0] = Math.max(out[0], -21 + 13 * shine)
    out[1] = Math.max(out[1], -36 + 21 * shine)
  }
}

function addLigaments(c: Context, x: number, y: number, top: number, skin: number, out: [number, number]): void {
  if (y < skin || y > top + 1) return
  for (const l of c.scene.ligaments) {
    const centre = l.x + l.lean * (top - y) + 0.8 * c.broad(y / 3 + l.x, 5.5)
    const strength = line(x - centre, 0.26) * (0.75 + 0.5 * c.fine(x / 2, y / 2))
    if (strength > 0.2) {
      out[0] = Math.max(out[0], -21 + 10 * strength)
      out[1] = Math.max(out[1], -34 + 12 * strength)
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
      specular[j * grid.width + i] = out[1] > none ? out[1] + 4 * fine(x / 1.1 + 44, y / 0.6) : none
    }
  }
  return { diffuse, specular }
}
