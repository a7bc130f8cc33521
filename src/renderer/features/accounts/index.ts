import { UsersRound } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** Who may sign in, and as what. */
export const feature: FeatureDoor = {
  id: 'accounts', title: 'Accounts', icon: UsersRound, roles: ['investigator'], order: 75, path: '/accounts', goKey: 'u', component: () => import('./AccountsScreen.vue'),
}
