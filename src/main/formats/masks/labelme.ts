import { z } from 'zod'
import { ok } from '#shared/lib/index.ts'
import { maskFromPolygons, traceMask } from '#shared/contour/index.ts'
import { decodeMask, encodeMask, imagePoint } from '#shared/geometry/index.ts'
import { maskFault, MAX_VOXELS, type MaskImage, type MaskResult } from './maskImage.ts'
import { readPngMask, writePngMask } from './pngMask.ts'

export interface LabelmeFile { readonly imagePath: string; readonly width: number; readonly height: number; readonly shapes: readonly { readonly label: string; readonly mask: MaskImage }[] }

async function shapesOf(label: string, mask: MaskImage, group: number): Promise<object[]> {
  const polygons = traceMask(encodeMask(mask.data, mask))
  const base = { label, group_id: null, description: '', flags: {} }
  if (polygons.every((p) => p.holes.length === 0)) {
    // One lesion may be in parts: the same group keeps them together.
    return polygons.map((p) => ({ ...base, points: p.outer.map((point) => [point.x, point.y]), group_id: polygons.length > 1 ? group : null, shape_type: 'polygon', mask: null }))
  }
  const png = await writePngMask(mask)
  return [{ ...base, points: [[0, 0], [mask.width - 1, mask.height - 1]], shape_type: 'mask', mask: png.toString('base64') }]
}

/** labelme JSON (5.x): polygons, or a `mask` shape where a hole forbids them. The picture itself is not put in. */
export async function writeLabelme(file: LabelmeFile): Promise<string> {
  const shapes = await Promise.all(file.shapes.map(({ label, mask }, i) => shapesOf(label, mask, i + 1)))
  return JSON.stringify({ version: '5.5.0', flags: {}, shapes: shapes.flat(), imagePath: file.imagePath, imageData: null, imageHeight: file.height, imageWidth: file.width }, null, 1)
}

const shape = z.object({
  label: z.string(), points: z.array(z.tuple([z.number(), z.number()])), shape_type: z.string().default('polygon'), mask: z.string().nullish(), group_id: z.number().nullish(),
})
const labelmeShape = z.object({ shapes: z.array(shape), imagePath: z.string(), imageHeight: z.number().int().positive(), imageWidth: z.number().int().positive() })
type Shape = z.infer<typeof shape>

function paste(width: number, height: number, part: MaskImage, left: number, top: number): Uint8Array {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < part.height; y++) for (let x = 0; x < part.width; x++) {
    const px = x + left, py = y + top
    if (part.data[y * part.width + x] && px >= 0 && py >= 0 && px < width && py < height) data[py * width + px] = 1
  }
  return data
}

async function rasterised(one: Shape, width: number, height: number): Promise<MaskResult<Uint8Array>> {
  const points = one.points.map(([x, y]) => imagePoint(x, y))
  const [a, b] = points
  if (one.shape_type === 'mask') {
    const part = await readPngMask(Buffer.from(one.mask ?? '', 'base64'))
    return part.ok ? ok(paste(width, height, part.value, Math.round(a?.x ?? 0), Math.round(a?.y ?? 0))) : part
  }
  if (one.shape_type === 'rectangle' && a && b) {
    return ok(decodeMask(maskFromPolygons([{ outer: [a, imagePoint(b.x, a.y), b, imagePoint(a.x, b.y)], holes: [] }], { width, height })))
  }
  if (one.shape_type === 'polygon' && points.length >= 3) return ok(decodeMask(maskFromPolygons([{ outer: points, holes: [] }], { width, height })))
  // A circle is its middle and a point on it.
  if (one.shape_type === 'circle' && a && b) {
    const r = Math.hypot(b.x - a.x, b.y - a.y), round = Array.from({ length: 256 }, (_, i) => ({ x: a.x + r * Math.cos((i * Math.PI) / 128), y: a.y + r * Math.sin((i * Math.PI) / 128) }))
    return ok(decodeMask(maskFromPolygons([{ outer: round, holes: [] }], { width, height })))
  }
  return maskFault('unsupported', `The shape "${one.label}" is a ${one.shape_type}; polygons, rectangles, circles and masks are read.`)
}

/** Reads labelme JSON; shapes of one label in one group become one mask. */
export async function readLabelme(text: string): Promise<MaskResult<LabelmeFile>> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return maskFault('corrupt', 'It is not JSON.')
  }
  const parsed = labelmeShape.safeParse(json)
  if (!parsed.success) return maskFault('not_this_format', `It is not a labelme file: ${parsed.error.issues[0]?.path.join('.') ?? ''} is not as it should be.`)
  const { imageWidth: width, imageHeight: height, imagePath } = parsed.data
  if (width * height > MAX_VOXELS) return maskFault('too_large', `Its picture is ${width} x ${height}.`)
  const merged = new Map<string, { label: string; mask: MaskImage }>()
  for (const [i, one] of parsed.data.shapes.entries()) {
    const data = await rasterised(one, width, height)
    if (!data.ok) return data
    const key = one.group_id == null ? `#${i}` : `${one.group_id} ${one.label}`
    const known = merged.get(key)
    if (known) data.value.forEach((value, at) => { if (value) known.mask.data[at] = 1 })
    else merged.set(key, { label: one.label, mask: { width, height, data: data.value } })
  }
  return ok({ imagePath, width, height, shapes: [...merged.values()] })
}
