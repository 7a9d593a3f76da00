import { SightlineError } from '../../telemetry/errors.ts';

/** What `npm start -- --with` adds to the local stack. */
export const extras = ['dapr', 'kafka'] as const;
export type Extra = (typeof extras)[number];

/**
 * Extras as a person names them, comma separated or one by one, with those that they bring along: the services reach
 * Kafka through their sidecars, so that it never comes without Dapr.
 * @throws SightlineError SL1007 for a name that is none
 */
export function parseExtras(texts: readonly string[]): readonly Extra[] {
  const wanted = new Set(texts.flatMap((text) => text.split(',')).map(parseExtra));
  return extras.filter((name) => wanted.has(name) || (name === 'dapr' && wanted.has('kafka')));
}

function parseExtra(text: string): Extra {
  const found = extras.find((name) => name === text.trim());
  if (found !== undefined) return found;
  throw new SightlineError('SL1007', {
    what: `there is no extra "${text.trim()}" for the stack`,
    where: '--with',
    fix: `use ${extras.join(' or ')}, for example: npm start -- --with dapr`,
  });
}

/** `dapr, kafka`, or `nothing` where there is none. */
export const namesOf = (chosen: readonly Extra[]): string =>
  chosen.length === 0 ? 'nothing' : chosen.join(', ');
