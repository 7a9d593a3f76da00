import { afterEach, describe, expect, it } from 'vitest';
import { savedQueries } from '../../dashboards/queries/index.ts';
import { expressionOf } from '../../dashboards/queries/saved-query.ts';
import { type GrafanaOptions, type GrafanaServer, startGrafana } from '../../test/support/grafana-server.ts';
import { grafanaAccess, grafanaClient } from './client.ts';
import { pushQueries } from './push-queries.ts';

const token = 'glsa_something';
let server: GrafanaServer | undefined;
afterEach(() => server?.close());

async function grafana(options: Partial<GrafanaOptions> = {}): Promise<GrafanaServer> {
  server = await startGrafana({ authorization: `Bearer ${token}`, ...options });
  return server;
}
const push = (to: GrafanaServer, queries = savedQueries, as = token, signal = new AbortController().signal) =>
  pushQueries(grafanaClient(grafanaAccess(to.url, as), signal), queries);
const count = savedQueries.length;
const reworded = savedQueries.map((saved, index) =>
  index === 0 ? { ...saved, question: 'What else is it that this one answers?' } : saved,
);

describe('a Grafana without saved queries', () => {
  it('gets them into its query history, once', async () => {
    const open = await grafana();
    const report = { into: 'query history', created: count, updated: 0, unchanged: 0 };
    expect(await push(open)).toEqual(report);
    expect(open.changes).toEqual(['POST /api/query-history/migrate']);
    expect(open.history.map(({ queries }) => queries[0]?.expr)).toEqual(
      savedQueries.map((saved) => expressionOf(saved)),
    );
    expect(open.history.every(({ starred }) => starred)).toBe(true);
    expect(await push(open)).toEqual({ ...report, created: 0, unchanged: count });
    expect(open.changes).toHaveLength(1);
  });

  it('has one that was changed replaced, and leaves what others keep', async () => {
    const open = await grafana();
    await push(open);
    const [own] = open.history;
    if (!own) throw new Error('the history has an entry');
    open.history.push({ ...own, uid: 'theirs', comment: 'my own note' });
    expect(await push(open, reworded)).toMatchObject({ created: 0, updated: 1, unchanged: count - 1 });
    expect(open.history).toHaveLength(count + 1);
    expect(open.history.map(({ uid }) => uid)).toContain('theirs');
    expect(open.history.at(-1)?.comment).toContain('What else is it');
  });

  it('takes user and password in place of a token, for the history of that person', async () => {
    const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
    expect(await push(await grafana({ authorization }), savedQueries, 'ann:secret')).toMatchObject({
      created: count,
    });
  });
});

describe('a Grafana with saved queries', () => {
  it.each([
    [['v1beta1', 'v1'], 'v1'],
    [['v1beta1'], 'v1beta1'],
  ])('of %j gets them by %s, once', async (savedQueryVersions, version) => {
    const enterprise = await grafana({ savedQueryVersions });
    const report = {
      into: 'saved queries',
      api: `queries.grafana.app/${version}`,
      created: count,
      updated: 0,
      unchanged: 0,
    };
    expect(await push(enterprise)).toEqual(report);
    expect([...enterprise.saved.keys()]).toEqual(savedQueries.map(({ id }) => `sightline-${id}`));
    expect(enterprise.history).toEqual([]);
    expect(await push(enterprise)).toEqual({ ...report, created: 0, unchanged: count });
    expect(enterprise.changes).toHaveLength(count);
  });

  it('has one that was changed updated, by the version that was read', async () => {
    const enterprise = await grafana({ savedQueryVersions: ['v1'] });
    await push(enterprise);
    expect(await push(enterprise, reworded)).toMatchObject({ created: 0, updated: 1, unchanged: count - 1 });
    expect(enterprise.changes.at(-1)).toMatch(
      /^PUT .*\/namespaces\/stacks-7\/queries\/sightline-task-creation-failures$/,
    );
  });

  it('of a version that nobody knows yet is treated as one without', async () => {
    expect(await push(await grafana({ savedQueryVersions: ['v9'] }))).toMatchObject({
      into: 'query history',
    });
  });
});

describe('a push that fails', () => {
  it('for its token says so, and not what the token is', async () => {
    const failure = push(await grafana(), savedQueries, 'glsa_wrong');
    await expect(failure).rejects.toThrow(/SL1634 [\s\S]*401[\s\S]*Editor/);
    await expect(failure).rejects.not.toThrow(/glsa_wrong/);
  });

  it('because nothing is there says where', async () => {
    const gone = await grafana();
    await gone.close();
    await expect(push(gone)).rejects.toThrow(new RegExp(`SL1634[\\s\\S]*${gone.url}`));
  });

  it.each([
    ['is too large', (): string => 'x'.repeat(5 * 1024 * 1024), 'larger than'],
    ['is no JSON', (): string => '<html>', 'not the one that Grafana gives'],
  ])('because the answer %s says so', async (_, body, said) => {
    const instead: GrafanaOptions['instead'] = (_request, response) => {
      response.end(body());
      return true;
    };
    await expect(push(await grafana({ instead }))).rejects.toThrow(said);
  });

  it('follows no redirect, which could lead the token elsewhere', async () => {
    const paths: (string | undefined)[] = [];
    const instead: GrafanaOptions['instead'] = (request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
      return true;
    };
    await expect(push(await grafana({ instead }))).rejects.toThrow(/SL1634[\s\S]*redirects are not followed/);
    expect(paths).toHaveLength(1);
  });

  it('ends at once when it is cancelled', async () => {
    const cancel = new AbortController();
    const instead: GrafanaOptions['instead'] = () => {
      cancel.abort();
      return true;
    };
    await expect(push(await grafana({ instead }), savedQueries, token, cancel.signal)).rejects.toThrow(
      'aborted',
    );
  });
});

describe('what a push is given', () => {
  it.each([
    ['no address', 'grafana', token, 'is no address of a Grafana'],
    ['another protocol', 'ftp://grafana.example', token, 'is no address of a Grafana'],
    ['a password in the address', 'https://ann:secret@grafana.example', token, 'without user and password'],
    [
      'an address to which the token would go unencrypted',
      'http://grafana.example',
      token,
      'without encryption',
    ],
    ['no token', 'https://grafana.example', undefined, 'there is no token'],
    ['a token with a line break', 'https://grafana.example', 'a\r\nb', 'has spaces in it'],
  ])('is refused when it is %s', (_, address, given, said) => {
    expect(() => grafanaAccess(address, given)).toThrow(said);
    expect(() => grafanaAccess(address, given)).toThrow('SL1635');
    expect(() => grafanaAccess(address, given)).not.toThrow('secret');
  });
});
