import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { phantomCineFile } from '#test/support/phantomCine.ts'
import { personOf } from '#test/support/readerStudy.ts'
import { demoHome, sln } from '#test/support/studies.ts'
import { openChromium, openPage, pictureOf, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

/** A protocol with everything that one can ask for, from the investigator's form to the last answer, over a still and a cine that the model has seen. */
let browser: Browser
let workstation: Workstation
let home: Awaited<ReturnType<typeof demoHome>>
beforeAll(async () => {
  home = await demoHome({ cases: 12, inferred: true })
  const folder = join(home.home, 'cine')
  mkdirSync(folder)
  writeFileSync(join(folder, 'sweep.dcm'), phantomCineFile(5, 12))
  await program(['import', '--dicom', folder, '--cohort', 'sweeps'])
  // Frame 6 stands for the cine, so that what the model says belongs to another frame than the first.
  const app = createNodeApp({ userData: join(home.home, 'setup'), logger: quietLogger })
  const study = app.house.open(home.study)
  const lin = personOf(app, app.context({}))
  await lin.get('session.signInDemo', { login: 'investigator' })
  await lin.get('cine.choose', { imageId: study.db.read.get<{ id: string }>('SELECT id FROM image WHERE frames > 1')?.id ?? '', frame: 5, rule: 'chosen by a person' })
  await app.close()
  await program(['infer', '--cohort', 'sweeps'])
  ;[workstation, browser] = await Promise.all([startWorkstation({ home: home.home, study: home.study }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  home?.remove()
})

async function program(args: readonly string[]): Promise<void> {
  const done = await sln([args[0] ?? '', '--study', home.study, ...args.slice(1), '--json'], { home: home.home })
  if (done.code !== 0) throw new Error(`${args.join(' ')}: ${done.stderr} ${done.stdout}`)
}
function database<T>(work: (db: Database.Database) => T): T {
  const db = new Database(join(workstation.study, 'study.db'))
  try {
    return work(db)
  } finally {
    db.close()
  }
}
const rows = <T>(sql: string): T[] => database((db) => db.prepare(sql).all() as T[])
const OF_STUDY = "FROM reading JOIN reading_session ON reading_session.id = session_id JOIN protocol ON protocol.id = protocol_id WHERE protocol.name = 'Aided reading'"
interface Reading { position: number; modality: string; call: string; rating: number; answers: string; active_seconds: number }
const readings = (): Reading[] => rows(`SELECT position, reading.modality, call, rating, answers, active_seconds ${OF_STUDY} ORDER BY submitted_at`)
const events = (kind: string): string[] => rows<{ value: string }>(`SELECT value FROM reading_event WHERE kind = '${kind}' ORDER BY id`).map((r) => r.value)

const image = (page: Page): Locator => page.getByRole('application', { name: 'Ultrasound image' })
async function at(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await image(page).boundingBox()
  if (box === null) throw new Error('the image has no place')
  return [box.x + box.width * x, box.y + box.height * y]
}
async function question(page: Page, label: string): Promise<void> {
  const count = await page.getByRole('textbox', { name: 'Question', exact: true }).count()
  await page.getByRole('button', { name: 'Add a question' }).click()
  await page.getByRole('textbox', { name: 'Question', exact: true }).nth(count).fill(label)
}
async function kindOf(page: Page, nth: number, kind: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Kind' }).nth(nth).click()
  await page.getByRole('option', { name: kind }).click()
}
/** Answers the further questions of the case on screen. */
async function answerQuestions(page: Page, nodes: string): Promise<void> {
  await page.getByRole('button', { name: 'irregular' }).click()
  await page.getByRole('spinbutton', { name: /Suspicious nodes/ }).fill(nodes)
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Mark on the image' }).click()
  await page.mouse.click(...await at(page, 0.5, 0.45))
  await page.getByText(/^at \d+, \d+/).waitFor()
}
async function submit(page: Page): Promise<void> {
  const before = readings().length
  await page.keyboard.press('Enter')
  await expect.poll(() => readings().length).toBe(before + 1)
}

test('an investigator writes down an aided protocol with questions, a training case and breaks', async () => {
  const [training, still] = rows<{ label: string }>("SELECT label FROM study_case JOIN case_clinical ON case_clinical.case_id = study_case.id WHERE cohort = 'train' AND outcome IS NOT NULL ORDER BY label").map((r) => r.label)
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(new URL('/#/protocols', workstation.url).href)
  await page.getByRole('button', { name: 'New reader study' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Aided reading')
  await page.getByLabel('Instructions to the readers').fill('Answer by the image first. The model’s output comes when your answer is locked.')
  for (const cohort of ['validation', 'external test', 'sweeps']) {
    const box = page.getByRole('checkbox', { name: new RegExp(`^${cohort}`) })
    if ((await box.getAttribute('aria-checked')) === 'true') await box.click()
  }
  await page.getByRole('checkbox', { name: /^sweeps/ }).click()
  await page.getByLabel('And these cases').fill(still ?? '')
  await page.getByLabel('Training cases, read first').fill(training ?? '')
  for (const n of [1, 2, 3]) await page.getByRole('checkbox', { name: new RegExp(`^Reader ${n} `) }).click()
  await page.getByRole('radio', { name: 'Unaided, then aided in the same case' }).click()
  await page.getByRole('checkbox', { name: 'Grad-CAM' }).click()
  await page.getByRole('checkbox', { name: 'Age', exact: true }).click()
  await page.getByRole('switch', { name: 'Breaks' }).click()
  await page.getByRole('spinbutton', { name: /^After/ }).fill('2')
  await page.getByRole('spinbutton', { name: /^For/ }).fill('1')
  await question(page, 'Margin')
  await page.getByRole('textbox', { name: 'Options' }).fill('smooth, irregular')
  await question(page, 'Suspicious nodes')
  await kindOf(page, 1, 'Number')
  await question(page, 'Remark')
  await kindOf(page, 2, 'Text')
  await page.getByRole('checkbox', { name: 'Required' }).nth(2).click()
  await question(page, 'Most suspicious place')
  await kindOf(page, 3, 'Mark on the image')
  await page.getByText(/None of the readers has seen any of these cases/).waitFor()
  await shoot(page, 'protocol-aided')
  await page.keyboard.press('Control+s')
  const card = page.locator('article', { hasText: 'Aided reading' })
  await card.getByRole('button', { name: 'Freeze and start' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Freeze and start' }).click()
  await card.getByText('Reading', { exact: true }).first().waitFor()
  await shoot(page, 'protocols-aided')
  expect(rows("SELECT count(*) AS cases, sum(mask IS NOT NULL) AS masks, sum(frame > 0) AS later FROM reading_aid")).toEqual([{ cases: 3, masks: 3, later: 1 }])
  expect(problems).toEqual([])
  await context.close()
})

test('a reader answers alone, the answer locks, the model comes, the second answer is given; training tells the outcome and a break comes when it is due', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'reader4')
  const card = page.locator('li.session', { hasText: 'Aided reading' })
  await card.getByText('1 training case comes first.').waitFor()
  await card.getByText('A break of 1 minute after 2 cases.').waitFor()
  await shoot(page, 'reading-sessions-aided')
  await card.getByRole('button', { name: 'Start reading' }).click()
  await pictureOf(page, 1)

  // Alone: the training case, with the clinical factor and the questions, and nothing of the model.
  await page.getByText('image alone').waitFor()
  await page.getByText('Training case 1: it is not part of the study').waitFor()
  expect(await page.getByText('DL signature').count()).toBe(0)
  const session = rows<{ id: string }>("SELECT reading_session.id FROM reading_session JOIN protocol ON protocol.id = protocol_id WHERE protocol.name = 'Aided reading'")[0]?.id
  expect(await raw(page, 'reading.next', { sessionId: session })).toMatchObject({ value: { item: { part: 'unaided', aids: null } } })
  await page.keyboard.press('c')
  await page.mouse.move(...await at(page, 0.4, 0.45))
  await page.mouse.down()
  await page.mouse.move(...await at(page, 0.6, 0.5), { steps: 4 })
  await page.mouse.up()
  await page.keyboard.press('c')
  await page.keyboard.press('4')
  await page.keyboard.press('y')
  await page.getByText('“Margin” has no answer yet').waitFor()
  await page.keyboard.press('Enter')
  expect(readings()).toEqual([])
  await answerQuestions(page, '2')
  // Text has its own keys; Escape gives them back to the screen.
  await page.getByRole('textbox', { name: /Remark/ }).fill('thick cortex, 5 mm')
  await page.keyboard.press('Escape')
  await page.getByText(/draft saved/).waitFor()
  await shoot(page, 'reading-unaided')
  await page.keyboard.press('p')
  await page.getByText('Paused. Press P to go on.').waitFor()
  await shoot(page, 'reading-paused')
  await page.keyboard.press('Enter')
  await page.keyboard.press('p')
  await submit(page)

  // The aid comes only now, and what was said alone cannot be changed any more.
  await page.getByText('with the model').waitFor()
  await page.getByText('DL signature').waitFor()
  await page.getByText(/95 % CI/).waitFor()
  await page.getByText('on the image', { exact: true }).first().waitFor()
  expect((await raw(page, 'reading.submit', { sessionId: session, position: 1, part: 'unaided', call: 'negative', rating: 1, activeSeconds: 1 })).error?.code).toBe('locked')
  await shoot(page, 'reading-aided')
  await page.keyboard.press('a')
  await page.keyboard.press('5')
  await page.keyboard.press('y')
  await answerQuestions(page, '3')
  await submit(page)
  await page.getByText(/^This training case is (positive|negative)/).waitFor()
  await page.getByText(/^(Correct|Not correct)$/).waitFor()
  await shoot(page, 'reading-feedback')
  await page.keyboard.press('Enter')
  await pictureOf(page, 2)

  // The second case, and then the break.
  for (const part of ['unaided', 'aided']) {
    await page.getByText(part === 'unaided' ? 'image alone' : 'with the model').waitFor()
    await watchCine(page)
    await page.keyboard.press('2')
    await page.keyboard.press('n')
    await answerQuestions(page, '0')
    await submit(page)
  }
  await page.getByText('Time for a break').waitFor()
  await shoot(page, 'reading-break')
  expect((await raw(page, 'reading.next', { sessionId: session })).value).toMatchObject({ item: null })
  database((db) => db.prepare(`UPDATE reading SET submitted_at = strftime('%Y-%m-%dT%H:%M:%fZ', submitted_at, '-61 seconds') WHERE session_id = ?`).run(session))
  await page.getByRole('button', { name: 'Back to the sessions' }).click()
  await card.getByRole('button', { name: 'Go on reading' }).click()
  await pictureOf(page, 3)
  for (const part of ['unaided', 'aided']) {
    await page.getByText(part === 'unaided' ? 'image alone' : 'with the model').waitFor()
    await watchCine(page)
    await page.keyboard.press('4')
    await page.keyboard.press('y')
    await answerQuestions(page, '1')
    await submit(page)
  }
  await page.getByText('All cases are read').waitFor()

  expect(readings().map((r) => [r.position, r.modality, r.call, r.rating])).toEqual([
    [1, 'unaided', 'positive', 4], [1, 'aided', 'positive', 5], [2, 'unaided', 'negative', 2], [2, 'aided', 'negative', 2], [3, 'unaided', 'positive', 4], [3, 'aided', 'positive', 4],
  ])
  const [first] = readings()
  expect(JSON.parse(first?.answers ?? '{}')).toEqual({ margin: 'irregular', suspicious_nodes: 2, remark: 'thick cortex, 5 mm', most_suspicious_place: { x: expect.any(Number), y: expect.any(Number), frame: 0 } })
  expect(readings().every((r) => r.active_seconds > 0)).toBe(true)
  expect(events('measure')[0]).toMatch(/^\d+\.\d\d mm$/)
  expect(events('mark')).toHaveLength(6)
  expect(events('pause')).toHaveLength(1)
  expect(events('aid')).toEqual(expect.arrayContaining(['shown', 'hidden']))
  expect(events('cine')).toEqual(['playing', expect.stringMatching(/^stopped at \d+$/), 'playing', expect.stringMatching(/^stopped at \d+$/)])
  expect(events('frame').length).toBeGreaterThan(0)
  expect(problems).toEqual([])
  await context.close()
})

/** Plays and steps where the case on screen is the cine. */
async function watchCine(page: Page): Promise<void> {
  if (await page.getByRole('group', { name: 'Frames' }).count() === 0) return
  await page.getByText('20 fps').waitFor()
  const aided = await page.getByText('with the model').count() === 1
  // The aided part opens on the frame that the model saw.
  if (aided) await page.getByText('6 / 12', { exact: true }).waitFor()
  await shoot(page, aided ? 'reading-cine-aided' : 'reading-cine')
  const before = events('cine').length
  await page.keyboard.press(' ')
  await page.getByRole('button', { name: 'Stop the cine' }).waitFor()
  await page.keyboard.press(' ')
  await page.getByRole('button', { name: 'Play the cine' }).waitFor()
  await page.keyboard.press('ArrowRight')
  expect(before).toBeLessThanOrEqual(2)
}
