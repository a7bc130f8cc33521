import { z } from 'zod'
import { mutation, query } from './call.ts'
import { done, id, nothing, shortText } from './common.ts'
import { jobRef } from './study.ts'

const uid = z.string().regex(/^[0-9.]{1,64}$/, 'must be a DICOM UID')
const path = z.string().trim().min(1).max(1000)
const pem = z.string().max(200_000)
const secret = z.string().max(8000)
/** YYYYMMDD */
const day = z.string().regex(/^\d{8}$/, 'must be a date as YYYYMMDD')
const wanted = z.string().trim().max(200)

export const PACS_AUTHENTICATIONS = ['none', 'basic', 'token'] as const

/** A PACS as the settings of this computer have it. Passwords, tokens and keys never come back: only whether there is one. */
export const pacsServer = z.object({
  id, name: z.string(), baseUrl: z.string(), authentication: z.enum(PACS_AUTHENTICATIONS), user: z.string(), hasSecret: z.boolean(), certificateAuthority: z.string(), hasClientCertificate: z.boolean(), allowPlainHttp: z.boolean(),
})
export type PacsServer = z.infer<typeof pacsServer>

export const pacsStudy = z.object({
  studyUid: uid, patientId: z.string(), patientName: z.string(), date: z.string(), description: z.string(), accessionNumber: z.string(), modalities: z.array(z.string()), series: z.number().int().nullable(), instances: z.number().int().nullable(),
  /** the case that it is in the open study, once something of it was retrieved */
  caseLabel: z.string().nullable(),
})
export type PacsStudy = z.infer<typeof pacsStudy>
export const pacsSeries = z.object({ studyUid: uid, seriesUid: uid, modality: z.string(), number: z.number().int().nullable(), description: z.string(), instances: z.number().int().nullable() })
export type PacsSeries = z.infer<typeof pacsSeries>

/** SEG: the masks. SR: their measurements (TID 1500). SC: the picture with the outline drawn in. Image: the de-identified picture itself. */
export const DICOM_OBJECTS = ['seg', 'sr', 'sc', 'image'] as const
export type DicomObject = (typeof DICOM_OBJECTS)[number]
/** Which masks: what the review left standing, the newest fused ones, or the ground truth. */
export const DICOM_MASKS = ['reviewed', 'fused', 'reference'] as const
export type DicomMasks = (typeof DICOM_MASKS)[number]

const what = {
  objects: z.array(z.enum(DICOM_OBJECTS)).min(1).max(4).default(['seg', 'sr']), masks: z.enum(DICOM_MASKS).default('reviewed'),
  caseIds: z.array(id).max(20_000).nullable().default(null), cohort: shortText.nullable().default(null),
  /** one stored annotation in place of `masks` */
  annotationId: id.nullable().default(null),
}

const inv = ['investigator'] as const
export const pacsCalls = {
  'pacs.servers': query(inv, nothing, z.object({ servers: z.array(pacsServer) }), { study: 'optional' }),
  /** `secret` and `clientCertificate`: null leaves what is stored. An empty secret removes it. */
  'pacs.saveServer': mutation(inv, z.strictObject({
    id: id.nullable().default(null), name: shortText, baseUrl: path, authentication: z.enum(PACS_AUTHENTICATIONS).default('none'), user: z.string().trim().max(200).default(''), secret: secret.nullable().default(null),
    certificateAuthority: pem.default(''), clientCertificate: z.strictObject({ certificate: pem, key: pem }).nullable().default(null), allowPlainHttp: z.boolean().default(false),
  }), pacsServer, { study: 'optional' }),
  'pacs.removeServer': mutation(inv, z.strictObject({ serverId: id }), done, { study: 'optional' }),
  /** Asks for one study: is the address right, the account good, the certificate trusted? */
  'pacs.check': query(inv, z.strictObject({ serverId: id }), z.object({ ok: z.boolean(), message: z.string(), milliseconds: z.number() }), { study: 'optional' }),
  /** A page of studies. A new search of the same caller ends the one before. */
  'pacs.studies': query(inv, z.strictObject({
    serverId: id, patientId: wanted.default(''), patientName: wanted.default(''), accessionNumber: wanted.default(''), modality: wanted.default(''), description: wanted.default(''), dateFrom: day.or(z.literal('')).default(''), dateTo: day.or(z.literal('')).default(''),
    offset: z.number().int().min(0).max(1_000_000).default(0), limit: z.number().int().min(1).max(1000).default(100),
  }), z.object({ studies: z.array(pacsStudy), more: z.boolean() }), { study: 'optional' }),
  'pacs.stopSearch': mutation(inv, nothing, done, { study: 'optional' }),
  'pacs.series': query(inv, z.strictObject({ serverId: id, studyUid: uid }), z.object({ series: z.array(pacsSeries) }), { study: 'optional' }),
  /** Every file comes in by the de-identifying door and is then forgotten; what the study has already is not fetched, so a retrieval that was cut off goes on where it stopped. */
  'pacs.retrieve': mutation(inv, z.strictObject({
    serverId: id, items: z.array(z.strictObject({ studyUid: uid, seriesUid: uid.nullable().default(null) })).min(1).max(2000), cohort: z.string().trim().max(200).default(''), unreviewed: z.enum(['keep', 'refuse']).default('keep'),
  }), jobRef),
  /** `studyUid`: into the study that the pictures came from, under its own identity. Null: under the study's codes, as it is here. */
  'pacs.store': mutation(inv, z.strictObject({ serverId: id, studyUid: uid.nullable().default(null), ...what }), jobRef),
  /** The same objects as files, with an index.csv. */
  'dicom.export': mutation(inv, z.strictObject({ to: path, ...what }), jobRef),
}
