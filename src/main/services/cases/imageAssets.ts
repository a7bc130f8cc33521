import { readFile } from 'node:fs/promises'
import { thumbnail } from '#main/formats/images/index.ts'
import type { Asset, OpenStudy } from '../context.ts'

/** The stored picture: it was re-encoded at import, so it is pixels and nothing else. */
export const imageAsset = (study: OpenStudy, object: string) => async (): Promise<Asset> => ({ type: 'image/png', bytes: await readFile(study.objects.path(object)) })

/** Small pictures that were made lately: browsers keep none of them (`no-store`), and a list is looked at again after every case. Gone with the open study. */
const made = new WeakMap<OpenStudy, Map<string, Buffer>>()
const KEPT = 1000

async function smallPicture(study: OpenStudy, object: string, size: number): Promise<Buffer> {
  const known = made.get(study) ?? new Map<string, Buffer>()
  made.set(study, known)
  const key = `${object} ${size}`
  const bytes = known.get(key) ?? await thumbnail(await readFile(study.objects.path(object)), size)
  known.delete(key)
  known.set(key, bytes)
  if (known.size > KEPT) known.delete(known.keys().next().value as string)
  return bytes
}

export const thumbnailAsset = (study: OpenStudy, object: string, size = 160) => async (): Promise<Asset> => ({ type: 'image/webp', bytes: await smallPicture(study, object, size) })
