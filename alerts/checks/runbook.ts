import { missingSections } from '../runbooks.ts';
import { alertsCheck, type Complaint } from './support/check.ts';

export const runbook = alertsCheck('runbook', 'SL1505', (subjects, { runbooks }) => {
  const used = new Set(subjects.map(({ alert }) => alert.runbook));
  const strays = [...runbooks.keys()].filter((id) => !used.has(id));
  return [
    ...subjects.flatMap((about): readonly Complaint[] => {
      const page = `docs/runbooks/${about.alert.runbook}.md`;
      const markdown = runbooks.get(about.alert.runbook);
      if (markdown === undefined)
        return [{ about, what: 'its runbook does not exist', fix: `write ${page}` }];
      return missingSections(markdown).map((section) => ({
        about,
        what: `its runbook has nothing under ${section}`,
        fix: `fill the section in ${page}`,
      }));
    }),
    ...strays.map((id) => ({
      about: `docs/runbooks/${id}.md`,
      what: 'no alert links to this runbook',
      fix: 'name it in a rule, or remove the page',
    })),
  ];
});
