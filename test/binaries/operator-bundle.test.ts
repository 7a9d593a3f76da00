import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { operatorDefinitions } from '../../infra/kubernetes/operator-bundle.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { listenLocally } from '../support/local-server.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'sightline-bundle-test-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

describe('the definitions of the operator’s kinds', () => {
  it('are those of its release, one for each kind that we have objects of', async () => {
    const definitions = await operatorDefinitions({ env: process.env });
    const names = definitions.map(({ spec }) => JSON.stringify(spec.names));
    const kinds = clusterSystems(clusterContext('prod'))
      .flatMap(({ objects }) => objects)
      .filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'))
      .map(({ kind }) => kind);
    expect(new Set(kinds).size).toBeGreaterThan(4);
    expect(kinds.filter((kind) => !names.some((text) => text.includes(`"kind":"${kind}"`)))).toEqual([]);
  });

  it('have no descriptions, and stay below what an API server takes', async () => {
    const texts = (await operatorDefinitions({ env: process.env })).map((each) => JSON.stringify(each));
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(300_000);
    expect(texts.join()).not.toMatch(/"description":"/);
  });

  it('are refused when the bundle is not the one that was pinned, and nothing of it is kept', async () => {
    const server = createServer((_request, response) => response.end('kind: CustomResourceDefinition'));
    const url = `http://127.0.0.1:${await listenLocally(server)}`;
    const env = { ...process.env, XDG_CACHE_HOME: cache, SIGHTLINE_RELEASES_URL: url };
    await expect(operatorDefinitions({ env })).rejects.toThrow(/SL1202 .*602f3a0c4f91.* is pinned/);
    expect(readdirSync(join(cache, 'sightline/tools'))).toEqual([]);
    server.close();
  });

  it('say both ways that were tried where neither a release nor Go can be had', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    const url = `http://127.0.0.1:${await listenLocally(server)}`;
    const env = { XDG_CACHE_HOME: cache, SIGHTLINE_RELEASES_URL: url, PATH: cache };
    await expect(operatorDefinitions({ env })).rejects.toThrow(
      /SL1201 .*answered 404; go mod download .*ENOENT/,
    );
    server.close();
  });
});
