export { useSession } from './session.ts'
export { useJobs } from './jobs.ts'
export { ShortcutConflict, useCommands, useScreenCommands, type ScreenCommand } from './commands.ts'
export type { FeatureDoor } from './feature.ts'
