import { readFile } from 'node:fs/promises'
import { thumbnail } from '#main/formats/images/index.ts'
import type { Asset, OpenStudy } from '../context.ts'

/** The stored picture: it was re-encoded at import, so it is pixels and nothing else. */
export const imageAsset = (study: OpenStudy, object: string) => async (): Promise<Asset> => ({ type: 'image/png', bytes: await readFile(study.objects.path(object)) })

export const thumbnailAsset = (study: OpenStudy, object: string, size = 160) => async (): Promise<Asset> => ({ type: 'image/webp', bytes: await thumbnail(await readFile(study.objects.path(object)), size) })
