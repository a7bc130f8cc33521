import type { Random } from '#shared/lib/index.ts'
import type { ClinicalFactors, HistologicGrade, HistologicType, LesionPlan, MarkerStatus } from './types.ts'

/** Clinical factors with nothing missing, as the outcome model sees them. */
export interface CompleteFactors {
  readonly histologicType: HistologicType
  readonly histologicGrade: HistologicGrade
  readonly er: MarkerStatus
  readonly pr: MarkerStatus
  readonly her2: MarkerStatus
  readonly ki67: MarkerStatus
}

const positiveWith = (random: Random, probability: number): MarkerStatus => (random.next() < probability ? 'positive' : 'negative')

function drawType(random: Random, latent: number): HistologicType {
  const u = random.next()
  const dcis = latent < 0 ? 0.17 : 0.08
  if (u < dcis) return 'DCIS'
  if (u < dcis + 0.08) return 'invasive lobular'
  return u < dcis + 0.2 ? 'other' : 'invasive ductal'
}

function drawGrade(random: Random, latent: number): HistologicGrade {
  const level = 0.35 * latent + 0.94 * random.normal()
  if (level < -0.9) return 'I'
  return level < 0.55 ? 'II' : 'III'
}

/** Draws pathology that hangs together: hormone receptors fall and HER2 and Ki-67 rise with grade, PR follows ER, lobular cancers are mostly ER positive. */
export function drawFactors(random: Random, latent: number): CompleteFactors {
  const histologicType = drawType(random, latent)
  const histologicGrade = drawGrade(random, latent)
  const high = histologicGrade === 'III', low = histologicGrade === 'I'
  const er = positiveWith(random, histologicType === 'invasive lobular' ? 0.93 : high ? 0.55 : low ? 0.9 : 0.78)
  const pr = positiveWith(random, er === 'positive' ? 0.8 : 0.1)
  const her2 = positiveWith(random, high ? 0.4 : low ? 0.12 : 0.25)
  const ki67 = positiveWith(random, high ? 0.85 : low ? 0.3 : 0.6)
  return { histologicType, histologicGrade, er, pr, her2, ki67 }
}

/** What reaches the manifest: a few values go missing, Ki-67 most often. */
export function recordFactors(random: Random, age: number, lesion: LesionPlan, factors: CompleteFactors): ClinicalFactors {
  const keep = <T>(value: T, missing: number): T | null => (random.next() < missing ? null : value)
  return {
    age,
    sizeMm: lesion.sizeMm,
    histologicType: keep(factors.histologicType, 0.01),
    histologicGrade: keep(factors.histologicGrade, 0.04),
    er: keep(factors.er, 0.02),
    pr: keep(factors.pr, 0.02),
    her2: keep(factors.her2, 0.03),
    ki67: keep(factors.ki67, 0.05),
  }
}
