import { expect, test } from 'vitest'
import { createJournalWriter, type SaveState } from '#renderer/features/annotate/journalWriter.ts'
import type { JournalEntry } from '#renderer/editor/index.ts'

const entry = (seq: number): JournalEntry => ({ v: 1, seq, kind: 'do', gesture: 'add point', ops: [] })
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

test('writes in order, gathers what came meanwhile, and says saved only after the answer', async () => {
  const calls: { after: number; seqs: number[] }[] = []
  const states: SaveState['kind'][] = []
  const writer = createJournalWriter(0, async (after, entries) => {
    calls.push({ after, seqs: entries.map((e) => e.seq) })
    await tick()
    return { ok: true, value: { storedSeq: after + entries.length, at: 'now' } }
  }, (s) => states.push(s.kind))
  writer.add(entry(1))
  writer.add(entry(2))
  writer.add(entry(3))
  expect(states).toEqual(['saving'])
  await writer.flush()
  expect(calls).toEqual([{ after: 0, seqs: [1] }, { after: 1, seqs: [2, 3] }])
  expect(states.at(-1)).toBe('saved')
})

test('keeps what could not be written and tries again', async () => {
  let up = false
  let again: () => void = () => undefined
  const states: SaveState['kind'][] = []
  const stored: number[] = []
  const writer = createJournalWriter(4, (after, entries) => {
    if (!up) return Promise.resolve({ ok: false, error: { code: 'unavailable', message: 'gone' } })
    stored.push(...entries.map((e) => e.seq))
    return Promise.resolve({ ok: true, value: { storedSeq: after + entries.length, at: 'now' } })
  }, (s) => states.push(s.kind), (work) => (again = work))
  writer.add(entry(5))
  await tick()
  expect(states.at(-1)).toBe('waiting')
  up = true
  again()
  await writer.flush()
  expect(stored).toEqual([5])
})

test('stops at a conflict, and a flush says so', async () => {
  const writer = createJournalWriter(0, () => Promise.resolve({ ok: false, error: { code: 'conflict', message: 'continued in another window' } }), () => undefined)
  writer.add(entry(1))
  await expect(writer.flush()).rejects.toThrow('another window')
})
