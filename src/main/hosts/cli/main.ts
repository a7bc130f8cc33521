#!/usr/bin/env node
/** `sln`: the door for scripts and batches. Each command is a few calls of the contract. */
import { Command, CommanderError } from 'commander'
import { appVersion } from '#main/app/nodeApp.ts'
import { registerCommands } from './commands.ts'

const program = new Command('sln').description('SLN Workstation from the command line. Research use only, not a medical device.').version(appVersion()).exitOverride().showHelpAfterError('(use --help for the options)')
registerCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`sln: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = 1
  } else process.exitCode = error.exitCode === 0 ? 0 : 2
}
