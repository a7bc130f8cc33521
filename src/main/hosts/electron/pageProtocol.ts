import { readFile } from 'node:fs/promises'
import type { App, Context } from '#main/app/createApp.ts'
import { pageFile } from '#main/app/pageFiles.ts'
import { PAGE } from './security.ts'

const refuse = (status: number): Response => new Response('not found', { status, headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' } })

/** Answers every request of the window: assets of its session, and the page's own files. */
export function servePage(house: App, context: Context, rendererDirectory: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!request.url.startsWith(PAGE)) return refuse(403)
    const path = new URL(request.url).pathname
    if (path.startsWith('/asset/')) {
      const asset = await house.serveAsset(context, path)
      return asset === null ? refuse(404) : new Response(new Uint8Array(asset.bytes), { headers: { 'Content-Type': asset.type, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } })
    }
    const found = pageFile(rendererDirectory, path)
    return found === null ? refuse(404) : new Response(new Uint8Array(await readFile(found.file)), { headers: { ...found.headers } })
  }
}
