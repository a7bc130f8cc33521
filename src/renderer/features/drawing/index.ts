import { SquarePen } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** For the investigator: who draws what, how far it is, and how well the drawings agree. */
export const feature: FeatureDoor = { id: 'drawing', title: 'Drawing', icon: SquarePen, roles: ['investigator'], order: 45, path: '/drawing', goKey: 'd', component: async () => (await import('./DrawingScreen.vue')).default }
