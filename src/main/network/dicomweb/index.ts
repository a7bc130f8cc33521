export {
  createDicomweb, endsTransfer, type DicomwebClient, type Found, type Inbox, type Outgoing, type Progress, type Retrieved, type SearchOptions, type Stored, type TransferOptions,
} from './client.ts'
export { type DicomwebFault, type DicomwebFaultCode } from './faults.ts'
export { folderInbox } from './folderInbox.ts'
export { type InstanceRow, type SeriesRow, type StudyQuery, type StudyRow } from './query.ts'
export { checkAddress, type Authentication, type DicomwebSettings } from './settings.ts'
