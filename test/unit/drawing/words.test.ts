import { describe, expect, test } from 'vitest'
import type { AgreementRow, AgreementSummary } from '#shared/contract/index.ts'
import { diceVerdict, firstRow, iccVerdict, meanText, measureFigure } from '#renderer/features/drawing/agreement.ts'
import { exportSentence, importReport } from '#renderer/features/drawing/files.ts'
import { progressRows, repeatSentence, secondsText, whoSeesEverything } from '#renderer/features/drawing/progress.ts'

const dice = (mean: number | null, ci95: [number, number] | null): AgreementSummary => ({ n: 9, mean, sd: 0.02, median: mean, ci95 })

describe('against the bars', () => {
  test('a mean Dice is above 0.84 only when its interval is', () => {
    expect(diceVerdict(dice(0.9, [0.86, 0.94])).kind).toBe('ok')
    expect(diceVerdict(dice(0.85, [0.8, 0.9]))).toEqual({ kind: 'attention', word: '0.84 within CI', why: '95 % CI 0.800 to 0.900' })
    expect(diceVerdict(dice(0.9, null)).kind).toBe('attention')
    expect(diceVerdict(dice(0.83, [0.8, 0.86])).kind).toBe('stop')
    expect(diceVerdict(dice(null, null)).kind).toBe('neutral')
  })
  test('an ICC is judged by its lower bound', () => {
    const icc = (estimate: number, lower: number | null) => ({ estimate, lower, upper: 0.99, subjects: 9, raters: 2 })
    expect(iccVerdict(icc(0.9, 0.75)).kind).toBe('ok')
    expect(iccVerdict(icc(0.9, 0.7)).kind).toBe('attention')
    expect(iccVerdict(icc(0.7, 0.4)).kind).toBe('stop')
    expect(iccVerdict(icc(1, null)).word).toBe('no interval')
    expect(iccVerdict(null).kind).toBe('neutral')
  })
  test('a mean with its standard deviation', () => {
    expect(meanText(dice(0.9, null), 3)).toBe('0.900 ± 0.020')
    expect(meanText({ ...dice(0.9, null), sd: null }, 2)).toBe('0.90')
    expect(meanText(dice(null, null), 2)).toBe('–')
  })
})

describe('the plot', () => {
  const none = dice(null, null)
  const row = (kind: AgreementRow['kind'], bias: number | null): AgreementRow => ({
    id: kind, kind, overall: false, blind: true, title: 'A and B', n: 2, dice: none, iou: none, hd95: none, asd: none, unit: 'mm', worst: [], note: '',
    measures: [{ measure: 'area', unit: 'mm²', n: 2, icc: null, bias, limits: bias === null ? null : [-1, 2], note: '', points: [{ caseId: 'c', label: 'C1', raters: 'A and B', a: 'a', b: 'b', mean: 10, difference: 0.5 }] }],
  })
  test('shows each pair by its case, and nothing without limits', () => {
    const figure = measureFigure(row('inter', 0.5), 'area')
    expect(figure?.series[0]).toMatchObject({ kind: 'points', points: [{ x: 10, y: 0.5, label: 'C1' }] })
    expect(figure?.y.label).toBe('Difference (mm²)')
    expect(measureFigure(row('inter', null), 'area')).toBeNull()
  })
  test('opens on the annotators among themselves', () => {
    const report = (rows: AgreementRow[]) => ({ raters: [], rows, sentence: '', consensus: { possible: 0, stored: 0, notBlind: 0 } })
    expect(firstRow(report([row('intra', 1), row('inter', 1)]))).toBe('inter')
    expect(firstRow(report([row('reference', 1)]))).toBe('reference')
    expect(firstRow(report([]))).toBeNull()
  })
})

describe('progress', () => {
  const round = { round: 1, total: 4, drawn: 2, flagged: 1, begun: 1, locked: 0, opensOn: null, activeSeconds: 130, lastAt: null, shown: 0 }
  test('seconds a case are those of what was drawn; an annotator without a task keeps a row', () => {
    const rows = progressRows([{ accountId: 'a', login: 'a', name: 'A', role: 'annotator', disabled: false, seesEverything: false, rounds: [round] }, { accountId: 'b', login: 'b', name: 'B', role: 'annotator', disabled: false, seesEverything: false, rounds: [] }, { accountId: 'c', login: 'c', name: 'C', role: 'annotator', disabled: true, seesEverything: false, rounds: [] }, { accountId: 'd', login: 'd', name: 'D', role: 'investigator', disabled: false, seesEverything: true, rounds: [] }])
    expect(rows.map((r) => [r.name, r.round, r.secondsACase])).toEqual([['A', 1, 65], ['B', 0, null]])
    expect([secondsText(59.4), secondsText(59.6), secondsText(65), secondsText(119.7)]).toEqual(['59 s', '60 s', '1 min 05 s', '2 min 00 s'])
  })
  test('who sees everything is named for the dialog, by account and not by role', () => {
    const person = (accountId: string, seesEverything: boolean) => ({ accountId, login: accountId, name: accountId.toUpperCase(), role: 'annotator', disabled: false, seesEverything, rounds: [] })
    const people = [person('a', false), person('b', true), person('c', true)]
    expect(whoSeesEverything(people, ['a', null])).toBeNull()
    expect(whoSeesEverything(people, ['a', 'b'])).toBe('B')
    expect(whoSeesEverything(people, ['b', 'c'])).toBe('B and C')
  })
  test('a repeat says what it did', () => {
    const made = { chosen: 4, drawn: 5, repeats: 4, seconds: 3, round: 2, opensFrom: '2026-03-16T09:00:00Z', opensTo: '2026-03-18T09:00:00Z' }
    expect(repeatSentence('Ana', 'Ben', made)).toBe('Ana repeats 4 of 5 cases drawn as round 2, opening from 2026-03-16 to 2026-03-18. Ben got 3 of them; the others were there already.')
    expect(repeatSentence('Ana', null, { ...made, opensTo: '2026-03-16T11:00:00Z' })).toBe('Ana repeats 4 of 5 cases drawn as round 2, opening on 2026-03-16.')
  })
  test('jobs report in words, and something else is no report', () => {
    expect(exportSentence({ to: '/x', masks: 1, images: 0 })).toBe('1 mask written to /x.')
    expect(importReport({ imported: 2, unchanged: 1, refused: [{ file: 'a', reason: 'b' }] })?.sentence).toBe('2 masks imported, 1 there already, 1 refused.')
    expect([exportSentence(null), importReport({ imported: 2 })]).toEqual([null, null])
  })
})
