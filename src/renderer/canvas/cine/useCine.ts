import { computed, onBeforeUnmount, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { createImageCache, type ImageCache } from '../viewport/imageCache.ts'
import type { LoadedImage } from '../viewport/imageSource.ts'
import { frameAfter, frameRate, stepFrame } from './playback.ts'

/** What a player needs of a cine; frames count from 0. */
export interface CineSource { readonly urls: readonly string[]; readonly frameTimeMs: number | null; readonly start?: number }

export interface Cine {
  readonly frame: Ref<number>
  readonly frames: ComputedRef<number>
  readonly playing: Ref<boolean>
  /** Multiple of the true rate. */
  readonly speed: Ref<number>
  readonly rate: ComputedRef<{ readonly perSecond: number; readonly stated: boolean }>
  /** The picture of the frame: the last one decoded while the next is under way, so that nothing flickers. */
  readonly image: ShallowRef<LoadedImage | null>
  /** Which frame `image` is of. */
  readonly shown: Ref<number>
  readonly problem: Ref<string | null>
  play(): void
  pause(): void
  toggle(): void
  go(frame: number): void
  step(by: number): void
  /** Asks once more for the frame that could not be loaded. */
  retry(): void
  /** Half, a quarter, then the true rate again. */
  slower(): void
}

const startOf = (source: CineSource | null): string | undefined => source?.urls[source.start ?? 0]

/** Decoded frames take four bytes a pixel: about this much memory is kept. */
const KEEP_BYTES = 256 * 1024 * 1024
const AHEAD = 12

/**
 * Plays a cine: frames are decoded a few ahead and kept, and a frame that is late holds the time rather than being skipped into blank.
 * With `first`, the picture of the frame that a source starts with comes from a cache of the host's, where it may lie decoded already.
 */
export function useCine(source: () => CineSource | null, first?: Pick<ImageCache, 'get' | 'peek'>): Cine {
  const frame = ref(0)
  const shown = ref(0)
  const playing = ref(false)
  const speed = ref(1)
  const image = shallowRef<LoadedImage | null>(null)
  const problem = ref<string | null>(null)
  const frames = computed(() => source()?.urls.length ?? 0)
  const rate = computed(() => frameRate(source()?.frameTimeMs ?? null))
  let cache = createImageCache(16)
  let asked = 0, timer = 0, began = 0, from = 0

  const home = (url: string): Pick<ImageCache, 'get'> => (first !== undefined && url === startOf(source()) ? first : cache)
  const peek = (url: string): LoadedImage | undefined => cache.peek(url) ?? first?.peek(url)
  const ahead = (at: number): void => {
    const urls = source()?.urls ?? []
    for (let k = 1; k <= Math.min(AHEAD, urls.length - 1); k++) cache.preload(urls[(at + k) % urls.length] as string)
  }
  async function show(at: number): Promise<void> {
    const mine = ++asked
    const url = source()?.urls[at]
    if (url === undefined) {
      image.value = null
      return
    }
    try {
      const next = peek(url) ?? await home(url).get(url)
      if (mine !== asked) return
      image.value = next
      shown.value = at
      problem.value = null
      if (playing.value) ahead(at)
    } catch (error) {
      if (mine !== asked) return
      problem.value = error instanceof Error ? error.message : String(error)
      pause()
    }
  }
  function tick(now: number): void {
    if (!playing.value) return
    timer = requestAnimationFrame(tick)
    const next = frameAfter(from, (now - began) / 1000, rate.value.perSecond * speed.value, frames.value)
    if (next === frame.value) return
    const url = source()?.urls[next]
    if (url !== undefined && peek(url) === undefined) {
      cache.preload(url)
      from = frame.value
      began = now
      return
    }
    frame.value = next
  }
  function play(): void {
    if (frames.value < 2 || playing.value) return
    playing.value = true
    from = frame.value
    began = performance.now()
    ahead(frame.value)
    timer = requestAnimationFrame(tick)
  }
  function pause(): void {
    playing.value = false
    cancelAnimationFrame(timer)
  }
  const go = (to: number): void => {
    frame.value = Math.min(Math.max(0, Math.round(to)), Math.max(0, frames.value - 1))
    from = frame.value
    began = performance.now()
  }
  watch(frame, (at) => void show(at))
  watch(speed, () => go(frame.value))
  watch(() => source()?.urls.join(' ') ?? '', () => {
    pause()
    const now = source()
    cache = createImageCache(16)
    frame.value = Math.min(now?.start ?? 0, Math.max(0, frames.value - 1))
    void show(frame.value).then(() => {
      const size = image.value === null ? 0 : image.value.width * image.value.height * 4
      if (size > 0 && now === source()) cache = grown(cache, Math.max(16, Math.floor(KEEP_BYTES / size)), now)
    })
  }, { immediate: true })
  onBeforeUnmount(() => {
    asked++
    pause()
    cache.clear()
  })
  return { frame, frames, playing, speed, rate, image, shown, problem, play, pause, toggle: () => (playing.value ? pause() : play()), go, retry: () => void show(frame.value), step: (by) => { pause(); go(stepFrame(frame.value, by, frames.value)) }, slower: () => { speed.value = speed.value <= 0.25 ? 1 : speed.value / 2 } }
}

/** A cache large enough for the size of these frames; what was decoded before is decoded again, one frame. */
function grown(old: ReturnType<typeof createImageCache>, capacity: number, source: CineSource | null): ReturnType<typeof createImageCache> {
  old.clear()
  return createImageCache(Math.min(capacity, source?.urls.length ?? capacity))
}
