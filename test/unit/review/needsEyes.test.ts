import { expect, test } from 'vitest'
import { needsEyes } from '#main/services/review/handlers.ts'

const plain = { state: 'found' as const, disagreement: 0.05, uncertainty: 0.1, components: 1, touches_border: 0, area_px: 1000 }

test('an ordinary mask has no reason; an empty one comes before every other', () => {
  expect(needsEyes(plain, 1000)).toMatchObject({ flags: [], reasons: [] })
  const worst = needsEyes({ ...plain, disagreement: 1, uncertainty: 1, components: 9, touches_border: 1, area_px: 100_000 }, 1000)
  expect(worst.flags).toEqual(['disagreement', 'border', 'components', 'edge', 'size'])
  expect(needsEyes({ ...plain, state: 'empty', area_px: 0 }, 1000).priority).toBeGreaterThan(worst.priority)
})

test('each oddity raises the priority and is named with its figure', () => {
  const base = needsEyes(plain, 1000).priority
  for (const [odd, word] of [[{ disagreement: 0.4 }, 'networks disagree (Dice 0.600)'], [{ uncertainty: 0.5 }, 'uncertain border'], [{ components: 3 }, '3 components'], [{ touches_border: 1 }, 'touches the image border'], [{ area_px: 6000 }, 'unusually large'], [{ area_px: 90 }, 'unusually small']] as const) {
    const found = needsEyes({ ...plain, ...odd }, 1000)
    expect(found.reasons).toEqual([word])
    expect(found.flags).toHaveLength(1)
    expect(found.priority).toBeGreaterThan(base)
  }
})
