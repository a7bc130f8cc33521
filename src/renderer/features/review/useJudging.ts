import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { CallInput, ReviewCase, ReviewRow } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/index.ts'
import { createActiveClock } from '#renderer/features/reading/index.ts'
import { draftOf, dropDraft, keepDraft, type Draft } from './drafts.ts'
import type { ReviewQueue } from './useReviewQueue.ts'
import type { ReviewCaseView } from './useReviewCase.ts'

export interface Judging {
  readonly difficulty: Ref<Draft['difficulty']>
  readonly comment: Ref<string>
  readonly seconds: Ref<number>
  readonly rejecting: Ref<boolean>
  /** Writes the decision; the screen goes on at once, and comes back with a notice if it could not be stored. */
  decide(decision: 'accepted' | 'rejected', reason: string | null): void
  /** Keeps what was said so far, before leaving for the editor. */
  keep(): Draft
}

/** What a person says about the shown case, with the time they looked at it. */
export function useJudging(owner: string, queue: ReviewQueue, view: ReviewCaseView, goOn: () => void, goBack: (caseId: string) => void): Judging {
  const client = useClient()
  const toasts = useToasts()
  const difficulty = ref<Draft['difficulty']>(null)
  const comment = ref('')
  const seconds = ref(0)
  const rejecting = ref(false)
  const decided = new Set<string>()
  const clock = createActiveClock(() => performance.now())
  const touch = (): void => clock.touch()
  const tick = setInterval(() => { seconds.value = clock.seconds() }, 1000)
  const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const
  const visibility = (): void => (document.hidden ? clock.pause() : clock.resume())
  for (const sign of signs) addEventListener(sign, touch, { passive: true })
  document.addEventListener('visibilitychange', visibility)

  const present = (): Draft => ({ difficulty: difficulty.value, comment: comment.value, seconds: clock.seconds() })
  const keep = (): Draft => {
    const data = view.shown.value?.data
    if (data !== undefined) keepDraft(owner, data, present())
    return present()
  }
  watch(view.shown, (now, before) => {
    if (before !== null && before !== undefined && before.data.segmentationId !== now?.data.segmentationId && !decided.delete(before.data.segmentationId)) keepDraft(owner, before.data, present())
    rejecting.value = false
    if (now === null) return
    const draft = draftOf(owner, now.data)
    difficulty.value = draft.difficulty
    comment.value = draft.comment
    clock.restart(draft.seconds)
    seconds.value = draft.seconds
  }, { immediate: true, flush: 'sync' })
  onBeforeUnmount(() => {
    keep()
    clearInterval(tick)
    for (const sign of signs) removeEventListener(sign, touch)
    document.removeEventListener('visibilitychange', visibility)
  })

  async function store(input: CallInput<'review.decide'>, data: ReviewCase, before: ReviewRow): Promise<void> {
    const answer = await client.call('review.decide', input)
    const here = (): boolean => view.shown.value?.data.segmentationId === input.segmentationId
    if (answer.ok) {
      view.forget(input.caseId)
      if (here()) view.reload()
      return
    }
    decided.delete(input.segmentationId)
    queue.setState(input.caseId, before.state, before.second)
    keepDraft(owner, data, { difficulty: input.difficulty, comment: input.comment, seconds: input.seconds })
    if (here() && comment.value === '') comment.value = input.comment
    toasts.show({ kind: 'stop', title: `The decision on ${data.label} was not stored`, detail: `${answer.error.message}. What you wrote is kept.`, action: { label: 'Go back to it', run: () => goBack(input.caseId) } })
  }
  return {
    difficulty, comment, seconds, rejecting, keep,
    decide(decision, reason) {
      const data = view.shown.value?.data
      const row = queue.rows.value.find((r) => r.caseId === data?.caseId)
      if (data === undefined || row === undefined) return
      const input = { caseId: data.caseId, segmentationId: data.segmentationId, decision, reason, ...present(), annotationId: null }
      dropDraft(owner, data.segmentationId)
      decided.add(data.segmentationId)
      queue.setState(data.caseId, decision, data.wouldSettle === null ? 'none' : 'settled')
      rejecting.value = false
      comment.value = ''
      clock.restart(0)
      void store(input, data, row)
      goOn()
    },
  }
}
