import { readFile } from 'node:fs/promises'
import type { Calibration } from '#shared/geometry/index.ts'
import { templateBoxesOf, textMaskOf } from '#main/database/queries/protocols.ts'
import type { PixelBox } from '#main/formats/dicom/index.ts'
import { blackOut } from '#main/formats/images/blackOut.ts'
import type { Asset, OpenStudy } from '../context.ts'
import { imageAsset } from '../cases/imageAssets.ts'

interface Box { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
/** What is painted black for readers: boxes over burned-in text (of the layout, and of the scanner's reviewed template), and all outside of the ultrasound regions where the protocol wants it. */
export interface Covering { readonly boxes: readonly Box[]; readonly keep: readonly Box[] | null }

export function coveringOf(study: OpenStudy, image: { readonly image_id: string; readonly calibration: string }, outsideRegions: 'show' | 'black'): Covering {
  const calibration = JSON.parse(image.calibration) as Calibration
  return {
    boxes: [...JSON.parse(textMaskOf(study.db.read, image.image_id) ?? '[]') as Box[], ...(JSON.parse(templateBoxesOf(study.db.read, image.image_id) ?? '[]') as PixelBox[]).map((b) => ({ left: b.x0, top: b.y0, width: b.x1 - b.x0 + 1, height: b.y1 - b.y0 + 1 }))],
    keep: outsideRegions === 'black' && calibration.kind === 'regions' ? calibration.regions.map((r) => r.bounds) : null,
  }
}

/** The picture as readers see it. */
export function coveredAsset(study: OpenStudy, object: string, covering: Covering): () => Promise<Asset> {
  if (covering.boxes.length === 0 && covering.keep === null) return imageAsset(study, object)
  return async () => ({ type: 'image/png', bytes: await blackOut(await readFile(study.objects.path(object)), covering.boxes, covering.keep) })
}
