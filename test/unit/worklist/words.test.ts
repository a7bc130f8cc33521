import { describe, expect, test } from 'vitest'
import { stepsLabel, stepsOf } from '#renderer/features/worklist/caseWords.ts'
import { previewOverlays, shortTime, variableLists, workLines } from '#renderer/features/worklist/preview.ts'
import { meaningColours } from '#shared/figures/index.ts'
import { encodeMask, maskToText } from '#shared/geometry/index.ts'
import { caseRow } from './rows.ts'

describe('progress of a case', () => {
  test('the ring has a step each for drawn, segmented, reviewed and read', () => {
    expect(stepsOf(caseRow())).toEqual([false, false, false, false])
    expect(stepsOf(caseRow({ reference: true, segmentation: 'empty', review: 'rejected', readings: 2 }))).toEqual([true, true, true, true])
    expect(stepsOf(caseRow({ annotated: 1, segmentation: 'failed' }))).toEqual([true, false, false, false])
  })
  test('the ring says itself in words', () => {
    expect(stepsLabel(caseRow())).toBe('not yet drawn, segmented, reviewed, read')
    expect(stepsLabel(caseRow({ reference: true, segmentation: 'found' }))).toBe('drawn, segmented; not yet reviewed, read')
    expect(stepsLabel(caseRow({ reference: true, segmentation: 'found', review: 'accepted', readings: 1 }))).toBe('drawn, segmented, reviewed, read: all done')
  })
})

describe('preview', () => {
  test('clinical variables come in the field\'s order with their units; the rest of the manifest apart', () => {
    const { clinical, other } = variableLists({ size_mm: '22.9', age: '50', laterality: 'left' })
    expect(clinical.slice(0, 2)).toEqual([{ key: 'Age', value: '50', unit: 'years' }, { key: 'Lesion size', value: '22.9', unit: 'mm' }])
    expect(clinical.find((v) => v.key === 'HER2')?.value).toBeUndefined()
    expect(other).toEqual([{ key: 'laterality', value: 'left' }])
  })
  test('outlines: the ground truth in its colour, the fused mask dashed; a damaged mask is left out', () => {
    const text = maskToText(encodeMask(Uint8Array.from([0, 1, 1, 0]), { width: 2, height: 2 }))
    const both = previewOverlays({ reference: text, fused: text })
    expect(both.map((o) => [o.id, o.kind === 'mask' && o.colour, o.kind === 'mask' && o.dash !== undefined])).toEqual([['reference', meaningColours.dark.groundTruth, false], ['fused', meaningColours.dark.fused, true]])
    expect(previewOverlays({ reference: 'broken', fused: null })).toEqual([])
  })
  test('what was done names who and when from the audit trail', () => {
    const entry = { seq: 1, origin: 'o', at: '2026-01-31T10:00:00.000Z', actor: 'lin', action: 'segmentation.create', subject: 'segmentation', subjectId: 's', old: null, new: 'found', reason: null, hash: 'h' }
    const lines = workLines(caseRow({ segmentation: 'found', annotated: 2, readings: 1 }), { audit: [entry, { ...entry, actor: 'ana', at: '2026-02-01T10:00:00.000Z' }] })
    expect(lines.map((l) => [l.word, l.kind])).toEqual([['2 contours', 'ok'], ['Lesion found', 'ok'], ['Not reviewed', 'neutral'], ['1 reading', 'ok']])
    expect(lines[1]?.by).toBe(`${shortTime('2026-02-01T10:00:00.000Z').slice(0, 10)} ana`)
  })
})
