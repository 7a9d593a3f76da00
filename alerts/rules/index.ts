import type { AlertRule } from '../rule.ts';
import { eventRules } from './events.ts';
import { httpRules } from './http.ts';
import { serviceRules } from './services.ts';
import { stackRules } from './stack.ts';
import { websocketRules } from './websocket.ts';

/** Every rule, by the domain that becomes its group in Prometheus. */
export const rulesByDomain = {
  services: serviceRules,
  http: httpRules,
  events: eventRules,
  websocket: websocketRules,
  stack: stackRules,
} as const satisfies Record<string, readonly AlertRule[]>;

export const allRules: readonly AlertRule[] = Object.values(rulesByDomain).flat();
