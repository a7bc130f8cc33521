import { expect, test } from 'vitest'
import { CLAIM } from '#main/services/analysis/report/checklists/claim.ts'
import { STARD_AI } from '#main/services/analysis/report/checklists/stardAi.ts'
import { TRIPOD_AI } from '#main/services/analysis/report/checklists/tripodAi.ts'
import type { ChecklistItem } from '#main/services/analysis/report/checklists.ts'

const range = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
/** Numbers as published: `parts` says how many lettered parts an item has. */
const numbers = (items: number, parts: Readonly<Record<number, number>>): string[] =>
  range(1, items).flatMap((n) => (parts[Number(n)] === undefined ? [n] : Array.from({ length: parts[Number(n)] as number }, (_, i) => `${n}${'abcdefg'.charAt(i)}`)))
const numbersOf = (list: readonly ChecklistItem[]): string[] => list.map(([number]) => number)

test('every list has the published items and lettered parts, each once and in order', () => {
  expect(numbersOf(CLAIM)).toEqual(range(1, 44))
  expect(numbersOf(STARD_AI)).toEqual(numbers(40, { 15: 4, 16: 3, 17: 2, 26: 2, 40: 2 }))
  expect(numbersOf(TRIPOD_AI)).toEqual(numbers(27, { 3: 3, 5: 2, 6: 3, 8: 3, 9: 3, 12: 7, 18: 6, 20: 3, 23: 2, 27: 3 }))
})

/** Where the update of 2024 differs from the list of 2020: what the published list asks under the number. */
const CLAIM_2024: Readonly<Record<string, RegExp>> = {
  11: /de-identification/i, 12: /missing/i, 13: /acquisition/i, 17: /test set/i, 18: /variability/i, 19: /partitions/i, 20: /disjoint/i, 21: /size/i, 32: /internal/i, 33: /external/i, 34: /registration/i, 35: /included and excluded/i,
  36: /partition/i, 37: /performance.*uncertainty/i, 38: /diagnostic accuracy/i, 39: /fails/i, 40: /limitations/i, 41: /implications/i, 42: /protocol/i, 43: /availability/i, 44: /funding.*role/i,
}
test('CLAIM asks under each number what the update of 2024 asks', () => {
  for (const [number, asks] of Object.entries(CLAIM_2024)) expect(CLAIM.find((i) => i[0] === number)?.[1] ?? '', number).toMatch(asks)
})
