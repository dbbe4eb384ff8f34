import { Command, InvalidArgumentError } from 'commander';
import type { ImportOptions } from './import.ts';
import type { KeyOptions, StoreOptions, UserOptions } from './people.ts';
import { runCommand, tellFault } from './run-command.ts';

const JSON_WANTED = { json: process.argv.includes('--json') };

/** Ends a call that cannot be understood with one sentence: what is wrong with it, and what the command takes. */
function telling(made: Command): Command {
  return made.configureOutput({
    outputError: (said) => {
      const fault = said
        .replace(/^error: /, '')
        .trim()
        .replace(/\s*\n\s*/g, ' ')
        .replace(/\.$/, '');
      const taken = made === program ? program.commands.map((one) => one.name()) : made.options.map((option) => option.flags);
      tellFault(JSON_WANTED, { error: `${fault}; ${made.name()} takes ${taken.join(', ')}` });
    },
  });
}

const program = new Command('baoke')
  .description('Customer-relationship system for car dealerships: commands for operators')
  .version('0.1.0');
program.configureHelp({ showGlobalOptions: true });
telling(program);

type Json = { json: boolean };

/** A command; its code is loaded when it is called, so that `--help` and a start stay quick. */
function command(usage: string, description: string): Command {
  return telling(program.command(usage).description(description)).option('--json', 'print one JSON document instead of text', false);
}

/** The value of an option; the next option is none. */
function value(text: string): string {
  if (/^--\w/.test(text)) throw new InvalidArgumentError('Its value is missing.');
  return text;
}

command(
  'serve',
  'start the database, the API, the worker and both apps on one port; with --json one line tells the addresses when it is ready',
)
  .option('--empty', 'begin with an empty store and an administrator instead of the demo', false)
  .option('--demo', 'load the demo store also into an external database', false)
  .action((options: Json & { empty: boolean; demo: boolean }) =>
    runCommand(options, async () => {
      const { serve } = await import('./serve.ts');
      await serve(options);
    }),
  );
command('migrate', 'bring the database to the schema of this version').action((options: Json) =>
  runCommand(options, async () => (await import('./maintenance.ts')).migrateCommand(options)),
);
command('demo', 'load the demo store into an empty database').action((options: Json) =>
  runCommand(options, async () => (await import('./maintenance.ts')).demoCommand(options)),
);
command('verify', 'check the audit chain and its anchors, the isolation of stores and the schema').action((options: Json) =>
  runCommand(options, async () => (await import('./maintenance.ts')).verifyCommand(options)),
);
command('doctor', 'look at the installation and say what to mend').action((options: Json) =>
  runCommand(options, async () => (await import('./maintenance.ts')).doctorCommand(options)),
);

command('store [code]', 'list the stores, or make one')
  .option('--name <name>', 'name of the new store', value)
  .option('--zone <zone>', 'time zone of the new store; Asia/Shanghai when left out', value)
  .option('--province <sign>', 'sign put before plates that come without one; 苏 when left out', value)
  .option('--area <code>', 'area code of landlines that come without one; 0512 when left out', value)
  .action((code: string | undefined, options: Json & StoreOptions) =>
    runCommand(options, async () => (await import('./people.ts')).storeCommand(code, options)),
  );

command('user [username]', 'list those who can sign in, make one, let one work in a further store, give a new password, or end one')
  .option('--store <code>', 'store he works in', value)
  .option('--name <name>', 'name of the person', value)
  .option('--role <role>', 'his role, such as FU_AGENT', value)
  .option('--reset', 'give him a new password, printed once', false)
  .option('--reset-totp', 'forget his authenticator app', false)
  .option('--disable', 'let him in no more', false)
  .action((username: string | undefined, options: Json & UserOptions) =>
    runCommand(options, async () => (await import('./people.ts')).userCommand(username, options)),
  );

command('key [name]', 'list the API keys of a store, make one, or revoke one')
  .option('--store <code>', 'store of the key', value)
  .option('--scopes <list>', 'what it may do, as customers:view,customers:edit', value)
  .option('--expires <date>', 'last day, YYYY-MM-DD', value)
  .option('--revoke <id>', 'end the key of this id', value)
  .action((name: string | undefined, options: Json & KeyOptions) =>
    runCommand(options, async () => (await import('./people.ts')).keyCommand(name, options)),
  );

command('import <files...>', 'import files of a dealer system: customers, sales ledger, service records, leads')
  .option('--store <code>', 'store they belong to', value)
  .option('--mode <mode>', 'create (add only), upsert, or update (change only)', value, 'upsert')
  .option('--dry-run', 'say what would happen and change nothing', false)
  .option('--max-size <MB>', 'size of a file that is still taken, 1 to 1000; 20 when left out', value)
  .option('--max-rows <rows>', 'rows of a file that are still taken, 1 to 5000000; 200000 when left out', value)
  .option(
    '--with-id-numbers',
    'write ID numbers in full, not masked, into workbooks of refused rows; these stay in the data folder until deleted',
    false,
  )
  .action((files: string[], options: Json & ImportOptions) =>
    runCommand(options, async () => (await import('./import.ts')).importCommand(files, options)),
  );

command('plan', 'plan the care of one store or all; running it again changes nothing')
  .option('--date <date>', 'day to plan for, YYYY-MM-DD; today when left out', value)
  .option('--store <code>', 'only this store', value)
  .option('--full', 'look at every customer, not only at those the day concerns', false)
  .option('--ahead', 'allow a --date more than 31 days from today; the tasks it makes stay', false)
  .action((options: Json & { date?: string; store?: string; full: boolean; ahead: boolean }) =>
    runCommand(options, async () => (await import('./plan.ts')).planCommand(options)),
  );

await program.parseAsync();
