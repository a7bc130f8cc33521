/** The renderer's files as every host serves them: what is served, as what, and what the page may do. */
import { existsSync, statSync } from 'node:fs'
import { extname, join, normalize, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.woff': 'font/woff', '.json': 'application/json', '.wasm': 'application/wasm',
}

/** Own scripts only, nothing from elsewhere, no frames, no forms; styles inline because charts and tables set widths. */
export const CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export interface PageFile { readonly file: string; readonly headers: Readonly<Record<string, string>> }

/** The file of a path of the page; a path without an extension is a screen of the page. Null when there is none, or when it lies outside the folder. */
export function pageFile(directory: string, urlPath: string): PageFile | null {
  const wanted = relativePath(urlPath)
  if (wanted === null) return null
  const file = join(directory, wanted === '' ? 'index.html' : wanted)
  const inside = file.startsWith(directory + sep) && existsSync(file) && statSync(file).isFile()
  const chosen = inside ? file : extname(wanted) === '' ? join(directory, 'index.html') : null
  if (chosen === null || !existsSync(chosen)) return null
  // Vite puts a hash of the content into these names.
  const hashed = /-[\w-]{8,}\.(js|css|woff2?)$/.test(chosen)
  return {
    file: chosen,
    headers: { 'Content-Type': TYPES[extname(chosen)] ?? 'application/octet-stream', 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': hashed ? 'max-age=31536000, immutable' : 'no-store' },
  }
}

function relativePath(urlPath: string): string | null {
  try {
    const path = normalize(decodeURIComponent(urlPath)).replace(/^[/\\]+/, '')
    return path.includes('\0') ? null : path
  } catch {
    return null
  }
}
