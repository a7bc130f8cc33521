// Who may import whom (ARCHITECTURE.md has the table in words). A pair that is not listed here is an error.
// `own` are folders of ours, `packages` are npm packages or `node:` modules. The test test/unit/boundaries.test.ts walks the real import graph with the same table.
const shared = (...names) => names.map((name) => `shared/${name}`)
const SHARED = shared('lib', 'geometry', 'contour', 'statistics', 'figures', 'phantom', 'domain', 'contract')
const COMPONENTS = ['reka-ui', '@lucide/vue', '@tanstack/vue-virtual', '@tanstack/vue-table']

/** @type {readonly { folder: string, own: readonly string[], packages: readonly string[] }[]} the longest matching folder counts */
export const TABLE = [
  { folder: 'shared/lib', own: [], packages: [] },
  { folder: 'shared/geometry', own: shared('lib'), packages: [] },
  { folder: 'shared/contour', own: shared('lib', 'geometry'), packages: [] },
  { folder: 'shared/statistics', own: shared('lib', 'geometry', 'contour'), packages: [] },
  { folder: 'shared/figures', own: shared('lib', 'statistics'), packages: [] },
  { folder: 'shared/phantom', own: shared('lib', 'geometry'), packages: [] },
  { folder: 'shared/domain', own: shared('lib', 'geometry', 'contour', 'statistics'), packages: [] },
  { folder: 'shared/contract', own: shared('lib', 'geometry', 'contour', 'statistics', 'domain'), packages: ['zod'] },

  { folder: 'main/platform', own: SHARED, packages: ['node:*', 'pino'] },
  { folder: 'main/database', own: [...SHARED, 'main/platform'], packages: ['better-sqlite3', 'node:fs', 'node:path'] },
  { folder: 'main/runtime', own: [...SHARED, 'main/platform'], packages: ['onnxruntime-node', 'sharp', 'node:*'] },
  // zod in formats: COCO and LabelMe files are JSON of other programs.
  { folder: 'main/formats', own: [...SHARED, 'main/platform'], packages: ['zod', 'sharp', 'fast-bmp', 'dcmjs', 'dcmjs-codecs', 'dicom-parser', 'dicom-character-set', 'nifti-reader-js', 'fflate', 'csv-parse', 'csv-stringify', 'pdfkit', 'svg-to-pdfkit', 'node:*'] },
  { folder: 'main/network', own: [...SHARED, 'main/platform'], packages: ['node:*'] },
  // csv-parse and csv-stringify: manifests and tables are what the services read and write.
  { folder: 'main/services', own: [...SHARED, 'main/database', 'main/platform', 'main/runtime', 'main/formats', 'main/network', 'main/services'], packages: ['node:*', 'csv-parse', 'csv-stringify'] },
  // better-sqlite3 in app: only for its version in `sln info`.
  { folder: 'main/app', own: [...SHARED, 'main/app', 'main/services', 'main/database', 'main/runtime', 'main/formats', 'main/network', 'main/platform'], packages: ['node:*', 'better-sqlite3'] },
  { folder: 'main/hosts/electron', own: ['main/app', 'main/platform', 'main/runtime/inference', 'shared/contract', 'shared/lib'], packages: ['electron', 'node:*'] },
  { folder: 'main/hosts/http', own: ['main/app', 'shared/contract', 'shared/lib'], packages: ['ws', 'node:*'] },
  { folder: 'main/hosts/cli', own: ['main/app', 'shared/contract', 'shared/lib'], packages: ['commander', 'node:*'] },

  { folder: 'renderer/client', own: SHARED, packages: [] },
  { folder: 'renderer/editor', own: shared('lib', 'geometry', 'contour', 'domain'), packages: [] },
  { folder: 'renderer/canvas', own: [...SHARED, 'renderer/editor', 'renderer/ui'], packages: ['konva', 'vue', ...COMPONENTS] },
  { folder: 'renderer/stores', own: [...SHARED, 'renderer/client', 'renderer/editor'], packages: ['vue', 'pinia'] },
  { folder: 'renderer/ui', own: SHARED, packages: ['vue', 'chart.js', ...COMPONENTS] },
  { folder: 'renderer/features', own: [...SHARED, 'renderer/stores', 'renderer/client', 'renderer/editor', 'renderer/canvas', 'renderer/ui'], packages: ['vue', 'vue-router', ...COMPONENTS] },
  { folder: 'renderer/shell', own: [...SHARED, 'renderer'], packages: ['vue', 'pinia', 'vue-router', ...COMPONENTS] },
]

