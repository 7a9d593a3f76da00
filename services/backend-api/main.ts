import { runService } from '../kit/run.ts';
import { buildBackendApi } from './backend-api.ts';

await runService('backend-api', buildBackendApi);
