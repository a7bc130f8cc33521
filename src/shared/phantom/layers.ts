import type { Grid } from './grid.ts'
import type { Noise } from './noise.ts'
import type { Scene } from './scene.ts'

/** Depth in mm of each boundary between tissues, for each column of the grid. */
export interface Layers {
  readonly skin: Float32Array
  /** Between subcutaneous fat and gland. */
  readonly gland: Float32Array
  readonly retroFat: Float32Array
  readonly muscle: Float32Array
  readonly chest: Float32Array
}

/** Boundaries wander; the anterior one is pulled up in points where Cooper's ligaments insert. */
export function layersOf(scene: Scene, grid: Grid, broad: Noise, fine: Noise): Layers {
  const make = (): Float32Array => new Float32Array(grid.width)
  const layers = { skin: make(), gland: make(), retroFat: make(), muscle: make(), chest: make() }
  for (let i = 0; i < grid.width; i++) {
    const x = grid.left + i * grid.step
    const skin = scene.skinMm + 0.25 * broad(x / 14, 3.3) + 0.1 * fine(x / 2, 8.1)
    let lift = 0
    for (const l of scene.ligaments) lift = Math.max(lift, l.lift * Math.exp(-Math.abs(x - l.x) / 2.6))
    const gland = skin + Math.max(1, scene.fatMm + 2 * broad(x / 11, 21.7) + 0.5 * fine(x / 2.4, 12.9) - lift)
    const retroFat = Math.max(gland + 2, scene.skinMm + scene.fatMm + scene.glandMm + 2.2 * broad(x / 16, 55.1) + 0.5 * fine(x / 3, 31))
    const muscle = retroFat + Math.max(0.3, scene.retroFatMm + 0.7 * broad(x / 9, 77.7)) + scene.fibreSlope * x * 0.3
    layers.skin[i] = skin
    layers.gland[i] = gland
    layers.retroFat[i] = retroFat
    layers.muscle[i] = Math.max(retroFat + 0.2, muscle)
    layers.chest[i] = Math.max(retroFat + 0.2, muscle) + scene.muscleMm + 0.8 * broad(x / 12, 91.3)
  }
  return layers
}
