import { createRandom } from '#shared/lib/index.ts'
import { expit, type DataRow, type Term } from '#shared/statistics/regression/index.ts'

export const terms: readonly Term[] = [
  { kind: 'numeric', name: 'size', unit: 'mm' }, { kind: 'numeric', name: 'score' }, { kind: 'numeric', name: 'noise' }, { kind: 'factor', name: 'grade', levels: ['I', 'II', 'III'] },
]

/** Rows whose outcome depends on size, on score and on grade, and not on noise; two rows a patient. */
export function simulated(n: number, seed: string | number = 1): DataRow[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, i) => {
    const size = 20 + 6 * random.normal(), score = random.next(), grade = ['I', 'II', 'III'][random.int(3)]!
    const y = random.next() < expit(0.15 * (size - 20) + 4 * (score - 0.5) + (grade === 'III' ? 1 : 0)) ? 1 : 0
    return { patient: Math.floor(i / 2), size, score, noise: random.normal(), grade, y }
  })
}

/** Outcome only where exactly one of two conditions holds: no main effects, so a logistic model without interaction is blind to it. */
export function exclusiveOr(n: number, seed: string | number = 2): DataRow[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => {
    const a = random.next(), b = random.next()
    return { a, b, y: (a > 0.5) !== (b > 0.5) ? (random.next() < 0.9 ? 1 : 0) : random.next() < 0.1 ? 1 : 0 }
  })
}
