import { expect, it } from 'vitest';
import { readReport } from './report.ts';

const failure = (text: string): string =>
  `<failure>${text.replaceAll('"', '&#34;').replaceAll('\n', '&#xA;').replaceAll('>', '&gt;')}</failure>`;

const xml = `<testsuites><testsuite name="0.test.json" tests="3" failures="2" errors="0" skipped="0"><testcase name="0"></testcase><testcase name="1">${failure(
  `    name: 1,
    alertname: A#2, time: 11m45s, 
        exp:[
            0:
              Labels:{alertname="A#2", service="sync"}
              Annotations:{}
            ], 
        got:[]`,
)}${failure(
  `    name: 1,
    alertname: B, time: 1m, 
        exp:[], 
        got:[
            0:
              Labels:{alertname="B", reason="a > b, {c}"}
              Annotations:{},
            1:
              Labels:{alertname="B"}
              Annotations:{}
            ]`,
)}</testcase><testcase name="2">${failure(
  '    rule: A, time: 15s, err: many-to-many matching not allowed',
)}</testcase></testsuite><testsuite name="1.test.json" tests="1" failures="1"><testcase name="0">${failure('no such rule group')}</testcase></testsuite></testsuites>`;

it('promtool’s report is read: what was expected and came, what cannot be evaluated, what is strange', () => {
  const reports = readReport(xml);
  expect(reports.get('0.test.json')).toEqual({
    tests: 3,
    failures: [
      {
        kind: 'otherwise',
        test: 1,
        alert: 'A#2',
        atMs: 705_000,
        expected: ['{alertname="A#2", service="sync"}'],
        got: [],
      },
      {
        kind: 'otherwise',
        test: 1,
        alert: 'B',
        atMs: 60_000,
        expected: [],
        got: ['{alertname="B", reason="a > b, {c}"}', '{alertname="B"}'],
      },
      { kind: 'error', test: 2, alert: 'A', message: 'many-to-many matching not allowed' },
    ],
    strange: [],
  });
  expect(reports.get('1.test.json')).toMatchObject({ failures: [], strange: ['no such rule group'] });
});
