import { err, ok, type Result } from '#shared/lib/index.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { RleMask } from './rleMask.ts'

const FORMAT = 1

export interface MaskFormatError { readonly code: 'mask-format'; readonly message: string }
const broken = (message: string): Result<never, MaskFormatError> => err({ code: 'mask-format', message })

/** Format, width, height, then every run, each as an unsigned LEB128 number. Typically two to four bytes a row. */
export function maskToBytes(mask: RleMask): Uint8Array {
  const out: number[] = []
  const put = (value: number): void => {
    let rest = value
    while (rest >= 128) {
      out.push((rest % 128) | 128)
      rest = Math.floor(rest / 128)
    }
    out.push(rest)
  }
  put(FORMAT)
  put(mask.width)
  put(mask.height)
  for (const run of mask.runs) put(run)
  return Uint8Array.from(out)
}

/** The numbers of a LEB128 byte string; undefined where it ends amid one or one exceeds 32 bits. */
function readNumbers(bytes: Uint8Array): number[] | undefined {
  const numbers: number[] = []
  let value = 0, weight = 1
  for (const byte of bytes) {
    value += (byte & 127) * weight
    if (value > 0xffffffff) return undefined
    if (byte >= 128) {
      weight *= 128
      continue
    }
    numbers.push(value)
    value = 0
    weight = 1
  }
  return weight === 1 ? numbers : undefined
}

export function maskFromBytes(bytes: Uint8Array): Result<RleMask, MaskFormatError> {
  const numbers = readNumbers(bytes)
  if (!numbers || numbers.length < 4) return broken('The stored mask is cut short or damaged.')
  const [format, width, height, ...runs] = numbers as [number, number, number, ...number[]]
  if (format !== FORMAT) return broken(`The stored mask has format ${format}, which this version cannot read.`)
  if (runs.some((run, i) => run === 0 && i > 0)) return broken('The stored mask has an empty run.')
  if (runs.reduce((sum, run) => sum + run, 0) !== width * height) return broken(`The stored mask does not fill its ${width} x ${height} pixels.`)
  return ok({ width, height, runs: Uint32Array.from(runs) })
}

export const maskToText = (mask: RleMask): string => toBase64(maskToBytes(mask))

export function maskFromText(text: string): Result<RleMask, MaskFormatError> {
  const bytes = fromBase64(text)
  return bytes ? maskFromBytes(bytes) : broken('The stored mask is not base64 text.')
}
