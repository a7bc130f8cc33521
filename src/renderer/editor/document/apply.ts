import { assertNever } from '#shared/lib/index.ts'
import { findContour, frameOf, withFrame, type AnnotationDocument, type Contour, type FrameAnnotation } from './document.ts'
import { DRAFT, type Operation, type Units } from './operations.ts'
import { contourFromRecord, contourToRecord, draftFromRecord, draftToRecord, measurementFromRecord, measurementToRecord } from './records.ts'
import { VertexRing } from './vertexRing.ts'

/** An operation that does not fit the document it is applied to: a broken invariant, or a damaged journal. */
export class OperationMismatch extends Error {
  override readonly name = 'OperationMismatch'
}

function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new OperationMismatch(what)
}

const sameUnits = (a: Units, b: Units): boolean => a.length === b.length && a.every((value, i) => value === b[i])
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function insertAt<T>(items: readonly T[], at: number, item: T): T[] {
  demand(at >= 0 && at <= items.length, `there is no place ${at} among ${items.length}`)
  return items.toSpliced(at, 0, item)
}

function contourOf(annotation: FrameAnnotation, id: string): Contour {
  const contour = findContour(annotation, id)
  demand(contour !== undefined, `the frame has no contour ${id}`)
  return contour
}

const replaceContour = (annotation: FrameAnnotation, next: Contour): FrameAnnotation =>
  ({ ...annotation, contours: annotation.contours.map((c) => (c.id === next.id ? next : c)) })

function editRing(annotation: FrameAnnotation, id: string, ring: number, edit: (ring: VertexRing) => VertexRing): FrameAnnotation {
  if (id === DRAFT) {
    demand(annotation.draft !== null, 'the frame has no draft')
    return { ...annotation, draft: { ...annotation.draft, ring: edit(annotation.draft.ring) } }
  }
  const contour = contourOf(annotation, id), old = contour.rings[ring]
  demand(old !== undefined, `the contour ${id} has no ring ${ring}`)
  return replaceContour(annotation, { ...contour, rings: contour.rings.with(ring, edit(old)) })
}

function spliceRing(ring: VertexRing, at: number, removed: Units, inserted: Units): VertexRing {
  const count = removed.length / 2
  demand(at >= 0 && at + count <= ring.length && sameUnits(ring.units(at, count), removed), `the vertices from ${at} on are not those to be replaced`)
  return ring.splice(at, count, inserted)
}

type FrameOperation = Exclude<Operation, { op: 'largestFrame' }>

function applyToFrame(annotation: FrameAnnotation, o: FrameOperation): FrameAnnotation {
  switch (o.op) {
    case 'addContour':
      demand(findContour(annotation, o.contour.id) === undefined, `the frame already has a contour ${o.contour.id}`)
      return { ...annotation, contours: insertAt(annotation.contours, o.at, contourFromRecord(o.contour)) }
    case 'removeContour': {
      const contour = annotation.contours[o.at]
      demand(contour !== undefined && same(contourToRecord(contour), o.contour), `the contour ${o.contour.id} is not the one to be removed`)
      return { ...annotation, contours: annotation.contours.toSpliced(o.at, 1) }
    }
    case 'splice': return editRing(annotation, o.contour, o.ring, (ring) => spliceRing(ring, o.at, o.removed, o.inserted))
    case 'move': return editRing(annotation, o.contour, o.ring, (ring) => {
      demand(o.at >= 0 && o.at + o.count <= ring.length, `the ring has no vertices from ${o.at} to ${o.at + o.count}`)
      return ring.move(o.at, o.count, o.dx, o.dy)
    })
    case 'addRing': {
      const contour = contourOf(annotation, o.contour)
      return replaceContour(annotation, { ...contour, rings: insertAt(contour.rings, o.ring, VertexRing.ofUnits(o.points)) })
    }
    case 'removeRing': {
      const contour = contourOf(annotation, o.contour), ring = contour.rings[o.ring]
      demand(ring !== undefined && sameUnits(ring.units(), o.points), `the ring ${o.ring} of ${o.contour} is not the one to be removed`)
      return replaceContour(annotation, { ...contour, rings: contour.rings.toSpliced(o.ring, 1) })
    }
    case 'describe': {
      const contour = contourOf(annotation, o.contour)
      const { label, shape, origin } = o.before
      demand(contour.label === label && contour.shape === shape && contour.origin === origin, `the contour ${o.contour} is not as described`)
      return replaceContour(annotation, { ...contour, label: o.after.label, shape: o.after.shape, origin: o.after.origin })
    }
    case 'draft':
      demand(same(draftToRecord(annotation.draft), o.before), 'the draft is not the one to be replaced')
      return { ...annotation, draft: draftFromRecord(o.after) }
    case 'addMeasurement': return { ...annotation, measurements: insertAt(annotation.measurements, o.at, measurementFromRecord(o.measurement)) }
    case 'removeMeasurement': {
      const measurement = annotation.measurements[o.at]
      const fits = measurement !== undefined && same(measurementToRecord(measurement), o.measurement)
      demand(fits, `the measurement ${o.measurement.id} is not the one to be removed`)
      return { ...annotation, measurements: annotation.measurements.toSpliced(o.at, 1) }
    }
    case 'setMeasurement': {
      const at = annotation.measurements.findIndex((m) => m.id === o.id), measurement = annotation.measurements[at]
      demand(measurement !== undefined && sameUnits(measurement.points.units(), o.before), `the measurement ${o.id} is not as it was`)
      return { ...annotation, measurements: annotation.measurements.with(at, { ...measurement, points: VertexRing.ofUnits(o.after) }) }
    }
    default: return assertNever(o)
  }
}

/** The document after one operation; throws OperationMismatch where it does not fit. */
export function applyOperation(document: AnnotationDocument, operation: Operation): AnnotationDocument {
  if (operation.op === 'largestFrame') {
    demand(document.largestFrame === operation.before, 'another frame is marked as the largest')
    return { ...document, largestFrame: operation.after }
  }
  return withFrame(document, operation.frame, applyToFrame(frameOf(document, operation.frame), operation))
}

export const applyOperations = (document: AnnotationDocument, operations: readonly Operation[]): AnnotationDocument =>
  operations.reduce(applyOperation, document)
