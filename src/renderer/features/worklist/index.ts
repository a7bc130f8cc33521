import { ClipboardList } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** The investigator's home: every case, what was done to it, and what is next. */
export const feature: FeatureDoor = {
  id: 'worklist', title: 'Worklist', icon: ClipboardList, roles: ['investigator'], order: 10, path: '/worklist', goKey: 'w', component: () => import('./WorklistScreen.vue'),
}

export { default as AuditTrail } from './AuditTrail.vue'
