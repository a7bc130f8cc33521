import { inProportion, simplifyRing, smoothRing } from '#shared/contour/index.ts'
import { ringsOf, type ImagePoint } from '#shared/geometry/index.ts'
import { polygonOf, type Contour } from '../document/document.ts'
import { replaceOperations } from '../document/edit.ts'
import { createTransaction } from '../document/transaction.ts'
import { unitsOf } from '../document/units.ts'
import { distinctUnits } from '../tools/finish.ts'
import type { ToolContext } from '../tools/toolState.ts'
import { targetContours } from './targets.ts'

/** Rings thinner than this many points are left as they are. */
const FEWEST = 3

function reshape(context: ToolContext, gesture: string, change: (ring: readonly ImagePoint[]) => readonly ImagePoint[]): void {
  const transaction = createTransaction(context.document, context.frame)
  const reshaped = (contour: Contour) => ringsOf(polygonOf(contour)).map((ring) => {
    const units = distinctUnits(unitsOf(inProportion(ring, context.pixelAspect, change)))
    return units.length >= 2 * FEWEST ? units : unitsOf(ring)
  })
  for (const contour of targetContours(context)) {
    const next = { id: contour.id, label: contour.label, shape: 'polygon', origin: 'drawn', rings: reshaped(contour) } as const
    transaction.add(replaceOperations(context.frame, contour, next))
  }
  if (transaction.operations.length > 0) context.commit(gesture, transaction.operations)
}

/** Smooths the lines by a Gaussian along their length (options.smoothSigma, pixels across); areas stay. Splines become polygons. */
export const smooth = (context: ToolContext): void =>
  reshape(context, 'smooth', (ring) => simplifyRing(smoothRing(ring, context.options.smoothSigma, Math.max(0.5, context.options.smoothSigma / 3)), 0.1))

/** Drops vertices that lie within options.simplifyTolerance pixels (across) of the line without them. */
export const simplify = (context: ToolContext): void => reshape(context, 'simplify', (ring) => simplifyRing(ring, context.options.simplifyTolerance))
