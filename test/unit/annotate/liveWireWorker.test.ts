import { afterEach, describe, expect, test, vi } from 'vitest'
import { createLiveWire, type WorkerLike } from '#renderer/canvas/livewire/liveWireWorker.ts'
import type { LiveWireAnswer, LiveWireRequest } from '#renderer/canvas/livewire/messages.ts'
import { imagePoint, type GreyImage, type ImagePoint } from '#shared/geometry/index.ts'

/** The real worker file, its two globals stood in for: what it hears and what it says. */
async function realWorker(): Promise<{ worker: WorkerLike; sent: LiveWireRequest[] }> {
  let hear: (event: { data: LiveWireRequest }) => void = () => undefined
  const sent: LiveWireRequest[] = []
  const worker: WorkerLike = {
    onmessage: null, terminate: () => undefined,
    postMessage: (message) => {
      sent.push(message)
      hear({ data: message })
    },
  }
  vi.stubGlobal('addEventListener', (_: string, listener: typeof hear) => { hear = listener })
  vi.stubGlobal('postMessage', (data: LiveWireAnswer) => queueMicrotask(() => worker.onmessage?.({ data } as MessageEvent<LiveWireAnswer>)))
  vi.resetModules()
  await import('#renderer/canvas/livewire/worker.ts')
  return { worker, sent }
}
afterEach(() => vi.unstubAllGlobals())

/** A bright disc: the path along its edge bends, so a straight line is told apart. */
const disc = (): GreyImage => ({ width: 60, height: 60, data: Uint8Array.from({ length: 3600 }, (_, i) => (Math.hypot((i % 60) - 30, Math.floor(i / 60) - 30) < 18 ? 220 : 30)) })

describe('live-wire over more images than the worker keeps', () => {
  test('the first image follows its edge again after four others', async () => {
    const { worker, sent } = await realWorker()
    const wire = createLiveWire(() => worker)
    const images = Array.from({ length: 5 }, disc)
    const ask = (image: GreyImage): Promise<readonly ImagePoint[]> => new Promise((resolve) => wire.path(image, 0, imagePoint(30, 12), imagePoint(48, 30), resolve))
    const first = await ask(images[0] as GreyImage)
    expect(first.length).toBeGreaterThan(10)
    for (const image of images.slice(1)) expect(await ask(image)).toEqual(first)
    expect(await ask(images[0] as GreyImage)).toEqual(first)
    expect(sent.filter((m) => m.type === 'image').map((m) => m.key)).toEqual([1, 2, 3, 4, 5, 1])
  })

  test('a worker that never holds the image is asked twice, not for ever', async () => {
    const sent: LiveWireRequest[] = []
    const worker: WorkerLike = { onmessage: null, terminate: () => undefined, postMessage: (m) => {
      sent.push(m)
      if (m.type === 'path') queueMicrotask(() => worker.onmessage?.({ data: { id: m.id, path: null } } as MessageEvent<LiveWireAnswer>))
    } }
    createLiveWire(() => worker).path(disc(), 0, imagePoint(1, 1), imagePoint(9, 9), () => undefined)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(sent.map((m) => m.type)).toEqual(['image', 'path', 'image', 'path'])
  })
})
