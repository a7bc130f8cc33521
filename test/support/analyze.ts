// node test/support/analyze.ts CASE_DIR > RESULT.json : the analyses of a folder's task.json, as `sln analyze` prints them.
import { analyzeCaseDirectory } from '#main/services/analysis/analyzeCaseDirectory.ts'

const [dir] = process.argv.slice(2)
if (dir === undefined) {
  console.error('usage: node test/support/analyze.ts CASE_DIR')
  process.exit(2)
}
console.log(JSON.stringify(await analyzeCaseDirectory(dir), null, 1))
