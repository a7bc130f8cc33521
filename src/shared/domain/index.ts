export * from './roles.ts'
export * from './clinical.ts'
export * from './study.ts'
export * from './reading.ts'
