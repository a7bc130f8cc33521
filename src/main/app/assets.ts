import { randomBytes } from 'node:crypto'
import type { Asset } from '#main/services/context.ts'

/** The assets that one session may fetch: opaque ids, forgotten when it signs out. */
export interface SessionAssets {
  grant(key: string, load: () => Promise<Asset>): string
  find(id: string): (() => Promise<Asset>) | undefined
  clear(): void
}

export const ASSET_PREFIX = '/asset/'

export function createSessionAssets(): SessionAssets {
  const byKey = new Map<string, string>()
  const loaders = new Map<string, () => Promise<Asset>>()
  return {
    grant(key, load) {
      let id = byKey.get(key)
      if (id === undefined) {
        id = randomBytes(18).toString('base64url')
        byKey.set(key, id)
      }
      loaders.set(id, load)
      return ASSET_PREFIX + id
    },
    find: (id) => loaders.get(id),
    clear() {
      byKey.clear()
      loaders.clear()
    },
  }
}
