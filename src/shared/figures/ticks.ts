/** Round numbers from `low` to `high`, about `count` of them, steps of 1, 2, 2.5 or 5 times a power of ten (after Heckbert 1990). */
export function niceTicks(low: number, high: number, count = 6): number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power
  const from = Math.ceil(low / step - 1e-9), to = Math.floor(high / step + 1e-9)
  return Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)))
}

/** 1, 2 and 5 (or only 1, over many decades) times the powers of ten within the range. */
export function logTicks(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low)), to = Math.ceil(Math.log10(high))
  const factors = to - from > 4 ? [1] : [1, 2, 5]
  const all: number[] = []
  for (let power = from; power <= to; power++) for (const factor of factors) all.push(Number((factor * 10 ** power).toPrecision(12)))
  return all.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
}

/** How many decimals the ticks need so that all of them read right. */
export function tickDecimals(ticks: readonly number[]): number {
  const needs = ticks.map((tick) => (String(Number(tick.toPrecision(10))).split('.')[1] ?? '').replace(/e.*/, '').length)
  return Math.min(6, Math.max(0, ...needs))
}
