/** 32 letters and digits that cannot be taken for one another (no l, o, 0, 1): five bits each. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))

/** A first password of four groups of four, 80 bits: to be read out or written down, and changed at the first sign-in. `bytes` gives that many random bytes. */
export function suggestPassword(bytes: (count: number) => Uint8Array = random): string {
  const letters = [...bytes(16)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? 'a').join('')
  return (letters.match(/.{4}/g) ?? []).join('-')
}
