import { expect, test } from 'vitest'
import type { PredictionRow } from '#shared/contract/index.ts'
import { predictionColumns, predictionCsv, readerGap, wrongness } from '#renderer/features/predictions/rows.ts'
import { networkRows, type SignatureValue } from '#renderer/features/predictions/signatures.ts'
import { cropSeen } from '#main/services/inference/cropAsset.ts'

const row = (over: Partial<PredictionRow>): PredictionRow => ({ caseId: 'c', label: 'c', cohort: 'a', outcome: 1, state: 'found', signature: 0.4, maskKind: 'automatic', risk: 0.25, positive: false, readers: 4, readersPositive: 3, networks: { resnet50: 0.4 }, ...over })

test('wrongness and the readers\' gap use the risk before the signature, and are nothing without both sides', () => {
  expect(wrongness(row({}))).toBe(0.75)
  expect(wrongness(row({ risk: null }))).toBe(0.6)
  expect(wrongness(row({ outcome: 0 }))).toBe(0.25)
  expect(wrongness(row({ outcome: null }))).toBeNull()
  expect(readerGap(row({}))).toBe(0.5)
  expect(readerGap(row({ readers: 0, readersPositive: 0 }))).toBeNull()
  expect(readerGap(row({ risk: null, signature: null }))).toBeNull()
})

test('the CSV quotes, keeps gaps empty and defuses formulas', () => {
  const text = predictionCsv([row({ label: '=1+1', cohort: 'a, "b"' }), row({ risk: null, positive: null, outcome: null })])
  const lines = text.split('\r\n')
  expect(lines[0]).toContain('gap,signature_resnet50')
  expect(lines[1]).toBe('\'=1+1,"a, ""b""",1,0.4,automatic,0.25,0,0.75,4,3,0.5,0.4')
  expect(lines[2]).toBe(`c,a,,0.4,automatic,,,,4,3,${Math.abs(0.4 - 0.75)},0.4`)
})

test('several networks have a column each, one alone is the DL signature already', () => {
  expect(predictionColumns('x', ['resnet50']).some((c) => c.id.startsWith('network-'))).toBe(false)
  const column = predictionColumns('x', ['densenet121', 'resnet50']).find((c) => c.id === 'network-densenet121')
  expect(column?.value(row({ networks: { densenet121: 0.7 } }))).toBe(0.7)
  expect(column?.value(row({}))).toBeNull()
})

test('one row a network with its newest value of either mask; the signature first; the corrected mask stands', () => {
  const value = (name: string, maskKind: 'automatic' | 'corrected', at: string, isSignature = false, stands = true): SignatureValue => ({ model: `${name}${at}`, name, sha256: '', provider: 'cpu', providerNote: '', probability: 0.5, maskKind, isSignature, stands, cam: '', at, box: { x: 0, y: 0, width: 1, height: 1 }, crop: '' })
  const rows = networkRows([value('densenet121', 'automatic', '1'), value('resnet101', 'automatic', '1', true, false), value('resnet101', 'automatic', '3', true, false), value('resnet101', 'corrected', '2', true)])
  expect(rows.map((r) => r.name)).toEqual(['resnet101', 'densenet121'])
  expect(rows[0]?.automatic?.at).toBe('3')
  expect(rows[0]?.newest.at).toBe('2')
  expect(rows[0]?.earlier).toBe(1)
  const switched = networkRows([value('resnet101', 'automatic', '1', true), value('resnet101', 'automatic', '3', true, false), value('resnet101', 'corrected', '2', true, false), value('older', 'automatic', '0', true, false)])
  expect(switched.map((r) => [r.name, r.isSignature, r.newest.at])).toEqual([['resnet101', true, '1'], ['older', false, '0']])
})

test('the crop as the network saw it: min-max over the whole box, nearest neighbour from floor(i * in / out)', () => {
  const width = 5, height = 4
  const data = Uint8Array.from({ length: width * height }, (_, i) => 10 * i)
  const seen = cropSeen({ width, height, channels: 1, data }, { x: 1, y: 1, width: 3, height: 2 }, 4)
  // The box holds 60 70 80 / 110 120 130: 60 becomes 0, 130 becomes 255.
  const scale = (v: number): number => Math.round(((v - 60) * 255) / 70)
  expect([...seen.data]).toEqual([60, 60, 70, 80, 60, 60, 70, 80, 110, 110, 120, 130, 110, 110, 120, 130].map(scale))
  expect([...cropSeen({ width: 2, height: 1, channels: 1, data: Uint8Array.of(9, 9) }, { x: 0, y: 0, width: 2, height: 1 }, 2).data]).toEqual([0, 0, 0, 0])
})
