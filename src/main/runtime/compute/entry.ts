/** A worker thread for computing without the database: renders phantoms of the demo study. */
import { parentPort } from 'node:worker_threads'
import { renderPhantom, type CasePlan } from '#shared/phantom/index.ts'
import sharp from 'sharp'

export interface RenderRequest { readonly id: number; readonly plan: CasePlan; readonly imageIndex: number }
export interface RenderReply { readonly id: number; readonly image: Uint8Array; readonly mask: Uint8Array; readonly mmPerPx: number }

parentPort?.on('message', (request: RenderRequest) => {
  void (async () => {
    const made = renderPhantom(request.plan, request.imageIndex)
    const size = { width: made.width, height: made.height }
    const [image, mask] = await Promise.all([
      sharp(made.pixels, { raw: { ...size, channels: made.channels } }).toColourspace(made.channels === 1 ? 'b-w' : 'srgb').png({ compressionLevel: 3 }).toBuffer(),
      sharp(made.mask, { raw: { ...size, channels: 1 } }).toColourspace('b-w').png({ compressionLevel: 3 }).toBuffer(),
    ])
    const reply: RenderReply = { id: request.id, image, mask, mmPerPx: made.mmPerPx.x }
    parentPort?.postMessage(reply)
  })()
})
