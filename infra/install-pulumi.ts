import { installPulumi } from './kubernetes/packages.ts';

/** Before `npm run typecheck`, which reads the types of Pulumi's packages. */
await installPulumi({ onStart: (what) => console.error(what) });
