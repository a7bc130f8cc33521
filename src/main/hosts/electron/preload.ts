/** Exposes the contract and nothing else: two functions. */
import { contextBridge, ipcRenderer } from 'electron'
import { createBridge } from './bridge.ts'
import { BRIDGE_CALL, BRIDGE_POST } from './channels.ts'

contextBridge.exposeInMainWorld('sln', createBridge({
  post: (message) => ipcRenderer.send(BRIDGE_CALL, message),
  listen: (listener) => {
    ipcRenderer.on(BRIDGE_POST, (_event, message: unknown) => listener(message))
  },
}))
