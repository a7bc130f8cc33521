import { readFile } from 'node:fs/promises'
import { mapTo8Bit } from '#main/formats/images/index.ts'
import type { Asset, OpenStudy } from '../context.ts'

/** A stored 16-bit map as an 8-bit grey PNG, for heat overlays. */
export const mapAsset = (study: OpenStudy, hash: string) => async (): Promise<Asset> => ({ type: 'image/png', bytes: await mapTo8Bit(await readFile(study.objects.path(hash))) })
