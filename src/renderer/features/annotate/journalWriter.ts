import type { CallError, CallOutput } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import type { JournalEntry } from '#renderer/editor/index.ts'

export type SaveState = { readonly kind: 'saved'; readonly at: string | null } | { readonly kind: 'saving' } | { readonly kind: 'waiting'; readonly why: string } | { readonly kind: 'conflict'; readonly why: string }

type Append = (afterSeq: number, entries: JournalEntry[]) => Promise<Result<CallOutput<'annotation.append'>, CallError>>

/** Writes journal entries to disk in order, several at once when they come fast; only what the main side acknowledged counts as saved. */
export interface JournalWriter {
  add(entry: JournalEntry): void
  /** Resolves when everything added so far is on disk; rejects when it cannot be. */
  flush(): Promise<void>
  stop(): void
}

const RETRY_MS = 1500

export function createJournalWriter(storedSeq: number, append: Append, tell: (state: SaveState) => void, schedule: (work: () => void, ms: number) => void = (work, ms) => void setTimeout(work, ms)): JournalWriter {
  let stored = storedSeq
  let queue: JournalEntry[] = []
  let running = false
  let stopped = false
  let waiters: { resolve(): void; reject(error: Error): void }[] = []
  const settle = (error?: Error): void => {
    const now = waiters
    waiters = []
    for (const w of now) if (error === undefined) w.resolve()
    else w.reject(error)
  }
  async function pump(): Promise<void> {
    if (running || stopped || queue.length === 0) return
    running = true
    tell({ kind: 'saving' })
    const batch = queue.slice(0, 200)
    const answer = await append(stored, batch)
    running = false
    if (answer.ok) {
      stored = answer.value.storedSeq
      queue = queue.slice(batch.length)
      if (queue.length > 0) return pump()
      tell({ kind: 'saved', at: answer.value.at })
      return settle()
    }
    if (answer.error.code === 'unavailable') {
      tell({ kind: 'waiting', why: 'not saved yet: the workstation cannot be reached; trying again' })
      return schedule(() => void pump(), RETRY_MS)
    }
    stopped = true
    tell({ kind: 'conflict', why: answer.error.message })
    settle(new Error(answer.error.message))
  }
  return {
    add(entry) {
      queue.push(entry)
      void pump()
    },
    flush: () => (queue.length === 0 && !running ? Promise.resolve() : new Promise((resolve, reject) => {
      waiters.push({ resolve, reject })
      void pump()
    })),
    stop() {
      stopped = true
    },
  }
}
