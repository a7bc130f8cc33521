import type { FeatureDoor } from '#renderer/stores/index.ts'

/** Every feature by its door; a folder without an index is not a feature. */
const doors = import.meta.glob<{ feature?: FeatureDoor; features?: readonly FeatureDoor[] }>('../features/*/index.ts', { eager: true })

export const features: readonly FeatureDoor[] = Object.values(doors).flatMap((door) => [...(door.feature === undefined ? [] : [door.feature]), ...(door.features ?? [])]).sort((a, b) => a.order - b.order)
