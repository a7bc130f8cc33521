import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { importProblem, rowFor, TABLE } from '../../eslint.boundaries.js'
import { findCycle, importGraph, importsIn, isFile, packageName, sourceFiles, type Import } from '#test/support/importGraph.ts'
import { root } from '#test/support/studies.ts'

const src = join(root, 'src')
const describeImport = (i: Import): string => `${i.file} imports ${i.specifier}`

describe('the import graph of src', () => {
  let graph: Import[]
  let files: string[]
  beforeAll(() => {
    files = sourceFiles(src)
    graph = importGraph(src)
  })

  test('is seen at all: hundreds of files, of every area and kind', () => {
    expect(files.length).toBeGreaterThan(200)
    expect(files.filter((f) => f.endsWith('.vue')).length).toBeGreaterThan(20)
    for (const { folder } of TABLE) expect([folder, files.some((f) => f.startsWith(`${folder}/`))]).toEqual([folder, true])
    expect(graph.some((i) => i.specifier === './worker.ts' && i.file.startsWith('renderer/canvas/'))).toBe(true)
  })

  test('every file is in a folder of the table, every import leads to a file', () => {
    expect(files.filter((f) => rowFor(f) === undefined)).toEqual([])
    expect(graph.filter((i) => !i.isPackage && !i.target.startsWith('test/') && !isFile(src, i.target)).map(describeImport)).toEqual([])
  })

  test('follows the table', () => {
    expect(graph.map((i) => [describeImport(i), importProblem(i.file, i.target, i.isPackage)] as const).filter(([, why]) => why !== null)).toEqual([])
  })

  test('has no cycle between folders of the table, nor between the files of different folders at run time', () => {
    const folders = new Map<string, Set<string>>(), fileEdges = new Map<string, Set<string>>()
    for (const i of graph.filter((e) => !e.isPackage)) {
      const from = rowFor(i.file)?.folder ?? '', to = rowFor(i.target)?.folder ?? ''
      if (from !== to) folders.set(from, (folders.get(from) ?? new Set()).add(to))
      // The states of one tool name each other: inside a folder that is how a state machine reads.
      if (!i.typeOnly && dirname(i.file) !== dirname(i.target)) fileEdges.set(i.file, (fileEdges.get(i.file) ?? new Set()).add(i.target))
    }
    expect(findCycle(folders)).toBeNull()
    expect(findCycle(fileEdges)).toBeNull()
  })

  test('never leads to test, and to electron only from its host', () => {
    expect(graph.filter((i) => i.target.startsWith('test/') || i.target.includes('/test/')).map(describeImport)).toEqual([])
    expect(graph.filter((i) => i.isPackage && packageName(i.target) === 'electron' && !i.file.startsWith('main/hosts/electron/')).map(describeImport)).toEqual([])
    expect(graph.some((i) => i.target === 'electron')).toBe(true)
  })

  test('uses only packages that package.json names: as dependencies, or as devDependencies for types and for electron', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string>; devDependencies: Record<string, string> }
    const missing = graph.filter((i) => i.isPackage && !i.target.startsWith('node:')).filter((i) => {
      const name = packageName(i.target)
      // Electron brings itself: a packaged app never carries it among its packages.
      return !(name in dependencies) && !(name in devDependencies && (i.typeOnly || name === 'electron'))
    })
    expect(missing.map(describeImport)).toEqual([])
  })
})

describe('the walker', () => {
  test('sees every way to import', () => {
    const text = `import a from './a.ts'\nimport type { B } from '#shared/lib/index.ts'\nexport * from 'zod'\nconst c = await import('node:fs')\ntype D = import('vue').Ref\nnew Worker(new URL('./w.ts', import.meta.url))\n// import 'not-this'\nconst s = "import 'nor-this'"`
    expect(importsIn('renderer/ui/x.ts', text).map((i) => [i.target, i.isPackage, i.typeOnly])).toEqual([
      ['renderer/ui/a.ts', false, false], ['shared/lib/index.ts', false, true], ['zod', true, false], ['node:fs', true, false], ['vue', true, true], ['renderer/ui/w.ts', false, false],
    ])
    expect(importsIn('renderer/ui/X.vue', `<template><a>import 'no'</a></template>\n<script setup lang="ts">\nimport x from '../y.ts'\n</script>`).map((i) => i.target)).toEqual(['renderer/y.ts'])
  })

  test('finds a cycle', () => {
    const edges = (pairs: string[]) => new Map(pairs.map((p) => [p[0] as string, new Set(p.slice(1))]))
    expect(findCycle(edges(['abc', 'bd', 'cd', 'd']))).toBeNull()
    expect(findCycle(edges(['ab', 'bc', 'cb']))).toEqual(['b', 'c', 'b'])
  })
})

