import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { createRandom, type Random } from '#shared/lib/index.ts'
import { createDicomReader, DEFAULT_LIMITS, readSegmentation, type DicomFault, type DicomReader } from '#main/formats/dicom/index.ts'
import { encodePart10 } from '#main/formats/dicom/write/encode.ts'
import { CASES } from './dicomCases.ts'
import { encodeFrame } from './dicomCodecs.ts'
import { pattern, region, usElements, usFile } from './dicomFiles.ts'

export interface FuzzOptions { readonly rounds: number; readonly seed: number; /** Called now and then with the round reached. */ readonly onProgress?: (round: number) => void; /** Called with each file before it is read, to keep the one that hangs. */ readonly onFile?: (bytes: Buffer, round: number) => void }

export interface FuzzReport {
  readonly rounds: number
  /** Files by what became of them: a fault code, or 'read'. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly slowestMs: number
  readonly slowestRound: number
  /** Growth of the process's memory from the first hundredth of the rounds to the last, in MiB. */
  readonly grownMiB: number
  /** Faults whose sentence is not one, throws that escaped: empty when all is well. */
  readonly failures: readonly string[]
}

async function seeds(): Promise<Buffer[]> {
  const made = await Promise.all(CASES.map((c) => c.make()))
  const frames = await Promise.all([0, 1, 2].map((i) => encodeFrame('jpegBaseline', pattern(24, 16, 1, i), { columns: 24, rows: 16, samples: 1 })))
  const regions = { '00186011': ['SQ', [region({ box: [0, 0, 20, 12], delta: [0.01, -0.02] }), region({ box: [2, 2, 5, 5], delta: [1, 1], format: 4 })]] } as const
  const htj2k = await encodeFrame('htj2k', pattern(24, 16, 3), { columns: 24, rows: 16, samples: 3 })
  return [
    ...made,
    usFile({ columns: 24, rows: 16, frames: 3, pixels: { frames: frames.map((f) => [f.subarray(0, 40), f.subarray(40)]) }, transferSyntax: '1.2.840.10008.1.2.4.50', extra: regions, undefinedLengths: true }),
    usFile({ columns: 24, rows: 16, samples: 3, photometric: 'YBR_RCT', pixels: { frames: [[htj2k]] }, transferSyntax: '1.2.840.10008.1.2.4.202' }),
    encodePart10({ ...usElements({ columns: 24, rows: 16, frames: 3, pixels: Buffer.concat([0, 1, 2].map((i) => pattern(24, 16, 1, i))) }), ...regions }),
  ]
}

/** A whole number from low to high, both included. */
const between = (random: Random, low: number, high: number): number => low + random.int(high - low + 1)
const at = (random: Random, bytes: Uint8Array): number => between(random, 0, bytes.length - 1)
const LENGTHS = [0, 1, 2, 7, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff]

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer

/** Damage as it comes about (cut files, flipped bits, copied blocks) and as an attacker makes it (lengths, sizes, tags). */
const MUTATIONS: readonly Mutation[] = [
  (b, r) => { for (let i = between(r, 1, 8); i > 0; i--) b[at(r, b)] = between(r, 0, 255); return b },
  (b, r) => { const p = at(r, b); b[p] = (b[p] as number) ^ (1 << between(r, 0, 7)); return b },
  (b, r) => b.subarray(0, between(r, 0, b.length)),
  (b, r) => { const p = between(r, 0, Math.max(0, b.length - 4)); b.writeUInt32LE(LENGTHS[between(r, 0, LENGTHS.length - 1)] as number, p); return b },
  (b, r) => { const p = between(r, 0, Math.max(0, b.length - 2)); b.writeUInt16LE((LENGTHS[between(r, 0, LENGTHS.length - 1)] as number) & 0xffff, p); return b },
  (b, r) => { const p = at(r, b), n = between(r, 1, 64); return Buffer.concat([b.subarray(0, p), b.subarray(Math.min(b.length, p + n))]) },
  (b, r) => { const p = at(r, b), n = between(r, 1, 200); return Buffer.concat([b.subarray(0, p), b.subarray(p, p + n), b.subarray(p)]) },
  (b, r, others) => { const o = others[between(r, 0, others.length - 1)] as Buffer; return Buffer.concat([b.subarray(0, at(r, b)), o.subarray(at(r, o))]) },
  (b, r) => { const p = at(r, b); b.fill(r.next() < 0.5 ? 0 : 0xff, p, Math.min(b.length, p + between(r, 1, 100))); return b },
  // An attribute of the pixel layout: find its tag and change its value.
  (b, r) => {
    const element = [0x02, 0x04, 0x06, 0x08, 0x10, 0x11][between(r, 0, 5)] as number
    const p = b.indexOf(Buffer.from([0x28, 0x00, element, 0x00]))
    if (p > 0 && p + 10 <= b.length) b.writeUInt16LE(between(r, 0, 0xffff), p + 8)
    return b
  },
  // A byte of a compressed frame: behind the last item mark.
  (b, r) => { const p = b.lastIndexOf(Buffer.from([0xfe, 0xff, 0x00, 0xe0])); if (p > 0) for (let i = between(r, 1, 6); i > 0; i--) b[Math.min(b.length - 1, p + 8 + between(r, 0, b.length - p))] = between(r, 0, 255); return b },
  // Sequence marks sown into the dataset.
  (b, r) => {
    const mark = [[0xfe, 0xff, 0x00, 0xe0], [0xfe, 0xff, 0x0d, 0xe0], [0xfe, 0xff, 0xdd, 0xe0], [0xe0, 0x7f, 0x10, 0x00]][between(r, 0, 3)] as number[]
    Buffer.from(mark).copy(b, between(r, 140, Math.max(141, b.length - 4)))
    return b
  },
  // Noise and zeros, deflated behind an honest header.
  (b, r) => { const end = 144 + b.readUInt32LE(140); return end < b.length ? Buffer.concat([b.subarray(0, end), deflateRawSync(Buffer.alloc(between(r, 0, 1 << 20), between(r, 0, 255)))]) : b },
]

