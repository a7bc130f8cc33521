import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { addedModelCard, type AddedModelCard } from '#shared/contract/modelCard.ts'
import { SEGMENTATION_NETWORKS } from '#shared/domain/index.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import { readAdded, type ModelEntry, type ModelRegistry } from '#main/runtime/models/registry.ts'
import { sha256 } from '#main/platform/index.ts'
import { checkFusion, checkGraph, type AddableRole } from './checkGraph.ts'

export interface AddedModel { readonly id: string; readonly role: AddableRole; readonly set: string; readonly sha256: string; readonly bytes: number; readonly file: string; readonly note: string }

async function readCard(file: string): Promise<AddedModelCard> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Failure('not_found', `there is no card ${file}`)
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Failure('refused', `the card ${file} is not JSON`)
  }
  const parsed = addedModelCard.safeParse(json)
  if (!parsed.success) throw new Failure('refused', `the card ${file} does not fit: ${parsed.error.issues.map((i) => `${i.path.join('.') || 'card'}: ${i.message}`).join('; ')}`)
  return parsed.data
}

const cardText = (id: string, role: AddableRole, card: AddedModelCard): string => [`# ${id}`, `A ${role} model added on this machine. Research use only, not a medical device.`, '', '## Trained on', card.trained_on, '', '## What it is not', card.not_for, '', '## Licence', card.licence, ...(card.figures === undefined ? [] : ['', '## Measured', card.figures]), ''].join('\n')

/** `card`: a card, or the file of one. Registers a person's own graph or fusion after it has shown that it fits its role; otherwise a Failure says all that is wrong, and nothing is kept. */
export async function addModel(registry: ModelRegistry, inference: Inference, request: { file: string; role: AddableRole; card: string | AddedModelCard; now: Date }): Promise<AddedModel> {
  const source = resolve(request.file)
  const card = typeof request.card === 'string' ? await readCard(resolve(request.card)) : request.card
  const bytes = await readFile(source).catch(() => {
    throw new Failure('not_found', `there is no file ${source}`)
  })
  const hash = sha256(bytes)
  const role = request.role
  const id = `added-${card.set}-${card.name}-${card.version}`.replace(/[^a-zA-Z0-9.-]+/g, '-')
  const same = registry.models.find((m) => m.sha256 === hash)
  if (same !== undefined) throw new Failure('refused', `the very file is registered already, as ${same.id}`)
  if (registry.models.some((m) => m.directory === undefined && m.set === card.set)) throw new Failure('refused', `${card.set} is a set that ships with the program; give the card a set name of its own`)
  if (registry.models.some((m) => m.id === id)) throw new Failure('refused', `${id} is registered already; give the card another version`)
  if (registry.models.some((m) => m.set === card.set && (m.role === 'classification') !== (role === 'classification'))) throw new Failure('refused', `the set ${card.set} is a ${role === 'classification' ? 'segmentation' : 'signature'} set; give the card another set name`)
  const taken = registry.models.find((m) => m.set === card.set && m.role === role && (role === 'fusion' || m.name === card.name))
  if (taken !== undefined) throw new Failure('refused', `the set ${card.set} has ${role === 'fusion' ? 'a fusion' : `a ${card.name}`} already, ${taken.id}; remove it first, or give the card another set name`)
  if (card.is_signature === true && registry.models.some((m) => m.set === card.set && m.isSignature === true)) throw new Failure('refused', `the set ${card.set} has a signature already`)
  const directory = inference.addedModels
  mkdirSync(directory, { recursive: true })
  // The copy is what is checked: a graph whose weights lie in files beside the original would fit there and not here.
  const name = `${id}.${role === 'fusion' ? 'json' : 'onnx'}`
  const kept = join(directory, name)
  writeFileSync(kept, bytes)
  const faults = role === 'fusion' ? checkFusion(bytes.toString('utf8')) : await checkGraph(inference, role, { name: card.name, file: kept, sha256: hash })
  if (faults.length > 0) {
    rmSync(kept, { force: true })
    const beside = faults.some((f) => /external|\.data\b/i.test(f)) ? '. Its weights seem to lie in another file: save the graph with its weights in one .onnx file' : ''
    throw new Failure('refused', `${source} does not fit as a ${role} model: ${faults.map((f) => f.replaceAll(kept, source)).join('; ')}${beside}`)
  }
  writeFileSync(join(directory, `${id}.card.md`), cardText(id, role, card))
  const entry: ModelEntry & { bytes: number; addedAt: string } = {
    id, role, name: card.name, set: card.set, file: name, sha256: hash, bytes: bytes.length, version: card.version, card: `${id}.card.md`, trainedOn: card.trained_on, addedAt: request.now.toISOString(), threshold: card.threshold ?? (role === 'classification' ? null : 0.5),
    ...(role === 'classification' ? { isSignature: card.is_signature === true } : {}),
  }
  writeManifest(directory, [...readAdded(directory), entry])
  const note = role === 'classification' ? `a study uses the set by: sln create --signature ${card.set}, or sln models use --signature ${card.set}` : segmentationNote(card.set, [...registry.models, entry])
  return { id, role, set: card.set, sha256: hash, bytes: bytes.length, file: join(directory, entry.file), note }
}

/** What a segmentation set still lacks before a study can use it. A fusion is fitted on the maps of its own networks, so a set has its own three and its own fusion. */
function segmentationNote(set: string, models: readonly ModelEntry[]): string {
  const own = models.filter((m) => m.set === set)
  const lacking = [...SEGMENTATION_NETWORKS.filter((name) => !own.some((m) => m.role === 'segmentation' && m.name === name)), ...(own.some((m) => m.role === 'fusion') ? [] : ['the fusion fitted on them (--role fusion)'])]
  return lacking.length === 0 ? `a study uses the set by: sln create --segmentation ${set}, or sln models use --segmentation ${set}` : `a study can use the set ${set} once it also holds ${lacking.join(', ')}`
}

function writeManifest(directory: string, entries: readonly ModelEntry[]): void {
  const manifest = join(directory, 'manifest.json')
  writeFileSync(`${manifest}.part`, `${JSON.stringify({ schema: 1, models: entries.map(({ directory: _, ...rest }) => rest) }, null, 1)}\n`)
  renameSync(`${manifest}.part`, manifest)
}

/** Forgets an added graph and removes its files. Results name the SHA-256 of the graph that made them, so they stay as they are; the same file can be added again. */
export function removeModel(registry: ModelRegistry, directory: string, id: string): void {
  const entry = registry.models.find((m) => m.id === id)
  if (entry === undefined) throw new Failure('not_found', `there is no model ${id}`)
  if (entry.directory === undefined) throw new Failure('refused', `${id} ships with the program and cannot be removed`)
  writeManifest(directory, readAdded(directory).filter((m) => m.id !== id))
  for (const file of [entry.file, entry.card]) if (file !== undefined) rmSync(join(directory, file), { force: true })
}
