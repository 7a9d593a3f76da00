import { planLocal } from '../plan.ts';
import { findTools } from '../toolchain/toolchain.ts';
import { runDaemon } from './daemon.ts';

await runDaemon(planLocal, findTools);
