import { execFile } from 'node:child_process'

/** Words by which CUDA, DirectML, CoreML, WebGPU and onnxruntime's own arenas say that memory ran out. */
const WORDS = /out of memory|outofmemory|failed to allocate|bad_alloc|cudaErrorMemoryAllocation|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED|E_OUTOFMEMORY|8007000E|not enough (?:memory|space)|insufficient memory/i

export const isOutOfMemory = (error: unknown): boolean => WORDS.test(error instanceof Error ? error.message : String(error))

/** onnxruntime's own file, line and function before what it has to say. */
const WHERE = /(?:\S*\/onnxruntime\/\S+:\d+ )?(?:[\w ]*onnxruntime::[^ (]+\([^)]*\)(?: const)?(?:::<lambda\(\)>)?\s*)?/

/** The first line of an error without where in onnxruntime it arose, short enough to be kept with a result. */
export const firstLine = (error: unknown): string => ((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').replace(WHERE, '').trim().slice(0, 200)

/** MB of GPU memory that a process holds, as `nvidia-smi` lists it; null where it does not (no NVIDIA driver, Windows' display driver model, a container). */
export function gpuMemoryMb(deviceId: number, pid = process.pid): Promise<number | null> {
  return new Promise((resolve) => {
    execFile('nvidia-smi', [`--id=${deviceId}`, '--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'], { timeout: 10_000, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? memoryOf(stdout, pid) : null)
    })
  })
}

/** The row of a process in `nvidia-smi`'s list. */
export function memoryOf(list: string, pid: number): number | null {
  for (const line of list.split('\n')) {
    const [id, used] = line.split(',').map((cell) => cell.trim())
    if (id === String(pid) && used !== undefined && /^\d+$/.test(used)) return Number(used)
  }
  return null
}