describe('what is planted is found by the table', () => {
  test.each([
    ['shared/statistics/x.ts', 'shared/domain/index.ts', false], ['shared/lib/x.ts', 'node:fs', true], ['shared/domain/x.ts', 'zod', true], ['shared/lib/x.ts', 'main/platform/index.ts', false],
    ['main/platform/x.ts', 'main/database/index.ts', false], ['main/database/x.ts', 'main/services/jobs/jobs.ts', false], ['main/runtime/x.ts', 'main/database/index.ts', false], ['main/services/cases/x.ts', 'better-sqlite3', true],
    ['main/services/cases/x.ts', 'onnxruntime-node', true], ['main/services/cases/x.ts', 'main/app/createApp.ts', false], ['main/app/x.ts', 'main/hosts/http/server.ts', false], ['main/hosts/http/x.ts', 'main/hosts/electron/security.ts', false],
    ['main/hosts/http/x.ts', 'main/services/jobs/jobs.ts', false], ['main/hosts/cli/x.ts', 'electron', true], ['renderer/editor/x.ts', 'konva', true], ['renderer/editor/x.ts', 'vue', true], ['renderer/stores/x.ts', 'renderer/features/review/index.ts', false],
    ['renderer/client/x.ts', 'vue', true], ['renderer/ui/x.ts', 'renderer/stores/index.ts', false], ['renderer/features/review/x.ts', 'node:fs', true], ['renderer/features/review/x.ts', 'main/app/createApp.ts', false],
    ['renderer/features/review/x.ts', 'renderer/features/reading/ReadingScreen.vue', false], ['renderer/shell/x.ts', 'electron', true], ['main/services/cases/x.ts', 'test/support/studies.ts', false], ['elsewhere/x.ts', 'shared/lib/index.ts', false],
  ] as const)('%s may not import %s', (file, target, isPackage) => expect(importProblem(file, target, isPackage)).toMatch(/may not import|in no folder|only by its index/))

  test.each([
    ['shared/domain/x.ts', 'shared/statistics/roc/index.ts', false], ['main/services/cases/x.ts', 'main/database/queries/cases.ts', false], ['renderer/shell/x.ts', 'renderer/features/review/index.ts', false],
    ['main/hosts/electron/x.ts', 'electron', true], ['main/platform/x.ts', 'node:fs/promises', true], ['renderer/ui/x.vue', '@tanstack/vue-table', true],
  ] as const)('%s may import %s', (file, target, isPackage) => expect(importProblem(file, target, isPackage)).toBeNull())
})

