import { existsSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { root } from './studies.ts'

/** What a file takes, in seconds, by its project; and the files that take much longer than their project's others. */
const BY_PROJECT: Readonly<Record<string, number>> = { e2e: 25, contract: 20, service: 12, unit: 1.5, reference: 1 }
const LONG: Readonly<Record<string, number>> = {
  'test/service/path.test.ts': 125, 'test/service/soak.test.ts': 114, 'test/contract/ipc.test.ts': 110, 'test/service/export.test.ts': 60, 'test/unit/formats/dicom/hostile.test.ts': 55, 'test/service/models.test.ts': 55, 'test/service/packaging.test.ts': 50,
  'test/e2e/annotate.test.ts': 50, 'test/service/analysis/report.test.ts': 45, 'test/e2e/combined.test.ts': 45, 'test/e2e/exchange.test.ts': 40, 'test/e2e/cineReview.test.ts': 40, 'test/service/analysis/scopes.test.ts': 35, 'test/contract/blinding.test.ts': 35,
  'test/service/redaction.test.ts': 30, 'test/unit/boundaries.test.ts': 25, 'test/unit/phantom/render.test.ts': 25, 'test/service/providers.test.ts': 25,
}

/** Long files start first, whatever their project, so that no long one begins when the others are done and leaves all processors but one idle. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    for (const file of Object.keys(LONG)) if (!existsSync(`${root}/${file}`)) throw new Error(`${file} is listed in test/support/longestFirst.ts and is not there`)
    const seconds = (spec: TestSpecification): number => LONG[relative(root, spec.moduleId).split(sep).join('/')] ?? BY_PROJECT[spec.project.name] ?? 10
    return Promise.resolve(files.toSorted((a, b) => seconds(b) - seconds(a)))
  }
}
