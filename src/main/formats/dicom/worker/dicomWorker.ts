import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { assertNever, ok, type Result } from '#shared/lib/index.ts'
import { admit, type Admission, type AdmitOptions } from '../admit.ts'
import { attempt, attemptAsync, type DicomFault } from '../faults.ts'
import { decodeDisplay, type DisplayFrame } from '../pixels/displayFrame.ts'
import { warmCodecs } from '../pixels/codecs.ts'
import { openDicomFile, type DicomImage } from '../read/openDicom.ts'
import { summarise, type DicomSummary } from '../summary.ts'
import type { DicomRequest, FromWorker, ToWorker, WorkerSettings } from './protocol.ts'

// A thread of its own for everything that touches bytes of unknown files: what hangs or swells here is ended from outside.

const settings = workerData as WorkerSettings
const opened = new Map<string, DicomImage>()

/** The last few files stay open, so that scrubbing a cine parses its header once; a changed file is another file. */
function open(path: string): Result<DicomImage, DicomFault> {
  const stat = attempt(() => statSync(path), 'unreadable')
  if (!stat.ok) return stat
  const key = `${path}\0${stat.value.mtimeMs}\0${stat.value.size}`
  const known = opened.get(key)
  if (known) {
    opened.delete(key)
    opened.set(key, known)
    return ok(known)
  }
  const image = openDicomFile(path, settings.limits)
  if (!image.ok) return image
  opened.set(key, image.value)
  for (const [oldest, old] of opened) {
    if (opened.size <= settings.openFiles) break
    old.close()
    opened.delete(oldest)
  }
  return image
}

async function inspect(path: string, decode: 'none' | 'first' | 'all'): Promise<Result<DicomSummary, DicomFault>> {
  const image = open(path)
  if (!image.ok) return image
  const summary = attempt(() => summarise(image.value))
  if (!summary.ok || decode === 'none') return summary
  const last = decode === 'first' ? 1 : image.value.format.frames
  const warnings = new Set(summary.value.warnings)
  for (let frame = 0; frame < last; frame++) {
    const decoded = await attemptAsync(() => decodeDisplay(image.value, frame), 'decode_failed')
    if (!decoded.ok) return decoded
    decoded.value.warnings.forEach((warning) => warnings.add(warning))
  }
  return ok({ ...summary.value, warnings: [...warnings] })
}

function admitFile(path: string, options: AdmitOptions): Result<Admission, DicomFault> {
  const image = open(path)
  return image.ok ? attempt(() => admit(image.value, options)) : image
}

async function decode(path: string, frame: number): Promise<Result<DisplayFrame, DicomFault>> {
  const image = open(path)
  if (!image.ok) return image
  const decoded = await attemptAsync(() => decodeDisplay(image.value, frame), 'decode_failed')
  // Only the frame itself crosses, not the buffer that it may be a window of.
  return decoded.ok ? ok({ ...decoded.value, data: decoded.value.data.slice() }) : decoded
}

function answer(request: DicomRequest): Promise<FromWorker['answer']> {
  switch (request.kind) {
    case 'inspect': return inspect(request.path, request.decode)
    case 'admit': return Promise.resolve(admitFile(request.path, request.options))
    case 'frame': return decode(request.path, request.frame)
    default: return assertNever(request)
  }
}

parentPort?.on('message', ({ id, request }: ToWorker) => {
  void answer(request).then((result) => {
    const transfer = result.ok && 'data' in result.value ? [result.value.data.buffer as ArrayBuffer] : []
    parentPort?.postMessage({ id, answer: result } satisfies FromWorker, transfer)
  })
})

void warmCodecs().catch(() => undefined) // a failure shows again, with its reason, at the first compressed frame
