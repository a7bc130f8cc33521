import { promisify } from 'node:util'
import { constants, crc32, deflate } from 'node:zlib'
import sharp from 'sharp'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export interface Pixels { readonly width: number; readonly height: number; readonly channels: 1 | 3; readonly data: Uint8Array }

/** Width and height that a PNG says of itself; NaN where it is none. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.length < 24 || view.compare(SIGNATURE, 0, 8, 0, 8) !== 0) return { width: NaN, height: NaN }
  return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) }
}

/** The pixels of a stored PNG (8-bit grey or RGB). */
export async function readPng(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== 1 && info.channels !== 3) throw new Error(`a stored image has ${info.channels} channels`)
  return { width: info.width, height: info.height, channels: info.channels, data }
}

const SUB_FILTER = 1
/** Room for a whole packed map at once: deflate hands out pieces of 16 kB otherwise, at a quarter of its time. */
const OUTPUT = 1 << 19

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  out.set(data, 8)
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8)
  return out
}

/** Rows of 16-bit levels, each byte less the same byte of the pixel before it (PNG's Sub filter): maps change slowly from one pixel to the next. */
function filteredRows(values: Float32Array, width: number, height: number): Buffer {
  const out = Buffer.allocUnsafe((2 * width + 1) * height)
  let at = 0
  for (let y = 0, i = 0; y < height; y++) {
    out[at++] = SUB_FILTER
    let last = 0
    for (const end = i + width; i < end; i++) {
      const value = values[i] as number
      const level = value > 0 ? (value < 1 ? (value * 65535 + 0.5) | 0 : 65535) : 0
      out[at++] = (level >> 8) - (last >> 8)
      out[at++] = level - last
      last = level
    }
  }
  return out
}

/**
 * 16-bit PNG of a probability map: probability x 65535, rounded. Written here because four of them are made for every image: with one filter and
 * run lengths only, deflate takes a third of the time of a general encoder, and the file is smaller.
 */
export async function probabilityPng(values: Float32Array, width: number, height: number): Promise<Buffer> {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 16 // bits; grey, deflate, the standard filters, no interlace are 0
  const packed = await promisify(deflate)(filteredRows(values, width, height), { level: 1, strategy: constants.Z_RLE, chunkSize: OUTPUT })
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))])
}
