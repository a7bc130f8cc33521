import { join } from 'node:path'

const PATHS = new Set(['directory', 'manifest', 'folder', 'to', 'from', 'file', 'path', 'files'])

/** Folders and files in an input are put below one folder, so that no made-up call reaches beyond it. */
export function contained(input: unknown, folder: string): unknown {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return input
  return Object.fromEntries(Object.entries(input).map(([k, v]) => [k, PATHS.has(k) && typeof v === 'string' ? join(folder, v.replace(/[^\w]/g, '_').slice(0, 40)) : v]))
}
