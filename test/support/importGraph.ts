import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import ts from 'typescript'

/** One import of a source file: a file of ours (path below `src`, or `test/...`) or a package. */
export interface Import { readonly file: string; readonly target: string; readonly isPackage: boolean; readonly specifier: string; /** `import type` only: gone at run time. */ readonly typeOnly: boolean }

/** Every .ts and .vue file below a folder, as paths relative to it with forward slashes. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(ts|vue)$/.test(e.name))
    .map((e) => relative(folder, join(e.parentPath, e.name)).split(sep).join('/'))
    .sort()
}

const scriptOf = (file: string, text: string): string => (file.endsWith('.vue') ? [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n') : text)

/** Static and dynamic imports, re-exports, `import('x').T` types and workers made from `new URL(..., import.meta.url)`. */
export function importsIn(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, scriptOf(file, text), ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push({ file, ...resolve(file, specifier.text.replace(/\?.*$/, '')), specifier: specifier.text, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    else if (ts.isNewExpression(node) && node.expression.getText(source) === 'URL' && node.arguments?.[1]?.getText(source) === 'import.meta.url') {
      const first = node.arguments[0]
      if (first !== undefined && ts.isStringLiteralLike(first) && first.text.endsWith('.ts')) add(first, false)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function resolve(file: string, specifier: string): { target: string; isPackage: boolean } {
  if (specifier.startsWith('#')) return { target: specifier.slice(1), isPackage: false }
  if (specifier.startsWith('.')) return { target: posix.normalize(posix.join(dirname(file), specifier)), isPackage: false }
  return { target: specifier, isPackage: true }
}

/** Every import of every source file below `src`. */
export function importGraph(src: string): Import[] {
  return sourceFiles(src).flatMap((file) => importsIn(file, readFileSync(join(src, file), 'utf8')))
}

export const packageName = (specifier: string): string => (specifier.startsWith('node:') ? specifier : specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'))

/** A cycle of the graph as its nodes in order, or null. */
export function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const visit = (node: string): string[] | null => {
    if (state.get(node) === 'done') return null
    if (state.get(node) === 'open') return [...path.slice(path.indexOf(node)), node]
    state.set(node, 'open')
    path.push(node)
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next)
      if (cycle !== null) return cycle
    }
    path.pop()
    state.set(node, 'done')
    return null
  }
  for (const node of edges.keys()) {
    const cycle = visit(node)
    if (cycle !== null) return cycle
  }
  return null
}

/** Whether a target of the graph is a file (an import that leads nowhere is an error of its own). */
export const isFile = (src: string, target: string): boolean => existsSync(join(src, target)) && /\.\w+$/.test(target)
