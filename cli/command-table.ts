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
  {
    name: 'fault',
    description: 'make a service misbehave for a while, or hold a process down',
    load: async () => (await import('./commands/fault.ts')).faultCommand(),
  },
  {
    name: 'game-day',
    description: 'break a stack of its own in every way, and see that each alert arrives',
    load: async () => (await import('./commands/game-day.ts')).gameDayCommand(),
  },
  {
    name: 'chaos',
    description: 'break the log pipeline under load, and count what is lost',
    load: async () => (await import('./commands/chaos.ts')).chaosCommand(),
  },
  {
    name: 'dead-letters',
    description: 'events that a subscriber gave up on: list, deliver again, remove',
    load: async () => (await import('./commands/dead-letters.ts')).deadLettersCommand(),
  },
  {
    name: 'keys',
    description: 'API keys of the log gateway: make, list, rotate, revoke',
    load: async () => (await import('./commands/keys.ts')).keysCommand(),
  },
  {
    name: 'queries',
    description: 'saved queries: list them, open one in Explore, bring all into a Grafana',
    load: async () => (await import('./commands/queries.ts')).queriesCommand(),
  },
  {
    name: 'queue',
    description: 'the embedded queue of the log pipeline and its dead letters: verify, repair, dump, replay',
    load: async () => (await import('./commands/queue.ts')).queueCommand(),
  },
  {
    name: 'preview',
    description: 'pictures of the dashboards as SVG and PNG, without a browser',
    load: async () => (await import('./commands/preview.ts')).previewCommand(),
  },
  {
    name: 'toolchain',
    description: 'the real tools: where they are, and getting them',
    load: async () => (await import('./commands/toolchain.ts')).toolchainCommand(),
  },
  {
    name: 'render',
    description: 'write every generated file of an environment',
    load: async () => (await import('./commands/render.ts')).renderCommand(),
  },
  {
    name: 'check',
    description: 'generate everything and run every static check, real tools included',
    load: async () => (await import('./commands/check.ts')).checkCommand(),
  },
  {
    name: 'verify-catalogue',
    description: 'run third-party components and compare their metrics with the catalogue',
    load: async () => (await import('./commands/verify-catalogue.ts')).verifyCatalogueCommand(),
  },
  {
    name: 'docs',
    description: 'write the reference pages and golden files that are generated',
    load: async () => (await import('./commands/docs.ts')).docsCommand(),
  },
  {
    name: 'size',
    description: 'what a cluster needs for its series, logs and services, as keys of its environment file',
    load: async () => (await import('./commands/size.ts')).sizeCommand(),
  },
  {
    name: 'init-stack',
    description: 'tell a Pulumi stack its cluster and its secrets, step by step',
    load: async () => (await import('./commands/init-stack.ts')).initStackCommand(),
  },
  {
    name: 'backup',
    description: 'silences of an Alertmanager, and the SQLite file of a Grafana',
    load: async () => (await import('./commands/backup.ts')).backupCommand(),
  },
  {
    name: 'restore',
    description: 'what backup wrote',
    load: async () => (await import('./commands/restore.ts')).restoreCommand(),
  },
  {
    name: 'pin-images',
    description: 'write down which image each tag stands for',
    load: async () => (await import('./commands/pin-images.ts')).pinImagesCommand(),
  },
  {
    name: 'golden',
    description: 'what the Pulumi program declares in each environment, against test/golden',
    load: async () => (await import('./commands/golden.ts')).goldenCommand(),
  },
  {
    name: 'test',
    description: 'everything needed to trust a change',
    load: async () => (await import('./commands/test.ts')).testCommand(),
  },
  {
    name: 'bench',
    description: 'print cold and warm start, generation time and the cost of instrumentation',
    load: async () => (await import('./commands/bench.ts')).benchCommand(),
  },
  {
    name: 'mutants',
    description: 'break every alert rule in standard ways and see whether its scenarios notice',
    load: async () => (await import('./commands/mutants.ts')).mutantsCommand(),
  },
];
