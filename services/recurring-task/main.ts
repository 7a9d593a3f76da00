import { runService } from '../kit/run.ts';
import { buildRecurringTask } from './recurring-task.ts';

await runService('recurring-task', buildRecurringTask);
