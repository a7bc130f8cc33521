import { loadImage, type LoadedImage } from './imageSource.ts'

/** Decoded images by URL: the case before, this one and the next are there at once. The longest unused goes first. */
export interface ImageCache {
  /** The image; a second call for the same URL shares the first one's work. */
  get(url: string): Promise<LoadedImage>
  /** Starts decoding and forgets failures: they come back when the image is asked for. */
  preload(url: string): void
  /** The image if it is decoded already. */
  peek(url: string): LoadedImage | undefined
  /** Drops all (a sign-out). */
  clear(): void
}

interface Entry { readonly promise: Promise<LoadedImage>; image: LoadedImage | undefined }

/** Dropped images are left to the garbage collector: a viewport may still show one. */
export function createImageCache(capacity = 6, load: (url: string) => Promise<LoadedImage> = loadImage): ImageCache {
  const entries = new Map<string, Entry>()
  const touch = (url: string, entry: Entry): void => {
    entries.delete(url)
    entries.set(url, entry)
    for (const oldest of entries.keys()) {
      if (entries.size <= capacity) break
      entries.delete(oldest)
    }
  }
  const start = (url: string): Entry => {
    const entry: Entry = { promise: load(url), image: undefined }
    entry.promise.then((image) => { entry.image = image }, () => { if (entries.get(url) === entry) entries.delete(url) })
    return entry
  }
  const find = (url: string): Entry => {
    const entry = entries.get(url) ?? start(url)
    touch(url, entry)
    return entry
  }
  return {
    get: (url) => find(url).promise,
    preload: (url) => { find(url).promise.catch(() => undefined) },
    peek: (url) => entries.get(url)?.image,
    clear: () => entries.clear(),
  }
}
