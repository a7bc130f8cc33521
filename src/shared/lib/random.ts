/**
 * Seeded generator of pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand; public domain design), seeded through splitmix32 over the seed's text.
 * The same seed gives the same numbers on every platform. Not for secrets.
 */
export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  next(): number
  /** An integer in [0, n). */
  int(n: number): number
  /** A standard normal deviate (Box-Muller, both values used). */
  normal(): number
  /** A new array in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** An independent generator for a named part, unaffected by how many numbers were drawn here. */
  fork(label: string | number): Random
}

function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

function splitmix(seed: number): () => number {
  let s = seed >>> 0
  return () => {
    s = (s + 0x9e3779b9) | 0
    let t = s ^ (s >>> 16)
    t = Math.imul(t, 0x21f0aaad)
    t ^= t >>> 15
    t = Math.imul(t, 0x735a2d97)
    return (t ^ (t >>> 15)) >>> 0
  }
}

export function createRandom(seed: string | number): Random {
  const text = String(seed)
  const mix = splitmix(hash(text))
  let a = mix(), b = mix(), c = mix(), counter = 1
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t | 0
    return t >>> 0
  }
  for (let i = 0; i < 15; i++) bits()
  let spare: number | undefined
  const random: Random = {
    next: () => bits() / 4294967296,
    int: (n) => Math.floor((bits() / 4294967296) * n),
    normal: () => {
      if (spare !== undefined) {
        const value = spare
        spare = undefined
        return value
      }
      const radius = Math.sqrt(-2 * Math.log(1 - bits() / 4294967296))
      const angle = 2 * Math.PI * (bits() / 4294967296)
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle)
    },
    shuffle: <T>(items: readonly T[]): T[] => {
      const out = [...items]
      for (let i = out.length - 1; i > 0; i--) {
        const j = random.int(i + 1)
        const keep = out[i] as T
        out[i] = out[j] as T
        out[j] = keep
      }
      return out
    },
    fork: (label) => createRandom(`${text}/${label}`),
  }
  return random
}
