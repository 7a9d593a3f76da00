import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { productVersions } from '../../versions.ts';
import { javaMajor } from './java.ts';
import { get, leftovers, type Sandbox, sandbox, writeScript } from './testing.ts';

const { version } = productVersions.kafka;

/** A Java that says its version, and then Kafka's when it is to run that. */
async function java(box: Sandbox, own = '17.0.15', ofKafka: string = version): Promise<void> {
  const body = `if [ "$1" = -version ]; then echo 'openjdk version "${own}" 2025-04-15' >&2; else echo ${ofKafka}; fi`;
  await writeScript(join(box.bin, 'java'), body);
  for (const tool of ['dirname', 'sh']) await writeScript(join(box.bin, tool), `exec /usr/bin/${tool} "$@"`);
}

/** A Maven that writes one jar where it is told to, and its arguments beside it. */
async function maven(box: Sandbox): Promise<void> {
  await writeScript(
    join(box.bin, 'mvn'),
    `for one in "$@"; do case "$one" in -DoutputDirectory=*) libs="\${one#*=}" ;; esac; done
/bin/mkdir -p "$libs"; echo "$@" > "$libs/kafka.jar"; echo "[INFO] Downloaded from central: x (1 kB at 1 kB/s)"`,
  );
}

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "25" 2025-09-16', 25],
  ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
])('%s', (output, major) => {
  expect(javaMajor(output)).toBe(major);
});

test('the jars come by Maven with strict checksums, and the next run finds them in the cache', async () => {
  const box = await sandbox();
  await java(box);
  await maven(box);
  const { found, progress } = get('kafka', box);
  const { path, ...rest } = await found;
  expect(rest).toEqual({ name: 'kafka', version, source: 'maven' });
  expect(progress.map(({ detail }) => detail)).toContain('finding out which jars it needs');
  expect(await readFile(join(path, '../../libs/kafka.jar'), 'utf8')).toContain('--strict-checksums');
  expect(await get('kafka', box).found).toMatchObject({ path, source: 'cache' });
  expect(await leftovers(box)).toEqual([]);
});

test('without Java, or with one that is too old, the fix says which to install', async () => {
  const box = await sandbox();
  await maven(box);
  const fix = expect.stringContaining('install Java 17 or newer');
  await expect(get('kafka', box).found).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringContaining('no Java on PATH'),
    fix,
  });
  await java(box, '11.0.2');
  await expect(get('kafka', box).found).rejects.toMatchObject({
    what: expect.stringContaining('is version 11, and 17 or newer is needed'),
    fix,
  });
});

test('without Maven the fix names it', async () => {
  const box = await sandbox();
  await java(box);
  await expect(get('kafka', box).found).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringMatching(/not on PATH; not in the cache; no Maven on PATH/),
    fix: expect.stringMatching(/install Maven.*put kafka 4\.0\.0 or newer 4\.x on PATH/),
  });
});

test('a distribution in KAFKA_HOME is taken as it is', async () => {
  const box = await sandbox();
  await java(box);
  const home = join(box.directory, 'kafka');
  const path = await writeScript(join(home, 'bin', 'kafka-run-class.sh'), 'echo "4.2.0 (Commit:f5f1)"');
  const env = { ...box.env, KAFKA_HOME: home };
  expect(await get('kafka', { ...box, env }).found).toMatchObject({ path, version: '4.2.0', source: 'path' });
});

test('a jar with a wrong checksum is an error of its own, and nothing stays', async () => {
  const box = await sandbox();
  await java(box);
  const failure =
    '[ERROR] Failed to execute goal: Checksum validation failed, expected 1a (REMOTE_EXTERNAL) but is actually 2b';
  await writeScript(join(box.bin, 'mvn'), `echo "${failure}"; exit 1`);
  await expect(get('kafka', box).found).rejects.toMatchObject({
    code: 'SL1202',
    what: expect.stringContaining('Checksum validation failed'),
  });
  expect(await readdir(box.cache)).toEqual([]);
});

test('a Maven that reaches no repository is a miss that says so', async () => {
  const box = await sandbox();
  await java(box);
  await writeScript(
    join(box.bin, 'mvn'),
    'echo "[ERROR] Could not transfer artifact x: Connection refused"; exit 1',
  );
  await expect(get('kafka', box).found).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringContaining('Maven failed: Could not transfer artifact x: Connection refused'),
    fix: expect.stringContaining('let Maven reach a repository'),
  });
});
