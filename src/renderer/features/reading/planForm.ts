import type { ProtocolPlan } from '#shared/contract/index.ts'
import { isAided, type ProtocolModality, type ReadingQuestion } from '#shared/domain/index.ts'

export type PlanForm = { -readonly [K in keyof ProtocolPlan]: ProtocolPlan[K] }

/** A copy that no form changes and every transport can send. */
export const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export const newPlan = (seed: number): PlanForm => ({
  name: 'Blinded reading', scale: 'points5', seed, cohorts: [], caseLabels: [], readers: [], modality: 'unaided', aids: [], factors: [], sessions: 1, washoutDays: 28, training: { caseLabels: [], feedback: true }, questions: [], breaks: null,
  timeLimitSeconds: null, allowBack: false, outsideRegions: 'show', instructions: '',
})

/** Case labels as a person pastes them: by lines, commas, semicolons or spaces; each once. */
export const labelsIn = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((label) => label !== ''))]

/** Another modality takes along what depends on it: sessions of a crossover, aids of an unaided study. */
export const withModality = (plan: PlanForm, modality: ProtocolModality): PlanForm =>
  ({ ...plan, modality, sessions: modality === 'crossover' ? 2 : plan.modality === 'crossover' ? 1 : plan.sessions, washoutDays: modality === 'crossover' ? Math.max(28, plan.washoutDays) : plan.washoutDays, aids: isAided(modality) ? (plan.aids.length === 0 ? ['contour', 'signature', 'risk'] : plan.aids) : [] })

/** An id from a label: "Posterior shadow?" is posterior_shadow; a second one gets a number. */
export function questionId(label: string, taken: readonly string[]): string {
  const base = label.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 34) || 'question'
  let id = base
  for (let n = 2; taken.includes(id); n++) id = `${base}_${n}`
  return id
}

const KINDS = {
  choice: (base) => ({ ...base, kind: 'choice', options: ['yes', 'no'] }), number: (base) => ({ ...base, kind: 'number', min: 0, max: 100, unit: '' }), text: (base) => ({ ...base, kind: 'text' }), mark: (base) => ({ ...base, kind: 'mark' }),
} as const satisfies Record<ReadingQuestion['kind'], (base: { id: string; label: string; required: boolean }) => ReadingQuestion>

/** A question of a kind, with what it keeps of the one before: id, label, whether it is required. */
export const questionOf = (kind: ReadingQuestion['kind'], base: { id: string; label: string; required: boolean }): ReadingQuestion => KINDS[kind]({ id: base.id, label: base.label, required: base.required })

export const moved = <T>(list: readonly T[], from: number, by: number): T[] => {
  const to = from + by, item = list[from]
  if (item === undefined || to < 0 || to >= list.length) return [...list]
  const rest = list.filter((_, i) => i !== from)
  return [...rest.slice(0, to), item, ...rest.slice(to)]
}
