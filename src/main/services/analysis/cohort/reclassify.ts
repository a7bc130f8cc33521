import type { CohortAnalysis } from '#shared/contract/index.ts'
import { reclassification, type NetReclassification } from '#shared/statistics/reclassification/index.ts'
import { DL_SIGNATURE, type Scorer } from '../scores.ts'
import type { Interval } from '#shared/statistics/core/index.ts'
import { commonCases, ends, finite, type CohortScope } from './scope.ts'

type Row = CohortAnalysis['reclassification'][number]

/** A class of one case has no variance, so no interval. */
const bounded = (interval: Interval): [number, number] | null => (Number.isFinite(interval.lower) && Number.isFinite(interval.upper) ? ends(interval) : null)
const moved = (m: NetReclassification): Row['nri'] => ({ estimate: m.nri, ci95: bounded(m.interval), events: m.event.nri, nonevents: m.nonevent.nri, p: m.test === undefined ? null : finite(m.test.p), method: m.test?.method ?? m.interval.method })

/**
 * NRI and IDI of each newer model against each older one, in the order clinical, DL signature, combined. The categorical NRI has one cut, the
 * newer model's carried threshold, so that no category is chosen on the cohort it is used in. p values are withheld on fitting rows.
 */
export function reclassifications({ scorers, cohort, rows }: CohortScope): Row[] {
  const order = [scorers.find((s) => s.kind === 'clinical'), scorers.find((s) => s.note === DL_SIGNATURE), scorers.find((s) => s.kind === 'model')].filter((s): s is Scorer => s !== undefined)
  return order.flatMap((old, i) => order.slice(i + 1).flatMap((newer): Row[] => {
    const cases = commonCases([old, newer], cohort)
    const cut = newer.threshold !== null && newer.threshold > 0 && newer.threshold < 1 ? newer.threshold : null
    const made = reclassification(cases.map((c) => c.first.outcome), cases.map((c) => c.all[0]?.value ?? NaN), cases.map((c) => c.all[1]?.value ?? NaN), { rows, ...(cut === null ? {} : { cutoffs: [cut] }) })
    if (!made.ok) return []
    const { n, events, continuous, categorical, idi, withheld } = made.value
    return [{
      old: old.name, new: newer.name, n, events, nri: moved(continuous), categorical: categorical === undefined || cut === null ? null : { ...moved(categorical), cut },
      idi: { estimate: idi.idi, ci95: bounded(idi.interval), events: idi.eventChange, nonevents: -idi.noneventChange, p: idi.test === undefined ? null : finite(idi.test.p), method: idi.test?.method ?? idi.interval.method }, note: [withheld, new Set(cases.map((c) => c.first.patientId)).size < cases.length ? 'Cases of one patient are taken as independent here.' : undefined].filter((t) => t !== undefined).join(' '),
    }]
  }))
}