describe('what is planted fails the lint of the repository', () => {
  let eslint: ESLint
  beforeAll(() => {
    eslint = new ESLint({ cwd: root })
  })
  const rules = async (file: string, code: string): Promise<string[]> => (await eslint.lintText(code, { filePath: join(src, file) })).flatMap((r) => r.messages.filter((m) => m.severity === 2).map((m) => m.ruleId ?? m.message))

  test('a forbidden import, in a script and in a component, static and dynamic', async () => {
    expect(await rules('main/services/cases/planted.ts', `export { createApp } from '#main/app/createApp.ts'\n`)).toEqual(['house/boundaries'])
    expect(await rules('renderer/editor/planted.ts', `import { ref } from 'vue'\nexport const x = ref(1)\n`)).toEqual(['house/boundaries'])
    expect(await rules('renderer/stores/planted.ts', `export const late = () => import('../features/review/ReviewScreen.vue')\n`)).toEqual(['house/boundaries'])
    expect(await rules('renderer/ui/Planted.vue', `<script setup lang="ts">\nimport { useSession } from '#renderer/stores/index.ts'\nconst session = useSession()\n</script>\n<template><p>{{ session }}</p></template>\n`)).toEqual(['house/boundaries'])
    expect((await rules('shared/lib/planted.ts', `export * from '#test/support/studies.ts'\n`)).sort()).toEqual(['house/boundaries', 'no-restricted-imports'])
  })

  test('Node in the renderer and in shared', async () => {
    expect(await rules('renderer/features/worklist/planted.ts', `import { readFileSync } from 'node:fs'\nexport const text = readFileSync('x', 'utf8')\n`)).toEqual(['house/boundaries'])
    expect(await rules('shared/statistics/planted.ts', `import { readFileSync } from 'node:fs'\nexport const text = readFileSync('x', 'utf8')\n`)).toEqual(['house/boundaries'])
  })

  test('a channel beside the contract', async () => {
    expect(await rules('renderer/features/worklist/planted.ts', `export const socket = new WebSocket('ws://127.0.0.1:1/other')\n`)).toEqual(['house/channels'])
    expect(await rules('main/hosts/electron/menu.ts', `import { ipcMain } from 'electron'\nexport const listen = () => ipcMain.on('menu', () => undefined)\n`)).toEqual(['house/channels'])
    expect((await rules('renderer/shell/planted.ts', `import { ipcRenderer } from 'electron'\nexport const send = () => ipcRenderer.send('save')\n`)).sort()).toEqual(['house/boundaries', 'house/channels'])
    expect(await rules('renderer/client/planted.ts', `export const socket = new WebSocket('ws://127.0.0.1:1/bridge')\n`)).toEqual([])
  })

  test('any, and words on the console', async () => {
    expect(await rules('shared/lib/planted.ts', `export const x = (v: any): unknown => v\n`)).toEqual(['@typescript-eslint/no-explicit-any'])
    expect(await rules('main/app/planted.ts', `export const x = (): void => console.log('hello')\n`)).toEqual(['no-console'])
  })
})

describe('what is planted fails the types of its environment', () => {
  /** Errors of one planted file among the real files of an environment, with its real options. */
  function errorsOf(environment: 'shared' | 'main' | 'renderer', code: string): string[] {
    const folder = join(src, environment)
    const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (d) => expect.fail(String(d.messageText)) })
    if (config === undefined) throw new Error('no configuration')
    const planted = join(folder, 'planted.ts')
    const host = ts.createCompilerHost(config.options)
    const { readFile, fileExists } = host
    host.readFile = (file) => (file === planted ? code : readFile.call(host, file))
    host.fileExists = (file) => file === planted || fileExists.call(host, file)
    host.getSourceFile = (file, version) => {
      const text = host.readFile(file)
      return text === undefined ? undefined : ts.createSourceFile(file, text, version, true)
    }
    const program = ts.createProgram([...config.fileNames, planted], config.options, host)
    const source = program.getSourceFile(planted)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'))
  }

  test('Node in the renderer, even with every package that the renderer loads', () => {
    const packages = [...new Set(TABLE.filter((r) => r.folder.startsWith('renderer/')).flatMap((r) => r.packages))]
    const code = `${packages.map((p) => `import ${JSON.stringify(p)}`).join('\n')}\nimport { readFileSync } from 'node:fs'\nexport const text = readFileSync('x', 'utf8')\nexport const home = process.env['HOME']\n`
    expect(errorsOf('renderer', code).join('\n')).toMatch(/node:fs.*\n.*process/s)
  }, 120_000)

  test('the browser in main, Node and the browser in shared, an index that may be absent', () => {
    expect(errorsOf('main', `export const title = document.title\n`).join()).toMatch(/document/)
    expect(errorsOf('shared', `import 'node:fs'\nexport const title = document.title\nexport const id = process.pid\n`).length).toBe(3)
    expect(errorsOf('shared', `export const first = (xs: number[]): number => xs[0]\nexport enum E { A }\n`).length).toBe(2)
    expect(errorsOf('shared', `export const first = (xs: number[]): number => xs[0] ?? 0\n`)).toEqual([])
  }, 120_000)
})
