import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { callContradictsRating } from '#shared/domain/index.ts'
import type { CallOutput, ReadingItem } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { createActiveClock } from './activeClock.ts'

type Call = 'positive' | 'negative'
type EventKind = 'zoom' | 'pan' | 'window' | 'frame' | 'pause' | 'resume' | 'measure'

/** One reading session on screen: the item, its draft (saved at every change), the clock, the lock at submission. */
export function useReading(sessionId: string) {
  const client = useClient()
  const item = shallowRef<ReadingItem | null>(null)
  const finished = ref(false)
  const problem = ref<string | null>(null)
  const call = ref<Call | null>(null)
  const rating = ref<number | null>(null)
  const savedAt = ref<string | null>(null)
  const query = ref<string | null>(null)
  const busy = ref(false)
  const paused = ref(false)
  const clock = createActiveClock(() => performance.now())
  let events: { at: string; kind: EventKind; value: string }[] = []
  let saving: Promise<void> = Promise.resolve()

  const ready = computed(() => item.value !== null && call.value !== null && rating.value !== null)
  const contradicts = computed(() => item.value !== null && call.value !== null && rating.value !== null && callContradictsRating(call.value, rating.value, item.value.scale))

  function show(next: ReadingItem | null): void {
    item.value = next
    finished.value = next === null
    call.value = next?.draft?.call ?? null
    rating.value = next?.draft?.rating ?? null
    query.value = null
    savedAt.value = null
    paused.value = false
    clock.restart(next?.draft?.activeSeconds ?? 0)
  }
  async function load(): Promise<void> {
    const answer: { ok: true; value: CallOutput<'reading.next'> } | { ok: false; error: { message: string } } = await client.call('reading.next', { sessionId })
    problem.value = answer.ok ? null : answer.error.message
    if (answer.ok) show(answer.value.item)
  }
  /** Saves in order; the last change wins. */
  function saveDraft(): void {
    const at = item.value
    if (at === null) return
    const draft = { sessionId, position: at.position, call: call.value, rating: rating.value, activeSeconds: clock.seconds() }
    saving = saving.then(async () => {
      const answer = await client.call('reading.draft', draft)
      if (item.value?.position !== draft.position) return
      if (answer.ok) savedAt.value = answer.value.savedAt
      else problem.value = answer.error.message
    })
  }
  function choose(change: { call?: Call; rating?: number }): void {
    if (item.value === null || paused.value) return
    clock.touch()
    if (change.call !== undefined) call.value = change.call
    if (change.rating !== undefined) rating.value = change.rating
    query.value = null
    saveDraft()
  }
  async function submit(confirmed = false): Promise<void> {
    const at = item.value
    if (at === null || call.value === null || rating.value === null || busy.value || paused.value) return
    if (contradicts.value && !confirmed) {
      query.value = `The call is ${call.value}, the suspicion ${rating.value}. Press Enter again if both are meant, or change one.`
      return
    }
    busy.value = true
    await saving
    await flush()
    const answer = await client.call('reading.submit', { sessionId, position: at.position, call: call.value, rating: rating.value, activeSeconds: clock.seconds(), confirmed })
    busy.value = false
    problem.value = answer.ok ? null : answer.error.message
    if (answer.ok) show(answer.value.item)
  }
  const enter = (): Promise<void> => submit(query.value !== null)
  function note(kind: EventKind, value: string): void {
    clock.touch()
    const last = events.at(-1)
    // A drag of the window is one event with its last value, not a hundred.
    if (last?.kind === kind && Date.now() - Date.parse(last.at) < 400) events[events.length - 1] = { ...last, value }
    else events.push({ at: new Date().toISOString(), kind, value })
  }
  async function flush(): Promise<void> {
    const at = item.value
    if (at === null || events.length === 0) return
    const sent = events.slice(0, 500)
    events = []
    await client.call('reading.events', { sessionId, position: at.position, events: sent })
  }
  function togglePause(): void {
    if (item.value === null) return
    if (paused.value) clock.resume()
    else clock.pause()
    note(paused.value ? 'resume' : 'pause', '')
    paused.value = !paused.value
    if (paused.value) saveDraft()
  }
  const timer = setInterval(() => {
    if (item.value !== null && !paused.value && (call.value !== null || rating.value !== null)) saveDraft()
    void flush()
  }, 15_000)
  onBeforeUnmount(() => {
    clearInterval(timer)
    saveDraft()
    void flush()
  })
  return { item, finished, problem, call, rating, savedAt, query, busy, paused, ready, contradicts, clock, load, choose, enter, note, togglePause }
}
