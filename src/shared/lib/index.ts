export { ok, err, unwrap, type Result } from './result.ts'
export { assertNever } from './assertNever.ts'
export type { Brand } from './brand.ts'
export { createRandom, type Random } from './random.ts'
