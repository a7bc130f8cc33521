import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from './error.ts'

/** Who a row belongs to. */
export type PatientId = string | number

/** Rows gathered by patient: `of[i]` is the cluster of row i, numbered from 0 in order of first appearance. */
export interface Clusters {
  readonly count: number
  readonly of: Uint32Array
  readonly rows: readonly (readonly number[])[]
}

/** Gathers rows by patient. O(n). */
export function gatherClusters(patients: ArrayLike<PatientId>): Clusters {
  const number = new Map<PatientId, number>()
  const of = new Uint32Array(patients.length)
  const rows: number[][] = []
  for (let i = 0; i < patients.length; i++) {
    const id = patients[i]!
    let k = number.get(id)
    if (k === undefined) {
      k = number.size
      number.set(id, k)
      rows.push([])
    }
    of[i] = k
    rows[k]!.push(i)
  }
  return { count: number.size, of, rows }
}

/**
 * Refuses rows in which a patient appears twice, for methods that take rows as independent. No ids means one row a patient, as declared by
 * the caller.
 */
export function checkIndependent(patients: ArrayLike<PatientId> | undefined, rows: number): StatisticsResult<true> {
  if (patients === undefined) return ok(true)
  if (patients.length !== rows) return fail('length_mismatch', `There are ${patients.length} patient ids for ${rows} rows.`)
  const distinct = new Set<PatientId>()
  for (let i = 0; i < rows; i++) distinct.add(patients[i]!)
  if (distinct.size === rows) return ok(true)
  return fail('clustered_rows', `${rows} rows belong to ${distinct.size} patients: this method needs one row a patient. `
    + 'Use the clustered variance with the unit of analysis declared, or reduce each patient to one row first.')
}
