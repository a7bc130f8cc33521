import { createRandom } from '#shared/lib/index.ts'
import { planDemoStudy } from './demoStudy.ts'
import { renderSlice } from './renderPhantom.ts'
import type { CasePlan, PhantomImage } from './types.ts'

/** Frames between two independent speckle patterns. */
const decorrelation = 5

/** A sweep through one case's lesion: enters before it, ends behind it; the first and last frames have an empty mask. */
export function renderCine(plan: CasePlan, frames: number): PhantomImage[] {
  if (!Number.isInteger(frames) || frames < 2) throw new RangeError(`a cine needs at least 2 frames, not ${frames}`)
  const seeds = createRandom(`${plan.seed}/cine`)
  const pattern = Array.from({ length: Math.ceil(frames / decorrelation) + 1 }, () => seeds.int(2 ** 31))
  return Array.from({ length: frames }, (_, i) => {
    const k = Math.floor(i / decorrelation)
    const speckle = { from: pattern[k] ?? 1, to: pattern[k + 1] ?? 2, blend: (i % decorrelation) / decorrelation }
    return renderSlice(plan, -1.15 + 2.3 * i / (frames - 1), speckle)
  })
}

/** A synthetic cine of a lesion drawn from the seed, at hospital A. */
export function generateCine(seed: string | number, frames: number): PhantomImage[] {
  const plan = planDemoStudy({ cases: 1, seed: `cine-${seed}`, externalShare: 0 }).cases[0]
  if (plan === undefined) throw new Error('a study of one case has a case')
  return renderCine(plan, frames)
}
