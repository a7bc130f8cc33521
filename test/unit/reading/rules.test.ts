import { expect, test } from 'vitest'
import { answersProblem, breakUntil, sessionModality, washedOutOn, type ReadingQuestion } from '#shared/domain/index.ts'
import { createEventLog } from '#renderer/features/reading/eventLog.ts'
import { labelsIn, moved, newPlan, questionId, questionOf, withModality } from '#renderer/features/reading/planForm.ts'

test('a crossover gives every reader both modalities, and half of the readers each as the first', () => {
  const first = [0, 1, 2, 3].map((reader) => sessionModality('crossover', reader, 1))
  expect(first).toEqual(['unaided', 'aided', 'unaided', 'aided'])
  for (const reader of [0, 1]) expect(new Set([1, 2].map((ordinal) => sessionModality('crossover', reader, ordinal)))).toEqual(new Set(['unaided', 'aided']))
  expect(sessionModality('unaided_then_aided', 3, 2)).toBe('unaided_then_aided')
})

test('a washout ends on a date, over months and leap days', () => {
  expect(washedOutOn('2026-01-31T23:59:59.000Z', 28)).toBe('2026-02-28')
  expect(washedOutOn('2028-02-01T00:00:00.000Z', 28)).toBe('2028-02-29')
  expect(washedOutOn('2026-05-05T12:00:00.000Z', 0)).toBe('2026-05-05')
})

test('a break is due after a run of answers, and a pause of its length starts a new run', () => {
  const rule = { afterCases: 3, minutes: 10 }, minute = 60_000
  expect(breakUntil([0, minute, 2 * minute], rule, 3 * minute)).toBe(12 * minute)
  expect(breakUntil([0, minute, 2 * minute], rule, 12 * minute)).toBeNull()
  expect(breakUntil([0, minute, 20 * minute], rule, 21 * minute)).toBeNull()
  expect(breakUntil([0, minute, 2 * minute], null, 3 * minute)).toBeNull()
  expect(breakUntil([], rule, 0)).toBeNull()
})

test('answers are held against their questions; a draft may lack what a submission must have', () => {
  const image = { width: 10, height: 10, frames: 2 }
  const questions: ReadingQuestion[] = [questionOf('choice', { id: 'c', label: 'C', required: true }), questionOf('number', { id: 'n', label: 'N', required: false }), questionOf('mark', { id: 'm', label: 'M', required: false })]
  expect(answersProblem(questions, {}, image, false)).toBeNull()
  expect(answersProblem(questions, {}, image, true)).toMatch(/no answer yet/)
  expect(answersProblem(questions, { c: 'yes', n: 5, m: { x: 9, y: 0, frame: 1 } }, image, true)).toBeNull()
  for (const wrong of [{ c: 'maybe' }, { c: 'yes', n: 101 }, { c: 'yes', m: { x: 10, y: 0, frame: 0 } }, { c: 'yes', m: { x: 1, y: 0, frame: 2 } }, { c: 'yes', other: 1 }]) expect(answersProblem(questions, wrong, image, true)).not.toBeNull()
})

test('a drag is one event, and what could not be sent is sent again in its order', () => {
  let now = 0
  const log = createEventLog(() => now)
  for (const [at, kind, value] of [[0, 'zoom', '1'], [100, 'zoom', '2'], [450, 'zoom', '3'], [460, 'window', '9']] as const) {
    now = at
    log.note(kind, value)
  }
  const taken = log.take()
  expect(taken.map((e) => [e.kind, e.value, Date.parse(e.at)])).toEqual([['zoom', '2', 0], ['zoom', '3', 450], ['window', '9', 460]])
  now = 2000
  log.note('pan', '1,1')
  log.putBack(taken)
  expect(log.take().map((e) => e.value)).toEqual(['2', '3', '9', '1,1'])
})

test('the form of a protocol: lists are read as pasted, ids come from labels, a modality takes along what depends on it', () => {
  expect(labelsIn(' A-1, A-2;A-3\nA-1\t')).toEqual(['A-1', 'A-2', 'A-3'])
  expect(questionId('Posterior shadow?', [])).toBe('posterior_shadow')
  expect(questionId('Posterior shadow?', ['posterior_shadow'])).toBe('posterior_shadow_2')
  expect(questionId('3 mm?', [])).toBe('mm')
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  const crossover = withModality({ ...newPlan(1), washoutDays: 3 }, 'crossover')
  expect(crossover).toMatchObject({ sessions: 2, washoutDays: 28, aids: ['contour', 'signature', 'risk'] })
  expect(withModality(crossover, 'unaided')).toMatchObject({ sessions: 1, aids: [] })
})
