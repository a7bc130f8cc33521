import type { ContourOrigin } from '#shared/contour/index.ts'
import { assertNever } from '#shared/lib/index.ts'
import type { Shape } from './document.ts'

/** Flat coordinates in units of 1/1024 pixel. */
export type Units = readonly number[]

export interface ContourRecord {
  readonly id: string
  readonly label: string
  readonly shape: Shape
  readonly origin: ContourOrigin
  readonly rings: readonly Units[]
}
export interface MeasurementRecord { readonly id: string; readonly kind: 'caliper' | 'ellipse'; readonly points: Units }
export interface DraftRecord { readonly shape: Shape; readonly points: Units }
/** What of a contour can change without its points. */
export interface ContourTraits { readonly label: string; readonly shape: Shape; readonly origin: ContourOrigin }

/** Names the frame's draft where an operation names a contour. */
export const DRAFT = 'draft'

/** A run of vertices of one ring (of a contour or, by DRAFT, of the draft). */
interface RunOf { readonly frame: number; readonly contour: string; readonly ring: number; readonly at: number }

/**
 * An edit that knows its own inverse: everything it takes away is in it. Plain JSON, the journal's content; journal entries carry the format
 * version.
 */
export type Operation =
  | { readonly op: 'addContour' | 'removeContour'; readonly frame: number; readonly at: number; readonly contour: ContourRecord }
  | RunOf & { readonly op: 'splice'; readonly removed: Units; readonly inserted: Units }
  | RunOf & { readonly op: 'move'; readonly count: number; readonly dx: number; readonly dy: number }
  | { readonly op: 'addRing' | 'removeRing'; readonly frame: number; readonly contour: string; readonly ring: number; readonly points: Units }
  | { readonly op: 'describe'; readonly frame: number; readonly contour: string; readonly before: ContourTraits; readonly after: ContourTraits }
  | { readonly op: 'draft'; readonly frame: number; readonly before: DraftRecord | null; readonly after: DraftRecord | null }
  | { readonly op: 'addMeasurement' | 'removeMeasurement'; readonly frame: number; readonly at: number; readonly measurement: MeasurementRecord }
  | { readonly op: 'setMeasurement'; readonly frame: number; readonly id: string; readonly before: Units; readonly after: Units }
  | { readonly op: 'largestFrame'; readonly before: number | null; readonly after: number | null }

const OPPOSITES = {
  addContour: 'removeContour', removeContour: 'addContour', addRing: 'removeRing', removeRing: 'addRing',
  addMeasurement: 'removeMeasurement', removeMeasurement: 'addMeasurement',
} as const

/** The operation that takes the document back. */
export function invertOperation(operation: Operation): Operation {
  switch (operation.op) {
    case 'addContour': case 'removeContour': return { ...operation, op: OPPOSITES[operation.op] }
    case 'addRing': case 'removeRing': return { ...operation, op: OPPOSITES[operation.op] }
    case 'addMeasurement': case 'removeMeasurement': return { ...operation, op: OPPOSITES[operation.op] }
    case 'splice': return { ...operation, removed: operation.inserted, inserted: operation.removed }
    case 'move': return { ...operation, dx: -operation.dx, dy: -operation.dy }
    case 'describe': return { ...operation, before: operation.after, after: operation.before }
    case 'draft': return { ...operation, before: operation.after, after: operation.before }
    case 'setMeasurement': return { ...operation, before: operation.after, after: operation.before }
    case 'largestFrame': return { ...operation, before: operation.after, after: operation.before }
    default: return assertNever(operation)
  }
}

/** The inverses in reverse order. */
export const invertAll = (operations: readonly Operation[]): Operation[] => operations.map(invertOperation).reverse()
