import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import type { App, Context } from '#main/app/createApp.ts'
import { createGate } from '#main/app/gate.ts'
import { pageFile } from '#main/app/pageFiles.ts'

export interface HttpHost { readonly url: string; readonly port: number; close(): Promise<void> }

const COOKIE = 'sln_context'
const MAX_MESSAGE = 64 * 1024 * 1024

/**
 * Serves the renderer and the contract on 127.0.0.1. The launch token of this start opens the door once a browser: it is exchanged for a cookie of its own,
 * and each such browser context then signs in with an account. Requests of other origins are refused.
 */
export async function startHttpHost(app: App, options: { rendererDirectory: string; port: number; launchToken?: string; idleMinutes?: number }): Promise<HttpHost> {
  const launch = options.launchToken ?? randomBytes(24).toString('base64url')
  const contexts = new Map<string, Context>()
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      app.house.config.logger.error({ detail: String(error) }, 'a request failed')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const contextOf = (request: IncomingMessage): Context | undefined => {
    const match = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')
    return match?.[1] === undefined ? undefined : contexts.get(match[1])
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
    if (!allowedHost(request, server)) return refuse(response, 403, 'this address is not served')
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'not allowed')
    if (url.pathname === '/launch') {
      if (!sameText(url.searchParams.get('token') ?? '', launch)) return refuse(response, 403, 'this launch link is not of the present start of the workstation; use the one that it printed')
      const id = randomBytes(24).toString('base64url')
      contexts.set(id, app.context(options.idleMinutes === undefined ? {} : { idleMinutes: options.idleMinutes }))
      response.writeHead(303, { 'Set-Cookie': `${COOKIE}=${id}; HttpOnly; SameSite=Strict; Path=/`, Location: '/', 'Cache-Control': 'no-store' })
      response.end()
      return
    }
    const context = contextOf(request)
    if (context === undefined) return refuse(response, 403, 'open the workstation by the link that it printed when it was started')
    if (url.pathname.startsWith('/asset/')) return sendAsset(app, context, url.pathname, response)
    sendFile(options.rendererDirectory, url.pathname, response)
  }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE })
  server.on('upgrade', (request, socket, head) => {
    const context = contextOf(request)
    const origin = request.headers.origin
    if (context === undefined || !allowedHost(request, server) || origin !== `http://${request.headers.host ?? ''}` || request.url !== '/bridge') {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (ws) => connect(app, context, ws))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    port, url: `http://127.0.0.1:${port}/launch?token=${launch}`,
    close: () => new Promise((resolve) => {
      for (const client of sockets.clients) client.terminate()
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

function connect(app: App, context: Context, ws: WebSocket): void {
  const gate = createGate(app, context, (message) => {
    if (ws.readyState === ws.OPEN) ws.send(JSON.stringify(message))
  })
  ws.on('message', (data) => {
    let message: unknown
    try {
      message = JSON.parse(String(data))
    } catch {
      return ws.close(1003, 'not JSON')
    }
    gate.receive(message)
  })
  ws.on('close', () => gate.close())
  ws.on('error', () => ws.terminate())
}

function allowedHost(request: IncomingMessage, server: Server): boolean {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return request.headers.host === `127.0.0.1:${port}` || request.headers.host === `localhost:${port}`
}

function sameText(a: string, b: string): boolean {
  const x = Buffer.from(a), y = Buffer.from(b)
  return x.length === y.length && timingSafeEqual(x, y)
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${text}\n`)
}

async function sendAsset(app: App, context: Context, path: string, response: ServerResponse): Promise<void> {
  const asset = await app.serveAsset(context, path)
  if (asset === null) return refuse(response, 404, 'not found')
  response.writeHead(200, { 'Content-Type': asset.type, 'Cache-Control': 'no-store', 'Content-Length': asset.bytes.length })
  response.end(asset.bytes)
}

function sendFile(directory: string, path: string, response: ServerResponse): void {
  const found = pageFile(directory, path)
  if (found === null) return refuse(response, 404, 'not found')
  response.writeHead(200, found.headers)
  response.end(readFileSync(found.file))
}
