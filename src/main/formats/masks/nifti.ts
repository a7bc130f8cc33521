import { gunzipSync, gzipSync } from 'node:zlib'
import * as nifti from 'nifti-reader-js'
import { ok } from '#shared/lib/index.ts'
import { checkStack, maskFault, MAX_VOXELS, reading, type MaskResult, type MaskStack } from './maskImage.ts'

const HEADER = 348
const DATA_AT = 352

/**
 * NIfTI-1, gzipped (.nii.gz), unsigned bytes, one slice a frame.
 *
 * Orientation as ITK and ITK-SNAP have it: a picture's columns run to the patient's left and its rows to the back (LPS, identity direction).
 * NIfTI's axes are RAS, so x and y carry a minus sign in the affine. Loaded over the same frame's PNG in ITK-SNAP, the mask lies on it.
 */
export function writeNifti(stack: MaskStack): Buffer {
  checkStack(stack)
  const { width, height, frames, spacing } = stack
  const out = Buffer.alloc(DATA_AT + width * height * frames.length)
  out.writeInt32LE(HEADER, 0)
  ;[3, width, height, frames.length, 1, 1, 1, 1].forEach((size, i) => out.writeInt16LE(size, 40 + i * 2))
  out.writeInt16LE(2, 70) // DT_UINT8
  out.writeInt16LE(8, 72)
  ;[1, spacing.x, spacing.y, 1, 1, 1, 1, 1].forEach((step, i) => out.writeFloatLE(step, 76 + i * 4))
  out.writeFloatLE(DATA_AT, 108)
  out.writeFloatLE(1, 112) // slope
  out.writeUInt8(2, 123) // millimetres
  out.write('segmentation of an ultrasound image', 148, 'latin1')
  out.writeInt16LE(1, 252) // qform and sform: scanner coordinates
  out.writeInt16LE(1, 254)
  ;[0, 0, 1, 0, 0, 0].forEach((value, i) => out.writeFloatLE(value, 256 + i * 4)) // half a turn about z
  ;[-spacing.x, 0, 0, 0, 0, -spacing.y, 0, 0, 0, 0, 1, 0].forEach((value, i) => out.writeFloatLE(value, 280 + i * 4))
  out.write('n+1\0', 344, 'latin1')
  frames.forEach((frame, i) => out.set(frame, DATA_AT + i * width * height))
  return gzipSync(out, { level: 9 })
}

interface Axis { readonly size: number; readonly stride: number; readonly flip: boolean; readonly step: number }

/** Which stored axis runs along world x, y and z, and whether backwards: only axis-aligned volumes are a stack of pictures. */
function axes(header: nifti.NIFTI1 | nifti.NIFTI2): [Axis, Axis, Axis] | null {
  const strides = [1, header.dims[1] ?? 1, (header.dims[1] ?? 1) * (header.dims[2] ?? 1)]
  const affine = header.affine
  const found = [0, 1, 2].map((world): Axis | null => {
    const row = affine[world] ?? []
    const along = [0, 1, 2].filter((i) => Math.abs(row[i] ?? 0) > 1e-6)
    const [i] = along
    if (along.length !== 1 || i === undefined) return null
    const step = row[i] as number
    // World x and y are right and anterior; the picture's columns and rows run left and posterior.
    return { size: header.dims[i + 1] ?? 1, stride: strides[i] as number, flip: world === 2 ? step < 0 : step > 0, step: Math.abs(step) }
  })
  const [x, y, z] = found
  return x && y && z ? [x, y, z] : null
}

function values(header: nifti.NIFTI1 | nifti.NIFTI2, image: ArrayBuffer, count: number): ArrayLike<number> | null {
  const need = (bytes: number): boolean => image.byteLength >= count * bytes
  const view = new DataView(image)
  const read = (bytes: number, at: (offset: number) => number): ArrayLike<number> | null => (need(bytes) ? Array.from({ length: count }, (_, i) => at(i * bytes)) : null)
  const little = header.littleEndian
  switch (header.datatypeCode) {
    case 2: return need(1) ? new Uint8Array(image, 0, count) : null
    case 256: return need(1) ? new Int8Array(image, 0, count) : null
    case 4: return read(2, (o) => view.getInt16(o, little))
    case 512: return read(2, (o) => view.getUint16(o, little))
    case 8: return read(4, (o) => view.getInt32(o, little))
    case 768: return read(4, (o) => view.getUint32(o, little))
    case 16: return read(4, (o) => view.getFloat32(o, little))
    case 64: return read(8, (o) => view.getFloat64(o, little))
    default: return null
  }
}

/** Reads .nii and .nii.gz label volumes of any axis-aligned orientation back to frames as they are on the screen. Values must be whole, 0 to 255. */
export function readNifti(bytes: Uint8Array): MaskResult<MaskStack> {
  return reading(() => {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    const plain = zipped ? gunzipSync(bytes, { maxOutputLength: MAX_VOXELS * 2 }) : Buffer.from(bytes)
    const buffer = plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.byteLength) as ArrayBuffer
    if (buffer.byteLength < HEADER || !nifti.isNIFTI(buffer)) return maskFault('not_this_format', 'It is not a NIfTI file.')
    const header = nifti.readHeader(buffer)
    if (!header) return maskFault('corrupt', 'Its NIfTI header cannot be read.')
    const found = axes(header)
    if (!found) return maskFault('unsupported', 'Its axes are oblique; only volumes along the picture\'s own axes are read.')
    const [x, y, z] = found
    const rest = header.dims.slice(4, 1 + (header.dims[0] ?? 3)).some((size) => size > 1)
    const count = x.size * y.size * z.size
    if (rest) return maskFault('unsupported', 'It has more than three dimensions.')
    if (!(count > 0) || count > MAX_VOXELS) return maskFault('too_large', `It says it has ${count} voxels.`)
    const stored = values(header, nifti.readImage(header, buffer), count)
    if (!stored) return maskFault('corrupt', 'Its data are shorter than its header says, or of a kind that no mask has.')
    const slope = header.scl_slope || 1, inter = header.scl_slope ? header.scl_inter : 0
    const frames: Uint8Array[] = []
    for (let k = 0; k < z.size; k++) {
      const frame = new Uint8Array(x.size * y.size)
      const base = (z.flip ? z.size - 1 - k : k) * z.stride
      for (let j = 0; j < y.size; j++) {
        const row = base + (y.flip ? y.size - 1 - j : j) * y.stride
        for (let i = 0; i < x.size; i++) {
          const value = (stored[row + (x.flip ? x.size - 1 - i : i) * x.stride] as number) * slope + inter
          if (!Number.isInteger(value) || value < 0 || value > 255) return maskFault('unsupported', `It holds the value ${value}, which is no label of a mask.`)
          frame[j * x.size + i] = value
        }
      }
      frames.push(frame)
    }
    return ok({ width: x.size, height: y.size, frames, spacing: { x: x.step, y: y.step } })
  })
}
