import type { ProtocolPlan, ProtocolPreview } from '#shared/contract/index.ts'
import { partsOf, sessionModality, washedOutOn } from '#shared/domain/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { exposureTo } from '#main/database/queries/exposure.ts'
import type { OpenStudy, World } from '../context.ts'
import { readingOrder } from './order.ts'
import { checkPlan } from './plan.ts'

/** What a plan comes to: its problems, the orders that starting it would store, and who has seen its cases before. */
export function previewPlan(study: OpenStudy, world: World, plan: ProtocolPlan, positions: number): ProtocolPreview {
  const { cases, training, problems, notes } = checkPlan(study, plan)
  const byId = new Map(cases.map((c) => [c.case_id, c]))
  const blocks = new Map<string, number>()
  for (const c of cases) blocks.set(c.cohort, (blocks.get(c.cohort) ?? 0) + 1)
  const today = world.clock.now().toISOString().slice(0, 10)
  const all = [...training, ...cases].map((c) => c.case_id)
  return {
    problems: [...problems], notes: [...notes], cases: cases.length, patients: new Set(cases.map((c) => c.patient_id)).size, training: training.length,
    answersPerReader: Array.from({ length: plan.sessions }, (_, i) => (cases.length + training.length) * partsOf(sessionModality(plan.modality, 0, i + 1)).length).reduce((a, b) => a + b, 0),
    cohorts: [...blocks].map(([name, n]) => ({ name, cases: n })),
    readers: plan.readers.map((id, index) => {
      const account = accountById(study.db.read, id)
      const seen = exposureTo(study.db.read, id, all)
      const from = seen.last === null ? null : washedOutOn(seen.last, plan.washoutDays)
      return {
        accountId: id, name: account?.name ?? 'unknown', seniority: account?.seniority ?? null, seenCases: seen.cases, lastSeen: seen.last?.slice(0, 10) ?? null, mayStartOn: from !== null && from > today ? from : null,
        sessions: Array.from({ length: plan.sessions }, (_, i) => ({
          ordinal: i + 1, modality: sessionModality(plan.modality, index, i + 1),
          order: [...training.map((c) => ({ label: c.label, cohort: c.cohort, training: true })), ...readingOrder(cases, plan.seed, id, i + 1).flatMap((caseId) => {
            const c = byId.get(caseId)
            return c === undefined ? [] : [{ label: c.label, cohort: c.cohort, training: false }]
          })].slice(0, positions).map((c, at) => ({ position: at + 1, ...c })),
        })),
      }
    }),
  }
}
