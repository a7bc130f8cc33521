import { ok, type Random } from '#shared/lib/index.ts'
import type { Term } from '../regression/index.ts'
import { boostedTrees, predictBoosted, type BoostingOptions } from './boostedTrees.ts'
import type { Learner } from './learner.ts'
import { predictForest, randomForest, type ForestOptions } from './randomForest.ts'

/** A random forest as a learner; its seed comes from the cross-validation. */
export function forestLearner(terms: readonly Term[], options: Omit<ForestOptions, 'seed' | 'patient'> = {}): Learner {
  return {
    name: named('random forest', options),
    terms,
    fit: (rows, outcome, random) => {
      const model = randomForest(rows, outcome, terms, { ...options, seed: seedFrom(random) })
      return model.ok ? ok({ predict: (r) => predictForest(model.value, r), findings: [] }) : model
    },
  }
}

/** Gradient-boosted trees as a learner; the seed comes from the cross-validation. */
export function boostedLearner(terms: readonly Term[], options: Omit<BoostingOptions, 'seed'> = {}): Learner {
  return {
    name: named('boosted trees', options),
    terms,
    fit: (rows, outcome, random) => {
      const model = boostedTrees(rows, outcome, terms, { ...options, seed: seedFrom(random) })
      return model.ok ? ok({ predict: (r) => predictBoosted(model.value, r), findings: [] }) : model
    },
  }
}

function seedFrom(random: Random): number {
  return Math.floor(random.next() * 2 ** 32)
}

function named(what: string, options: object): string {
  const settings = Object.entries(options).map(([k, v]) => `${k} ${String(v)}`)
  return settings.length > 0 ? `${what} (${settings.join(', ')})` : what
}
