import { InvalidArgumentError, type Command } from 'commander'
import { Failure } from '#shared/contract/index.ts'
import { table } from './output.ts'
import { runCommand } from './run.ts'

interface Common { study: string; case?: string; json?: boolean }
interface CineLine { case_id: string; image: number; frames: number; frame_rate: number | null; key_frame: number | null; rule: string | null; chooser: string | null; suggestion: number | null; area_px: number | null }

/** A number from 1, as people count frames and images. */
const ordinal = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('it takes a whole number from 1')
  return value
}

/** Cines of a study and the frame that stands for each; frames count from 1 in what is printed and taken. */
export function cineCommands(program: Command): void {
  program.command('cine').description('the cines of a study; --suggest measures every frame and names the largest cross-section, --choose marks the frame that stands for a cine').requiredOption('--study <dir>', 'the study folder').option('--case <label>', 'only this case')
    .option('--image <n>', 'only this image of the case, from 1 (default with --choose: 1)', ordinal).option('--suggest', 'segment every frame that was not seen yet').option('--confirm', 'with --suggest: accept what is suggested, as the person who runs this').option('--choose <frame>', 'this frame (from 1) stands for the cine of --case', ordinal).option('--reason <text>', 'with --choose: why, for the log').option('--json', 'print the answer as one line of JSON')
    .action((o: Common & { image?: number; suggest?: boolean; confirm?: boolean; choose?: number; reason?: string }) => runCommand(o, async ({ call, wait, output }) => {
      if (o.choose !== undefined && o.case === undefined) throw new Failure('invalid_input', '--choose needs --case: a frame is chosen of one cine')
      if (o.image !== undefined && o.case === undefined) throw new Failure('invalid_input', '--image needs --case: it counts the images of one case')
      if (o.reason !== undefined && o.choose === undefined) throw new Failure('invalid_input', '--reason goes with --choose')
      if (o.confirm === true && o.suggest !== true) throw new Failure('invalid_input', '--confirm goes with --suggest')
      const { cases } = await call('cases.list', {})
      const wanted = cases.filter((c) => o.case === undefined || c.label === o.case)
      if (o.case !== undefined && wanted.length === 0) throw new Failure('not_found', `there is no case ${o.case}`)
      const image = o.image ?? (o.choose === undefined ? undefined : 1)
      const lines: CineLine[] = []
      let cancelled = false
      for (const row of wanted) {
        const pictures = (await call('cases.get', { caseId: row.id })).pictures.filter((p) => p.frames > 1)
        for (const picture of pictures) {
          if (image !== undefined && picture.ordinal !== image - 1) continue
          if (o.choose !== undefined) await call('cine.choose', { imageId: picture.id, frame: o.choose - 1, rule: 'chosen by a person', ...(o.reason === undefined ? {} : { reason: o.reason }) })
          if (o.suggest === true && !cancelled) cancelled = (await wait((await call('cine.suggest', { imageId: picture.id })).jobId)).state === 'cancelled'
          let cine = await call('cine.get', { imageId: picture.id })
          if (o.confirm === true && cine.suggestion !== null && cine.keyFrame?.frame !== cine.suggestion) {
            await call('cine.choose', { imageId: picture.id, frame: cine.suggestion, rule: 'largest cross-section' })
            cine = await call('cine.get', { imageId: picture.id })
          }
          lines.push({
            case_id: row.label, image: picture.ordinal + 1, frames: cine.frames, frame_rate: cine.frameTimeMs === null ? null : 1000 / cine.frameTimeMs, key_frame: cine.keyFrame === null ? null : cine.keyFrame.frame + 1, rule: cine.keyFrame?.rule ?? null, chooser: cine.keyFrame?.chooser ?? null,
            suggestion: cine.suggestion === null ? null : cine.suggestion + 1, area_px: cine.suggestion === null ? null : (cine.areas.find((a) => a.frame === cine.suggestion)?.areaPx ?? null),
          })
        }
      }
      if (image !== undefined && lines.length === 0) throw new Failure('not_found', `image ${image} of case ${o.case ?? ''} is no cine`)
      output.answer({ cines: lines }, () => (lines.length === 0 ? 'no cine' : table(['case', 'image', 'frames', 'fps', 'key frame', 'rule', 'suggested'], lines.map((l) => [l.case_id, l.image, l.frames, l.frame_rate, l.key_frame, l.rule, l.suggestion]))))
      return cancelled ? 1 : 0
    }))
}
