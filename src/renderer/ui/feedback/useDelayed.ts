import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** True only after `source` has been true for `delay` ms: work shorter than that shows no sign of waiting. Falls back to false at once. */
export function useDelayed(source: () => boolean, delay: number): Readonly<Ref<boolean>> {
  const shown = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => clearTimeout(timer)
  watch(source, (on) => {
    stop()
    if (on) timer = setTimeout(() => { shown.value = true }, delay)
    else shown.value = false
  }, { immediate: true })
  onScopeDispose(stop)
  return shown
}