/** The row of the table for a file below `src`, by its path with forward slashes. */
export const rowFor = (path) => TABLE.filter((row) => path === row.folder || path.startsWith(`${row.folder}/`)).sort((a, b) => b.folder.length - a.folder.length)[0]

const within = (path, folder) => path === folder || path.startsWith(`${folder}/`)

/** Why a file may not import this; null when it may. `target` is a path below `src`, or a package name. */
export function importProblem(file, target, isPackage) {
  const row = rowFor(file)
  if (row === undefined) return `${file} is in no folder of the table`
  if (isPackage) {
    const name = target.startsWith('node:') ? target : target.split('/').slice(0, target.startsWith('@') ? 2 : 1).join('/')
    return row.packages.some((p) => p === name || (p === 'node:*' && name.startsWith('node:'))) ? null : `${row.folder} may not import the package ${name}`
  }
  if (within(target, row.folder) || row.own.some((folder) => within(target, folder))) {
    const [area, kind, own] = file.split('/'), [toArea, toKind, to, ...rest] = target.split('/')
    const foreignFeature = area === 'renderer' && kind === 'features' && toArea === 'renderer' && toKind === 'features' && own !== to && rest.join('/') !== 'index.ts'
    return foreignFeature ? `feature ${own} may import feature ${to} only by its index` : null
  }
  return `${row.folder} may not import ${target}`
}

function resolveTarget(file, specifier) {
  if (specifier.startsWith('#')) return { target: specifier.replace(/^#/, ''), isPackage: false }
  if (!specifier.startsWith('.')) return { target: specifier, isPackage: true }
  const parts = file.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return { target: parts.join('/'), isPackage: false }
}

const rule = {
  meta: { type: 'problem', docs: { description: 'imports follow the table of who may import whom' }, schema: [], messages: { no: '{{why}}' } },
  create(context) {
    const file = context.filename.replaceAll('\\', '/').split('/src/').at(-1)
    const check = (node) => {
      const source = node.source
      if (source === null || source === undefined || typeof source.value !== 'string') return
      const { target, isPackage } = resolveTarget(file, source.value.replace(/\?.*$/, ''))
      const why = importProblem(file, target, isPackage)
      if (why !== null) context.report({ node: source, messageId: 'no', data: { why } })
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check }
  },
}

/** Every channel between the renderer and the main side is the contract's: no other door is opened by name. */
const channels = {
  meta: { type: 'problem', docs: { description: 'no untyped channel' }, schema: [], messages: { no: 'talk through the contract (client.call), not through a channel of its own' } },
  create(context) {
    const file = context.filename.replaceAll('\\', '/').split('/src/').at(-1)
    const allowed = /^(main\/hosts\/electron\/(main|preload|bridge|security)|renderer\/client\/)/.test(file)
    return {
      MemberExpression(node) {
        const name = node.property.type === 'Identifier' ? node.property.name : ''
        const object = node.object.type === 'Identifier' ? node.object.name : ''
        if (!allowed && (object === 'ipcRenderer' || object === 'ipcMain' || (object === 'webContents' && name === 'send'))) context.report({ node, messageId: 'no' })
      },
      NewExpression(node) {
        if (!allowed && file.startsWith('renderer/') && node.callee.type === 'Identifier' && ['WebSocket', 'EventSource', 'BroadcastChannel'].includes(node.callee.name)) context.report({ node, messageId: 'no' })
      },
    }
  },
}

export const boundaries = [
  {
    files: ['src/**/*.{ts,vue}'],
    plugins: { house: { rules: { boundaries: rule, channels } } },
    rules: { 'house/boundaries': 'error', 'house/channels': 'error' },
  },
  { files: ['src/**/*.{ts,vue}'], rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^#test/|(^|/)test/', message: 'nothing in src imports test' }] }] } },
]
