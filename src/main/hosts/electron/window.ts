import { BrowserWindow } from 'electron'
import { keepWindowState } from './windowState.ts'

/** The one window, with a page that has no Node, no preload but the contract's two functions, and a sandbox of its own. */
export function openWindow(userData: string, preload: string, developer: boolean): BrowserWindow {
  const state = keepWindowState(userData)
  const window = new BrowserWindow({
    ...state.bounds, minWidth: 1024, minHeight: 700, show: false, backgroundColor: '#0c0d0e', title: 'SLN Workstation',
    webPreferences: {
      preload, contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webSecurity: true, allowRunningInsecureContent: false, webviewTag: false,
      navigateOnDragDrop: false, spellcheck: false, devTools: developer,
    },
  })
  state.follow(window)
  window.once('ready-to-show', () => window.show())
  return window
}
