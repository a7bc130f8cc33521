import { edgeCost, liveWirePath, type CostImage } from '#shared/contour/index.ts'
import { imagePointsOf, flattenPoints, type GreyImage, type ImagePoint } from '#shared/geometry/index.ts'
import type { LiveWirePort } from '../toolState.ts'

/** What travels to the worker; `image` numbers the images sent so far, each of which is sent once. */
export type LiveWireRequest =
  | { readonly kind: 'image'; readonly image: number; readonly pixels: GreyImage }
  | { readonly kind: 'path'; readonly id: number; readonly image: number; readonly from: ImagePoint; readonly to: ImagePoint }

/** Points as x0, y0, x1, y1, ... */
export interface LiveWireAnswer { readonly id: number; readonly points: readonly number[] }

/** How many images' cost maps the worker keeps: the one shown, and the next, already decoded. */
const KEPT = 2

/** The worker's side: `onmessage = (e) => { const answer = serve(e.data); if (answer) postMessage(answer) }`. */
export function createLiveWireServer(): (request: LiveWireRequest) => LiveWireAnswer | undefined {
  const costs = new Map<number, CostImage>()
  return (request) => {
    if (request.kind === 'image') {
      costs.set(request.image, edgeCost(request.pixels))
      for (const key of [...costs.keys()].slice(0, -KEPT)) costs.delete(key)
      return undefined
    }
    const cost = costs.get(request.image)
    const path = cost ? liveWirePath(cost, request.from, request.to) : [request.from, request.to]
    return { id: request.id, points: flattenPoints(path) }
  }
}

/** The canvas's side of a worker that serves live-wire paths. */
export interface RemoteLiveWire extends LiveWirePort { receive(answer: LiveWireAnswer): void }

interface Question { readonly image: GreyImage; readonly from: ImagePoint; readonly to: ImagePoint; done(points: readonly ImagePoint[]): void }

/**
 * Asks a worker. One question is under way at a time; of those that come meanwhile only the newest is asked, so a slow search never queues up behind
 * the pointer. Questions that are overtaken are never answered.
 */
export function remoteLiveWire(post: (request: LiveWireRequest) => void): RemoteLiveWire {
  const sent: GreyImage[] = []
  let next = 0
  let asked: { readonly id: number; readonly question: Question } | null = null
  let newest: Question | null = null

  let numbers = 0
  const known = new Map<GreyImage, number>()

  /** The image's number; sends it first where the worker does not hold it (any more). */
  const numberOf = (image: GreyImage): number => {
    const old = known.get(image)
    if (old !== undefined) return old
    const number = ++numbers
    known.set(image, number)
    sent.push(image)
    for (const gone of sent.splice(0, Math.max(0, sent.length - KEPT))) known.delete(gone)
    post({ kind: 'image', image: number, pixels: image })
    return number
  }

  const ask = (question: Question): void => {
    asked = { id: ++next, question }
    post({ kind: 'path', id: asked.id, image: numberOf(question.image), from: question.from, to: question.to })
  }

  return {
    path(image, _frame, from, to, done) {
      const question: Question = { image, from, to, done }
      if (asked) newest = question
      else ask(question)
    },
    receive(answer) {
      if (asked?.id !== answer.id) return
      const { question } = asked
      asked = null
      const waiting = newest
      newest = null
      if (waiting) ask(waiting)
      else question.done(imagePointsOf(answer.points))
    },
  }
}
