import { createRandom } from '#shared/lib/index.ts'
import { renderAttenuation } from './attenuation.ts'
import { lesionOutline, type Outline } from './contour.ts'
import { displayed } from './display.ts'
import type { EchoField } from './echoField.ts'
import { drawFurniture } from './furniture.ts'
import { enlarge, gridOver } from './grid.ts'
import { noiseSlice } from './noise.ts'
import { paintCalcifications, paintLesion } from './paintLesion.ts'
import { paintMimics, paintRibs } from './paintMimics.ts'
import { outlineMask } from './rasterise.ts'
import { drawScanner, type Scanner } from './scanner.ts'
import { drawScene, type Scene } from './scene.ts'
import { envelope, type SpeckleSeed } from './speckle.ts'
import { renderTissue } from './tissue.ts'
import type { CasePlan, PhantomImage } from './types.ts'

/** What the images of one case share. */
interface Examination {
  readonly scanner: Scanner
  readonly scene: Scene
  readonly mmPerPx: number
}

const outlineAt = (plan: CasePlan, z: number): Outline => lesionOutline(createRandom(`${plan.seed}/outline`), plan.lesion, z)

function examine(plan: CasePlan): Examination {
  const drawn = drawScanner(createRandom(`${plan.seed}/scanner`), plan.hospital)
  const scanner = plan.excludedReason === 'poor image quality' ? { ...drawn, gainDb: drawn.gainDb - 13, noiseDb: -27, deepDb: -24 } : drawn
  const scene = drawScene(createRandom(`${plan.seed}/scene`), plan.lesion, outlineAt(plan, 0), scanner.field.width / scanner.field.height)
  return { scanner, scene, mmPerPx: scene.depthMm / scanner.field.height }
}

function echoes(plan: CasePlan, exam: Examination, outline: Outline, z: number): { field: EchoField; loss: Float32Array } {
  const { scene, scanner, mmPerPx } = exam, { width, height } = scanner.field
  const grid = gridOver(width, height, mmPerPx, scene.widthMm)
  const push = 0.45 - 0.9 * plan.lesion.spiculation
  const tissue = renderTissue(plan.seed, scene, grid, outline, push, z)
  const broad = noiseSlice(`${plan.seed}/lesion-broad`, 1.2 * z), fine = noiseSlice(`${plan.seed}/lesion-fine`, 2 * z)
  const field = {
    width, height, mmPerPx, left: grid.left,
    diffuse: enlarge(grid, tissue.diffuse, width, height),
    specular: enlarge(grid, tissue.specular, width, height),
  }
  paintMimics(field, scene, z, broad)
  paintRibs(field, scene, scene.skinMm + scene.fatMm + scene.glandMm + scene.retroFatMm + scene.muscleMm, broad)
  if (Math.abs(z) < 1) {
    paintLesion(field, outline, plan.lesion, scene.lesion, broad, fine)
    paintCalcifications(field, createRandom(`${plan.seed}/calcifications`), outline, plan.lesion, scene.lesion)
  }
  const loss = renderAttenuation(scene, grid, outline, plan.lesion, broad)
  return { field, loss: enlarge(grid, loss, width, height) }
}

function withTint(grey: Uint8Array, tint: readonly [number, number, number]): Uint8Array {
  const out = new Uint8Array(3 * grey.length)
  const curves = tint.map((t) => Uint8Array.from({ length: 256 }, (_, v) => Math.round(t * v)))
  for (let i = 0; i < grey.length; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = curves[c]?.[grey[i] as number] as number
  return out
}

/**
 * One B-mode slice of a case at elevation z: 0 cuts the lesion's largest section, beyond -1 and 1 there is no lesion (an empty mask).
 * Speckle is fixed by `speckle`. The mask is the exact contour, on the whole screen's pixels.
 */
export function renderSlice(plan: CasePlan, z: number, speckle: SpeckleSeed): PhantomImage {
  const exam = examine(plan), { scanner, scene, mmPerPx } = exam, { field: frame, width, height } = scanner
  const outline = outlineAt(plan, z)
  const { field, loss } = echoes(plan, exam, outline, z)
  const bright = displayed(envelope(field, loss, scanner, speckle), field, loss, scanner)
  const grey = new Uint8Array(width * height).fill(plan.hospital === 'B' ? 6 : 0)
  for (let y = 0; y < frame.height; y++) grey.set(bright.subarray(y * frame.width, (y + 1) * frame.width), (y + frame.y) * width + frame.x)
  drawFurniture({ width, height, grey }, scanner, plan.hospital, mmPerPx, createRandom(`${plan.seed}/furniture`))
  const originX = frame.x + (scene.lesion.x + scene.widthMm / 2) / mmPerPx, originY = frame.y + scene.lesion.y / mmPerPx
  return {
    width, height, channels: scanner.channels,
    pixels: scanner.channels === 1 ? grey : withTint(grey, scanner.tint),
    mask: Math.abs(z) < 1 ? outlineMask(outline, originX, originY, mmPerPx, width, height) : new Uint8Array(width * height),
    mmPerPx: { x: mmPerPx, y: mmPerPx },
  }
}

/** Elevation of each image of a case: the largest section first, then one either side. */
const elevations = [0, 0.45, -0.5] as const

/**
 * One image of a case. Depends on the plan and the index alone, so cases can be rendered in any order and in parallel.
 * @throws RangeError where the case has no such image.
 */
export function renderPhantom(plan: CasePlan, imageIndex: number): PhantomImage {
  const z = elevations[imageIndex]
  if (z === undefined || imageIndex >= plan.images) throw new RangeError(`case ${plan.caseId} has ${plan.images} images, no image ${imageIndex}`)
  const speckle = createRandom(`${plan.seed}/speckle`).fork(imageIndex).int(2 ** 31)
  return renderSlice(plan, z, { from: speckle, to: speckle, blend: 0 })
}
