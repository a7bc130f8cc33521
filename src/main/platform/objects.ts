import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Content-addressed files below `<study>/objects/ab/<sha256>`: written once, never changed. */
export interface ObjectStore {
  /** Writes the bytes (temporary file, fsync, rename) and returns their hash; bytes already there are not written again. */
  put(bytes: Uint8Array): string
  get(hash: string): Buffer
  has(hash: string): boolean
  path(hash: string): string
  remove(hash: string): void
}

export function createObjectStore(directory: string): ObjectStore {
  const path = (hash: string): string => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('not an object hash')
    return join(directory, hash.slice(0, 2), hash)
  }
  return {
    path,
    has: (hash) => existsSync(path(hash)),
    get: (hash) => readFileSync(path(hash)),
    remove: (hash) => rmSync(path(hash), { force: true }),
    put(bytes) {
      const hash = sha256(bytes)
      const file = path(hash)
      if (existsSync(file)) return hash
      mkdirSync(join(directory, hash.slice(0, 2)), { recursive: true })
      const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.part`
      const handle = openSync(temporary, 'wx')
      try {
        let at = 0
        while (at < bytes.length) at += writeSync(handle, bytes, at)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      renameSync(temporary, file)
      return hash
    },
  }
}
