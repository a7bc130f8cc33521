import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Inbox } from './client.ts'

const safe = (instanceUid: string): string => {
  if (!/^[0-9.]{1,64}$/.test(instanceUid)) throw new Error('not a UID')
  return `${instanceUid}.dcm`
}

/** An inbox that is a folder: one file an instance, complete or not there. */
export function folderInbox(folder: string): Inbox & { pathOf(instanceUid: string): string } {
  mkdirSync(folder, { recursive: true })
  const pathOf = (instanceUid: string): string => join(folder, safe(instanceUid))
  return {
    pathOf,
    has: (instanceUid) => existsSync(pathOf(instanceUid)),
    put({ instanceUid }, bytes) {
      const part = `${pathOf(instanceUid)}.part`
      writeFileSync(part, bytes)
      renameSync(part, pathOf(instanceUid))
    },
  }
}
