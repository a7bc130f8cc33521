import { ok } from '#shared/lib/index.ts'
import { reclassification, type NetReclassification } from '../reclassification/index.ts'
import type { AnalysisAdapter, OutputObject } from './adapter.ts'
import { ends } from './intervalOutput.ts'
import { need, numberList, textField } from './request.ts'
import { completeCases, numbers } from './table.ts'

/** NRI and IDI of a new column of probabilities against an old one. The rows are taken as not used in fitting. */
export const reclass: AnalysisAdapter = ({ spec, table }) => {
  const all = table()
  const outcome = textField(spec, 'outcome'), before = textField(spec, 'old'), after = textField(spec, 'new')
  const rows = completeCases(all, [outcome, before, after])
  const cutoffs = numberList(spec, 'cutoffs')
  const r = need(reclassification(
    numbers(rows, outcome), numbers(rows, before), numbers(rows, after),
    { rows: 'evaluation', ...(cutoffs.length > 0 ? { cutoffs } : {}) },
  ))
  const { idi } = r
  return ok({
    n_total: all.rows, n_used: r.n, events: r.events, nonevents: r.nonevents, old: before, new: after,
    ...(r.categorical ? { categorical: {
      cutoffs: r.categorical.cutoffs, table_events: r.categorical.tableEvents,
      table_nonevents: r.categorical.tableNonevents, ...improvement(r.categorical),
    } } : {}),
    continuous: improvement(r.continuous),
    idi: {
      idi: idi.idi, se: idi.standardError, z: idi.test?.z, p: idi.test?.p, ci95: ends(idi.interval),
      discrimination_slope_old: idi.slopeOld, discrimination_slope_new: idi.slopeNew,
      event_change: idi.eventChange, nonevent_change: idi.noneventChange, relative_idi: idi.relative,
    },
  })
}

function improvement(n: NetReclassification): OutputObject {
  const { event, nonevent } = n
  return {
    nri: n.nri, se: n.standardError, z: n.test?.z, p: n.test?.p, ci95: ends(n.interval),
    se_null_pencina2008: n.nullStandardError, z_null: n.nullTest?.z, p_null: n.nullTest?.p,
    event: { up: event.up, down: event.down, nri: event.nri, se: event.standardError },
    nonevent: { up: nonevent.up, down: nonevent.down, nri: nonevent.nri, se: nonevent.standardError },
  }
}
