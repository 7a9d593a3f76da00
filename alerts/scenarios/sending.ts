import { proofOf, restarting, type Samples, type Scenario } from './scenario.ts';

/** Alerts sent to one Alertmanager, and those that it refused: so many a scrape. */
type Sent = (
  alertmanager: string,
  errors: number,
  all: number,
  values?: (perScrape: number) => string,
) => Samples;

/** What shows that a sender whose alerts no Alertmanager takes without errors is told of. */
export const sendingProof = (given: {
  readonly family: string;
  readonly about: Readonly<Record<string, string>>;
  readonly sender: string;
  readonly sent: Sent;
  readonly quiet?: readonly (readonly [given: string, samples: Samples])[];
}): readonly Scenario[] => {
  const { family, about, sender, sent, quiet = [] } = given;
  return proofOf({
    family,
    severity: 'critical',
    about,
    above: ['both Alertmanagers refuse some', [...sent('http://a', 5, 100), ...sent('http://b', 50, 100)]],
    early: '4m',
    quiet: [
      ['exactly the threshold is refused', sent('http://a', 3, 100)],
      [
        'one refuses all and the other takes them',
        [...sent('http://a', 100, 100), ...sent('http://b', 0, 100)],
      ],
      [`few are refused and ${sender} restarts`, sent('http://a', 2, 100, restarting)],
      ...quiet,
    ],
  });
};