function mutate(seed: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(seed)
  for (let i = between(random, 1, 3); i > 0 && bytes.length > 160; i--) bytes = Buffer.from((MUTATIONS[between(random, 0, MUTATIONS.length - 1)] as Mutation)(bytes, random, others))
  return bytes
}

const LIMITS = { ...DEFAULT_LIMITS, maxInflatedBytes: 8 << 20, maxFramePixels: 1 << 22, maxFrames: 500 }
const OPTIONS = { secret: Buffer.alloc(32, 5), subject: 'S' }

/** All that the program does with an unknown file, the way it does it: from disk, in the reader's thread, with its time limit. */
async function read(reader: DicomReader, path: string, bytes: Buffer): Promise<DicomFault | null> {
  readSegmentation(bytes, LIMITS)
  const admitted = await reader.admit(path, OPTIONS)
  if (!admitted.ok) return admitted.error
  for (let frame = 0; frame < Math.min(3, admitted.value.summary.frames); frame++) {
    const decoded = await reader.frame(path, frame)
    if (!decoded.ok) return decoded.error
    const { width, height, channels, data } = decoded.value
    if (data.length !== width * height * channels) throw new Error(`a frame of ${width} x ${height} x ${channels} has ${data.length} bytes`)
  }
  return null
}

/** Mutates good files at random (seeded) and reads them: nothing may escape as anything but a fault with a sentence. */
export async function runDicomFuzz({ rounds, seed, onProgress, onFile }: FuzzOptions): Promise<FuzzReport> {
  const files = await seeds()
  const folder = mkdtempSync(join(tmpdir(), 'dicom-fuzz-'))
  const reader = createDicomReader({ limits: LIMITS, timeoutMs: 5000, cacheBytes: 0 })
  const random = createRandom(seed)
  const outcomes: Record<string, number> = {}
  const failures: string[] = []
  let slowestMs = 0, slowestRound = 0, memoryEarly = 0
  for (let round = 0; round < rounds; round++) {
    const bytes = mutate(files[between(random, 0, files.length - 1)] as Buffer, random, files)
    onFile?.(bytes, round)
    const start = performance.now()
    try {
      const path = join(folder, `${round}.dcm`)
      writeFileSync(path, bytes)
      const fault = await read(reader, path, bytes)
      rmSync(path)
      const outcome = fault?.code ?? 'read'
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      if (fault && !/^[A-Z].*\.$/s.test(fault.message)) failures.push(`round ${round}: "${fault.message}" is no sentence`)
    } catch (error) {
      failures.push(`round ${round}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
    const spent = performance.now() - start
    if (spent > slowestMs) [slowestMs, slowestRound] = [spent, round]
    if (round === Math.floor(rounds / 100)) memoryEarly = process.memoryUsage().rss
    if (round % 100 === 99) onProgress?.(round + 1)
  }
  await reader.close()
  rmSync(folder, { recursive: true, force: true })
  return { rounds, outcomes, slowestMs, slowestRound, grownMiB: (process.memoryUsage().rss - memoryEarly) / 1048576, failures }
}
