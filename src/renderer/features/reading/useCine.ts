import { computed, onBeforeUnmount, ref, type ComputedRef, type Ref } from 'vue'

const FRAMES_A_SECOND = 15

/** The frames of a cine: the one shown, playing, stepping. `show` is told when a person's step or the end of playing settles on a frame. */
export function useCine(urls: ComputedRef<readonly string[]>, note: (kind: 'frame' | 'cine', value: string) => void): { frame: Ref<number>; playing: Ref<boolean>; url: ComputedRef<string | null>; go(to: number): void; step(by: number): void; toggle(): void; reset(): void } {
  const frame = ref(0)
  const playing = ref(false)
  let timer: ReturnType<typeof setInterval> | undefined
  const last = computed(() => Math.max(0, urls.value.length - 1))
  const stop = (): void => {
    clearInterval(timer)
    playing.value = false
  }
  const go = (to: number): void => {
    const next = Math.min(last.value, Math.max(0, to))
    if (next === frame.value) return
    frame.value = next
    note('frame', String(next + 1))
  }
  onBeforeUnmount(stop)
  return {
    frame, playing, go,
    url: computed(() => urls.value[frame.value] ?? urls.value[0] ?? null),
    step(by) {
      if (playing.value) stop()
      go(frame.value + by)
    },
    toggle() {
      if (playing.value) {
        stop()
        note('cine', `stopped at ${frame.value + 1}`)
        return
      }
      if (last.value === 0) return
      playing.value = true
      note('cine', 'playing')
      timer = setInterval(() => { frame.value = frame.value >= last.value ? 0 : frame.value + 1 }, 1000 / FRAMES_A_SECOND)
    },
    reset() {
      stop()
      frame.value = 0
    },
  }
}
