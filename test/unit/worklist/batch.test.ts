import { describe, expect, test } from 'vitest'
import type { Job } from '#shared/contract/index.ts'
import { batchDetail, batchSentence, inputOf, resumableBatch, runningBatch, shortReason } from '#renderer/features/worklist/segmentationJob.ts'

const job = (change: Partial<Job>): Job => ({ id: 'j', kind: 'infer', title: 'Automatic segmentation', state: 'done', done: 0, total: 0, note: '', secondsLeft: null, provider: null, startedAt: '2026-01-01T00:00:00Z', finishedAt: null, result: null, ...change })

describe('automatic segmentation as a job', () => {
  test('only the newest batch can be resumed, and only if it stopped before its end', () => {
    const old = job({ id: 'old', state: 'interrupted', startedAt: '2026-01-01T00:00:00Z' })
    const later = job({ id: 'later', state: 'done', startedAt: '2026-01-02T00:00:00Z' })
    expect(resumableBatch([old])?.id).toBe('old')
    expect(resumableBatch([later, old])).toBeNull()
    expect(resumableBatch([old, job({ id: 'x', kind: 'import', state: 'failed', startedAt: '2026-01-03T00:00:00Z' })])?.id).toBe('old')
    for (const state of ['cancelled', 'failed', 'interrupted'] as const) expect(resumableBatch([job({ state })])).not.toBeNull()
    expect(resumableBatch([job({ state: 'running' })])).toBeNull()
    expect(runningBatch([old, job({ id: 'r', state: 'running' })])?.id).toBe('r')
  })
  test('it is resumed with the cohort and provider it was started with; what is not known falls back', () => {
    expect(inputOf(job({ input: { cohort: 'test', provider: 'cuda' } }))).toEqual({ cohort: 'test', provider: 'cuda' })
    for (const input of [null, undefined, 'x', { provider: 'warp drive' }]) expect(inputOf(job({ input }))).toEqual({ cohort: undefined, provider: 'auto' })
  })
  test('what came of it is said in a sentence', () => {
    expect(batchSentence(job({ provider: 'cpu', result: { images: 9, segmented: 5, empty: 1, failed: [{ case_id: 'c', reason: 'r' }] } }))).toBe('5 images segmented, no lesion found in 1, 1 failed (CPU).')
    expect(batchSentence(job({ result: { segmented: 0, failed: [] } }))).toBe('Every image was segmented already.')
    expect(batchSentence(job({ result: null }))).toBe('')
  })
  test('the line under the bar names the provider once and keeps what failed', () => {
    expect(batchDetail({ provider: 'cpu', note: '2 failed · cpu' })).toBe('CPU provider · 3 networks and fusion · 2 failed')
    expect(batchDetail({ provider: null, note: '' })).toBe('Starting the networks · 3 networks and fusion')
  })
  test('a reason fits one line', () => {
    expect(shortReason('its library is not installed; "npm run setup:cuda" fetches it')).toBe('its library is not installed')
    expect(shortReason('does not start here (a long path)')).toBe('does not start here')
    expect(shortReason('x'.repeat(80)).length).toBeLessThanOrEqual(48)
  })
})
