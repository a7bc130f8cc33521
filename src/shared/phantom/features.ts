import type { Random } from '#shared/lib/index.ts'
import type { LesionPlan } from './types.ts'

const clamp = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v))
const logistic = (v: number): number => 1 / (1 + Math.exp(-v))

/** A degree in 0..1 that follows the lesion's latent aggressiveness with correlation `weight`. */
function degree(random: Random, latent: number, weight: number, offset: number): number {
  return logistic(1.9 * (weight * latent + Math.sqrt(1 - weight * weight) * random.normal() + offset))
}

/**
 * Draws a lesion from its latent aggressiveness (standard normal): aggressive ones tend to be spiculated, irregular, tall, shadowing and patchy,
 * mild ones oval or lobulated with posterior enhancement.
 */
export function drawLesion(random: Random, latent: number): LesionPlan {
  const spiculation = degree(random, latent, 0.85, -0.25)
  const irregularity = degree(random, latent, 0.85, 0)
  const roundness = 1 - Math.max(spiculation, irregularity)
  return {
    sizeMm: Math.round(10 * clamp(18.5 * Math.exp(0.2 * latent + 0.3 * random.normal()), 7, 38)) / 10,
    aspect: clamp(0.76 * Math.exp(0.17 * latent + 0.16 * random.normal()), 0.45, 1.5),
    spiculation,
    irregularity,
    lobulation: random.next() < 0.5 ? random.next() * (0.4 + 0.6 * roundness) : 0,
    shadow: clamp(0.25 + 0.5 * latent + 0.35 * random.normal(), -1, 1.2),
    halo: clamp(degree(random, latent, 0.55, -0.1), 0, 1),
    heterogeneity: degree(random, latent, 0.6, -0.2),
    calcifications: random.next() < 0.1 + 0.2 * logistic(latent) ? 0.3 + 0.7 * random.next() : 0,
    contrastDb: clamp(10.5 + 2.6 * random.normal() + 0.7 * latent, 6, 17),
    marginMm: clamp(0.3 + 0.5 * irregularity * random.next() + 0.25 * Math.abs(random.normal()), 0.25, 1.3),
  }
}
