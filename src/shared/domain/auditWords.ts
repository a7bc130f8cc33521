/** What an entry of the audit log says was done, for a person; the code beside it is what is stored. */
const WORDS: Readonly<Record<string, string>> = {
  'access.refused': 'Access refused',
  'account.changePassword': 'Own password changed', 'account.create': 'Account created', 'account.disable': 'Account disabled', 'account.enable': 'Account enabled', 'account.resetPassword': 'Password reset', 'account.setPerson': 'Account tied to a person',
  'annotation.assign': 'Drawing assigned', 'annotation.consensus': 'Consensus mask made', 'annotation.correct': 'Mask corrected', 'annotation.export': 'Masks exported', 'annotation.flag': 'Drawing flagged', 'annotation.import': 'Mask imported', 'annotation.importAll': 'Masks imported', 'annotation.save': 'Drawing saved', 'annotation.show': 'Mask shown to the annotator',
  'audit.createKey': 'Signing key made', 'audit.signHead': 'Head of the log signed',
  'case.assignCohort': 'Case put into a cohort', 'case.import': 'Case imported', 'case.representative': 'Representative image chosen', 'case.withdraw': 'Case withdrawn',
  'cine.keyFrame': 'Key frame chosen',
  'cohort.create': 'Cohort created', 'cohort.setRole': 'Role of a cohort changed',
  'combined.export': 'Combined model exported', 'combined.freeze': 'Combined model frozen',
  'dicom.export': 'DICOM exported',
  'image.calibrate': 'Scale set', 'image.import': 'Image imported', 'image.redact': 'Image blacked', 'image.source': 'Source of an image kept', 'image.technique': 'Technique of an image kept',
  import: 'Manifest imported', 'import.dicom': 'DICOM folder imported', 'import.export': 'Exported study imported',
  'outOfFold.import': 'Out-of-fold run imported',
  'package.conflict': 'Conflict in a returned package', 'package.create': 'Work package made', 'package.keptOwn': 'Own entry kept at the merge', 'package.make': 'Package described', 'package.merge': 'Returned package received', 'package.merged': 'Returned package merged', 'package.open': 'Work package opened', 'package.opening': 'Opening of a package noted', 'package.return': 'Work package returned', 'package.row': 'Put into the package', 'package.taken': 'Taken from a returned package',
  'pacs.retrieve': 'Retrieved from the PACS', 'pacs.store': 'Sent to the PACS',
  'patient.create': 'Patient created', 'patient.readmit': 'Withdrawn patient admitted again', 'patient.withdraw': 'Patient withdrawn',
  'protocol.addReader': 'Reader added', 'protocol.amend': 'Protocol amended', 'protocol.close': 'Reader study closed', 'protocol.create': 'Reader study created', 'protocol.freezeAids': 'Aids of the readers frozen', 'protocol.replaceReader': 'Reader replaced', 'protocol.start': 'Reader study started', 'protocol.update': 'Reader study changed', 'protocol.version': 'Version of the protocol kept', 'protocol.withdrawReader': 'Reader withdrawn',
  'reading.order': 'Order of reading drawn', 'reading.submit': 'Reading submitted',
  'review.accepted': 'Mask accepted', 'review.adjudicate': 'Second review decided', 'review.ask': 'Second reviewer asked', 'review.corrected': 'Mask corrected in the review', 'review.rejected': 'Mask rejected',
  'segmentation.create': 'Segmented', 'segmentation.failed': 'Segmentation failed',
  'session.lockedOut': 'Account locked out', 'session.signIn': 'Signed in', 'session.signOut': 'Signed out', 'session.wrongPassword': 'Wrong password',
  'signature.create': 'Signature computed',
  'study.backup': 'Study backed up', 'study.create': 'Study created', 'study.demo': 'Demo study made', 'study.export': 'Study exported', 'study.modelsInUse': 'Results of these models stand', 'study.setModels': 'Models of the study changed', 'study.report': 'Report made', 'study.secret': 'Secret of the study made', 'study.split': 'Cases split into cohorts', 'study.verify': 'Study verified',
  'template.create': 'Redaction template saved', 'template.review': 'Redaction template reviewed', 'textMask.set': 'Text mask set',
  withdrawal: 'Withdrawal recorded', 'withdrawal.aids': 'Aids removed with a withdrawal', 'withdrawal.folds': 'Out-of-fold values removed with a withdrawal', 'withdrawal.order': 'Order of reading changed by a withdrawal', 'withdrawal.redact': 'Values blanked with a withdrawal', 'withdrawal.remove': 'Removed with a withdrawal',
}
const GROUPS: Readonly<Record<string, string>> = {
  access: 'access', account: 'accounts', annotation: 'drawings', audit: 'the audit log', case: 'cases', cine: 'cines', cohort: 'cohorts', combined: 'the combined model', dicom: 'DICOM', image: 'images', import: 'imports', package: 'packages', pacs: 'the PACS', patient: 'patients', protocol: 'reader studies', reading: 'readings', review: 'reviews', segmentation: 'segmentations', session: 'signing in', signature: 'signatures', study: 'the study', template: 'templates', textMask: 'text masks', withdrawal: 'withdrawals',
}

/** The phrase of an action; of a group of actions (`review.`), what they are about; a code that has no phrase stays itself. */
export function auditPhrase(action: string): string {
  if (!action.endsWith('.')) return WORDS[action] ?? action
  const group = action.slice(0, -1)
  return `All about ${GROUPS[group] ?? group}`
}
