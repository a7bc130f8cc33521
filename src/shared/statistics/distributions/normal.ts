/** log sqrt(2 pi). */
export const logSqrt2Pi = 0.91893853320467274178

/** Density of the standard normal. */
export function normalPdf(z: number): number {
  return Math.exp(-z * z / 2 - logSqrt2Pi)
}

// Rational Chebyshev approximations of Cody WJ. Rational Chebyshev approximations for the error function. Math Comp 1969;23:631-7,
// as arranged for the normal integral in Cody WJ. Algorithm 715: SPECFUN. ACM TOMS 1993;19:22-32. Relative error below 1e-15 in both tails.
const centre = {
  p: [0.065682337918207449113, 2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249],
  q: [1, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956],
}
const middle = {
  p: [1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226,
    2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218],
  q: [1, 22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
    18615.571640885098091, 34900.952721145977266, 38912.003286093271411, 19685.429676859990727],
}
const far = {
  p: [0.02307344176494017303, 0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5],
  q: [1, 1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244, 7.29751555083966205e-5],
}

/** c[0] x^n + ... + c[n]. */
function horner(c: readonly number[], x: number): number {
  let s = 0
  for (const k of c) s = s * x + k
  return s
}

/** exp(-z^2 / 2) without the rounding of z^2: z is split into a multiple of 1/16 and a rest. */
function gauss(z: number): number {
  const whole = Math.trunc(z * 16) / 16
  return Math.exp(-whole * whole / 2) * Math.exp(-(z - whole) * (z + whole) / 2)
}

/** P(Z > z) for z > 0.67448975. */
function upperTail(z: number): number {
  if (z < Math.sqrt(32)) return gauss(z) * horner(middle.p, z) / horner(middle.q, z)
  if (z > 38.6) return 0
  const w = 1 / (z * z)
  return gauss(z) * (1 / Math.sqrt(2 * Math.PI) - w * horner(far.p, w) / horner(far.q, w)) / z
}

/** P(Z > z) of the standard normal, to full double precision in both tails. NaN for NaN. */
export function normalSf(z: number): number {
  const size = Math.abs(z)
  if (size <= 0.67448975) return 0.5 - z * horner(centre.p, z * z) / horner(centre.q, z * z)
  return z > 0 ? upperTail(size) : 1 - upperTail(size)
}

/** P(Z <= z) of the standard normal. */
export function normalCdf(z: number): number {
  return normalSf(-z)
}

/** log P(Z > z), also where the probability itself underflows (asymptotic series of Mills' ratio beyond z = 37). */
export function normalLogSf(z: number): number {
  if (z < 37) return z < -5 ? Math.log1p(-normalSf(-z)) : Math.log(normalSf(z))
  const w = 1 / (z * z)
  return -z * z / 2 - logSqrt2Pi - Math.log(z) + Math.log1p(-w * (1 - 3 * w * (1 - 5 * w * (1 - 7 * w))))
}

/** Two-sided p value of a z statistic; NaN for NaN. */
export function normalTwoSided(z: number): number {
  return 2 * normalSf(Math.abs(z))
}
