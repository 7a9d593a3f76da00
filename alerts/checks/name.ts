import { targetLabels } from '../../telemetry/contract/labels.ts';
import { alertCheck } from './support/check.ts';

const pascalCase = /^(?:[A-Z][a-z0-9]*)+$/;
const environments: readonly string[] = [...targetLabels.environment.values, 'production', 'test'];

export const name = alertCheck('name', 'SL1550', ({ alert }) => {
  const words = alert.name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const environment = words.find((word) => environments.includes(word));
  return [
    ...(pascalCase.test(alert.name)
      ? []
      : [{ what: `${alert.name} is not in PascalCase`, fix: 'write it like HighErrorRatio' }]),
    ...(environment
      ? [
          {
            what: `its name holds the environment ${environment}`,
            fix: 'leave it out: every alert carries the label environment, and overrides go by rule id',
          },
        ]
      : []),
  ];
});
