import { ScrollText } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** Who did what, when and why: the hash-chained log, and its verification. */
export const feature: FeatureDoor = {
  id: 'audit', title: 'Audit log', icon: ScrollText, roles: ['investigator'], order: 80, path: '/audit', goKey: 'l', component: () => import('./AuditScreen.vue'),
}
