import { PackageOpen } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** Readers and annotators on other workstations: packages out, work back. */
export const feature: FeatureDoor = {
  id: 'packages', title: 'Work elsewhere', icon: PackageOpen, roles: ['investigator'], order: 45, path: '/packages', goKey: 'e', component: () => import('./PackagesScreen.vue'),
}
export { default as ReturnPanel } from './ReturnPanel.vue'
export { default as PassphraseField } from './PassphraseField.vue'
