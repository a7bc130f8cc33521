import { readFile } from 'node:fs/promises'
import { decodeMask, type RleMask } from '#shared/geometry/index.ts'
import { meaningColours } from '#shared/figures/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { decodeImage, encodePng, thumbnail, type Pixels } from '#main/formats/images/index.ts'
import type { Asset, OpenStudy } from '../context.ts'
import { loadMask } from '../masks.ts'

export type Rgb = readonly [number, number, number]
const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb
export const FUSED: Rgb = rgb(meaningColours.dark.fused)
export const CORRECTED: Rgb = [255, 255, 255]

/** The picture in colour with the inner border of a mask drawn `width` pixels wide. */
export function outlined(pixels: Pixels, mask: RleMask, colour: Rgb, width: number): Pixels {
  const { width: w, height: h, channels, data } = pixels
  const on = decodeMask(mask)
  const out = new Uint8Array(w * h * 3)
  const off = (x: number, y: number): boolean => x < 0 || y < 0 || x >= w || y >= h || on[y * w + x] === 0
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0; x < w; x++, i++) {
      const border = on[i] !== 0 && (off(x - width, y) || off(x + width, y) || off(x, y - width) || off(x, y + width))
      for (let c = 0; c < 3; c++) out[i * 3 + c] = border ? (colour[c] as number) : (data[i * channels + (channels === 1 ? 0 : c)] as number)
    }
  }
  return { width: w, height: h, channels: 3, data: out }
}

/** A small picture with its mask's outline, about one and a half pixels wide after shrinking. */
export const outlinedAsset = (study: OpenStudy, object: string, mask: string, colour: Rgb, size = 176) => async (): Promise<Asset> => {
  const pixels = unwrap(await decodeImage(await readFile(study.objects.path(object))))
  const drawn = outlined(pixels, loadMask(study, mask), colour, Math.max(1, Math.round((1.5 * Math.max(pixels.width, pixels.height)) / size)))
  return { type: 'image/webp', bytes: await thumbnail(await encodePng(drawn, 1), size) }
}
