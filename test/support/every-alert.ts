import { readEnvironment } from '../../infra/config.ts';
import { alertsOf, buildEnvironment } from '../../infra/stack.ts';

const urls = { prometheus: '', alertmanager: '', dashboards: '', explore: '', runbooks: '' };

/** What an environment has, without a target. */
export const environmentStack = (name: Parameters<typeof readEnvironment>[0]) =>
  buildEnvironment({ config: readEnvironment(name), urls });

/** Every alert that there is: of metrics, of logs and of SLOs. */
export const everyAlert = alertsOf(environmentStack('local'));
