import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from '#main/services/exports/makeFolder.ts'
import { temporary } from '#test/support/studies.ts'

const scratch = temporary('folder')
afterAll(() => scratch.remove())

test('a folder is made with those above it; one that is there is left as it is', async () => {
  await makeFolder(join(scratch.path, 'a', 'b', 'c'))
  expect(existsSync(join(scratch.path, 'a', 'b', 'c'))).toBe(true)
  await expect(makeFolder(join(scratch.path, 'a'))).resolves.toBeUndefined()
})

test('below a file, and where a file system takes none, it is refused in words', async () => {
  writeFileSync(join(scratch.path, 'file'), '')
  await expect(makeFolder(join(scratch.path, 'file', 'x'))).rejects.toThrow(/file.x cannot be made \(ENOTDIR\); choose a folder that you may write to/)
  if (process.platform === 'linux') await expect(makeFolder('/proc/nothing/here')).rejects.toThrow(/^\/proc\/nothing cannot be made/)
})
