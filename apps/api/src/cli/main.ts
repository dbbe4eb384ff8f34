import { Command } from 'commander';
import { runCommand } from './open.ts';

const program = new Command('baoke').description('Customer-relationship system for car dealerships: commands for operators');

program
  .command('serve')
  .description('start the database, the API, the worker and both apps on one port')
  .option('--empty', 'begin with an empty store and an administrator instead of the demo', false)
  .option('--demo', 'load the demo store also into an external database', false)
  .action((options: { empty: boolean; demo: boolean }) =>
    runCommand(async () => {
      const { serve } = await import('./serve.ts');
      await serve(options);
    }),
  );

await program.parseAsync();
