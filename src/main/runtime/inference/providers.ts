import { listSupportedBackends, type InferenceSession } from 'onnxruntime-node'
import type { InferenceSettings, Provider } from '#shared/contract/inference.ts'
import { ownSession, type Session } from './ownSession.ts'

/** Which providers are tried, in order, by platform; the CPU is always last. */
const ORDER: Readonly<Record<string, readonly Provider[]>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
}

/** What onnxruntime is to this program; tests bring another, which fails where a GPU would. */
export interface Runtime {
  readonly order: readonly Provider[]
  /** Providers of this build; false: its library is not installed. */
  backends(): ReadonlyMap<string, boolean>
  create(provider: Provider, file: string, options: InferenceSession.SessionOptions): Promise<Session>
  /** MB of GPU memory that this process holds; null where that cannot be known. */
  memoryMb(deviceId: number): Promise<number | null>
}

export const NAMES: Readonly<Record<Provider, string>> = { cuda: 'CUDA', dml: 'DirectML', coreml: 'CoreML', webgpu: 'WebGPU', cpu: 'CPU' }

/** Whether the device and the memory limit of the settings mean anything to a provider. */
const HAS_DEVICE: readonly Provider[] = ['cuda', 'dml']

/**
 * The session options of a provider. `gpuMemLimit` (bytes) is what onnxruntime's binding for Node is to call CUDA's `gpu_mem_limit`
 * (microsoft/onnxruntime pull request 23176); versions that do not read it pass over it, so the limit is also kept by `ladder.ts`.
 */
export function sessionOptions(provider: Provider, settings: InferenceSettings): InferenceSession.SessionOptions {
  const device = HAS_DEVICE.includes(provider) ? { deviceId: settings.deviceId } : {}
  const limit = provider === 'cuda' && settings.memoryLimitMb !== null ? { gpuMemLimit: settings.memoryLimitMb * 1024 * 1024 } : {}
  return { executionProviders: [{ name: provider, ...device, ...limit } as InferenceSession.ExecutionProviderConfig], graphOptimizationLevel: 'all', logSeverityLevel: 3 }
}

/** What a provider runs with, where the settings say so: for the note of a result. */
export function deviceWords(provider: Provider, settings: InferenceSettings): string {
  if (!HAS_DEVICE.includes(provider)) return ''
  return [`device ${settings.deviceId}`, ...(provider === 'cuda' && settings.memoryLimitMb !== null ? [`at most ${settings.memoryLimitMb} MB`] : [])].join(', ')
}

/** `cpu`: who makes sessions on the CPU; GPUs work in the thread that asks. */
export function nodeRuntime(memoryMb: Runtime['memoryMb'], cpu: typeof ownSession = ownSession): Runtime {
  return {
    order: ORDER[process.platform] ?? ['cpu'],
    backends() {
      try {
        return new Map(listSupportedBackends().map((b) => [b.name, b.bundled]))
      } catch {
        return new Map([['cpu', true]])
      }
    },
    create: (provider, file, options) => (provider === 'cpu' ? cpu(file, options) : ownSession(file, options)),
    memoryMb,
  }
}
