/** Milliseconds of processor time that `work` takes on this thread: what other processes do meanwhile does not count, so a busy machine fails no test. */
export function cpuTime(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
