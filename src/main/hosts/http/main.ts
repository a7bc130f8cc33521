/** The loopback host: `node main.ts --port N --study DIR --renderer DIR --idle-minutes N`. Prints one line `ready http://...` when it can be used. */
import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { prepareStudy } from '#main/app/prepareStudy.ts'
import { idleMinutesOf } from './idleMinutes.ts'
import { startHttpHost } from './server.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, study: { type: 'string' }, renderer: { type: 'string' }, 'idle-minutes': { type: 'string' }, 'no-demo': { type: 'boolean', default: false } } })

const app = createNodeApp({ logName: 'http' })
let stopping = false
const stop = (code: number): void => {
  if (stopping) return
  stopping = true
  void app.close().finally(() => process.exit(code))
}
process.on('SIGINT', () => stop(0))
process.on('SIGTERM', () => stop(0))

try {
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error('--port takes a number from 0 to 65535')
  const idle = idleMinutesOf(values['idle-minutes'])
  await prepareStudy(app, { study: values.study === undefined ? null : resolve(values.study), demo: !values['no-demo'], say: (text) => process.stderr.write(`${text}\n`) })
  const host = await startHttpHost(app, { rendererDirectory: resolve(values.renderer ?? 'dist/renderer'), port, ...(idle === undefined ? {} : { idleMinutes: idle }) })
  process.stdout.write(`ready ${host.url}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  stop(1)
}
