import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface StartOptions { readonly study: string | null; readonly demo: boolean }

/**
 * What the program was started with. A packaged program's own arguments begin after its name, those of `electron DIR` after the folder as well;
 * switches of Chromium and of the desktop stand among them and are passed over.
 */
export function startOptions(argv: readonly string[], cwd: string): StartOptions {
  const { values } = parseArgs({ args: argv.slice(1), options: { study: { type: 'string' }, demo: { type: 'boolean' } }, strict: false, allowPositionals: true })
  return { study: typeof values.study === 'string' && values.study !== '' ? resolve(cwd, values.study) : null, demo: values.demo === true }
}
