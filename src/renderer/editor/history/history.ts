import { applyOperations } from '../document/apply.ts'
import type { AnnotationDocument } from '../document/document.ts'
import { invertAll, type Operation } from '../document/operations.ts'
import { JOURNAL_FORMAT, type JournalEntry, type Mark, type Replayed } from './journal.ts'

/** The document with its past and its future. Undo has no limit; each change is reported as a journal entry before anybody sees it as done. */
export class History {
  #document: AnnotationDocument
  readonly #done: Mark[]
  #undone: Mark[]
  #seq: number
  readonly #onEntry: (entry: JournalEntry) => void

  constructor(start: Replayed, onEntry: (entry: JournalEntry) => void) {
    this.#document = start.document
    this.#done = [...start.done]
    this.#undone = [...start.undone]
    this.#seq = start.seq
    this.#onEntry = onEntry
  }

  get document(): AnnotationDocument { return this.#document }
  /** The number of the last journal entry; it never goes back, so an id made from it is never used twice. */
  get seq(): number { return this.#seq }
  /** What undo would take back, and what redo would bring. */
  get undoable(): string | null { return this.#done.at(-1)?.gesture ?? null }
  get redoable(): string | null { return this.#undone.at(-1)?.gesture ?? null }
  get depth(): number { return this.#done.length }

  /** One gesture as one mark; a gesture without operations leaves no mark. */
  commit(gesture: string, ops: readonly Operation[]): boolean {
    if (ops.length === 0) return false
    this.#document = applyOperations(this.#document, ops)
    this.#done.push({ gesture, ops })
    this.#undone = []
    this.#report('do', gesture, ops)
    return true
  }

  /** The mark that was undone, if there was one. */
  undo(): Mark | undefined {
    const mark = this.#done.pop()
    if (!mark) return undefined
    this.#document = applyOperations(this.#document, invertAll(mark.ops))
    this.#undone.push(mark)
    this.#report('undo', mark.gesture, [])
    return mark
  }

  redo(): Mark | undefined {
    const mark = this.#undone.pop()
    if (!mark) return undefined
    this.#document = applyOperations(this.#document, mark.ops)
    this.#done.push(mark)
    this.#report('redo', mark.gesture, [])
    return mark
  }

  #report(kind: JournalEntry['kind'], gesture: string, ops: readonly Operation[]): void {
    this.#seq += 1
    this.#onEntry({ v: JOURNAL_FORMAT, seq: this.#seq, kind, gesture, ops })
  }
}
