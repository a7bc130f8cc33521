import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createLogger } from '#main/platform/index.ts'
import { root, temporary } from '#test/support/studies.ts'

const scratch = temporary('logger')
afterAll(() => scratch.remove())

const program = (file: string, then: string): string => `import { createLogger } from ${JSON.stringify(pathToFileURL(join(root, 'src/main/platform/index.ts')).href)}\nconst log = createLogger(${JSON.stringify(file)})\n${then}`

test('a line written just before the process ends is there, and the end is quiet', () => {
  const file = join(scratch.path, 'deep', 'a.log')
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program(file, "log.error({ code: 7 }, 'the last word')\nprocess.exit(3)")], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } })
  expect([ended.status, ended.stdout, ended.stderr]).toEqual([3, '', ''])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ code: 7, msg: 'the last word' })
})

test('a log that cannot be written is said once and stops nothing', () => {
  writeFileSync(join(scratch.path, 'no-folder'), '')
  const file = join(scratch.path, 'no-folder', 'a.log')
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program(file, "log.error({}, 'one')\nlog.error({}, 'two')\nprocess.stdout.write('went on')")], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } })
  expect([ended.status, ended.stdout]).toEqual([0, 'went on'])
  expect(ended.stderr.match(/cannot be written/g)?.length).toBe(1)
})

test('lines below the level are left out', () => {
  const file = join(scratch.path, 'b.log')
  const log = createLogger(file, 'warn')
  log.info({}, 'small')
  log.warn({}, 'large')
  expect(readFileSync(file, 'utf8')).toContain('large')
  expect(readFileSync(file, 'utf8')).not.toContain('small')
})
