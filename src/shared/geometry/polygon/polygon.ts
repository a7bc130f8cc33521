import type { Point } from '../points.ts'

/** A closed line; the last point joins the first, which is not repeated. */
export type Ring<P extends Point = Point> = readonly P[]

/** A region of the plane: inside the outer ring and outside every hole (even-odd over all rings). */
export interface Polygon<P extends Point = Point> { readonly outer: Ring<P>; readonly holes: readonly Ring<P>[] }

export const ringsOf = <P extends Point>(polygon: Polygon<P>): readonly Ring<P>[] => [polygon.outer, ...polygon.holes]
