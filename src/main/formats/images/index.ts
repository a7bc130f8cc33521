import { decode as decodeBmp } from 'fast-bmp'
import sharp from 'sharp'
import { err, ok, type Result } from '#shared/lib/index.ts'

/** Interleaved 8-bit pixels, row-major: grey (1 channel) or RGB (3). */
export interface Pixels { readonly width: number; readonly height: number; readonly channels: 1 | 3; readonly data: Uint8Array }

export interface ImageFault { readonly code: 'empty' | 'unknown_format' | 'corrupt' | 'too_large'; readonly message: string }

/** Larger pictures than any scanner makes are refused before they are decoded (a decompression bomb is small on disk). */
export const MAX_PIXELS = 64 * 1024 * 1024

sharp.cache(false)

const fault = (code: ImageFault['code'], message: string): Result<never, ImageFault> => err({ code, message })

function fromBmp(bytes: Uint8Array): Result<Pixels, ImageFault> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 30) return fault('corrupt', 'the BMP ends inside its header')
  const width = Math.abs(view.getInt32(18, true))
  const height = Math.abs(view.getInt32(22, true))
  if (width * height > MAX_PIXELS) return fault('too_large', `the picture is ${width} x ${height}, more than is taken`)
  const image = decodeBmp(bytes)
  const count = image.width * image.height
  const data = image.data as Uint8Array
  if (image.bitsPerPixel === 1 || image.channels === 1) {
    const grey = image.bitsPerPixel === 1 ? Uint8Array.from(data.subarray(0, count), (v) => (v > 0 ? 255 : 0)) : data.slice(0, count)
    return ok({ width: image.width, height: image.height, channels: 1, data: grey })
  }
  const rgb = new Uint8Array(count * 3)
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) rgb[i * 3 + c] = data[i * image.channels + c] ?? 0
  return ok({ width: image.width, height: image.height, channels: 3, data: rgb })
}

/**
 * Decodes PNG, JPEG, TIFF or BMP to 8 bits a channel; 16-bit samples keep their high byte, an alpha channel is dropped.
 * A rotation that the metadata asks for is carried out, since every viewer shows the picture so and its mask was drawn on that; metadata is then left behind.
 * Reads every pixel, so a truncated file is found here and not later.
 */
export async function decodeImage(bytes: Uint8Array): Promise<Result<Pixels, ImageFault>> {
  if (bytes.length === 0) return fault('empty', 'the file is empty')
  try {
    if (bytes[0] === 0x42 && bytes[1] === 0x4d) return fromBmp(bytes)
    const options = { limitInputPixels: MAX_PIXELS, failOn: 'truncated', sequentialRead: true } as const
    const meta = await sharp(bytes, options).metadata()
    if (!['png', 'jpeg', 'tiff'].includes(meta.format ?? '')) return fault('unknown_format', `it is not PNG, JPEG, TIFF or BMP (it looks like ${meta.format ?? 'nothing known'})`)
    const grey = meta.channels <= 2 && (meta.space === 'b-w' || meta.space === 'grey16')
    const base = sharp(bytes, options).autoOrient().removeAlpha()
    const { data, info } = await (grey ? base.toColourspace('b-w') : base.toColourspace('srgb')).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    if (info.channels !== 1 && info.channels !== 3) return fault('corrupt', `it decodes to ${info.channels} channels`)
    return ok({ width: info.width, height: info.height, channels: info.channels, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (/pixel limit/i.test(text)) return fault('too_large', 'the picture is larger than any scanner makes')
    if (/unsupported image format/i.test(text)) return fault('unknown_format', 'it is not a PNG, JPEG, TIFF or BMP picture')
    return fault('corrupt', `it cannot be decoded (${text.split('\n')[0] ?? ''})`)
  }
}

/** A PNG with nothing in it but pixels. `bits` 16 takes big values as Uint16Array (probability maps). */
export async function encodePng(pixels: Pixels, level = 6): Promise<Buffer> {
  const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels }
  const image = sharp(pixels.data, { raw })
  return (pixels.channels === 1 ? image.toColourspace('b-w') : image).png({ compressionLevel: level }).toBuffer()
}

export async function encodePng16(width: number, height: number, values: Uint16Array): Promise<Buffer> {
  return sharp(values, { raw: { width, height, channels: 1 } }).toColourspace('grey16').png({ compressionLevel: 3 }).toBuffer()
}

/** 16-bit samples of a PNG made by `encodePng16`. */
export async function decodePng16(bytes: Uint8Array): Promise<{ width: number; height: number; values: Uint16Array }> {
  const { data, info } = await sharp(bytes).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, values: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) }
}

/** A small WebP of a stored picture, fitting in a square box. */
export async function thumbnail(png: Uint8Array, size: number): Promise<Buffer> {
  return sharp(png).resize(size, size, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toBuffer()
}

/** A 16-bit grey PNG as 8 bits: the high byte, rounded. */
export async function mapTo8Bit(bytes: Uint8Array): Promise<Buffer> {
  const { width, height, values } = await decodePng16(bytes)
  return encodePng({ width, height, channels: 1, data: Uint8Array.from(values, (v) => Math.round(v / 257)) }, 3)
}

/** A box of a picture at a given size, nearest neighbour with source index floor(i * in / out): what a classifier sees, before min-max. */
export async function cropPng(png: Uint8Array, box: { x: number; y: number; width: number; height: number }, size: number): Promise<Buffer> {
  const { data, info } = await sharp(png).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  const channels = info.channels === 1 ? 1 : 3
  const out = new Uint8Array(size * size * channels)
  for (let i = 0; i < size; i++) {
    const y = box.y + Math.floor((i * box.height) / size)
    for (let j = 0; j < size; j++) {
      const x = box.x + Math.floor((j * box.width) / size)
      for (let c = 0; c < channels; c++) out[(i * size + j) * channels + c] = data[(y * info.width + x) * info.channels + c] as number
    }
  }
  return encodePng({ width: size, height: size, channels, data: out })
}
