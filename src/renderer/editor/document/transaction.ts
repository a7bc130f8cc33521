import { applyOperations } from './apply.ts'
import { frameOf, type AnnotationDocument, type FrameAnnotation } from './document.ts'
import type { Operation } from './operations.ts'

/** Collects the operations of one gesture on one frame; each step sees the frame as the steps before leave it. */
export interface Transaction {
  readonly frame: number
  readonly annotation: FrameAnnotation
  readonly operations: readonly Operation[]
  add(operations: readonly Operation[]): void
}

export function createTransaction(document: AnnotationDocument, frame: number): Transaction {
  let current = document
  const operations: Operation[] = []
  return {
    frame, operations,
    get annotation() { return frameOf(current, frame) },
    add(more) {
      current = applyOperations(current, more)
      operations.push(...more)
    },
  }
}
