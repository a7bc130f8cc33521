import type { ReviewCase } from '#shared/contract/index.ts'
import { decodeMask, intersectionArea, maskArea, maskFromText, type Calibration, type RleMask } from '#shared/geometry/index.ts'
import { surfaceDistances, type PixelSpacing } from '#shared/statistics/masks/index.ts'
import { meaningLabels, type Meaning } from '#shared/figures/index.ts'

/** A mask in the descent of a case: base networks -> fused -> corrections, with the ground truth beside them. */
export interface LineageMask { readonly id: string; readonly label: string; readonly meaning: Meaning; readonly mask: RleMask }

export const meaningOf = { deeplabv3: 'deeplabv3', unet: 'unet', unetpp: 'unetpp', fusion: 'fused' } as const satisfies Record<string, Meaning>

const read = (text: string | null): RleMask | null => {
  const made = text === null ? null : maskFromText(text)
  return made?.ok === true ? made.value : null
}

/** All masks of a case in the order of their descent; corrections oldest first, numbered when there are several. */
export function lineageOf(data: Pick<ReviewCase, 'masks' | 'reviews' | 'reference'>): LineageMask[] {
  const automatic = data.masks.flatMap((m): LineageMask[] => {
    const mask = read(m.mask)
    return mask === null ? [] : [{ id: m.model, label: meaningLabels[meaningOf[m.model]], meaning: meaningOf[m.model], mask }]
  })
  const drawn = data.reviews.filter((r) => r.mask !== null).reverse()
  const corrections = drawn.flatMap((r, i): LineageMask[] => {
    const mask = read(r.mask)
    return mask === null ? [] : [{ id: r.id, label: drawn.length > 1 ? `Correction ${i + 1}` : 'Correction', meaning: 'correction', mask }]
  })
  const truth = read(data.reference)
  return [...automatic, ...corrections, ...(truth === null ? [] : [{ id: 'reference', label: meaningLabels.groundTruth, meaning: 'groundTruth' as const, mask: truth }])]
}

/** The scale of the whole image where it has one region, else pixels; as the main side measures. */
export function spacingOf(calibration: Calibration): PixelSpacing {
  const region = calibration.kind === 'regions' && calibration.regions.length === 1 ? calibration.regions[0] : undefined
  return region === undefined ? { row: 1, column: 1, unit: 'px' } : { row: region.mmPerPixelY, column: region.mmPerPixelX, unit: 'mm' }
}

export interface Distance { readonly dice: number | null; readonly hd95: number | null; readonly unit: 'mm' | 'px' }

/** Dice and HD95 (the larger directed 95th percentile) of two masks of one image; null where a figure does not exist. */
export function distanceOf(a: RleMask, b: RleMask, spacing: PixelSpacing): Distance {
  const area = maskArea(a) + maskArea(b)
  const dense = (m: RleMask) => ({ width: m.width, height: m.height, data: decodeMask(m) })
  const distances = surfaceDistances(dense(a), dense(b), spacing)
  return { dice: area === 0 ? null : (2 * intersectionArea(a, b)) / area, hd95: distances.ok && distances.value !== null ? distances.value.hd95.maxOfDirected : null, unit: spacing.unit }
}

/** The steps of the descent worth naming first: networks to fused, fused to the newest correction, and what stands to the ground truth. */
export function defaultPair(list: readonly LineageMask[]): readonly [string, string] | null {
  const corrections = list.filter((m) => m.meaning === 'correction')
  const last = corrections.at(-1)
  if (last !== undefined && list.some((m) => m.id === 'fusion')) return ['fusion', last.id]
  const [a, b] = list.some((m) => m.id === 'reference') ? ['fusion', 'reference'] : [list[0]?.id, 'fusion']
  return a === undefined || b === undefined ? null : [a, b]
}
