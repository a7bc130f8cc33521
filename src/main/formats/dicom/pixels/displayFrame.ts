import { assertNever } from '#shared/lib/index.ts'
import type { DicomImage } from '../read/openDicom.ts'
import { rgbFromYbrFull } from './colour.ts'
import { applyPalette } from './palette.ts'
import { decodeStored, type StoredFrame } from './storedFrame.ts'
import { greyTo8Bit } from './window.ts'

/** A frame as shown and analysed: 8-bit grey (1 channel) or RGB (3), row-major and interleaved. */
export interface DisplayFrame {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
  readonly warnings: readonly string[]
}

const bytes = (data: StoredFrame['data']): Uint8Array => (data instanceof Uint8Array ? data : Uint8Array.from(data))

function render(image: DicomImage, stored: StoredFrame): { channels: 1 | 3; data: Uint8Array } {
  const { photometric, data } = stored
  switch (photometric) {
    case 'MONOCHROME2': return { channels: 1, data: greyTo8Bit(data, image.format.bitsStored, image.format.signed, image.dataset) }
    case 'MONOCHROME1': return { channels: 1, data: greyTo8Bit(data, image.format.bitsStored, image.format.signed, image.dataset).map((value) => 255 - value) }
    case 'PALETTE COLOR': return { channels: 3, data: applyPalette(image, data) }
    case 'RGB': return { channels: 3, data: bytes(data) }
    case 'YBR_FULL': return { channels: 3, data: rgbFromYbrFull(bytes(data)) }
    default: return assertNever(photometric)
  }
}

/** Decodes and renders one frame. Throws DicomError. */
export async function decodeDisplay(image: DicomImage, index: number): Promise<DisplayFrame> {
  const stored = await decodeStored(image, index)
  return { width: stored.columns, height: stored.rows, ...render(image, stored), warnings: stored.warnings }
}
