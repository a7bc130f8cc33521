import sharp from 'sharp'
import { encodePng } from './index.ts'

interface Box { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

/** A stored picture with boxes painted black; with `keep`, everything outside of those rectangles too. Boxes may reach over the border. */
export async function blackOut(png: Uint8Array, boxes: readonly Box[], keep: readonly Box[] | null): Promise<Buffer> {
  const { data, info } = await sharp(png).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  const channels = info.channels === 1 ? 1 : 3
  const out = keep === null ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(info.width * info.height * channels)
  const each = (box: Box, row: (from: number, to: number) => void): void => {
    const left = Math.max(0, Math.floor(box.left)), right = Math.min(info.width, Math.ceil(box.left + box.width))
    for (let y = Math.max(0, Math.floor(box.top)); y < Math.min(info.height, Math.ceil(box.top + box.height)); y++) if (right > left) row((y * info.width + left) * channels, (y * info.width + right) * channels)
  }
  for (const box of keep ?? []) each(box, (from, to) => out.set(data.subarray(from, to), from))
  for (const box of boxes) each(box, (from, to) => out.fill(0, from, to))
  return encodePng({ width: info.width, height: info.height, channels, data: out }, 3)
}
