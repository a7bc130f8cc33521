import type { MenuItemConstructorOptions } from 'electron'

/** The native menu; commands of the screens are in the command palette (Ctrl+K). `showLogs` opens the folder of the logs. */
export function applicationMenu(options: { mac: boolean; packaged: boolean; showLogs(): void }): MenuItemConstructorOptions[] {
  const { mac, packaged, showLogs } = options
  const developer: MenuItemConstructorOptions[] = packaged ? [] : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }]
  const about: MenuItemConstructorOptions[] = mac ? [] : [{ role: 'about' }]
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: 'File', submenu: [{ role: mac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }, ...developer] },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'Show the Log Folder', click: showLogs }, ...about] },
  ]
}
