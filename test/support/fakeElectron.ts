import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'

/** What the page would have been told and what main has asked of Electron: the parts of `electron` that the host uses, in memory. */
export interface FakeElectron {
  readonly module: Record<string, unknown>
  readonly app: EventEmitter & { readonly paths: Record<string, string>; quits: number; exitCode: number | null; readonly userModelId: string[] }
  readonly windows: FakeWindow[]
  readonly exposed: Record<string, Record<string, unknown>>
  readonly handlers: Map<string, (request: Request) => Promise<Response>>
  readonly schemes: unknown[]
  readonly session: FakeSession
  readonly menus: unknown[]
  readonly errors: string[]
  readonly forked: string[]
  /** Sends a message as a frame of some window would. */
  send(channel: string, message: unknown, from?: Partial<{ sender: unknown; senderFrame: unknown }>): void
  setDisplays(areas: readonly { x: number; y: number; width: number; height: number }[]): void
}

export class FakeWindow extends EventEmitter {
  readonly options: Record<string, unknown>
  readonly webContents: EventEmitter & { windowOpen?: (details: { url: string }) => { action: string }; reloads: number; send(channel: string, message: unknown): void; setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void; reload(): void }
  loaded: string | null = null
  shown = 0
  focused = 0
  restored = 0
  minimized = false
  maximized = false
  destroyed = false
  constructor(options: Record<string, unknown>, toPage: EventEmitter) {
    super()
    this.options = options
    const contents = new EventEmitter() as FakeWindow['webContents']
    contents.reloads = 0
    contents.send = (channel, message) => void toPage.emit(channel, {}, structuredClone(message))
    contents.setWindowOpenHandler = (handler) => (contents.windowOpen = handler)
    contents.reload = () => contents.reloads++
    this.webContents = contents
  }
  show(): void { this.shown++ }
  focus(): void { this.focused++ }
  restore(): void { this.restored++ }
  isMinimized(): boolean { return this.minimized }
  isMaximized(): boolean { return this.maximized }
  maximize(): void { this.maximized = true }
  isDestroyed(): boolean { return this.destroyed }
  getNormalBounds(): object { return { x: 40, y: 50, width: 1200, height: 800 } }
  async loadURL(url: string): Promise<void> { this.loaded = url }
}

export interface FakeSession {
  permissionRequest?: (contents: unknown, permission: string, answer: (granted: boolean) => void) => void
  permissionCheck?: (contents: unknown, permission: string) => boolean
  device?: () => boolean
  beforeRequest?: (details: { url: string }, answer: (response: { cancel: boolean }) => void) => void
}

export const PAGE_FRAME = { parent: null, url: 'sln://app/index.html' }

/** `appPath`: where `dist/renderer` lies. `first`: whether this is the first start. */
export function fakeElectron(options: { appPath: string; first?: boolean; packaged?: boolean }): FakeElectron {
  const toPage = new EventEmitter(), ipcMain = new EventEmitter()
  const windows: FakeWindow[] = [], handlers = new Map<string, (request: Request) => Promise<Response>>(), exposed: FakeElectron['exposed'] = {}, schemes: unknown[] = [], menus: unknown[] = [], errors: string[] = [], forked: string[] = []
  const fakeSession: FakeSession = {}
  let displays = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  const app = Object.assign(new EventEmitter(), {
    paths: {} as Record<string, string>, quits: 0, exitCode: null as number | null, userModelId: [] as string[], isPackaged: options.packaged === true,
    requestSingleInstanceLock: () => options.first !== false, whenReady: () => Promise.resolve(), getAppPath: () => options.appPath, setAboutPanelOptions: () => undefined,
    setPath: (name: string, path: string) => void (app.paths[name] = path), getPath: (name: string) => app.paths[name] ?? '', setAppUserModelId: (id: string) => void app.userModelId.push(id),
    quit: () => void app.quits++, exit: (code: number) => void (app.exitCode = code),
  })
  class BrowserWindow extends FakeWindow {
    constructor(given: Record<string, unknown>) {
      super(given, toPage)
      windows.push(this)
      app.emit('web-contents-created', {}, this.webContents)
    }
  }
  const defaultSession = {
    setPermissionRequestHandler: (handler: FakeSession['permissionRequest']) => Object.assign(fakeSession, { permissionRequest: handler }),
    setPermissionCheckHandler: (handler: FakeSession['permissionCheck']) => Object.assign(fakeSession, { permissionCheck: handler }),
    setDevicePermissionHandler: (handler: FakeSession['device']) => Object.assign(fakeSession, { device: handler }),
    webRequest: { onBeforeRequest: (listener: FakeSession['beforeRequest']) => Object.assign(fakeSession, { beforeRequest: listener }) },
  }
  const send: FakeElectron['send'] = (channel, message, from = {}) => void ipcMain.emit(channel, { sender: windows.at(-1)?.webContents, senderFrame: PAGE_FRAME, ...from }, structuredClone(message))
  /** A utility process is a child process here; messages are copied the same way. */
  const utilityProcess = {
    fork(file: string) {
      forked.push(file)
      const child = fork(file, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
      return { postMessage: (message: object) => child.send(message), on: (event: string, listener: (value: unknown) => void) => child.on(event, listener), kill: () => child.kill() }
    },
  }
  return {
    app, windows, exposed, handlers, schemes, session: fakeSession, menus, errors, forked, send,
    setDisplays: (areas) => (displays = [...areas]),
    module: {
      app, BrowserWindow, ipcMain, utilityProcess, session: { defaultSession }, screen: { getAllDisplays: () => displays.map((workArea) => ({ workArea })) }, shell: { openPath: async () => '' },
      safeStorage: { isEncryptionAvailable: () => true, encryptString: (text: string) => Buffer.from(Buffer.from(text).map((b) => b ^ 0x5a)), decryptString: (bytes: Buffer) => Buffer.from(bytes.map((b) => b ^ 0x5a)).toString() },
      dialog: { showErrorBox: (title: string, text: string) => void errors.push(`${title}: ${text}`) },
      Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: (menu: unknown) => void menus.push(menu) },
      protocol: { registerSchemesAsPrivileged: (list: unknown[]) => void schemes.push(...list), handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void handlers.set(scheme, handler) },
      contextBridge: { exposeInMainWorld: (name: string, api: Record<string, unknown>) => void (exposed[name] = api) },
      ipcRenderer: { send: (channel: string, message: unknown) => send(channel, message), on: (channel: string, listener: (event: unknown, message: unknown) => void) => toPage.on(channel, listener) },
    },
  }
}
