import { describe, expect, it } from 'vitest';
import { type LinkContext, linkHref } from './links.ts';

const context: LinkContext = {
  scope: { values: new Map(), range: { from: 1000, to: 2000 }, step: 15 },
  from: 'now-1h',
  to: 'now',
  variables: [
    ['var-service', 'sync'],
    ['var-namespace', 'All'],
  ],
};
const link = { title: 'x', url: '/d/home' };

describe('links', () => {
  it.each([
    [link, '/d/home'],
    [{ ...link, keepTime: true }, '/d/home?from=now-1h&to=now'],
    [{ ...link, includeVars: true }, '/d/home?var-service=sync&var-namespace=All'],
    [{ ...link, url: '/d/home?a=b#c', keepTime: true }, '/d/home?a=b&from=now-1h&to=now#c'],
    [
      { ...link, url: '/d/x?${__url_time_range}&${__all_variables}' },
      '/d/x?from=now-1h&to=now&var-service=sync&var-namespace=All',
    ],
    [{ ...link, url: 'javascript:alert(1)' }, '#'],
    [{ ...link, url: 'http://[' }, '#'],
  ])('%o leads to %s', (model, href) => {
    expect(linkHref(model, context)).toBe(href);
  });
  it('are filled with the series and the value they are about', () => {
    const subject = { labels: { service: 'a&b' }, name: 'p95', value: 0.25, text: '250 ms', time: 1500 };
    const url =
      '/x?s=${__field.labels.service}&f=${__data.fields["service"]}&v=${__value.raw}&t=${__value.time}&n=${__series.name}&u=${__value.text}&r=${__from}';
    expect(linkHref({ title: 'x', url }, context, subject)).toBe(
      '/x?s=a%26b&f=a%26b&v=0.25&t=1500&n=p95&u=250%20ms&r=1000',
    );
  });
});
