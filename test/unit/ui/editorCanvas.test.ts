import { describe, expect, it } from 'vitest'
import { imagePoint, type GreyImage, type ImagePoint, type Viewport } from '#shared/geometry/index.ts'
import { stillRuns } from '#renderer/canvas/editor/contourPaths.ts'
import { handlePlaces } from '#renderer/canvas/editor/paintOverlay.ts'
import { createLiveWire, type WorkerLike } from '#renderer/canvas/livewire/liveWireWorker.ts'
import type { LiveWireRequest } from '#renderer/canvas/livewire/messages.ts'

describe('lines that stay while vertices move', () => {
  it('are the whole ring when none moves and none when all do', () => {
    expect(stillRuns(Uint8Array.of(0, 0, 0))).toEqual([[0, 1, 2, 0]])
    expect(stillRuns(Uint8Array.of(1, 1, 1))).toEqual([])
  })
  it('leave out exactly the edges that touch a moved vertex, around the end as well', () => {
    expect(stillRuns(Uint8Array.of(0, 0, 1, 0, 0, 0))).toEqual([[3, 4, 5, 0, 1]])
    expect(stillRuns(Uint8Array.of(1, 0, 0, 1, 0, 1))).toEqual([[1, 2]])
    for (let bits = 0; bits < 256; bits++) {
      const flags = Uint8Array.from({ length: 8 }, (_, i) => (bits >> i) & 1)
      const drawn = new Set(stillRuns(flags).flatMap((run) => run.slice(1).map((to, k) => `${run[k]}-${to}`)))
      const wanted = new Set([...flags.keys()].filter((i) => flags[i] === 0 && flags[(i + 1) % 8] === 0).map((i) => `${i}-${(i + 1) % 8}`))
      expect(drawn).toEqual(wanted)
    }
  })
})

describe('handles', () => {
  const view: Viewport = { width: 100, height: 100, scale: 2, x: 0, y: 0 }
  it('are drawn only in view, and not on top of each other', () => {
    const points = [imagePoint(10, 10), imagePoint(11, 10), imagePoint(14, 10), imagePoint(200, 10), imagePoint(14, 20)]
    expect(handlePlaces(points, view, 7)).toEqual([points[0], points[2], points[4]])
  })
  it('are few however dense the contour is', () => {
    const dense = Array.from({ length: 20_000 }, (_, i) => imagePoint(25 + 20 * Math.cos(i / 3183), 25 + 20 * Math.sin(i / 3183)))
    expect(handlePlaces(dense, view, 7).length).toBeLessThan(80)
  })
})

describe('live-wire from a worker', () => {
  const image: GreyImage = { width: 2, height: 1, data: Uint8Array.of(1, 2) }
  const setup = () => {
    const sent: LiveWireRequest[] = []
    const worker: WorkerLike = { postMessage: (message) => { sent.push(message) }, terminate: () => undefined, onmessage: null }
    const answer = (id: number, path: number[]): void => worker.onmessage?.({ data: { id, path: Float64Array.from(path) } } as MessageEvent)
    return { sent, answer, wire: createLiveWire(() => worker) }
  }
  it('sends the pixels once, asks one thing at a time, and skips what was overtaken', () => {
    const { sent, answer, wire } = setup()
    const got: string[] = []
    const ask = (x: number): void => wire.path(image, 0, imagePoint(0, 0), imagePoint(x, 0), (points: readonly ImagePoint[]) => got.push(`${x}:${points.length}`))
    ask(1)
    ask(2)
    ask(3)
    expect(sent.map((m) => m.type)).toEqual(['image', 'path'])
    answer(1, [0, 0, 1, 0])
    expect(sent.map((m) => m.type)).toEqual(['image', 'path', 'path'])
    answer(2, [0, 0, 2, 0, 3, 0])
    expect(got).toEqual(['1:2', '3:3'])
    expect(sent.at(-1)).toMatchObject({ to: { x: 3, y: 0 } })
  })
  it('ignores an answer to a question that it did not ask', () => {
    const { answer, wire } = setup()
    let calls = 0
    wire.path(image, 0, imagePoint(0, 0), imagePoint(1, 0), () => { calls++ })
    answer(99, [0, 0])
    expect(calls).toBe(0)
  })
})
