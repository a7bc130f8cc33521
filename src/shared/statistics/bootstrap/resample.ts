import type { Random } from '#shared/lib/index.ts'
import { gatherClusters, type PatientId } from '../core/index.ts'

/** How rows are drawn. */
export interface ResamplePlan {
  readonly rows: number
  /** The patient of each row: whole patients are drawn, with all their rows. Without it each row is a patient. */
  readonly patient?: ArrayLike<PatientId>
  /**
   * A stratum of each row (the outcome, a centre): each stratum keeps its number of patients. A patient belongs to the stratum of the
   * first row.
   */
  readonly strata?: ArrayLike<PatientId>
}

/** Draws samples with replacement by patient, within strata where given. */
export interface Resampler {
  /** Number of things drawn: patients. */
  readonly patients: number
  /** Row numbers of one sample, with repeats. The array is reused by the next draw. */
  draw(random: Random): Uint32Array
  /** All rows but those of one patient. */
  without(patient: number): Uint32Array
}

/** Prepares a plan once. O(n); a draw costs O(n). */
export function createResampler({ rows, patient, strata }: ResamplePlan): Resampler {
  const members: readonly (readonly number[])[] | undefined = patient && gatherClusters(patient).rows
  const patients = members ? members.length : rows
  const firstRow = (k: number): number => (members ? members[k]![0]! : k)
  const groups = strata ? gatherClusters(Array.from({ length: patients }, (_, k) => strata[firstRow(k)]!)).rows.map((g) => Uint32Array.from(g))
    : [Uint32Array.from({ length: patients }, (_, k) => k)]
  let buffer = new Uint32Array(members ? rows * 2 : rows)
  const put = (at: number, k: number): number => {
    if (!members) {
      buffer[at] = k
      return at + 1
    }
    const list = members[k]!
    if (at + list.length > buffer.length) {
      const larger = new Uint32Array(2 * (at + list.length))
      larger.set(buffer)
      buffer = larger
    }
    for (const row of list) buffer[at++] = row
    return at
  }
  return {
    patients,
    draw: (random) => {
      let at = 0
      for (const group of groups) for (let i = 0; i < group.length; i++) at = put(at, group[random.int(group.length)]!)
      return buffer.subarray(0, at)
    },
    without: (k) => {
      const gone = new Set(members ? members[k]! : [k])
      return Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => !gone.has(i))
    },
  }
}
