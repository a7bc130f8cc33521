import type { DicomDataset } from '../read/dataset.ts'

/** A rectangle of pixels, both ends included. */
export interface PixelBox { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number }

/** Where a scanner writes text, as somebody marked it once: applies to files of the same maker, model and picture size. */
export interface ScannerTemplate {
  readonly manufacturer: string
  readonly model: string
  readonly columns: number
  readonly rows: number
  readonly boxes: readonly PixelBox[]
}

export interface RedactionPlan {
  /** Pixels outside these are blacked; null keeps the whole picture. */
  readonly keepInside: readonly PixelBox[] | null
  readonly boxes: readonly PixelBox[]
  /** What the plan rests on, in a sentence for the import preview. */
  readonly reason: string
}

export interface PictureFacts { readonly columns: number; readonly rows: number; readonly manufacturer: string | null; readonly model: string | null }

const inside = (box: PixelBox, { columns, rows }: PictureFacts): boolean => box.x0 >= 0 && box.y0 >= 0 && box.x1 <= columns && box.y1 <= rows && box.x1 > box.x0 && box.y1 > box.y0

/** Every ultrasound region that holds picture or trace and lies inside the picture; null where the file gives none that can be trusted. */
function imageRegions(dataset: DicomDataset, facts: PictureFacts): PixelBox[] | null {
  const boxes = dataset.items('00186011').map((item) => {
    const [x0, y0, x1, y1] = ['00186018', '0018601A', '0018601C', '0018601E'].map((tag) => item.number(tag, 'UL') ?? -1) as [number, number, number, number]
    return { x0, y0, x1, y1 }
  })
  return boxes.length > 0 && boxes.every((box) => inside(box, facts)) ? boxes : null
}

const same = (a: string | null, b: string): boolean => (a ?? '').trim().toLowerCase() === b.trim().toLowerCase()

/**
 * What to black out: by default everything outside the ultrasound regions, and the boxes of a matching scanner template. Where the regions
 * are missing or cannot be trusted and no template matches, nothing is known, and the plan says so: a person has to look.
 */
export function planRedaction(dataset: DicomDataset, facts: PictureFacts, templates: readonly ScannerTemplate[] = []): RedactionPlan & { readonly needsReview: boolean } {
  const template = templates.find((t) => t.columns === facts.columns && t.rows === facts.rows && same(facts.manufacturer, t.manufacturer) && same(facts.model, t.model))
  const keepInside = imageRegions(dataset, facts)
  const boxes = template?.boxes ?? []
  const parts = [
    keepInside ? 'Everything outside the ultrasound regions is blacked.' : 'The file names no ultrasound region that fits the picture.',
    template ? `The template of ${template.manufacturer} ${template.model} blacks ${boxes.length} more rectangle${boxes.length === 1 ? '' : 's'}.` : '',
  ].filter(Boolean)
  const needsReview = !keepInside && !template
  return { keepInside, boxes, reason: needsReview ? `${parts.join(' ')} Look for names in the picture and black them by hand.` : parts.join(' '), needsReview }
}

/** Blacks (sets to 0) in a copy; `channels` interleaved samples a pixel. */
export function redactPixels(data: Uint8Array, columns: number, rows: number, channels: number, plan: Pick<RedactionPlan, 'keepInside' | 'boxes'>): Uint8Array {
  const out = plan.keepInside ? new Uint8Array(data.length) : data.slice()
  const each = (box: PixelBox, visit: (from: number, to: number) => void): void => {
    const x0 = Math.max(0, box.x0), x1 = Math.min(columns - 1, box.x1)
    for (let y = Math.max(0, box.y0); y <= Math.min(rows - 1, box.y1) && x1 >= x0; y++) visit((y * columns + x0) * channels, (y * columns + x1 + 1) * channels)
  }
  for (const box of plan.keepInside ?? []) each(box, (from, to) => out.set(data.subarray(from, to), from))
  for (const box of plan.boxes) each(box, (from, to) => out.fill(0, from, to))
  return out
}
