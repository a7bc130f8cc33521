import { edgeCost, liveWirePath, type CostImage } from '#shared/contour/index.ts'
import { flattenPoints } from '#shared/geometry/index.ts'
import type { LiveWireAnswer, LiveWireRequest } from './messages.ts'

/** The costs of the last few images: going back a frame costs nothing. The longest unused goes first. */
const costs = new Map<number, CostImage>()
const KEPT = 3

addEventListener('message', ({ data }: MessageEvent<LiveWireRequest>) => {
  if (data.type === 'image') {
    costs.set(data.key, edgeCost(data.image))
    for (const key of costs.keys()) {
      if (costs.size <= KEPT) break
      costs.delete(key)
    }
    return
  }
  const cost = costs.get(data.key)
  if (cost === undefined) return postMessage({ id: data.id, path: null } satisfies LiveWireAnswer)
  costs.delete(data.key)
  costs.set(data.key, cost)
  const path = Float64Array.from(flattenPoints(liveWirePath(cost, data.from, data.to)))
  postMessage({ id: data.id, path } satisfies LiveWireAnswer, { transfer: [path.buffer] })
})
