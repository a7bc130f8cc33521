import sharp from 'sharp'

export interface Pixels { readonly width: number; readonly height: number; readonly channels: 1 | 3; readonly data: Uint8Array }

/** The pixels of a stored PNG (8-bit grey or RGB). */
export async function readPng(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== 1 && info.channels !== 3) throw new Error(`a stored image has ${info.channels} channels`)
  return { width: info.width, height: info.height, channels: info.channels, data }
}

/** 16-bit PNG of a probability map. */
export async function probabilityPng(values: Float32Array, width: number, height: number): Promise<Buffer> {
  const levels = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) levels[i] = Math.round(Math.min(1, Math.max(0, values[i] as number)) * 65535)
  return sharp(levels, { raw: { width, height, channels: 1 } }).toColourspace('grey16').png({ compressionLevel: 2 }).toBuffer()
}
