import { availableParallelism } from 'node:os'

/** Graphs that run at once on the CPU, and threads of each: several graphs on one thread each get more done than one graph on all of them. */
export function cpuLanes(cores = availableParallelism()): { lanes: number; threads: number } {
  const lanes = Math.min(4, cores)
  return { lanes, threads: Math.max(1, Math.floor(cores / (2 * lanes))) }
}
