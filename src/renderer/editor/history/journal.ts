import { err, ok, type Result } from '#shared/lib/index.ts'
import { applyOperations, OperationMismatch } from '../document/apply.ts'
import type { AnnotationDocument } from '../document/document.ts'
import { invertAll, type Operation } from '../document/operations.ts'

/** The format of the operations below; a reader refuses a later one. */
export const JOURNAL_FORMAT = 1

/**
 * One line of the history as it goes to disk: a gesture and what it did, or that the last gesture was undone or redone (then without operations,
 * which follow from the entries before). Entries are numbered from 1 without gaps.
 */
export interface JournalEntry {
  readonly v: typeof JOURNAL_FORMAT
  readonly seq: number
  readonly kind: 'do' | 'undo' | 'redo'
  readonly gesture: string
  readonly ops: readonly Operation[]
}

/** A mark: one gesture, undone and redone as a whole. */
export interface Mark { readonly gesture: string; readonly ops: readonly Operation[] }

export interface Replayed { readonly document: AnnotationDocument; readonly done: readonly Mark[]; readonly undone: readonly Mark[]; readonly seq: number }

/** `good` entries were sound; `replayed` is what they make, so that a damaged tail costs only itself. */
export interface JournalError {
  readonly code: 'journal-version' | 'journal-damaged'
  readonly message: string
  readonly good: number
  readonly replayed: Replayed
}

const KINDS: readonly unknown[] = ['do', 'undo', 'redo']

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false
  const e = value as Record<string, unknown>
  return typeof e['seq'] === 'number' && KINDS.includes(e['kind']) && typeof e['gesture'] === 'string' && Array.isArray(e['ops'])
}

interface Building { document: AnnotationDocument; readonly done: Mark[]; readonly undone: Mark[]; seq: number }

/** Changes the state only when the whole entry fits. */
function step(state: Building, entry: JournalEntry): void {
  if (entry.kind === 'do') {
    state.document = applyOperations(state.document, entry.ops)
    state.done.push({ gesture: entry.gesture, ops: entry.ops })
    state.undone.length = 0
  } else {
    const [from, to] = entry.kind === 'undo' ? [state.done, state.undone] : [state.undone, state.done]
    const mark = from[from.length - 1]
    if (!mark) throw new OperationMismatch(`there is nothing to ${entry.kind}`)
    state.document = applyOperations(state.document, entry.kind === 'undo' ? invertAll(mark.ops) : mark.ops)
    from.pop()
    to.push(mark)
  }
  state.seq = entry.seq
}

/** Rebuilds document and history from the document that the journal began with and the entries since. */
export function replayJournal(base: AnnotationDocument, entries: readonly unknown[]): Result<Replayed, JournalError> {
  const state: Building = { document: base, done: [], undone: [], seq: 0 }
  const refuse = (code: JournalError['code'], message: string): Result<Replayed, JournalError> => err({ code, message, good: state.seq, replayed: state })
  for (const entry of entries) {
    const version = (entry as { v?: unknown } | null)?.v
    if (typeof version === 'number' && version > JOURNAL_FORMAT) {
      return refuse('journal-version', 'The history was written by a newer version of the program. Update it to go on editing.')
    }
    if (!isEntry(entry) || version !== JOURNAL_FORMAT || entry.seq !== state.seq + 1) {
      return refuse('journal-damaged', `The history is damaged after step ${state.seq}; what comes before is sound.`)
    }
    try {
      step(state, entry)
    } catch (error) {
      // A malformed operation can fail in any way inside apply; the entry is damaged whatever the error is called.
      const why = error instanceof Error ? error.message : 'unknown'
      return refuse('journal-damaged', `Step ${entry.seq} of the history does not fit (${why}); what comes before is sound.`)
    }
  }
  return ok(state)
}
