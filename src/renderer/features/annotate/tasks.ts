import type { AnnotationTask } from '#shared/contract/index.ts'

/** Why a task cannot be opened now, in a few words; null where it can. */
export function locked(task: Pick<AnnotationTask, 'notBefore' | 'closed'>, now: string = new Date().toISOString()): string | null {
  if (task.notBefore !== null && task.notBefore > now) return `opens ${task.notBefore.slice(0, 10)}`
  return task.closed ? 'waits for its repeat' : null
}

/** Which task comes after one is done: the next open one below it, else the first open one. */
export const nextOpen = (tasks: readonly AnnotationTask[], done: string, now?: string): AnnotationTask | undefined => {
  const at = tasks.findIndex((t) => t.id === done)
  return [...tasks.slice(at + 1), ...tasks.slice(0, Math.max(0, at))].find((t) => t.state === 'open' && locked(t, now) === null)
}
