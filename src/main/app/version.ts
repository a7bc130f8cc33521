import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resourcesDirectory, runsFromSource } from '#main/platform/index.ts'

/** The program's version; the build puts it in the place of `process.env.SLN_VERSION`. */
export const appVersion = (): string => (runsFromSource ? (JSON.parse(readFileSync(join(resourcesDirectory(), 'package.json'), 'utf8')) as { version: string }).version : (process.env.SLN_VERSION ?? 'unknown'))
