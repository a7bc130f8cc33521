import type { Vr } from '../write/elements.ts'

/**
 * What may stay: codes, numbers and the names of devices, no free text. None of it is in the profile's table but the UIDs and dates that
 * are replaced. VRs are those of PS3.6, so that implicit files need no dictionary.
 */
export const KEEP_LIST: Readonly<Record<string, Vr>> = {
  '00080008': 'CS', '00080016': 'UI', '00080060': 'CS', '00080064': 'CS', '00080070': 'LO', '00081090': 'LO', '00082144': 'IS',
  '00180040': 'IS', '00181020': 'LO', '00181063': 'DS', '00181065': 'DS', '00181164': 'DS', '00182010': 'DS',
  '00185012': 'DS', '00185022': 'DS', '00185024': 'DS', '00185026': 'DS', '00185027': 'DS', '00186011': 'SQ', '00186031': 'CS',
  '00200011': 'IS', '00200013': 'IS', '00200060': 'CS', '00200062': 'CS',
  '00280002': 'US', '00280004': 'CS', '00280006': 'US', '00280008': 'IS', '00280010': 'US', '00280011': 'US', '00280030': 'DS', '00280034': 'IS',
  '00280100': 'US', '00280101': 'US', '00280102': 'US', '00280103': 'US', '00280301': 'CS', '00281050': 'DS', '00281051': 'DS', '00281052': 'DS',
  '00281053': 'DS', '00281056': 'CS', '00282110': 'CS', '00282112': 'DS', '00282114': 'CS',
}

/** Inside an item of Sequence of Ultrasound Regions: geometry, units and scale. */
export const KEEP_IN_REGION: Readonly<Record<string, Vr>> = {
  '00186012': 'US', '00186014': 'US', '00186016': 'UL', '00186018': 'UL', '0018601A': 'UL', '0018601C': 'UL', '0018601E': 'UL', '00186020': 'SL',
  '00186022': 'SL', '00186024': 'US', '00186026': 'US', '00186028': 'FD', '0018602A': 'FD', '0018602C': 'FD', '0018602E': 'FD', '00186030': 'UL',
}

/** Whole days are moved by the patient's own shift; the time of day is removed. */
export const SHIFTED_DATES: readonly string[] = ['00080020', '00080021', '00080022', '00080023']

/** Replaced by UIDs made from the study's secret. */
export const REPLACED_UIDS: readonly string[] = ['00080018', '0020000D', '0020000E', '00200052']

/** Must be present though empty (type 2 of the Patient, General Study and General Series modules). */
export const EMPTIED: Readonly<Record<string, Vr>> = { '00080030': 'TM', '00080050': 'SH', '00080090': 'PN', '00100030': 'DA', '00100040': 'CS', '00200010': 'SH' }
