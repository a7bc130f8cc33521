import type { MenuItemConstructorOptions } from 'electron'

/** The native menu; commands of the screens are in the command palette (Ctrl+K). */
export function applicationMenu(mac: boolean, packaged: boolean): MenuItemConstructorOptions[] {
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: 'File', submenu: [{ role: mac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }, ...(packaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions])] },
    { role: 'windowMenu' },
  ]
}
