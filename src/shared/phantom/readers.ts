import { createRandom, type Random } from '#shared/lib/index.ts'
import type { CasePlan } from './types.ts'

/** One of the demo study's simulated radiologists. */
export interface SimulatedReader {
  readonly id: string
  readonly name: string
  readonly seniority: 'junior' | 'senior'
  readonly yearsOfExperience: number
  /** Correlation of what the reader sees with what the image shows, 0 to 1. */
  readonly perception: number
  /** Shift of the reader's cut-points: above 0 calls fewer cases positive. */
  readonly strictness: number
  /** Median reading time in seconds. */
  readonly pace: number
}

export interface SimulatedReading {
  /** Suspicion of metastasis, 1 to 5. */
  readonly rating: 1 | 2 | 3 | 4 | 5
  /** Never contradicts the rating: 1 and 2 are negative, 4 and 5 positive, 3 is either. */
  readonly call: 'positive' | 'negative'
  readonly seconds: number
}

export const simulatedReaders: readonly SimulatedReader[] = [
  { id: 'reader-1', name: 'Reader 1 (simulated)', seniority: 'junior', yearsOfExperience: 4, perception: 0.38, strictness: 0.15, pace: 31 },
  { id: 'reader-2', name: 'Reader 2 (simulated)', seniority: 'junior', yearsOfExperience: 5, perception: 0.41, strictness: -0.2, pace: 27 },
  { id: 'reader-3', name: 'Reader 3 (simulated)', seniority: 'senior', yearsOfExperience: 8, perception: 0.56, strictness: 0.1, pace: 21 },
  { id: 'reader-4', name: 'Reader 4 (simulated)', seniority: 'senior', yearsOfExperience: 12, perception: 0.6, strictness: -0.05, pace: 17 },
]

/** Readers of the demo's aided reading: others than those of the blinded one, whose washout would begin with it. */
export const simulatedAidedReaders: readonly SimulatedReader[] = [
  { id: 'reader-5', name: 'Reader 5 (simulated)', seniority: 'junior', yearsOfExperience: 3, perception: 0.37, strictness: 0.1, pace: 30 },
  { id: 'reader-6', name: 'Reader 6 (simulated)', seniority: 'junior', yearsOfExperience: 6, perception: 0.43, strictness: -0.15, pace: 26 },
  { id: 'reader-7', name: 'Reader 7 (simulated)', seniority: 'senior', yearsOfExperience: 9, perception: 0.55, strictness: 0.1, pace: 22 },
  { id: 'reader-8', name: 'Reader 8 (simulated)', seniority: 'senior', yearsOfExperience: 15, perception: 0.59, strictness: 0, pace: 18 },
]

/** Spread of the simulated image log-odds over cases, which makes them a standard score. */
const signalSpread = 2.15
/** Share of a reader's error that every reader of the case makes alike: hard cases are hard for all. */
const sharedError = 0.3
const cuts = [-1.05, -0.35, 0.35, 1.05] as const

/** What a reader's eye makes of the image, on the scale of the cut-points, with the generator for what follows from it. */
function impression(reader: SimulatedReader, plan: CasePlan, seed: string | number): { readonly seen: number; readonly random: Random } {
  const common = createRandom(`${seed}/difficulty/${plan.seed}`).normal()
  const random = createRandom(`${seed}/${reader.id}/${plan.seed}`)
  const error = Math.sqrt(sharedError) * common + Math.sqrt(1 - sharedError) * random.normal()
  return { seen: reader.perception * (plan.imageSignal / signalSpread) + Math.sqrt(1 - reader.perception ** 2) * error - reader.strictness, random }
}

function answered(seen: number, pace: number, random: Random): SimulatedReading {
  const rating = (1 + cuts.filter((cut) => seen > cut).length) as SimulatedReading['rating']
  const hesitation = 1 + 0.6 * Math.exp(-(seen ** 2) / 0.3)
  return {
    rating,
    call: rating > 3 || (rating === 3 && seen > 0) ? 'positive' : 'negative',
    seconds: Math.round(10 * Math.max(4, pace * hesitation * Math.exp(0.35 * random.normal()))) / 10,
  }
}

/**
 * A reader's rating, call and time for a case, always the same for the same reader, case and seed. The reader sees the image and no pathology:
 * the score is the image's signal plus an error, cut at four thresholds (binormal model with rating categories; Dorfman & Alf 1969).
 */
export function simulateReading(reader: SimulatedReader, plan: CasePlan, seed: string | number = 1): SimulatedReading {
  const { seen, random } = impression(reader, plan, seed)
  return answered(seen, reader.pace, random)
}

/** Correlation of the simulated aid with what the image shows, and how far a reader goes from the own impression towards it. */
const aidPerception = 0.72, trust = 0.4

/** What the simulated aid says of a case, on the scale of the cut-points: the image's signal with an error of its own, and no pathology. */
const aidScore = (plan: CasePlan, seed: string | number): number => aidPerception * (plan.imageSignal / signalSpread) + Math.sqrt(1 - aidPerception ** 2) * createRandom(`${seed}/aid/${plan.seed}`).normal()

/** The simulated aid as a reader sees it, 0 to 1. */
export const simulatedAid = (plan: CasePlan, seed: string | number = 1): number => 1 / (1 + Math.exp(-1.6 * aidScore(plan, seed)))

/** The same reader's second answer with the aid beside the image: the first impression, moved towards what the aid says. It takes less time than the first. */
export function simulateAidedReading(reader: SimulatedReader, plan: CasePlan, seed: string | number = 1): SimulatedReading {
  const { seen } = impression(reader, plan, seed)
  return answered((1 - trust) * seen + trust * aidScore(plan, seed), 0.45 * reader.pace, createRandom(`${seed}/${reader.id}/aided/${plan.seed}`))
}
