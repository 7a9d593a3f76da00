import { commandTable } from './command-table.ts';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';

try {
  await runProgram(commandTable, process.argv.slice(2));
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
