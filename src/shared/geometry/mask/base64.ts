const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map([...ALPHABET].map((letter, i) => [letter, i]))

/** RFC 4648 base64 with padding (neither Node's Buffer nor the DOM's btoa may be used here). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    parts.push(
      ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63)
      + (left > 1 ? ALPHABET.charAt((word >> 6) & 63) : '=') + (left > 2 ? ALPHABET.charAt(word & 63) : '='),
    )
  }
  return parts.join('')
}

/** The bytes of a padded base64 text; undefined when it is not one. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let word = 0, at = 0
  for (let i = 0; i < text.length; i++) {
    const value = i >= text.length - padding ? 0 : VALUES.get(text.charAt(i))
    if (value === undefined) return undefined
    word = (word << 6) | value
    if (i % 4 !== 3) continue
    for (const shift of [16, 8, 0]) if (at < bytes.length) bytes[at++] = (word >> shift) & 255
    word = 0
  }
  return bytes
}
