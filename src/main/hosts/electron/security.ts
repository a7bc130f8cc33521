import type { App, Session, WebFrameMain } from 'electron'
import { SCHEME } from './channels.ts'

/** Where the window's page lives. */
export const PAGE = `${SCHEME}://app/`
/** Where the window may be: its own page and nowhere else. */
export const mayNavigate = (url: string): boolean => url.startsWith(PAGE)

/** Copying a figure, a list or a hash is the one permission that the page has; it writes to the clipboard and never reads it. */
const mayHave = (permission: string): boolean => permission === 'clipboard-sanitized-write'

const mayRequest = (url: string): boolean => mayNavigate(url) || ['blob:', 'data:', 'devtools:'].some((scheme) => url.startsWith(scheme))

/** No permissions, no other windows, no navigation away, no embedded views, no requests to the network. */
export function denyEverythingElse(session: Session, app: App): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayHave(permission)))
  session.setPermissionCheckHandler((_contents, permission) => mayHave(permission))
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayRequest(details.url) }))
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** Whether a message comes from the page itself: the window's top frame, on the page's own address. */
export const isPage = (frame: WebFrameMain | null): boolean => frame !== null && frame.parent === null && mayNavigate(frame.url)
