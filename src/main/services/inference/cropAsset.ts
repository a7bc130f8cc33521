import { readFile } from 'node:fs/promises'
import { unwrap } from '#shared/lib/index.ts'
import { decodeImage, encodePng, type Pixels } from '#main/formats/images/index.ts'
import type { Asset, OpenStudy } from '../context.ts'

export interface CropBox { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** The box of a picture as the classifiers get it: min-max over the whole box to 0..255, nearest neighbour with source index floor(i * in / out). */
export function cropSeen({ data, channels, width }: Pixels, box: CropBox, size = 224): Pixels {
  let low = 255, high = 0
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let i = (y * width + box.x) * channels; i < (y * width + box.x + box.width) * channels; i++) {
      const v = data[i] as number
      if (v < low) low = v
      if (v > high) high = v
    }
  }
  const scale = high > low ? 255 / (high - low) : 0
  const out = new Uint8Array(size * size * channels)
  for (let i = 0; i < size; i++) {
    const y = box.y + Math.floor((i * box.height) / size)
    for (let j = 0; j < size; j++) {
      const x = box.x + Math.floor((j * box.width) / size)
      for (let c = 0; c < channels; c++) out[(i * size + j) * channels + c] = Math.round(((data[(y * width + x) * channels + c] as number) - low) * scale)
    }
  }
  return { width: size, height: size, channels, data: out }
}

export const cropAsset = (study: OpenStudy, object: string, box: CropBox) => async (): Promise<Asset> => ({ type: 'image/png', bytes: await encodePng(cropSeen(unwrap(await decodeImage(await readFile(study.objects.path(object)))), box)) })
