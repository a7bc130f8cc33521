import { ok } from '#shared/lib/index.ts'
import { decodeImage, encodePng } from '../images/index.ts'
import { maskFault, type MaskImage, type MaskResult } from './maskImage.ts'

/** A grey PNG of 0 (background) and 255, the way mask pictures are usually looked at. */
export const writePngMask = (mask: MaskImage): Promise<Buffer> =>
  encodePng({ width: mask.width, height: mask.height, channels: 1, data: Uint8Array.from(mask.data, (value) => (value ? 255 : 0)) }, 9)

/** Every pixel that is not black is foreground: masks of 0/1, 0/255 and coloured ones are read alike. */
export async function readPngMask(bytes: Uint8Array): Promise<MaskResult<MaskImage>> {
  const image = await decodeImage(bytes)
  if (!image.ok) return maskFault(image.error.code === 'too_large' ? 'too_large' : 'corrupt', `The mask picture cannot be used: ${image.error.message}.`)
  const { width, height, channels, data } = image.value
  const out = new Uint8Array(width * height)
  for (let i = 0; i < out.length; i++) for (let c = 0; c < channels; c++) if (data[i * channels + c]) out[i] = 1
  return ok({ width, height, data: out })
}
