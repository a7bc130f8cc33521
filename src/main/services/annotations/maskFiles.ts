import type { MaskFormat } from '#shared/contract/index.ts'
import { ok, type Result } from '#shared/lib/index.ts'
import { decodeMask, type RleMask } from '#shared/geometry/index.ts'
import { readCoco, readLabelme, readNifti, readPngMask, readSegNrrd, writeCoco, writeLabelme, writeNifti, writePngMask, writeSegNrrd, type MaskImage, type MaskStack } from '#main/formats/masks/index.ts'

export const EXTENSION: Readonly<Record<MaskFormat, string>> = { png: '.png', nifti: '.nii.gz', nrrd: '.seg.nrrd', coco: '.json', labelme: '.json', dicom: '.seg.dcm' }
const LABEL = 'lesion'

/** A mask of a file with the picture that it is of, as the file says it. */
export interface NamedMask { readonly picture: string; readonly frame: number; readonly frames: number; readonly mask: MaskImage }

const dense = (mask: RleMask): MaskImage => ({ width: mask.width, height: mask.height, data: decodeMask(mask) })

/** One mask as one file. COCO gathers all masks in one file (`writeCocoFile`); a DICOM Segmentation needs to know its picture (`makeObjects`). */
export async function writeOne(format: Exclude<MaskFormat, 'coco' | 'dicom'>, mask: RleMask, about: { picture: string; spacing: { x: number; y: number } }): Promise<Buffer> {
  const image = dense(mask)
  const stack: MaskStack = { width: image.width, height: image.height, frames: [image.data], spacing: about.spacing }
  switch (format) {
    case 'png': return writePngMask(image)
    case 'nifti': return writeNifti(stack)
    case 'nrrd': return writeSegNrrd({ stack, segments: [{ label: 1, name: LABEL }] })
    case 'labelme': return Buffer.from(await writeLabelme({ imagePath: about.picture, width: image.width, height: image.height, shapes: [{ label: LABEL, mask: image }] }))
  }
}

export function writeCocoFile(items: readonly { picture: string; category: string; mask: RleMask }[]): string {
  const names = [...new Set(items.map((i) => i.picture))]
  const sizeOf = (name: string): RleMask => (items.find((i) => i.picture === name) as { mask: RleMask }).mask
  return writeCoco({
    images: names.map((fileName, i) => ({ id: i + 1, fileName, width: sizeOf(fileName).width, height: sizeOf(fileName).height })),
    annotations: items.map((i) => ({ imageId: names.indexOf(i.picture) + 1, category: i.category, mask: dense(i.mask) })),
  }, 'polygon')
}

const union = (masks: readonly MaskImage[], width: number, height: number): MaskImage => {
  const data = new Uint8Array(width * height)
  for (const mask of masks) mask.data.forEach((value, i) => { if (value) data[i] = 1 })
  return { width, height, data }
}

/** The frame of a stack that is drawn on: its only one, else the one with the most set pixels. */
function drawnFrame(stack: MaskStack, name: string): NamedMask {
  const areas = stack.frames.map((f) => f.reduce((n, v) => n + (v ? 1 : 0), 0))
  const frame = areas.indexOf(Math.max(...areas))
  return { picture: name, frame, frames: stack.frames.length, mask: { width: stack.width, height: stack.height, data: Uint8Array.from(stack.frames[frame] ?? [], (v) => (v ? 1 : 0)) } }
}

/** The masks of one file; several shapes of one picture are one mask. The name stands for the picture where the file names none. */
export async function readMasks(format: Exclude<MaskFormat, 'dicom'>, bytes: Buffer, name: string): Promise<Result<NamedMask[], { readonly message: string }>> {
  switch (format) {
    case 'png': {
      const read = await readPngMask(bytes)
      return read.ok ? ok([{ picture: name, frame: 0, frames: 1, mask: read.value }]) : read
    }
    case 'nifti': {
      const read = readNifti(bytes)
      return read.ok ? ok([drawnFrame(read.value, name)]) : read
    }
    case 'nrrd': {
      const read = readSegNrrd(bytes)
      return read.ok ? ok([drawnFrame(read.value.stack, name)]) : read
    }
    case 'labelme': {
      const read = await readLabelme(bytes.toString('utf8'))
      return read.ok ? ok([{ picture: name, frame: 0, frames: 1, mask: union(read.value.shapes.map((s) => s.mask), read.value.width, read.value.height) }]) : read
    }
    case 'coco': {
      const read = readCoco(bytes.toString('utf8'))
      if (!read.ok) return read
      const { images, annotations } = read.value
      return ok(images.filter((i) => annotations.some((a) => a.imageId === i.id)).map((i) => ({ picture: i.fileName, frame: 0, frames: 1, mask: union(annotations.filter((a) => a.imageId === i.id).map((a) => a.mask), i.width, i.height) })))
    }
  }
}
