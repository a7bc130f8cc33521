import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { answersProblem, callContradictsRating, type ReadingAnswer } from '#shared/domain/index.ts'
import type { CallInput, CallOutput, ReadingItem } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { createActiveClock } from './activeClock.ts'
import { createEventLog, type EventKind } from './eventLog.ts'

type Call = 'positive' | 'negative'
type Answers = CallInput<'reading.draft'>['answers'] & object
type Feedback = CallOutput<'reading.submit'>['feedback']

/** One reading session on screen: the case and its part, its draft (saved at every change), the clock, the lock at submission. */
export function useReading(sessionId: string) {
  const client = useClient()
  const item = shallowRef<ReadingItem | null>(null)
  const finished = ref(false)
  const breakUntil = ref<string | null>(null)
  const feedback = ref<Feedback>(null)
  const problem = ref<string | null>(null)
  const call = ref<Call | null>(null)
  const rating = ref<number | null>(null)
  const answers = shallowRef<Answers>({})
  const savedAt = ref<string | null>(null)
  const query = ref<string | null>(null)
  const busy = ref(false)
  const paused = ref(false)
  /** Whether the picture of this case is on screen: before that nothing can be answered, and no time counts. */
  const pictured = ref(false)
  const elapsed = ref(0)
  const clock = createActiveClock(() => performance.now())
  const log = createEventLog()
  let saving: Promise<void> = Promise.resolve()
  let savedSeconds = 0

  const missing = computed(() => {
    const now = item.value
    if (now === null) return null
    if (call.value === null || rating.value === null) return 'answer'
    return answersProblem(now.questions, answers.value, { width: now.width, height: now.height, frames: now.frameUrls.length }, true)
  })
  const ready = computed(() => item.value !== null && missing.value === null)
  const over = computed(() => item.value?.timeLimitSeconds != null && elapsed.value > item.value.timeLimitSeconds)
  const contradicts = computed(() => item.value !== null && call.value !== null && rating.value !== null && callContradictsRating(call.value, rating.value, item.value.scale))

  function show(place: CallOutput<'reading.next'>): void {
    const next = place.item
    if (next === null || next.imageUrl !== item.value?.imageUrl) pictured.value = false
    item.value = next
    breakUntil.value = place.breakUntil
    finished.value = next === null && place.breakUntil === null
    call.value = next?.draft?.call ?? null
    rating.value = next?.draft?.rating ?? null
    answers.value = { ...next?.draft?.answers }
    query.value = savedAt.value = null
    paused.value = false
    clock.restart(next?.draft?.activeSeconds ?? 0)
    savedSeconds = elapsed.value = clock.seconds()
  }
  function picture(): void {
    if (pictured.value || item.value === null) return
    pictured.value = true
    clock.restart(item.value.draft?.activeSeconds ?? 0)
    savedSeconds = clock.seconds()
  }
  /** Nothing is answered before the picture is there, during a pause, while a submission is under way, or before feedback was read. */
  const still = (): boolean => item.value === null || !pictured.value || paused.value || busy.value || feedback.value !== null
  async function load(position?: number): Promise<void> {
    await saving
    await flush()
    const answer = await client.call('reading.next', position === undefined ? { sessionId } : { sessionId, position })
    problem.value = answer.ok ? null : answer.error.message
    if (answer.ok) show(answer.value)
  }
  /** Saves in order; the last change wins. */
  function saveDraft(): void {
    const at = item.value
    if (at === null) return
    const draft = { sessionId, position: at.position, part: at.part, call: call.value, rating: rating.value, answers: { ...answers.value }, activeSeconds: clock.seconds() }
    savedSeconds = draft.activeSeconds
    saving = saving.then(async () => {
      const answer = await client.call('reading.draft', draft)
      if (item.value?.position !== draft.position || item.value.part !== draft.part) return
      problem.value = answer.ok ? null : answer.error.message
      if (answer.ok) savedAt.value = answer.value.savedAt
    })
  }
  function choose(change: { call?: Call; rating?: number }): void {
    if (still()) return
    clock.touch()
    if (change.call !== undefined) call.value = change.call
    if (change.rating !== undefined) rating.value = change.rating
    query.value = null
    saveDraft()
  }
  function answer(id: string, value: ReadingAnswer | null): void {
    if (still()) return
    clock.touch()
    const rest = Object.fromEntries(Object.entries(answers.value).filter(([key]) => key !== id))
    answers.value = value === null || value === '' ? rest : { ...rest, [id]: value }
    saveDraft()
  }
  async function submit(confirmed = false): Promise<void> {
    const at = item.value
    if (at === null || call.value === null || rating.value === null || !ready.value || still()) return
    if (contradicts.value && !confirmed) {
      query.value = `The call is ${call.value}, the suspicion ${rating.value}. Press Enter again if both are meant, or change one.`
      return
    }
    busy.value = true
    await saving
    const events = log.take()
    const result = await client.call('reading.submit', { sessionId, position: at.position, part: at.part, call: call.value, rating: rating.value, answers: { ...answers.value }, activeSeconds: clock.seconds(), confirmed })
    busy.value = false
    problem.value = result.ok ? null : result.error.message
    if (!result.ok) {
      log.putBack(events)
      return
    }
    show(result.value)
    // How the case was looked at follows its answer: the next case does not wait for it.
    void send(at.position, events)
    feedback.value = result.value.feedback
    if (feedback.value !== null) clock.pause()
  }
  /** Enter: goes on after feedback, else submits. */
  async function enter(): Promise<void> {
    if (feedback.value !== null) {
      feedback.value = null
      clock.resume()
      return
    }
    await submit(query.value !== null)
  }
  function note(kind: EventKind, value: string): void {
    clock.touch()
    log.note(kind, value)
  }
  async function flush(): Promise<void> {
    const at = item.value
    if (at !== null) await send(at.position, log.take())
  }
  async function send(position: number, events: ReturnType<typeof log.take>): Promise<void> {
    if (events.length === 0) return
    const answered = await client.call('reading.events', { sessionId, position, events })
    if (!answered.ok && item.value?.position === position) log.putBack(events)
  }
  function togglePause(): void {
    if (item.value === null || feedback.value !== null) return
    if (paused.value) clock.resume()
    else clock.pause()
    note(paused.value ? 'resume' : 'pause', '')
    paused.value = !paused.value
    if (paused.value) saveDraft()
  }
  // Seconds go to the draft only while somebody is there: a screen that is left alone does not keep its session alive.
  const timer = setInterval(() => {
    if (item.value !== null && !paused.value && clock.seconds() > savedSeconds) saveDraft()
    void flush()
  }, 15_000)
  const ticker = setInterval(() => {
    const limit = item.value?.timeLimitSeconds ?? null
    const before = over.value
    if (limit !== null || breakUntil.value !== null) elapsed.value = clock.seconds()
    if (!before && over.value) log.note('limit', String(limit))
  }, 250)
  const seen = (): void => log.note(document.hidden ? 'hidden' : 'shown', '')
  document.addEventListener('visibilitychange', seen)
  onBeforeUnmount(() => {
    clearInterval(timer)
    clearInterval(ticker)
    document.removeEventListener('visibilitychange', seen)
    if (item.value !== null && clock.seconds() > savedSeconds) saveDraft()
    void flush()
  })
  return { item, finished, breakUntil, feedback, problem, call, rating, answers, savedAt, query, busy, paused, elapsed, over, pictured, picture, missing, ready, contradicts, clock, load, choose, answer, enter, note, togglePause }
}
