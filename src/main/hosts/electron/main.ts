/** The product: one window on the contract, everything else denied. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, ipcMain, Menu, protocol, safeStorage, session, shell, utilityProcess, type BrowserWindow } from 'electron'
import { createApp, type App, type Context } from '#main/app/createApp.ts'
import { createGate } from '#main/app/gate.ts'
import { appVersion } from '#main/app/nodeApp.ts'
import { lastStudy, prepareStudy } from '#main/app/prepareStudy.ts'
import { createIds, createLogger, entryFile, resourcesDirectory, systemClock, userDataDirectory } from '#main/platform/index.ts'
import { BRIDGE_CALL, BRIDGE_POST, SCHEME } from './channels.ts'
import { applicationMenu } from './menu.ts'
import { startOptions, type StartOptions } from './options.ts'
import { servePage } from './pageProtocol.ts'
import { denyEverythingElse, isPage, PAGE } from './security.ts'
import { systemSecretBox } from './secretBox.ts'
import { utilityInference } from './utilityInference.ts'
import { openWindow } from './window.ts'

// One folder for what a user has, whichever door is used: `sln` and the loopback host know the same studies. The browser's own files lie apart in it.
const userData = userDataDirectory()
const browserData = join(userData, 'browser')
mkdirSync(browserData, { recursive: true })
app.setPath('userData', userData)
app.setPath('sessionData', browserData)
app.setAppUserModelId('org.sln-workstation.app')
protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }])

let window: BrowserWindow | null = null
// The second start brings the first one's window forward and ends.
if (!app.requestSingleInstanceLock()) app.quit()
else {
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore()
    window?.show()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(start).catch((error: unknown) => {
    dialog.showErrorBox('The workstation could not be started', error instanceof Error ? error.message : String(error))
    app.exit(1)
  })
}

async function start(): Promise<void> {
  const logs = join(userData, 'logs')
  const house = createApp({
    userData, clock: systemClock, ids: createIds(systemClock), logger: createLogger(join(logs, 'workstation.log')), version: appVersion(), build: app.isPackaged ? 'release' : 'source', resources: resourcesDirectory(),
    spawnInference: () => utilityInference(utilityProcess.fork(entryFile('inference'), [], { serviceName: 'inference', stdio: 'ignore' })),
    ...systemSecretBox(safeStorage),
  })
  closeWith(house)
  await openFirstStudy(house, startOptions(process.argv, process.cwd()))
  const context = house.context({})
  denyEverythingElse(session.defaultSession, app)
  protocol.handle(SCHEME, servePage(house, context, join(app.getAppPath(), 'dist', 'renderer')))
  app.setAboutPanelOptions({ applicationName: 'SLN Workstation', applicationVersion: appVersion(), copyright: 'Research use only. Not a medical device.' })
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu({ mac: process.platform === 'darwin', packaged: app.isPackaged, showLogs: () => void shell.openPath(logs) })))
  window = openWindow(userData, join(app.getAppPath(), 'dist', 'main', 'preload.cjs'), !app.isPackaged)
  connect(house, context, window)
  await window.loadURL(PAGE)
}

/** The study asked for, else the one used last, else the demo. One that cannot be opened is no reason not to start: the start page offers others. */
async function openFirstStudy(house: App, options: StartOptions): Promise<void> {
  const last = options.study ?? (options.demo ? null : lastStudy(house))
  try {
    await prepareStudy(house, { study: last, demo: options.demo, say: (text) => process.stderr.write(`${text}\n`) })
  } catch (error) {
    dialog.showErrorBox('The study was not opened', `${last ?? ''}\n${error instanceof Error ? error.message : String(error)}`.trim())
  }
}

/** Calls of the page come in, answers and events go out; a page that was loaded anew gets no answers meant for the one before. */
function connect(house: App, context: Context, page: BrowserWindow): void {
  const open = (): { receive(message: unknown): void; close(): void } => {
    let live = true
    const gate = createGate(house, context, (message) => {
      if (live && !page.isDestroyed()) page.webContents.send(BRIDGE_POST, message)
    })
    return {
      receive: (message) => gate.receive(message),
      close() {
        live = false
        gate.close()
      },
    }
  }
  let gate = open()
  page.webContents.on('did-start-navigation', (event) => {
    if (!event.isMainFrame || event.isSameDocument) return
    gate.close()
    gate = open()
  })
  page.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || page.isDestroyed()) return
    house.house.config.logger.error({ reason: details.reason, code: details.exitCode }, 'the page crashed and is loaded again')
    page.webContents.reload()
  })
  page.on('closed', () => gate.close())
  ipcMain.on(BRIDGE_CALL, (event, message: unknown) => {
    if (event.sender === page.webContents && isPage(event.senderFrame)) gate.receive(message)
  })
}

/** When the last window is gone, jobs are stopped and the study is closed before the process ends. */
function closeWith(house: App): void {
  let closing = false
  app.on('will-quit', (event) => {
    event.preventDefault()
    if (closing) return
    closing = true
    void house.close().catch((error: unknown) => house.house.config.logger.error({ detail: String(error) }, 'closing failed')).finally(() => app.exit(0))
  })
}
