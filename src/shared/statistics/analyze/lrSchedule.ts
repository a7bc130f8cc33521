import { ok } from '#shared/lib/index.ts'
import { cosineLearningRate } from '../image/index.ts'
import type { AnalysisAdapter } from './adapter.ts'
import { optionalNumber } from './request.ts'

/** `lr_schedule`: cosine annealing from `eta_max` to `eta_min` over epochs 0..`T`. */
export const lrScheduleAdapter: AnalysisAdapter = ({ spec }) => {
  const number = (field: string): number => optionalNumber(spec, field) ?? NaN
  const eta = cosineLearningRate({ highest: number('eta_max'), lowest: number('eta_min'), epochs: number('T') })
  return eta.ok ? ok({ rule: 'eta_min + (eta_max - eta_min) / 2 (1 + cos(pi t / T)), t = 0..T', eta: eta.value }) : eta
}
