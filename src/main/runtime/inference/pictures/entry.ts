/** The thread beside the graphs: pictures before them and maps after them. Speaks `messages.ts`. */
import { parentPort } from 'node:worker_threads'
import sharp from 'sharp'
import type { Answered, Asked } from './messages.ts'
import type { Finished } from './segmentation.ts'
import { createPictures } from './work.ts'

// A picture is read once here: what libvips would keep of it costs a third of the reading.
sharp.cache(false)
const pictures = createPictures()

async function answer(asked: Asked): Promise<Finished | null> {
  switch (asked.kind) {
    case 'prepare':
      await pictures.prepare(asked.image, asked.planes)
      return null
    case 'finish':
      return pictures.finish(asked.order)
  }
}

parentPort?.on('message', (asked: Asked) => {
  const post = (said: Answered): void => parentPort?.postMessage(said)
  answer(asked).then((value) => post({ id: asked.id, ok: true, value }), (error: unknown) => post({ id: asked.id, ok: false, message: error instanceof Error ? error.message : String(error) }))
})
