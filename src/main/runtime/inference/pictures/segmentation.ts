import { connectedComponents } from '#shared/contour/index.ts'
import { bitmapFromMask, maskArea, maskBounds, maskToBytes, type RleMask } from '#shared/geometry/index.ts'
import type { SegmentationModel } from '#shared/domain/index.ts'
import { probabilityPng } from '../pixels.ts'
import type { SegmentAnswer, SegmentedMap } from '../protocol.ts'

/** Probabilities, row-major, with what makes a pixel lesion. */
export interface NetworkMap { readonly model: SegmentationModel; readonly values: Float32Array; readonly threshold: number }

export type Finished = Pick<SegmentAnswer, 'maps' | 'disagreement' | 'uncertainty' | 'components' | 'touchesBorder'>

/** The pixels at or above the threshold. */
function thresholded(map: Float32Array, threshold: number, width: number, height: number): RleMask {
  const runs: number[] = []
  let on = false, start = 0
  for (let i = 0; i < map.length; i++) {
    if (((map[i] as number) >= threshold) === on) continue
    runs.push(i - start)
    start = i
    on = !on
  }
  if (map.length > start || runs.length === 0) runs.push(map.length - start)
  return { width, height, runs: Uint32Array.from(runs) }
}

/** Cuts and compresses the maps of the networks and the fused one, and says how sure they are. */
export async function finishSegmentation(maps: readonly NetworkMap[], fused: NetworkMap, { width, height }: { readonly width: number; readonly height: number }): Promise<Finished> {
  const all = [...maps, fused].map((m) => ({ ...m, mask: thresholded(m.values, m.threshold, width, height) }))
  const stored = all.map(async ({ model, values, mask }): Promise<SegmentedMap> => ({ model, mask: maskToBytes(mask), areaPx: maskArea(mask), map: await probabilityPng(values, width, height) }))
  const [a, b, c] = maps.map((m) => m.values) as [Float32Array, Float32Array, Float32Array]
  return { ...quality([a, b, c], fused.values, (all.at(-1) as { mask: RleMask }).mask, width, height), maps: await Promise.all(stored) }
}

/** Mean pairwise Dice of three maps cut at 0.5; two empty masks agree. */
function meanDice(a: Float32Array, b: Float32Array, c: Float32Array): number {
  let na = 0, nb = 0, nc = 0, ab = 0, ac = 0, bc = 0
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) >= 0.5 ? 1 : 0, y = (b[i] as number) >= 0.5 ? 1 : 0, z = (c[i] as number) >= 0.5 ? 1 : 0
    na += x
    nb += y
    nc += z
    ab += x & y
    ac += x & z
    bc += y & z
  }
  const dice = (both: number, sum: number): number => (sum === 0 ? 1 : (2 * both) / sum)
  return (dice(ab, na + nb) + dice(ac, na + nc) + dice(bc, nb + nc)) / 3
}

function quality([a, b, c]: readonly [Float32Array, Float32Array, Float32Array], fused: Float32Array, mask: RleMask, width: number, height: number): Omit<Finished, 'maps'> {
  let unsure = 0
  for (let i = 0; i < fused.length; i++) if ((fused[i] as number) > 0.25 && (fused[i] as number) < 0.75) unsure++
  const area = maskArea(mask)
  const bounds = maskBounds(mask)
  return {
    disagreement: 1 - meanDice(a, b, c), uncertainty: area === 0 ? (unsure > 0 ? 1 : 0) : Math.min(1, unsure / area), components: area === 0 ? 0 : connectedComponents(bitmapFromMask(mask)).count,
    touchesBorder: area > 0 && (bounds.left === 0 || bounds.top === 0 || bounds.left + bounds.width === width || bounds.top + bounds.height === height),
  }
}
