import { openThread, type ThreadPort } from '../threadPort.ts'
import type { Asked } from './messages.ts'
import type { Finished } from './segmentation.ts'
import type { Pictures } from './work.ts'

/** Pictures on a thread of their own, started at need; should it end, what it was doing fails and the next picture starts a new one. */
export function createPictureThread(): Pictures {
  let port: ThreadPort<Asked> | null = null
  const start = (): ThreadPort<Asked> => {
    const made: ThreadPort<Asked> = openThread<Asked>('pictures', 'prepares pictures', () => { if (port === made) port = null })
    return made
  }
  const ask = (asked: (id: number) => Asked): Promise<unknown> => (port ??= start()).ask(asked)
  return {
    async prepare(image, planes) {
      await ask((id) => ({ id, kind: 'prepare', image, planes }))
    },
    finish: async (order) => (await ask((id) => ({ id, kind: 'finish', order }))) as Finished,
  }
}
