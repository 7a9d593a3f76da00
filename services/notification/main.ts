import { runService } from '../kit/run.ts';
import { buildNotification } from './notification.ts';

await runService('notification', buildNotification);
