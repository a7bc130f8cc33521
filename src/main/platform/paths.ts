import { homedir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of a user's own data, by the platform's custom; `SLN_HOME` overrides it. */
export function userDataDirectory(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['SLN_HOME']) return env['SLN_HOME']
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'sln-workstation')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'sln-workstation')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'sln-workstation')
}

/** True while the sources themselves run (Node strips the types); false in a bundle. */
export const runsFromSource = import.meta.url.endsWith('.ts')

const here = dirname(fileURLToPath(import.meta.url))

/** The resources folder of a packaged program, for a folder inside its archive or among the files unpacked beside it; null elsewhere. */
export function resourcesAround(folder: string, separator: string = sep): string | null {
  const parts = folder.split(separator)
  const archive = parts.findIndex((part) => /\.asar(\.unpacked)?$/.test(part))
  return archive < 0 ? null : parts.slice(0, archive).join(separator)
}

/** The project's or the package's root: where `models` is. In a packaged app that is the resources folder. */
export function resourcesDirectory(): string {
  if (process.env['SLN_RESOURCES']) return process.env['SLN_RESOURCES']
  const packaged = resourcesAround(here)
  if (packaged !== null) return packaged
  let folder = here
  while (!existsSync(join(folder, 'package.json'))) {
    const up = dirname(folder)
    if (up === folder) throw new Error('the program cannot find its own folder (no package.json above its code)')
    folder = up
  }
  return folder
}

const ENTRIES = { inference: ['runtime', 'inference', 'entry.ts'], pictures: ['runtime', 'inference', 'pictures', 'entry.ts'], lane: ['runtime', 'inference', 'lanes', 'entry.ts'], compute: ['runtime', 'compute', 'entry.ts'], statistics: ['runtime', 'statistics', 'entry.ts'], dicom: ['formats', 'dicom', 'worker', 'dicomWorker.ts'], analysis: ['services', 'analysis', 'thread', 'entry.ts'] } as const

/**
 * The file to start a worker or a child process from. Sources run as `.ts`; a bundle has `dist/main/<name>.mjs`,
 * and in a packaged app those that run outside Electron's asar support lie unpacked beside it.
 */
export function entryFile(name: keyof typeof ENTRIES): string {
  if (runsFromSource) return join(here, '..', ...ENTRIES[name])
  return join(here, `${name}.mjs`).replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
}
