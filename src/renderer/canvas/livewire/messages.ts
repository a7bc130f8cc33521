import type { GreyImage, Point } from '#shared/geometry/index.ts'

/** To the worker: the pixels once for an image, then places. From the worker: the path as x0, y0, x1, y1, ... */
export type LiveWireRequest =
  | { readonly type: 'image'; readonly key: number; readonly image: GreyImage }
  | { readonly type: 'path'; readonly key: number; readonly id: number; readonly from: Point; readonly to: Point }

/** `path` is null where the worker no longer holds the image: it must be sent again. */
export interface LiveWireAnswer { readonly id: number; readonly path: Float64Array | null }
