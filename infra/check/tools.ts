import { execFile } from 'node:child_process';
import { type Problem, problemOf, SightlineError } from '../../telemetry/errors.ts';
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

/** Asks the real tools about the files below `dir`. A tool that cannot be had is a problem of its own. */
export async function checkWithTools(
  dir: string,
  onProgress: (progress: ToolProgress) => void,
): Promise<readonly Problem[]> {
  const names = [...new Set(toolChecks.map(({ tool }) => tool))];
  const found = findTools(names, { onProgress });
  const results = await Promise.all(
    toolChecks.map(async (check): Promise<Problem[]> => {
      const tool = found.get(check.tool);
      try {
        const path = (await tool)?.path;
        return path === undefined ? [] : await runCheck(check, path, dir);
      } catch (error) {
        if (error instanceof SightlineError) return [problemOf(error)];
        throw error;
      }
    }),
  );
  return results.flat();
}

function runCheck(check: ToolCheck, path: string, dir: string): Promise<Problem[]> {
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
                  fix: 'mend what generates the file; `npm run render -- --env local --out out` writes it',
                },
              ],
        );
      },
    );
  });
}
