import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Loads the module only when the command is asked for: the others cost no time. */
  readonly load: () => Promise<Command>;
}

/** Every command of Sightline, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'start',
    description: 'bring the whole stack up on this machine',
    load: async () => (await import('./commands/start.ts')).startCommand(),
  },
  {
    name: 'status',
    description: 'show what runs where, and whether it does its work',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  {
    name: 'down',
    description: 'stop the stack and all it left behind',
    load: async () => (await import('./commands/down.ts')).downCommand(),
  },
  {
    name: 'doctor',
    description: 'check that this machine can run the stack',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
];
