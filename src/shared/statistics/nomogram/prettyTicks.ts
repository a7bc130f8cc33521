// Preference for the larger of two units, and for 5 over 2, of R's defaults (high.u.bias = 1.5, u5.bias = 0.5 + 1.5 * 1.5).
const bias = 1.5
const biasOfFive = 0.5 + 1.5 * bias
const fuzz = 1e-10

/**
 * About `count` equally spaced round values that cover the range of the data, their spacing 1, 2 or 5 times a power of ten.
 * The rule and the arithmetic of R's `pretty(range, n = count)` (R 4.2), so that an axis has the very same numbers.
 * @param low,high finite, low <= high
 */
export function prettyTicks(low: number, high: number, count = 10): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) throw new Error('prettyTicks: a range must be finite and ascending')
  const unit = tickUnit(low, high, count)
  let first = Math.floor(low / unit + fuzz), last = Math.ceil(high / unit - fuzz)
  while (first * unit > low + fuzz * unit) first--
  while (last * unit < high - fuzz * unit) last++
  const missing = Math.floor(count / 3) - Math.floor(0.5 + last - first)
  if (missing > 0) [first, last] = widen(first, last, missing, low, high)
  return sequence(Math.min(low, first * unit), Math.max(high, last * unit), last - first)
}

function tickUnit(low: number, high: number, count: number): number {
  const width = high - low
  const largest = Math.max(Math.abs(low), Math.abs(high))
  const relative = 1 + (biasOfFive >= 1.5 * bias + 0.5 ? 1 / (1 + bias) : 1.5 / (1 + biasOfFive))
  let cell: number
  if (largest === 0 || width < largest * relative * Math.max(1, count) * Number.EPSILON * 3) {
    // A range that is a point: a part of its size, so that some ticks surround it.
    cell = largest === 0 ? 1 : largest > 10 ? 9 + largest / 10 : largest
    cell *= 0.75
    const least = Math.floor(count / 3)
    if (least > 1) cell /= least
  } else cell = count > 1 ? width / count : width
  const base = Number(`1e${Math.floor(Math.log10(cell))}`)
  let unit = base
  if (2 * base - cell < bias * (cell - unit)) {
    unit = 2 * base
    if (5 * base - cell < biasOfFive * (cell - unit)) {
      unit = 5 * base
      if (10 * base - cell < bias * (cell - unit)) unit = 10 * base
    }
  }
  return unit
}

function widen(first: number, last: number, missing: number, low: number, high: number): [number, number] {
  const half = Math.floor(missing / 2), rest = missing - half
  if (low === 0 && first === 0 && high !== 0) return [first, last + missing]
  if (high === 0 && last === 0 && low !== 0) return [first - missing, last]
  return first >= 0 ? [first - rest, last + half] : [first - half, last + rest]
}

/** from, from + step, ..., to in n steps, a value that rounding left next to zero made zero. */
function sequence(from: number, to: number, n: number): number[] {
  if (n <= 0) return [from]
  const step = (to - from) / n
  const values = Array.from({ length: n + 1 }, (_, i) => (i === n ? to : from + i * step))
  const gap = to / n - from / n
  return values.map((v) => (Math.abs(v) < 1e-14 * gap ? 0 : v))
}
