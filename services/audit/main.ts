import { runService } from '../kit/run.ts';
import { buildAudit } from './audit.ts';

await runService('audit', buildAudit);
