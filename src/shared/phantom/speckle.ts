import type { EchoField } from './echoField.ts'
import { gaussianField } from './gaussianField.ts'
import type { Scanner } from './scanner.ts'

/** Gaussian taps with unit energy, so that the mean speckle power does not depend on the width. */
export function unitEnergyKernel(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(2.4 * sigma))
  const taps = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-(((i - radius) / sigma) ** 2) / 2))
  const energy = Math.sqrt(taps.reduce((sum, t) => sum + t * t, 0))
  return taps.map((t) => t / energy)
}

/** Which noise to use: two independent fields turned into each other, so that speckle changes smoothly along a sweep. */
export interface SpeckleSeed {
  readonly from: number
  readonly to: number
  /** 0 only `from`, 1 only `to`. */
  readonly blend: number
}

function scatterers({ from, to, blend }: SpeckleSeed, salt: number, n: number): Float32Array {
  const first = gaussianField(Math.imul(from, 2654435761) ^ salt, n)
  if (blend === 0) return first
  const second = gaussianField(Math.imul(to, 2654435761) ^ salt, n), c = Math.cos(blend * Math.PI / 2), s = Math.sin(blend * Math.PI / 2)
  return first.map((v, i) => c * v + s * (second[i] as number))
}

const decibelToAmplitude = Math.LN10 / 20

/** Lateral blur of one row, whose samples carry `pad` extra columns on each side, into `out` at `start`. */
function blurRow(row: Float32Array, pad: number, kernel: Float32Array, out: Float32Array, start: number, width: number): void {
  const radius = (kernel.length - 1) / 2
  for (let x = 0; x < width; x++) {
    let sum = 0
    const first = x + pad - radius
    for (let t = 0; t < kernel.length; t++) sum += (kernel[t] as number) * (row[first + t] as number)
    out[start + x] = sum
  }
}

function blurColumns(values: Float32Array, width: number, height: number, kernel: Float32Array): Float32Array {
  const out = new Float32Array(values.length), radius = (kernel.length - 1) / 2
  for (let y = 0; y < height; y++) {
    for (let t = -radius; t <= radius; t++) {
      const weight = kernel[t + radius] as number, source = Math.min(height - 1, Math.max(0, y + t)) * width, target = y * width
      for (let x = 0; x < width; x++) out[target + x] = (out[target + x] as number) + weight * (values[source + x] as number)
    }
  }
  return out
}

/**
 * Envelope of the echo: complex white scatterers weighted by the diffuse amplitude, plus the specular amplitude in phase, through a separable
 * point-spread function whose lateral width grows away from the focus (fully developed speckle; Wagner 1983, doi:10.1109/T-SU.1983.31404).
 * `loss` (dB) and the electronic noise are applied before the beam. The mean power of diffuse tissue at 0 dB is 1.
 */
export function envelope(field: EchoField, loss: Float32Array, scanner: Scanner, seed: SpeckleSeed): Float32Array {
  const { width, height, mmPerPx } = field
  const lateralAt = (y: number): number => Math.max(0.6, (scanner.lateralMm + scanner.spread * Math.abs(y * mmPerPx - scanner.focusMm)) / mmPerPx)
  const pad = Math.ceil(2.4 * Math.max(lateralAt(0), lateralAt(height - 1))) + 1, span = width + 2 * pad
  const noiseRe = scatterers(seed, 0x51ed27, span * height), noiseIm = scatterers(seed, 0x3c6ef3, span * height)
  const re = new Float32Array(width * height), im = new Float32Array(width * height)
  const rowRe = new Float32Array(span), rowIm = new Float32Array(span), noisePower = 10 ** (scanner.noiseDb / 10)
  for (let y = 0; y < height; y++) {
    const deep = scanner.deepDb * y / height
    for (let p = 0; p < span; p++) {
      const k = y * width + Math.min(width - 1, Math.max(0, p - pad))
      const gain = deep - (loss[k] as number)
      const power = Math.exp(2 * decibelToAmplitude * ((field.diffuse[k] as number) + gain)) + noisePower
      const amplitude = Math.sqrt(0.5 * power), specular = field.specular[k] as number
      rowRe[p] = amplitude * (noiseRe[y * span + p] as number) + (specular > -50 ? Math.exp(decibelToAmplitude * (specular + gain)) : 0)
      rowIm[p] = amplitude * (noiseIm[y * span + p] as number)
    }
    const kernel = unitEnergyKernel(lateralAt(y))
    blurRow(rowRe, pad, kernel, re, y * width, width)
    blurRow(rowIm, pad, kernel, im, y * width, width)
  }
  const axial = unitEnergyKernel(Math.max(0.6, scanner.axialMm / mmPerPx))
  const outRe = blurColumns(re, width, height, axial), outIm = blurColumns(im, width, height, axial)
  for (let k = 0; k < outRe.length; k++) outRe[k] = Math.sqrt((outRe[k] as number) ** 2 + (outIm[k] as number) ** 2)
  return outRe
}
