import { greyFromRgba, type GreyImage, type Size } from '#shared/geometry/index.ts'

/** A decoded image: the pixels at full size and, for large ones, smaller copies for zoomed-out views. */
export interface LoadedImage extends Size {
  readonly url: string
  readonly bitmap: ImageBitmap
  /** Half, quarter, ... of the full size. */
  readonly smaller: readonly ImageBitmap[]
  close(): void
}

export class ImageLoadError extends Error {
  override readonly name = 'ImageLoadError'
  readonly url: string
  constructor(url: string, message: string) {
    super(message)
    this.url = url
  }
}

/** Above this many pixels smaller copies are made. */
const LARGE = 2_500_000

async function shrink(bitmap: ImageBitmap): Promise<ImageBitmap[]> {
  const out: ImageBitmap[] = []
  let last = bitmap
  while (last.width * last.height > LARGE) {
    last = await createImageBitmap(last, { resizeWidth: Math.ceil(last.width / 2), resizeHeight: Math.ceil(last.height / 2), resizeQuality: 'medium' })
    out.push(last)
  }
  return out
}

export async function imageFromBitmap(bitmap: ImageBitmap, url = ''): Promise<LoadedImage> {
  const smaller = await shrink(bitmap)
  return {
    url, bitmap, smaller, width: bitmap.width, height: bitmap.height,
    close: () => { for (const each of [bitmap, ...smaller]) each.close() },
  }
}

/** Fetches and decodes; the pixels are not colour-managed. Throws ImageLoadError with a sentence for the user. */
export async function loadImage(url: string, signal?: AbortSignal): Promise<LoadedImage> {
  const response = await fetch(url, { credentials: 'same-origin', ...(signal ? { signal } : {}) }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ImageLoadError(url, 'The image could not be fetched: the workstation does not answer.')
  })
  if (!response.ok) throw new ImageLoadError(url, `The image could not be fetched (${response.status}).`)
  const blob = await response.blob()
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(() => {
    throw new ImageLoadError(url, 'The image file could not be decoded.')
  })
  return imageFromBitmap(bitmap, url)
}

/** The copy that is just large enough for a scale in device pixels an image pixel. */
export function bitmapForScale(image: LoadedImage, scale: number): ImageBitmap {
  let best = image.bitmap
  for (const [i, each] of image.smaller.entries()) if (scale <= 1 / 2 ** (i + 1)) best = each
  return best
}

/** One byte a pixel where the image is grey throughout, else RGBA. */
type Pixels = { readonly kind: 'grey'; readonly data: Uint8Array } | { readonly kind: 'colour'; readonly data: Uint8ClampedArray }

const pixels = new WeakMap<LoadedImage, Pixels | 'asked'>()

/** Reads all pixels once: reading them one by one would fetch the whole bitmap from the graphics card each time. */
function readPixels(image: LoadedImage): Pixels {
  const known = pixels.get(image)
  if (known && known !== 'asked') return known
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('this browser has no canvas')
  context.drawImage(image.bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, image.width, image.height)
  const words = new Uint32Array(data.buffer)
  const isGrey = words.every((word) => ((word ^ (word >>> 8)) & 0xffff) === 0)
  const read: Pixels = isGrey ? { kind: 'grey', data: Uint8Array.from(words) } : { kind: 'colour', data }
  pixels.set(image, read)
  return read
}

/** Red, green and blue of one pixel; null outside the image, and for the first moment while the pixels are being read in the background. */
export function pixelAt(image: LoadedImage, x: number, y: number): readonly [number, number, number] | null {
  const column = Math.floor(x), row = Math.floor(y)
  if (column < 0 || row < 0 || column >= image.width || row >= image.height) return null
  const known = pixels.get(image)
  if (known === undefined) {
    pixels.set(image, 'asked')
    requestIdleCallback(() => {
      try {
        readPixels(image)
      } catch {
        // The image was closed meanwhile: there is nothing to read out any more.
      }
    }, { timeout: 1000 })
  }
  if (known === undefined || known === 'asked') return null
  const i = row * image.width + column
  if (known.kind === 'grey') {
    const value = known.data[i] ?? 0
    return [value, value, value]
  }
  return [known.data[4 * i] ?? 0, known.data[4 * i + 1] ?? 0, known.data[4 * i + 2] ?? 0]
}

/** All pixels as grey values, for tools that look at them. Takes tens of milliseconds for a large image the first time: call it after showing. */
export function greyOf(image: LoadedImage): GreyImage {
  const { width, height } = image
  const read = readPixels(image)
  return read.kind === 'grey' ? { width, height, data: read.data } : greyFromRgba(read.data, { width, height })
}
