import { edgeCost, liveWirePath, type CostImage } from '#shared/contour/index.ts'
import type { GreyImage } from '#shared/geometry/index.ts'
import type { LiveWirePort } from '../toolState.ts'

/** Answers at once on the calling thread: for tests, and inside the worker that serves the canvas. The cost image is kept for each image. */
export function directLiveWire(): LiveWirePort {
  const costs = new WeakMap<GreyImage, CostImage>()
  return {
    path(image, _frame, from, to, done) {
      const cost = costs.get(image) ?? edgeCost(image)
      costs.set(image, cost)
      done(liveWirePath(cost, from, to))
    },
  }
}
