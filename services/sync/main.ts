import { runService } from '../kit/run.ts';
import { buildSync } from './sync.ts';

await runService('sync', buildSync);
