import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { applicationMenu } from '#main/hosts/electron/menu.ts'
import { startOptions } from '#main/hosts/electron/options.ts'
import type { Bridge } from '#renderer/client/index.ts'
import { fakeElectron, PAGE_FRAME, type FakeElectron, type FakeWindow } from '#test/support/fakeElectron.ts'
import { demoHome, temporary } from '#test/support/studies.ts'

type Answer = Awaited<ReturnType<Bridge['call']>>
const scratch = temporary('electron')
const appPath = join(scratch.path, 'app')
let demo: Awaited<ReturnType<typeof demoHome>>
beforeAll(async () => {
  mkdirSync(join(appPath, 'dist', 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(appPath, 'dist', 'renderer', 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(appPath, 'dist', 'renderer', 'assets', 'index-abcdefgh.js'), 'export {}')
  writeFileSync(join(appPath, 'secret.txt'), 'secret')
  demo = await demoHome({ cases: 24 })
})
afterAll(() => {
  demo?.remove()
  scratch.remove()
})

interface Started { electron: FakeElectron; bridge: Bridge; quit(): Promise<void> }

/** Runs the real main.ts and preload.ts against Electron in memory. */
async function start(options: { home: string; argv?: readonly string[]; first?: boolean; packaged?: boolean; window?: boolean }): Promise<Started> {
  vi.resetModules()
  const electron = fakeElectron({ appPath, ...options })
  vi.doMock('electron', () => electron.module)
  vi.stubEnv('SLN_HOME', options.home)
  const argv = process.argv
  process.argv = ['electron', ...(options.argv ?? [])]
  await import('#main/hosts/electron/main.ts')
  if (options.window !== false) await vi.waitFor(() => expect(electron.windows[0]?.loaded ?? electron.app.exitCode).not.toBeNull(), { timeout: 30_000 })
  process.argv = argv
  await import('#main/hosts/electron/preload.ts')
  return {
    electron, bridge: electron.exposed['sln'] as unknown as Bridge,
    async quit() {
      electron.app.emit('will-quit', { preventDefault: () => undefined })
      await vi.waitFor(() => expect(electron.app.exitCode).toBe(0), { timeout: 20_000 })
    },
  }
}
afterEach(() => vi.unstubAllEnvs())

describe('the started program', () => {
  let started: Started
  let page: FakeWindow
  beforeAll(async () => {
    started = await start({ home: demo.home, argv: ['.', '--study', demo.study] })
    page = started.electron.windows[0] as FakeWindow
  })
  afterAll(() => started?.quit())
  const value = (answer: Answer): Record<string, unknown> => {
    if (!answer.ok) expect.fail(answer.error.message)
    return answer.value as Record<string, unknown>
  }

  test('the window is isolated, sandboxed and without Node, and opens on its own address', () => {
    expect(started.electron.windows.length).toBe(1)
    expect(page.options['webPreferences']).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webSecurity: true, allowRunningInsecureContent: false, webviewTag: false, preload: join(appPath, 'dist/main/preload.cjs') })
    expect(page.loaded).toBe('sln://app/')
    expect(started.electron.schemes).toEqual([{ scheme: 'sln', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }])
    expect(JSON.stringify(started.electron.schemes)).not.toMatch(/bypassCSP|corsEnabled|allowServiceWorkers/)
  })

  test('the preload exposes the two functions of the contract and nothing else', () => {
    expect(Object.keys(started.electron.exposed)).toEqual(['sln'])
    expect(Object.keys(started.electron.exposed['sln'] ?? {}).sort()).toEqual(['call', 'onEvent'])
  })

  test('every permission is denied but writing to the clipboard', () => {
    const { permissionRequest, permissionCheck, device } = started.electron.session
    const granted = ['media', 'geolocation', 'notifications', 'midi', 'midiSysex', 'pointerLock', 'fullscreen', 'openExternal', 'clipboard-read', 'display-capture', 'hid', 'serial', 'usb', 'idle-detection', 'window-management', 'fileSystem', 'storage-access', 'keyboardLock', 'clipboard-sanitized-write'].filter((permission) => {
      let answer: boolean | undefined
      permissionRequest?.({}, permission, (now) => (answer = now))
      expect(permissionCheck?.({}, permission)).toBe(answer)
      return answer
    })
    expect(granted).toEqual(['clipboard-sanitized-write'])
    expect(device?.()).toBe(false)
  })

  test('no other windows, no way off the page, no embedded pages', () => {
    expect(page.webContents.windowOpen?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' })
    expect(page.webContents.windowOpen?.({ url: 'sln://app/' })).toEqual({ action: 'deny' })
    const prevented = (name: string, url: string): boolean => {
      let stopped = false
      page.webContents.emit(name, { url, preventDefault: () => (stopped = true) }, url)
      return stopped
    }
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      for (const url of ['https://example.org/', 'http://127.0.0.1/', 'file:///etc/passwd', 'sln://other/', 'sln://app.example.org/', 'javascript:alert(1)', 'data:text/html,x']) expect([name, url, prevented(name, url)]).toEqual([name, url, true])
      expect(prevented(name, 'sln://app/#/worklist')).toBe(false)
    }
    expect(prevented('will-attach-webview', 'sln://app/')).toBe(true)
  })

  test('no request leaves the program', () => {
    const cancelled = (url: string): boolean | undefined => {
      let answer: boolean | undefined
      started.electron.session.beforeRequest?.({ url }, ({ cancel }) => (answer = cancel))
      return answer
    }
    expect(['https://example.org/x', 'http://localhost:1/', 'ws://127.0.0.1:1/', 'file:///etc/passwd', 'ftp://x/', 'sln://other/x'].map(cancelled)).toEqual([true, true, true, true, true, true])
    expect(['sln://app/', 'sln://app/assets/x.js', 'blob:sln://app/1', 'data:image/png;base64,'].map(cancelled)).toEqual([false, false, false, false])
  })

  const get = async (url: string): Promise<Response> => {
    const handler = started.electron.handlers.get('sln')
    if (handler === undefined) throw new Error('nothing is served')
    return handler(new Request(url))
  }

  test('every page is served with the policy, and nothing outside the renderer is served', async () => {
    for (const url of ['sln://app/', 'sln://app/index.html', 'sln://app/worklist']) {
      const response = await get(url)
      expect([url, response.status, response.headers.get('content-type')]).toEqual([url, 200, 'text/html; charset=utf-8'])
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';/)
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*(unsafe-inline|\*|https?:)|default-src[^;]*\*/)
    }
    expect((await get('sln://app/assets/index-abcdefgh.js')).headers.get('content-type')).toMatch(/javascript/)
    for (const url of ['sln://app/assets/absent.js', 'sln://app/..%2f..%2fsecret.txt', 'sln://app/%2e%2e%2f%2e%2e%2fsecret.txt', 'sln://app/..%5c..%5csecret.txt', 'sln://app/%', 'sln://app/secret.txt%00.html', 'sln://other/index.html', 'sln://app/assets/index-abcdefgh.js/..%2f..%2f..%2fsecret.txt']) {
      const response = await get(url)
      expect([url, [403, 404].includes(response.status), (await response.text()).includes('secret')]).toEqual([url, true, false])
    }
  })

  test('images come as assets of the session and end with it', async () => {
    value(await started.bridge.call('session.signInDemo', { login: 'annotator1' }))
    const { tasks } = value(await started.bridge.call('annotation.tasks', {})) as { tasks: { thumbnail: string }[] }
    const url = `sln://app${tasks[0]?.thumbnail ?? ''}`
    const response = await get(url)
    const { format } = await sharp(Buffer.from(await response.clone().arrayBuffer())).metadata()
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([200, `image/${format}`, 'no-store'])
    expect((await get('sln://app/asset/guess')).status).toBe(404)
    value(await started.bridge.call('session.signOut', {}))
    expect((await get(url)).status).toBe(404)
  })

  test('calls and events travel; inference runs in a process of its own', async () => {
    const events: string[] = []
    const stop = started.bridge.onEvent((event) => events.push(event.name))
    value(await started.bridge.call('session.signInDemo', { login: 'investigator' }))
    const { providers } = value(await started.bridge.call('inference.providers', {})) as { providers: { name: string; available: boolean }[] }
    expect(providers.find((p) => p.name === 'cpu')?.available).toBe(true)
    expect(started.electron.forked.length).toBe(1)
    expect(started.electron.forked[0]).toMatch(/inference/)
    value(await started.bridge.call('study.verify', {}))
    await vi.waitFor(() => expect(events).toContain('job'), { timeout: 20_000 })
    stop()
    expect(await started.bridge.call('no.such', {})).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  })

  test('messages of other frames, pages and windows are not heard', async () => {
    const heard: unknown[] = []
    const { send } = page.webContents
    page.webContents.send = (channel, message) => {
      heard.push(message)
      send(channel, message)
    }
    const message = { id: 9001, call: 'session.state', input: {} }
    for (const from of [{ senderFrame: null }, { senderFrame: { ...PAGE_FRAME, parent: PAGE_FRAME } }, { senderFrame: { parent: null, url: 'https://example.org/' } }, { senderFrame: { parent: null, url: 'sln://other/' } }, { sender: {} }]) started.electron.send('sln:call', message, from)
    for (const bad of [null, 5, 'x', [], { id: '1', call: 'session.state' }, { id: 1 }, { call: 'session.state' }]) started.electron.send('sln:call', bad)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(heard.filter((m) => (m as { id?: number }).id !== undefined)).toEqual([])
    started.electron.send('sln:call', message)
    await vi.waitFor(() => expect(heard).toContainEqual(expect.objectContaining({ id: 9001, ok: true })))
    page.webContents.send = send
  })

  test('a page that is loaded anew gets no answer meant for the one before', async () => {
    const heard: { id?: number }[] = []
    const { send } = page.webContents
    page.webContents.send = (_channel, message) => void heard.push(message as { id?: number })
    started.electron.send('sln:call', { id: 7001, call: 'session.state', input: {} })
    page.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    started.electron.send('sln:call', { id: 7002, call: 'session.state', input: {} })
    await vi.waitFor(() => expect(heard.some((m) => m.id === 7002)).toBe(true))
    expect(heard.some((m) => m.id === 7001)).toBe(false)
    page.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
    started.electron.send('sln:call', { id: 7003, call: 'session.state', input: {} })
    await vi.waitFor(() => expect(heard.some((m) => m.id === 7003)).toBe(true))
    page.webContents.send = send
  })

  test('a page that crashes is loaded again; a second start brings the window forward', () => {
    page.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    page.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 })
    expect(page.webContents.reloads).toBe(1)
    page.minimized = true
    started.electron.app.emit('second-instance', {}, [], '')
    expect([page.restored, page.focused]).toEqual([1, 1])
  })

  test('data lie where sln and the loopback host look for them; the program has a menu and a name for the task bar', () => {
    expect(started.electron.app.paths).toEqual({ userData: demo.home, sessionData: join(demo.home, 'browser') })
    expect(existsSync(join(demo.home, 'browser'))).toBe(true)
    expect(started.electron.menus.length).toBe(1)
    expect(started.electron.app.userModelId).toEqual([/^appId: (\S+)$/m.exec(readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8'))?.[1]])
    started.electron.app.emit('window-all-closed')
    expect(started.electron.app.quits).toBe(1)
  })
})

describe('starting', () => {
  test('a second start opens nothing and ends', async () => {
    const { electron } = await start({ home: temporaryHome(), first: false, window: false })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([electron.app.quits, electron.windows.length, electron.handlers.size]).toEqual([1, 0, 0])
  })

  test('a study that cannot be opened is said, and the start page offers others', async () => {
    const { electron, bridge, quit } = await start({ home: temporaryHome(), argv: ['--study', join(scratch.path, 'nowhere')], packaged: true })
    expect(electron.errors.join()).toMatch(/The study was not opened.*nowhere/s)
    expect(await bridge.call('session.state', {})).toMatchObject({ ok: true, value: { study: null } })
    expect((electron.windows[0]?.options['webPreferences'] as { devTools: boolean }).devTools).toBe(false)
    await quit()
  })

  test('the study used last is opened again, and the window where it was', async () => {
    const home = temporaryHome()
    const first = await start({ home, argv: ['--study', demo.study] })
    first.electron.windows[0]?.emit('close')
    await first.quit()
    const second = await start({ home, argv: ['--enable-features=x', '--no-sandbox'] })
    expect(await second.bridge.call('session.state', {})).toMatchObject({ ok: true, value: { study: { synthetic: true } } })
    expect(second.electron.windows[0]?.options).toMatchObject({ x: 40, y: 50, width: 1200, height: 800 })
    await second.quit()
    writeFileSync(join(home, 'window.json'), JSON.stringify({ x: 9000, y: 50, width: 1200, height: 800, maximized: true }))
    const third = await start({ home })
    expect(third.electron.windows[0]?.options['x']).toBeUndefined()
    expect(third.electron.windows[0]?.maximized).toBe(true)
    await third.quit()
    writeFileSync(join(home, 'window.json'), 'not JSON')
    const fourth = await start({ home })
    expect(fourth.electron.windows[0]?.options).toMatchObject({ width: 1440, height: 900 })
    await fourth.quit()
  })

  test('what a program is started with, packaged or not', () => {
    expect(startOptions(['/opt/sln-workstation', '--study', 'a b'], '/home/me')).toEqual({ study: '/home/me/a b', demo: false })
    expect(startOptions(['electron', '/work', '--demo'], '/home/me')).toEqual({ study: null, demo: true })
    expect(startOptions(['exe', '--study=/x', '--no-sandbox', '-psn_0_1', 'file.png'], '/home/me')).toEqual({ study: '/x', demo: false })
    expect(startOptions(['exe', '--study'], '/')).toEqual({ study: null, demo: false })
    expect(startOptions(['exe'], '/')).toEqual({ study: null, demo: false })
  })

  test('the menu: developer tools only in a checkout, quitting and the clipboard everywhere', () => {
    const text = (mac: boolean, packaged: boolean): string => JSON.stringify(applicationMenu({ mac, packaged, showLogs: () => undefined }))
    expect(text(false, true)).not.toMatch(/toggleDevTools|reload/)
    expect(text(false, false)).toMatch(/toggleDevTools/)
    expect(text(false, true)).toMatch(/"quit".*editMenu.*zoomIn.*windowMenu.*Log Folder.*about/)
    expect(text(true, true)).toMatch(/appMenu.*"close"/)
  })
})

let homes = 0
function temporaryHome(): string {
  const home = join(scratch.path, `home-${++homes}`)
  mkdirSync(home)
  return home
}
