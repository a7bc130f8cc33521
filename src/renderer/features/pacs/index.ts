import { HardDriveDownload } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** The hospital's archive: find, retrieve (de-identified on the way), store masks and measurements. */
export const feature: FeatureDoor = {
  id: 'pacs', title: 'PACS', icon: HardDriveDownload, roles: ['investigator'], order: 72, path: '/pacs', goKey: 'c', component: () => import('./PacsScreen.vue'),
}
