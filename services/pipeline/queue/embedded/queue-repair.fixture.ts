import { repairQueue } from './queue-repair.ts';

/** Repairs the queue of the directory given, in a process that a test can kill. */
repairQueue(process.argv[2] ?? '');
