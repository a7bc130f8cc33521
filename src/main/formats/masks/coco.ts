import { z } from 'zod'
import { ok } from '#shared/lib/index.ts'
import { maskFromPolygons, traceMask } from '#shared/contour/index.ts'
import { decodeMask, encodeMask, imagePoint, type Polygon } from '#shared/geometry/index.ts'
import { cocoCounts, countsFromText, countsToText, maskFromCounts } from './cocoRle.ts'
import { maskFault, MAX_VOXELS, reading, type MaskImage, type MaskResult } from './maskImage.ts'

export interface CocoImage { readonly id: number; readonly fileName: string; readonly width: number; readonly height: number }
export interface CocoAnnotation { readonly imageId: number; readonly category: string; readonly mask: MaskImage }
export interface CocoSet { readonly images: readonly CocoImage[]; readonly annotations: readonly CocoAnnotation[] }

/** `polygon` writes rings where a mask has no hole, and run lengths where it has one; `rle` compressed run lengths throughout. */
export type CocoStyle = 'polygon' | 'rle'

const round = (value: number): number => Math.round(value * 100) / 100

function bounds(mask: MaskImage): [number, number, number, number] {
  let x0 = mask.width, y0 = mask.height, x1 = -1, y1 = -1
  mask.data.forEach((value, i) => {
    if (!value) return
    const x = i % mask.width, y = Math.floor(i / mask.width)
    x0 = Math.min(x0, x); y0 = Math.min(y0, y); x1 = Math.max(x1, x); y1 = Math.max(y1, y)
  })
  return x1 < 0 ? [0, 0, 0, 0] : [x0, y0, x1 - x0 + 1, y1 - y0 + 1]
}

function segmentation(mask: MaskImage, style: CocoStyle): unknown {
  const rle = { size: [mask.height, mask.width], counts: countsToText(cocoCounts(mask)) }
  if (style === 'rle') return rle
  const polygons = traceMask(encodeMask(mask.data, mask))
  // A ring of COCO cannot have a hole, and an empty list is no annotation.
  if (polygons.length === 0 || polygons.some((p) => p.holes.length > 0)) return rle
  return polygons.map((p) => p.outer.flatMap((point) => [round(point.x), round(point.y)]))
}

/** COCO object detection JSON. Coordinates run from the picture's corner: the first pixel's centre is (0.5, 0.5). */
export function writeCoco(set: CocoSet, style: CocoStyle): string {
  const categories = [...new Set(set.annotations.map((a) => a.category))].map((name, i) => ({ id: i + 1, name, supercategory: '' }))
  const annotations = set.annotations.map((a, i) => ({
    id: i + 1, image_id: a.imageId, category_id: categories.findIndex((c) => c.name === a.category) + 1,
    segmentation: segmentation(a.mask, style), area: a.mask.data.reduce((sum, value) => sum + (value ? 1 : 0), 0), bbox: bounds(a.mask), iscrowd: 0,
  }))
  const images = set.images.map(({ id, fileName, width, height }) => ({ id, file_name: fileName, width, height }))
  return JSON.stringify({ info: { description: 'Exported by sln-workstation' }, licenses: [], images, categories, annotations })
}

const rleShape = z.object({ size: z.tuple([z.number().int().positive(), z.number().int().positive()]), counts: z.union([z.string(), z.array(z.number())]) })
const cocoShape = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string(), width: z.number().int().positive(), height: z.number().int().positive() })),
  categories: z.array(z.object({ id: z.number(), name: z.string() })).default([]),
  annotations: z.array(z.object({ image_id: z.number(), category_id: z.number(), segmentation: z.union([z.array(z.array(z.number())), rleShape]) })),
})

function polygonOf(flat: readonly number[]): Polygon {
  const outer = Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => imagePoint(flat[i * 2] as number, flat[i * 2 + 1] as number))
  return { outer, holes: [] }
}

/** Reads COCO JSON with polygons, run lengths or compressed run lengths. */
export function readCoco(text: string): MaskResult<CocoSet> {
  return reading(() => {
    const parsed = cocoShape.safeParse(JSON.parse(text))
    if (!parsed.success) return maskFault('not_this_format', `It is not a COCO annotation file: ${parsed.error.issues[0]?.path.join('.') ?? ''} is not as it should be.`)
    const { images, categories, annotations } = parsed.data
    const read: CocoAnnotation[] = []
    for (const a of annotations) {
      const image = images.find((i) => i.id === a.image_id)
      if (!image) return maskFault('corrupt', `An annotation belongs to image ${a.image_id}, which is not in the file.`)
      const { width, height } = image
      if (width * height > MAX_VOXELS) return maskFault('too_large', `Image ${image.file_name} is ${width} x ${height}.`)
      const s = a.segmentation
      if (!Array.isArray(s) && (s.size[0] !== height || s.size[1] !== width)) return maskFault('wrong_size', `The mask on ${image.file_name} has another size than the image.`)
      const mask = Array.isArray(s)
        ? { width, height, data: decodeMask(maskFromPolygons(s.map(polygonOf), { width, height })) }
        : maskFromCounts(typeof s.counts === 'string' ? countsFromText(s.counts) : s.counts, width, height)
      read.push({ imageId: a.image_id, category: categories.find((c) => c.id === a.category_id)?.name ?? String(a.category_id), mask })
    }
    return ok({ images: images.map((i) => ({ id: i.id, fileName: i.file_name, width: i.width, height: i.height })), annotations: read })
  })
}
