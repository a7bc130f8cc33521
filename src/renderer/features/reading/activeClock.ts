/** Time that a person really spends: a pause of more than `idleAfter` ms without a sign of life does not count beyond it. */
export interface ActiveClock {
  /** The person moved, typed, looked. */
  touch(): void
  pause(): void
  resume(): void
  readonly paused: boolean
  /** Seconds, with tenths. */
  seconds(): number
  restart(seconds: number): void
}

export function createActiveClock(now: () => number, idleAfter = 10_000): ActiveClock {
  let total = 0
  let last = now()
  let paused = false
  const settle = (): void => {
    const at = now()
    if (!paused) total += Math.min(at - last, idleAfter)
    last = at
  }
  return {
    touch: settle,
    get paused() {
      return paused
    },
    pause() {
      settle()
      paused = true
    },
    resume() {
      last = now()
      paused = false
    },
    seconds() {
      const open = paused ? 0 : Math.min(now() - last, idleAfter)
      return Math.round((total + open) / 100) / 10
    },
    restart(seconds) {
      total = seconds * 1000
      last = now()
      paused = false
    },
  }
}
