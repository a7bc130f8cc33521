import { edgeCost, liveWirePath, type CostImage } from '#shared/contour/index.ts'
import { flattenPoints } from '#shared/geometry/index.ts'
import type { LiveWireAnswer, LiveWireRequest } from './messages.ts'

/** The costs of the last few images: going back a frame costs nothing. */
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
  const answer: LiveWireAnswer = { id: data.id, path: Float64Array.from(cost ? flattenPoints(liveWirePath(cost, data.from, data.to)) : [data.from.x, data.from.y, data.to.x, data.to.y]) }
  postMessage(answer, { transfer: [answer.path.buffer] })
})
