import type { Random } from '#shared/lib/index.ts'

export interface SplitMember {
  readonly patientId: string
  readonly sln: 0 | 1 | null
}

/**
 * The patients of the first part of a split, stratified by outcome: each stratum is shuffled and its first `share` taken.
 * A patient with several cases belongs to the positive stratum if any case is positive, and is never divided.
 */
export function stratifiedPatients(random: Random, members: readonly SplitMember[], share: number): Set<string> {
  const outcome = new Map<string, number>()
  for (const { patientId, sln } of members) outcome.set(patientId, Math.max(outcome.get(patientId) ?? 0, sln ?? 0))
  const chosen = new Set<string>()
  for (const stratum of [0, 1]) {
    const patients = [...outcome].filter(([, value]) => value === stratum).map(([id]) => id)
    const shuffled = random.shuffle(patients)
    for (const id of shuffled.slice(0, Math.round(share * shuffled.length))) chosen.add(id)
  }
  return chosen
}
