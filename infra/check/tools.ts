import { execFile } from 'node:child_process';
import { type Problem, problemOf, SightlineError } from '../../telemetry/errors.ts';
import type { EnvironmentName } from '../config/names.ts';
import { localPaths } from '../local/files.ts';
import { findTools, type ToolProgress } from '../local/toolchain/toolchain.ts';
import type { ToolName } from '../versions.ts';

/** A real tool's own check of the files rendered into a folder. */
interface ToolCheck {
  readonly tool: ToolName;
  readonly file: string;
  readonly args: (file: string) => readonly string[];
}

const toolChecks: readonly ToolCheck[] = [
  {
    tool: 'promtool',
    file: `${localPaths.config}/prometheus.yml`,
    args: (file) => ['check', 'config', file],
  },
  {
    tool: 'promtool',
    file: localPaths.rules,
    args: (file) => ['check', 'rules', '--lint=all', '--lint-fatal', file],
  },
  {
    tool: 'amtool',
    file: `${localPaths.config}/alertmanager.yml`,
    args: (file) => ['check-config', file],
  },
  {
    tool: 'loki',
    file: `${localPaths.config}/loki.yaml`,
    args: (file) => [`-config.file=${file}`, '-verify-config'],
  },
  {
    tool: 'promtail',
    file: `${localPaths.config}/promtail.yaml`,
    args: (file) => [`-config.file=${file}`, '-check-syntax'],
  },
];

/** Longest that one tool may think about one file, in milliseconds. */
const toolTimeoutMs = 60_000;

/** An environment's files, written to a folder. */
interface Rendered {
  readonly name: EnvironmentName;
  readonly dir: string;
  readonly files: ReadonlySet<string>;
}

/** Asks the real tools about the files that there are. A tool that cannot be had is a problem of its own. */
export async function checkWithTools(
  environments: readonly Rendered[],
  onProgress: (progress: ToolProgress) => void,
): Promise<ReadonlyMap<EnvironmentName, readonly Problem[]>> {
  const due = environments.flatMap((rendered) =>
    toolChecks.filter(({ file }) => rendered.files.has(file)).map((check) => ({ check, rendered })),
  );
  const found = findTools([...new Set(due.map(({ check }) => check.tool))], { onProgress });
  const results = await Promise.all(
    due.map(async ({ check, rendered }) => {
      const problems = await askTool(check, rendered, found);
      return problems.map((problem) => ({ name: rendered.name, problem }));
    }),
  );
  const problems = results.flat();
  return new Map(
    environments.map(({ name }) => [
      name,
      problems.filter((each) => each.name === name).map(({ problem }) => problem),
    ]),
  );
}

async function askTool(
  check: ToolCheck,
  rendered: Rendered,
  found: ReturnType<typeof findTools>,
): Promise<readonly Problem[]> {
  try {
    const path = (await found.get(check.tool))?.path;
    return path === undefined ? [] : await runCheck(check, path, rendered);
  } catch (error) {
    if (error instanceof SightlineError) return [problemOf(error)];
    throw error;
  }
}

function runCheck(check: ToolCheck, path: string, { name, dir }: Rendered): Promise<Problem[]> {
  return new Promise((resolve) => {
    execFile(
      path,
      check.args(`${dir}/${check.file}`),
      { timeout: toolTimeoutMs },
      (error, stdout, stderr) => {
        const said = `${stdout}\n${stderr}`.trim();
        resolve(
          error === null
            ? []
            : [
                {
                  code: 'SL1801',
                  what: `${check.tool} refuses it: ${said.slice(-2000)}`,
                  where: check.file,
                  fix: `mend what generates the file; \`npm run render -- --env ${name} --out out/${name}\` writes it`,
                },
              ],
        );
      },
    );
  });
}
