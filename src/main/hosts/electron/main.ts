/** The product: one window on the contract, everything else denied. */
import { app, BrowserWindow, ipcMain, Menu, protocol, session, utilityProcess, dialog } from 'electron'
import { readFileSync, existsSync } from 'node:fs'
import { join, normalize, sep, extname } from 'node:path'
import { parseArgs } from 'node:util'
import { createApp } from '#main/app/createApp.ts'
import { createGate } from '#main/app/gate.ts'
import { appVersion } from '#main/app/nodeApp.ts'
import { prepareStudy } from '#main/app/prepareStudy.ts'
import { createIds, createLogger, entryFile, resourcesDirectory, systemClock } from '#main/platform/index.ts'
import { BRIDGE_CALL, BRIDGE_POST, SCHEME } from './channels.ts'
import { applicationMenu } from './menu.ts'
import { CONTENT_SECURITY_POLICY, denyEverythingElse } from './security.ts'
import { utilityInference } from './utilityInference.ts'
import { keepWindowState } from './windowState.ts'

protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }])
if (!app.requestSingleInstanceLock()) app.quit()
else void app.whenReady().then(start)

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.woff': 'font/woff', '.png': 'image/png' }

async function start(): Promise<void> {
  const userData = process.env['SLN_HOME'] ?? app.getPath('userData')
  const house = createApp({
    userData, clock: systemClock, ids: createIds(systemClock), logger: createLogger(join(userData, 'logs', 'workstation.log')), version: appVersion(), build: app.isPackaged ? 'release' : 'source', resources: resourcesDirectory(),
    spawnInference: () => utilityInference(utilityProcess.fork(entryFile('inference'), [], { serviceName: 'inference', stdio: 'ignore' })),
  })
  const context = house.context({})
  const renderer = join(app.getAppPath(), 'dist', 'renderer')
  denyEverythingElse(session.defaultSession, app)
  protocol.handle(SCHEME, async (request) => {
    const path = new URL(request.url).pathname
    if (path.startsWith('/asset/')) {
      const asset = await house.serveAsset(context, path)
      return asset === null ? new Response('not found', { status: 404 }) : new Response(Buffer.from(asset.bytes), { headers: { 'Content-Type': asset.type, 'Cache-Control': 'no-store' } })
    }
    const file = join(renderer, path === '/' ? 'index.html' : normalize(decodeURIComponent(path)))
    if (!file.startsWith(renderer + sep) || !existsSync(file)) return new Response('not found', { status: 404 })
    return new Response(readFileSync(file), { headers: { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': CONTENT_SECURITY_POLICY } })
  })
  const { values } = parseArgs({ args: process.argv.slice(1), options: { study: { type: 'string' } }, strict: false })
  try {
    await prepareStudy(house, { study: typeof values.study === 'string' ? values.study : null, demo: false, say: () => undefined })
    if (house.house.study() === null && existsSync(join(house.house.demoDirectory, 'study.db'))) house.house.open(house.house.demoDirectory)
  } catch (error) {
    dialog.showErrorBox('The study was not opened', error instanceof Error ? error.message : String(error))
  }
  const window = openWindow(userData)
  const gate = createGate(house, context, (message) => {
    if (!window.isDestroyed()) window.webContents.send(BRIDGE_POST, message)
  })
  ipcMain.on(BRIDGE_CALL, (event, message: unknown) => {
    if (event.senderFrame === window.webContents.mainFrame && event.senderFrame?.url.startsWith(`${SCHEME}://app/`) === true) gate.receive(message)
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(process.platform === 'darwin', app.isPackaged)))
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('window-all-closed', () => app.quit())
  let closing = false
  app.on('before-quit', (event) => {
    if (closing) return
    closing = true
    event.preventDefault()
    gate.close()
    void house.close().finally(() => app.quit())
  })
  await window.loadURL(`${SCHEME}://app/`)
}

function openWindow(userData: string): BrowserWindow {
  const state = keepWindowState(userData)
  const window = new BrowserWindow({
    ...state.bounds, minWidth: 1024, minHeight: 700, show: false, backgroundColor: '#0c0d0e', title: 'SLN Workstation',
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, spellcheck: false, preload: join(app.getAppPath(), 'dist', 'main', 'preload.cjs') },
  })
  state.follow(window)
  window.once('ready-to-show', () => window.show())
  return window
}
