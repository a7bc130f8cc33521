import { expect, test } from 'vitest'
import { providerWords } from '#renderer/features/models/modelWords.ts'

const adapter = 'does not start here (deeplabv3: adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters)'
const library = 'its library is not installed; "npm run setup:cuda" fetches it on a machine with an NVIDIA GPU'

test('why a provider is not taken is said in words; the runtime\'s own text is only for who asks', () => {
  expect(providerWords({ reason: adapter, checks: [] })).toEqual({ text: 'No usable GPU was found: no graphics adapter answers on this computer.', raw: adapter })
  const cuda = providerWords({ reason: library, checks: [] })
  expect(cuda.text).toContain('"npm run setup:cuda" downloads it')
  expect(cuda.text).toMatch(/packaged program/)
  expect(providerWords({ reason: 'does not start here (unet: CUDA failure 100: no device)', checks: [] })).toEqual({ text: 'It does not start on this computer.', raw: 'does not start here (unet: CUDA failure 100: no device)' })
})
test('a sentence begins with a capital, and what was measured goes to the tooltip', () => {
  expect(providerWords({ reason: 'always there', checks: [] })).toEqual({ text: 'Always there', raw: '' })
  expect(providerWords({ reason: '', checks: [] }).text).toBe('–')
  expect(providerWords({ reason: 'agrees with the CPU within 4.0e-4 on unet', checks: [{ graph: 'unet', sha256: 'a', difference: 4e-4, problem: null }] })).toEqual({ text: 'Agrees with the CPU within 4.0e-4 on unet', raw: 'unet: largest difference 4.0e-4' })
})
