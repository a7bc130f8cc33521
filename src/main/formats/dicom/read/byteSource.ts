import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { refuse } from '../faults.ts'

/** Random access to a file's bytes. Frames of a long cine are read where they lie, never the whole file. */
export interface ByteSource {
  readonly size: number
  /** Exactly `length` bytes from `offset`; a DicomError 'truncated' where the file ends before. */
  read(offset: number, length: number): Buffer
  close(): void
}

const endsEarly = (size: number, need: number): never => refuse('truncated', `The file ends after ${size} bytes; ${need} are needed.`)

export function memorySource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    size: buffer.length,
    read: (offset, length) => (offset < 0 || length < 0 || offset + length > buffer.length ? endsEarly(buffer.length, offset + length) : buffer.subarray(offset, offset + length)),
    close: () => undefined,
  }
}

export function fileSource(path: string): ByteSource {
  const handle = openSync(path, 'r')
  const stat = fstatSync(handle)
  if (!stat.isFile()) {
    closeSync(handle)
    refuse('unreadable', 'It is not a file.')
  }
  const size = stat.size
  return {
    size,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) endsEarly(size, offset + length)
      const out = Buffer.allocUnsafeSlow(length)
      let done = 0
      while (done < length) {
        const count = readSync(handle, out, done, length - done, offset + done)
        if (count === 0) endsEarly(offset + done, offset + length)
        done += count
      }
      return out
    },
    close: () => closeSync(handle),
  }
}
