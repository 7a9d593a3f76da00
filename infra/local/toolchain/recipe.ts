import type { ProductVersion, ToolName } from '../../versions.ts';

export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
}

/** One published release: where it lies, what its checksums are called, and what is taken out of it. */
export interface Release {
  /** Without the base, so that SIGHTLINE_RELEASES_URL can put another in front: `/prometheus/…/x.tar.gz`. */
  readonly archivePath: string;
  readonly checksumPath: string;
  readonly base: string;
  /** `none`: what is published is the binary itself. */
  readonly archive: 'tar.gz' | 'zip' | 'none';
  /** The binary's path in the archive; for a whole tree, below its top directory. */
  readonly entry: string;
  /** Grafana needs its whole tree (public/, conf/); the others are one file. */
  readonly wholeTree: boolean;
}

export interface GoRecipe {
  /** The directory below infra/local/toolchain/go; tools of one module are built one after the other. */
  readonly module: string;
  readonly package: string;
  readonly tags: readonly string[];
  /** The Go variable that holds what `--version` prints. */
  readonly versionVariable: string;
  /** What stands before the version in it. */
  readonly versionPrefix?: string;
}

interface MavenRecipe {
  /** The directory below infra/local/toolchain/maven that holds the pom and the script. */
  readonly project: string;
  /** Group and artifact of the jar that is the tool itself. */
  readonly artifact: string;
  /** Name of the script that runs it, as in its own distribution. */
  readonly script: string;
}

export interface Recipe {
  readonly tool: ToolName;
  readonly product: ProductVersion;
  /** Names it goes by on PATH; Debian prefixes some. */
  readonly pathNames: readonly string[];
  /** How it is asked for its version; `--version` where nothing else is said. */
  readonly versionArguments?: readonly string[];
  /** Undefined where none is published. */
  readonly release: (platform: Platform) => Release | undefined;
  readonly go?: GoRecipe;
  /** Jars and what they need, by a pom below infra/local/toolchain/maven; they replace release and build. */
  readonly maven?: MavenRecipe;
  /** The variable that names its home, whose bin/ is looked into before PATH. */
  readonly homeVariable?: string;
  /** The oldest Java that it runs on. */
  readonly java?: number;
  readonly debianPackage?: { readonly name: string; readonly binary: string };
  /** Why it is not built from source, when it is not. */
  readonly whyNoBuild?: string;
}
